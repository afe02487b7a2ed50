//! The work with the Rust client that openapi-generator generates, with a token: `openapi_generator` as it is, which
//! waits forever, or `openapi_generator timeouts` with the time limits of the other programs.

mod work;

use std::env;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use work::{Calls, setting, work};
use workspace_client::apis::configuration::Configuration;
use workspace_client::apis::desktops_api::{batch_detach_instances, list_desktop_detach_info};
use workspace_client::models::{BatchDetachInstancesReq, DetachInstancesDesktopInfo};

struct Generated {
    configuration: Configuration,
    project_id: String,
}

impl Calls for Generated {
    async fn detach_info(&self, desktop_id: &str) -> usize {
        let call = list_desktop_detach_info(&self.configuration, &self.project_id, desktop_id);
        let records = call.await.unwrap().desktop_detach_infos;
        records.flatten().unwrap_or_default().len()
    }

    async fn detach(&self, desktop_ids: &[String]) -> usize {
        let desktop = |id: &String| DetachInstancesDesktopInfo {
            desktop_id: Some(id.clone()),
            is_detach_all_users: Some(true),
            detach_user_infos: None,
        };
        let body = BatchDetachInstancesReq {
            desktops: Some(desktop_ids.iter().map(desktop).collect()),
        };
        let call = batch_detach_instances(&self.configuration, &self.project_id, body);
        let failures = call.await.unwrap().failed_operation_list;
        failures.flatten().unwrap_or_default().len()
    }
}

fn main() {
    work(|| {
        // The generated `api_key` would send the token as `Authorization`, too.
        let token = HeaderValue::from_str(&setting("TOKEN")).unwrap();
        let client = reqwest::Client::builder()
            .default_headers(HeaderMap::from_iter([(
                "x-auth-token".parse().unwrap(),
                token,
            )]))
            .no_proxy();
        let client = match env::args().nth(1).as_deref() {
            None => client,
            Some("timeouts") => client
                .connect_timeout(Duration::from_secs(10))
                .read_timeout(Duration::from_secs(30))
                .timeout(Duration::from_secs(60)),
            Some(other) => panic!("expected timeouts or nothing, not {other}"),
        };
        Generated {
            configuration: Configuration {
                base_path: setting("BASE_URL"),
                client: client.build().unwrap(),
                // This builds a second HTTP client and drops it, as every user of the generated
                // code does.
                ..Configuration::default()
            },
            project_id: setting("PROJECT_ID"),
        }
    });
}
