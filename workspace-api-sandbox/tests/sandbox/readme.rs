//! The test in the README, and that the README has it.

use workspace_api::{Client, Unbinding};
use workspace_api_sandbox::{Sandbox, defaults};

#[tokio::test]
async fn all_users_are_unbound() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?; // stops when dropped
    let client = Client::builder()
        .endpoint(sandbox.base_url())
        .project_id(defaults::PROJECT_ID)
        .token(defaults::TOKEN)
        .build()?;
    let desktop = Unbinding::all_users(defaults::MULTI_USER_DESKTOP)?;
    client.desktops().detach([desktop]).await?.into_result()?;
    assert_eq!(sandbox.requests().len(), 1);
    Ok(())
}

#[test]
fn the_readme_has_this_test() {
    let (_, readme) = include_str!("../../README.md")
        .split_once("```rust\n")
        .unwrap();
    let example = readme.split("```").next().unwrap();
    assert!(include_str!("readme.rs").contains(example), "{example}");
}
