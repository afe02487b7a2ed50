use workspace_client::apis::{configuration::Configuration, desktops_api::batch_detach_instances};
use workspace_client::models::{BatchDetachInstancesReq, DetachInstancesDesktopInfo};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let headers = [("X-Auth-Token".parse()?, "sandbox-token".parse()?)];
    let client = Configuration {
        base_path: "http://127.0.0.1:8437".into(),
        client: reqwest::Client::builder().default_headers(headers.into_iter().collect()).build()?,
        ..Configuration::default()
    };
    let ids = ["4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001", "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004"];
    let desktops = ids.map(|id| DetachInstancesDesktopInfo {
        desktop_id: Some(id.into()),
        is_detach_all_users: Some(true),
        ..Default::default()
    });
    let request = BatchDetachInstancesReq { desktops: Some(desktops.into()), ..Default::default() };
    // An error for every status that is not 2xx.
    let response = batch_detach_instances(&client, "0bec5db98280d2d02fd6c00c2de791ce", request).await?;
    for failure in response.failed_operation_list.flatten().unwrap_or_default() {
        println!(
            "{} failed: {} {}",
            failure.desktop_id.unwrap_or_default(),
            failure.error_code.unwrap_or_default(),
            failure.error_msg.unwrap_or_default()
        );
    }
    Ok(())
}
