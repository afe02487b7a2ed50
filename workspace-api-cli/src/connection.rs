//! Builds a client from flags, environment and files. The client crate resolves the settings.

use std::collections::HashMap;

use workspace_api::config::{self, Config, Environment, Overrides, SettingName, Source};
use workspace_api::credentials::{DefaultChain, InstanceMetadata};
use workspace_api::types::ProjectId;
use workspace_api::{Client, ClientBuilder, ErrorKind, RetryPolicy};
use workspace_api_sandbox::{Sandbox, defaults};

use crate::cli::ConnectionOptions;
use crate::error::{CommandError, Exit, hints};
use crate::output::progress;

/// The endpoint label of a temporary sandbox, which has another port in each run.
pub const EPHEMERAL_SANDBOX: &str = "sandbox";

/// A client, and the sandbox that must live as long as it.
pub struct Connection {
    pub client: Client,
    /// The URL of the service, without a slash at the end.
    pub endpoint: String,
    sandbox: Option<Sandbox>,
}

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
        match self.client.desktops().project_id().await {
            Ok(id) => Ok(id),
            Err(error) if error.kind() == ErrorKind::Configuration => {
                let hint = format!("Use --project-id ID. {}", hints::SETTINGS);
                Err(CommandError::from(error).hint(hint))
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl ConnectionOptions {
    /// Builds a client and gets credentials, so that nothing is started that fails without them.
    pub async fn connect(&self) -> Result<Connection, CommandError> {
        let connection = self.build_client().await?;
        connection.client.authenticate().await?;
        Ok(connection)
    }

    /// Builds a client for the cloud, or for a temporary sandbox. Nothing is sent.
    pub async fn build_client(&self) -> Result<Connection, CommandError> {
        let sandbox = if self.sandbox {
            Some(Sandbox::start().await?)
        } else {
            None
        };
        let builder = match &sandbox {
            Some(sandbox) => for_sandbox(sandbox),
            None => Client::builder()
                .overrides(self.overrides())
                .config(self.config()?),
        };
        let builder = match self.timeout {
            Some(time) => builder.timeout(time).read_timeout(time),
            None => builder,
        };
        let builder = match self.retry_time {
            Some(time) => builder.retry(RetryPolicy::default().total_time(time)),
            None => builder,
        };
        let client = builder
            .user_agent(concat!("workspace-api-cli/", env!("CARGO_PKG_VERSION")))
            .on_throttled(progress::on_throttled)
            .build()?;
        hints::remember(client.config());
        let endpoint = client.config().endpoint.value().map(ToString::to_string);
        Ok(Connection {
            client,
            endpoint: endpoint.unwrap_or_default(),
            sandbox,
        })
    }

    /// Resolves the settings for the cloud without a client, and keeps those that are invalid.
    pub fn inspect(&self) -> Config {
        Config::inspect(&self.overrides(), &Environment::process())
    }

    /// Returns where a client for the cloud looks for credentials.
    pub fn credentials(&self) -> DefaultChain {
        DefaultChain::new(Environment::process(), InstanceMetadata::default())
            .with_overrides(self.overrides())
    }

    /// Resolves the settings for the cloud, among which there must be an endpoint.
    fn config(&self) -> Result<Config, CommandError> {
        let config = Config::resolve(&self.overrides(), &Environment::process())
            .map_err(|error| config_error(&error))?;
        match config.endpoint.clone().require() {
            Ok(_) => Ok(config),
            Err(error) => Err(config_error(&error)),
        }
    }

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

pub fn config_error(error: &config::Error) -> CommandError {
    let exit = match error {
        config::Error::Invalid {
            source: Source::Explicit { .. },
            ..
        } => Exit::Usage,
        _ => Exit::Failed,
    };
    let hint = match error {
        config::Error::NotFound {
            setting: SettingName::Endpoint,
            ..
        } => format!(
            "Use --region or --endpoint, or set HW_REGION_NAME. {}",
            hints::SETTINGS
        ),
        config::Error::Invalid { reason, .. } if reason.contains("uses plain HTTP") => {
            "Use https, or --allow-plain-http if everyone on the network may read the credentials."
                .to_owned()
        }
        _ => hints::SETTINGS.to_owned(),
    };
    CommandError::new(exit, error.to_string()).hint(hint)
}

/// Configures a client for a sandbox, which ignores all cloud settings.
fn for_sandbox(sandbox: &Sandbox) -> ClientBuilder {
    let empty: HashMap<String, String> = HashMap::new();
    Client::builder()
        .environment(empty.into_iter().collect())
        .endpoint(sandbox.base_url())
        .iam_endpoint(sandbox.base_url())
        .project_id(defaults::PROJECT_ID)
        .token(defaults::TOKEN)
        .no_proxy()
}
