//! From flags, environment and files to a client. What is looked for where is the crate's business.

use std::collections::HashMap;

use workspace_api::config::{self, Environment, Overrides, SettingName, Source};
use workspace_api::credentials::{DefaultChain, InstanceMetadata};
use workspace_api::types::ProjectId;
use workspace_api::{Client, ClientBuilder, ErrorKind};
use workspace_api_sandbox::{Sandbox, defaults};

use crate::cli::ConnectionOptions;
use crate::error::hints;
use crate::error::{CommandError, Exit};

/// A client, and what must live as long as it.
pub struct Connection {
    pub client: Client,
    /// Where requests go, without a slash at the end.
    pub endpoint: String,
    sandbox: Option<Sandbox>,
}

impl ConnectionOptions {
    /// A client for the cloud, or for a sandbox of its own. Nothing is sent, and credentials are not looked for.
    pub async fn build_client(&self) -> Result<Connection, CommandError> {
        let sandbox = if self.sandbox {
            Some(Sandbox::start().await?)
        } else {
            None
        };
        let builder = match &sandbox {
            Some(sandbox) => for_sandbox(sandbox),
            None => self.for_cloud()?,
        };
        let client = builder
            .user_agent(concat!("workspace-api-cli/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let endpoint = client.config().endpoint.value().map(ToString::to_string);
        Ok(Connection {
            client,
            endpoint: endpoint.unwrap_or_default(),
            sandbox,
        })
    }

    /// As [`Self::prepare`], if there are credentials: what fails without them is better not begun.
    pub async fn connect(&self) -> Result<Connection, CommandError> {
        let connection = self.build_client().await?;
        if !self.sandbox {
            let found = chain().resolve().await;
            found
                .and_then(|found| Ok(found.require()?))
                .map_err(|error| CommandError::from(error).hint(hints::SETTINGS))?;
        }
        Ok(connection)
    }

    /// The settings of the cloud.
    pub fn config(&self) -> Result<config::Config, CommandError> {
        config::Config::resolve(&self.given(), &Environment::process())
            .map_err(|error| from_config_error(&error))
    }

    /// What the arguments say of the cloud.
    fn given(&self) -> Overrides {
        Overrides {
            region: self.region.clone(),
            endpoint: self.endpoint.clone(),
            iam_endpoint: self.iam_endpoint.clone(),
            project_id: self.project_id.clone(),
            has_credentials: false,
            allow_plain_http: self.allow_plain_http,
            label: flag,
        }
    }

    fn for_cloud(&self) -> Result<ClientBuilder, CommandError> {
        // The client would say the same in the words of the crate.
        self.config()?.endpoint.require().map_err(|error| {
            from_config_error(&error).hint(format!(
                "Give --region or --endpoint, or set HW_REGION_NAME. {}",
                hints::SETTINGS
            ))
        })?;
        let Overrides {
            region,
            endpoint,
            iam_endpoint,
            project_id,
            ..
        } = self.given();
        let mut builder = Client::builder().allow_plain_http(self.allow_plain_http);
        if let Some(region) = region {
            builder = builder.region(region);
        }
        if let Some(endpoint) = endpoint {
            builder = builder.endpoint(endpoint);
        }
        if let Some(endpoint) = iam_endpoint {
            builder = builder.iam_endpoint(endpoint);
        }
        if let Some(project_id) = project_id {
            builder = builder.project_id(project_id);
        }
        Ok(builder)
    }
}

/// What a report says for the endpoint of a sandbox that is started for each command, each time on another port.
pub const EPHEMERAL_SANDBOX: &str = "sandbox";

impl Connection {
    /// Where requests go, in the words of a report: it stays the same from one run to the next.
    pub fn endpoint_label(&self) -> &str {
        match self.sandbox {
            Some(_) => EPHEMERAL_SANDBOX,
            None => &self.endpoint,
        }
    }

    /// The project; IAM is asked for it if it is nowhere else.
    pub async fn project_id(&self) -> Result<ProjectId, CommandError> {
        self.client.desktops().project_id().await.map_err(|error| {
            let is_missing = error.kind() == ErrorKind::Configuration;
            let failure = CommandError::from(error);
            if is_missing {
                failure.hint(format!("Give --project-id ID. {}", hints::SETTINGS))
            } else {
                failure
            }
        })
    }
}

/// The argument that sets a setting.
fn flag(setting: SettingName) -> &'static str {
    match setting {
        SettingName::Region => "--region",
        SettingName::Endpoint => "--endpoint",
        SettingName::IamEndpoint => "--iam-endpoint",
        SettingName::ProjectId => "--project-id",
        _ => "argument",
    }
}

fn from_config_error(error: &config::Error) -> CommandError {
    let exit = match error {
        config::Error::Invalid {
            source: Source::Explicit { .. },
            ..
        } => Exit::Usage,
        _ => Exit::Failed,
    };
    CommandError::new(exit, error.to_string()).hint(hints::SETTINGS)
}

/// Where credentials are looked for.
pub fn chain() -> DefaultChain {
    DefaultChain::new(Environment::process(), InstanceMetadata::default())
}

/// As [`chain`], without the network.
pub fn local_chain() -> DefaultChain {
    DefaultChain::without_metadata(Environment::process())
}

/// Nothing of the cloud's settings is for a sandbox.
fn for_sandbox(sandbox: &Sandbox) -> ClientBuilder {
    let nothing: HashMap<String, String> = HashMap::new();
    Client::builder()
        .environment(nothing.into_iter().collect())
        .endpoint(sandbox.base_url())
        .project_id(defaults::PROJECT_ID)
        .token(defaults::TOKEN)
        .no_proxy()
}
