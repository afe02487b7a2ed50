//! Unbinds people from desktops and tells of each desktop what became of it: `cargo run --example detach`.
//!
//! It runs against a sandbox of its own. For the real service leave `endpoint` and `access_key` away: region, project and
//! credentials are then found where the vendor's tools keep them.

#![allow(clippy::print_stdout)]

use workspace_api::types::{DetachInstancesDesktopInfo, DetachInstancesUserInfo};
use workspace_api::{Client, Outcome};
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
        DetachInstancesDesktopInfo::users(
            defaults::SINGLE_USER_DESKTOP,
            [DetachInstancesUserInfo::user(defaults::USER)?],
        )?,
        DetachInstancesDesktopInfo::users(
            defaults::MULTI_USER_DESKTOP,
            [DetachInstancesUserInfo::group(defaults::GROUP)?],
        )?,
        DetachInstancesDesktopInfo::all_users(defaults::BUSY_DESKTOP)?,
    ];
    let outcome = client.desktops().detach(desktops).await?;
    for desktop in &outcome.desktops {
        let id = desktop.desktop_id.as_str();
        match &desktop.outcome {
            Outcome::Succeeded => println!("{id} is unbound"),
            Outcome::Failed(error) => println!("{id} is still bound: {error}"),
            Outcome::Unknown(error) => println!("{id} may be unbound, check it: {error}"),
            Outcome::NotSent(error) => println!("{id} was not sent, because: {error}"),
        }
    }
    Ok(())
}
