//! From flags, environment and files to a client.

use workspace_api::Client;
use workspace_api::types::ProjectId;
use workspace_sandbox::{Sandbox, defaults};

use crate::arguments::Settings;
use crate::failure::Failure;

/// A client, and what must live as long as it.
pub struct Connection {
    pub client: Client,
    pub endpoint: String,
    pub project_id: ProjectId,
    _sandbox: Option<Sandbox>,
}

impl Settings {
    /// A client for the cloud, or for a sandbox of its own.
    pub async fn connect(&self) -> Result<Connection, Failure> {
        if self.sandbox {
            return sandbox().await;
        }
        let variable = |name| {
            std::env::var(name)
                .ok()
                .filter(|value: &String| !value.is_empty())
        };
        let project_id = self
            .project_id
            .clone()
            .or_else(|| variable("HUAWEICLOUD_SDK_PROJECT_ID"))
            .ok_or_else(|| Failure::usage("no project id"))?;
        let endpoint = self
            .endpoint
            .clone()
            .ok_or_else(|| Failure::usage("no endpoint"))?;
        let token = variable("HW_AUTH_TOKEN").ok_or_else(|| Failure::usage("no token"))?;
        let client = Client::builder()
            .endpoint(&endpoint)
            .project_id(&project_id)
            .token(token)
            .allow_plain_http(self.allow_plain_http)
            .build()?;
        Ok(Connection {
            client,
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            project_id: project_id.parse()?,
            _sandbox: None,
        })
    }
}

async fn sandbox() -> Result<Connection, Failure> {
    let sandbox = Sandbox::start().await?;
    let client = Client::builder()
        .endpoint(sandbox.base_url())
        .project_id(defaults::PROJECT_ID)
        .token(defaults::TOKEN)
        .no_proxy()
        .build()?;
    Ok(Connection {
        client,
        endpoint: sandbox.base_url().to_owned(),
        project_id: defaults::PROJECT_ID.parse()?,
        _sandbox: Some(sandbox),
    })
}
