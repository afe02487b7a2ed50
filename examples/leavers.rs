//! Unbinds the desktops of people who left, prints the result as JSON and decides what to do next:
//! `cargo run --example leavers`. Its tests need no server.
//!
//! It runs against a temporary sandbox. For the real service, leave out `endpoint`, `project_id`
//! and `token`.

#![allow(clippy::print_stdout)]

use workspace_api::{BatchOutcome, Client, Error, Outcome, Unbinding};
use workspace_api_sandbox::{Sandbox, defaults};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let client = Client::builder()
        .endpoint(sandbox.base_url())
        .project_id(defaults::PROJECT_ID)
        .token(defaults::TOKEN)
        .build()?;
    let leavers = [defaults::SINGLE_USER_DESKTOP, defaults::BUSY_DESKTOP].map(Unbinding::all_users);
    let leavers = leavers.into_iter().collect::<Result<Vec<_>, Error>>()?;
    let mut outcomes = client.desktops().detach_in_batches(leavers).await?;
    while let Some(outcome) = outcomes.next().await {
        println!("{}", serde_json::to_string_pretty(&outcome)?);
        println!("next: {}", next_step(&outcome));
    }
    Ok(())
}

/// Decides what to do after a batch.
fn next_step(outcome: &BatchOutcome) -> String {
    for desktop in &outcome.desktops {
        let id = &desktop.desktop_id;
        match &desktop.outcome {
            Outcome::Succeeded | Outcome::Accepted { .. } => {}
            Outcome::Failed(error) if error.code() == Some("WKS.00010032") => {
                return format!("try {id} again in a minute");
            }
            Outcome::Failed(error) | Outcome::NotSent(error) => {
                return format!("repair this first: {error}");
            }
            Outcome::Unknown(_) => return format!("read the unbinding records of {id}"),
            other => return format!("look at {id}: {}", other.as_str()),
        }
    }
    "nothing".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use workspace_api::{DesktopOutcome, ErrorKind};

    fn step(outcome: Outcome) -> String {
        let id = "desktop-1".parse().expect("a valid id");
        next_step(&BatchOutcome::new([DesktopOutcome::new(id, outcome)]))
    }

    #[test]
    fn each_outcome_has_a_next_step() {
        let busy = Error::builder(ErrorKind::Desktop).code("WKS.00010032");
        let broken = Error::builder(ErrorKind::Timeout).message("timed out");
        let broken = broken.build();
        assert_eq!(step(Outcome::Succeeded), "nothing");
        let busy = step(Outcome::Failed(busy.build()));
        assert_eq!(busy, "try desktop-1 again in a minute");
        let unknown = step(Outcome::Unknown(broken.clone()));
        assert_eq!(unknown, "read the unbinding records of desktop-1");
        let not_sent = step(Outcome::NotSent(broken));
        assert_eq!(not_sent, "repair this first: timed out");
    }
}
