//! Reads the unbinding records of many desktops concurrently: `cargo run --example
//! unbinding_records`.
//!
//! It runs against a temporary sandbox that allows 20 requests per second. The stream adapts to the
//! rate limit of the service.

#![allow(clippy::print_stdout)]

use workspace_api::Client;
use workspace_api_sandbox::{Sandbox, defaults};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder()
        .rate_limit("20/s".parse()?)
        .start()
        .await?;
    let client = Client::builder()
        .endpoint(sandbox.base_url())
        .project_id(defaults::PROJECT_ID)
        .token(defaults::TOKEN)
        .build()?;

    // Ids are taken from the iterator one by one, so their number is not limited by memory.
    let desktop_ids = std::iter::repeat_n(defaults::SINGLE_USER_DESKTOP, 60);
    let mut records = client
        .desktops()
        .detach_infos(desktop_ids)
        .concurrency(16)
        .stream();
    while let Some((desktop_id, records)) = records.next().await {
        match records {
            Ok(records) => {
                for record in records {
                    let user = record.user_name.unwrap_or_default();
                    let time = record.detach_time.unwrap_or_default();
                    println!("{desktop_id}: {user} was unbound at {time}");
                }
            }
            Err(error) => println!("{desktop_id}: {error}"),
        }
    }
    Ok(())
}
