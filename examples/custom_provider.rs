//! Fetches credentials from a custom provider, such as a vault: `cargo run --example
//! custom_provider`.
//!
//! It runs against a temporary sandbox, whose keys stand for those in the vault.

#![allow(clippy::print_stdout)]

use std::time::{Duration, SystemTime};

use workspace_api::Client;
use workspace_api::credentials::{Credentials, CredentialsFuture, Error, ProvideCredentials};
use workspace_api_sandbox::{Sandbox, defaults};

struct Vault;

impl ProvideCredentials for Vault {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async {
            println!("fetching keys from the vault");
            let keys = Credentials::access_key(defaults::ACCESS_KEY, defaults::SECRET_KEY);
            // The client refreshes the keys before this time; concurrent calls share one fetch.
            let expiry = SystemTime::now() + Duration::from_secs(3600);
            Ok(keys.map_err(Error::provider)?.with_expiry(expiry))
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let client = Client::builder()
        .endpoint(sandbox.base_url())
        .project_id(defaults::PROJECT_ID)
        .credentials(Vault)
        .build()?;
    for _ in 0..3 {
        let records = client
            .desktops()
            .detach_info(defaults::SINGLE_USER_DESKTOP)
            .await?;
        println!("records: {}", records.len());
    }
    Ok(())
}
