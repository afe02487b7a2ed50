//! Builds a client from flags, environment and files. The client crate resolves the settings.

use std::collections::HashMap;

use workspace_api::config::{self, Environment, Overrides, SettingName, Source};
use workspace_api::credentials::{DefaultChain, InstanceMetadata};
use workspace_api::types::ProjectId;
use workspace_api::{Client, ClientBuilder, ErrorKind};
use workspace_api_sandbox::{Sandbox, defaults};

use crate::cli::ConnectionOptions;
use crate::error::hints;
use crate::error::{CommandError, Exit};

/// A client, and the sandbox that must live as long as it.
pub struct Connection {
    pub client: Client,
    /// The URL of the service, without a slash at the end.
    pub endpoint: String,
    sandbox: Option<Sandbox>,
}

impl ConnectionOptions {
    /// Builds a client for the cloud, or for a temporary sandbox. Nothing is sent, and credentials are
    /// not fetched.
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

    /// Builds a client, and fails if there are no credentials: nothing is started that would fail
    /// without them.
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

    /// Resolves the settings for the cloud.
    pub fn config(&self) -> Result<config::Config, CommandError> {
        config::Config::resolve(&self.overrides(), &Environment::process())
            .map_err(|error| from_config_error(&error))
    }

    /// Returns the settings of the arguments.
    fn overrides(&self) -> Overrides {
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
        // Only here is it known which flags set the endpoint.
        self.config()?.endpoint.require().map_err(|error| {
            from_config_error(&error).hint(format!(
                "Use --region or --endpoint, or set HW_REGION_NAME. {}",
                hints::SETTINGS
            ))
        })?;
        let Overrides {
            region,
            endpoint,
            iam_endpoint,
            project_id,
            ..
        } = self.overrides();
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

/// The endpoint label of a temporary sandbox, which has another port in each run.
pub const EPHEMERAL_SANDBOX: &str = "sandbox";

impl Connection {
    /// Returns the endpoint as a report has it: it stays the same from one run to the next.
    pub fn endpoint_label(&self) -> &str {
        match self.sandbox {
            Some(_) => EPHEMERAL_SANDBOX,
            None => &self.endpoint,
        }
    }

    /// Returns the project id, which is looked up in IAM if it is not set.
    pub async fn project_id(&self) -> Result<ProjectId, CommandError> {
        self.client.desktops().project_id().await.map_err(|error| {
            let is_missing = error.kind() == ErrorKind::Configuration;
            let error = CommandError::from(error);
            if is_missing {
                error.hint(format!("Use --project-id ID. {}", hints::SETTINGS))
            } else {
                error
            }
        })
    }
}

/// Returns the flag of a setting.
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

/// Returns the sources of credentials.
pub fn chain() -> DefaultChain {
    DefaultChain::new(Environment::process(), InstanceMetadata::default())
}

/// Returns the sources of credentials that need no network.
pub fn local_chain() -> DefaultChain {
    DefaultChain::without_metadata(Environment::process())
}

/// Configures a client for a sandbox, which ignores all cloud settings.
fn for_sandbox(sandbox: &Sandbox) -> ClientBuilder {
    let nothing: HashMap<String, String> = HashMap::new();
    Client::builder()
        .environment(nothing.into_iter().collect())
        .endpoint(sandbox.base_url())
        .project_id(defaults::PROJECT_ID)
        .token(defaults::TOKEN)
        .no_proxy()
}
