//! Unbinds users from desktops and prints the outcome of each desktop: `cargo run --example
//! detach`.
//!
//! It runs against a temporary sandbox. For the real service, leave out `endpoint`, `project_id`
//! and `access_key`: these settings then come from the same sources as those of the vendor's tools.

#![allow(clippy::print_stdout)]

use workspace_api::types::DetachInstancesUserInfo;
use workspace_api::{Client, Outcome, Unbinding};
use workspace_api_sandbox::{Sandbox, defaults};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let client = Client::builder()
        .endpoint(sandbox.base_url())
        .project_id(defaults::PROJECT_ID)
        .access_key(defaults::ACCESS_KEY, defaults::SECRET_KEY)
        .build()?;

    let desktops = [
        Unbinding::users(
            defaults::SINGLE_USER_DESKTOP,
            [DetachInstancesUserInfo::user(defaults::USER)?],
        )?,
        Unbinding::users(
            defaults::MULTI_USER_DESKTOP,
            [DetachInstancesUserInfo::group(defaults::GROUP)?],
        )?,
        Unbinding::all_users(defaults::BUSY_DESKTOP)?,
    ];
    let outcome = client.desktops().detach(desktops).await?;
    for desktop in &outcome.desktops {
        let id = &desktop.desktop_id;
        match &desktop.outcome {
            Outcome::Succeeded => println!("{id} is unbound"),
            Outcome::Accepted { job_id } => println!("{id} is being unbound by job {job_id}"),
            Outcome::Failed(error) => println!("{id} is still bound: {error}"),
            Outcome::Unknown(error) => println!("{id} may be unbound: {error}"),
            Outcome::NotSent(error) => println!("{id} was not sent: {error}"),
            _ => println!("{id} may be unbound"),
        }
    }
    Ok(())
}
