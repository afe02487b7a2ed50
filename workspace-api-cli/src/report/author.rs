//! The author of a run: user, host and credentials, as far as they are known without a request.

use std::env;

use serde::{Deserialize, Serialize};
use workspace_api::config::Environment;
use workspace_api::credentials::DefaultChain;

use crate::connection::{Connection, EPHEMERAL_SANDBOX};

/// The origin of a run. What is unknown is absent.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Author {
    /// The user of the operating system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The name of this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The kind of credentials and their source, without secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<String>,
}

impl Author {
    /// Finds the author of a run over this connection.
    pub async fn find(connection: &Connection) -> Self {
        Self {
            user: ["USER", "LOGNAME", "USERNAME"]
                .into_iter()
                .find_map(variable),
            host: host(),
            credentials: credentials(connection).await,
        }
    }
}

async fn credentials(connection: &Connection) -> Option<String> {
    if connection.endpoint_label() == EPHEMERAL_SANDBOX {
        return Some("the token of the sandbox".to_owned());
    }
    let chain = DefaultChain::without_metadata(Environment::process());
    let setting = chain.resolve().await.ok()?;
    match (setting.value(), setting.source()) {
        (Some(value), Some(source)) => Some(format!("{value}, from {source}")),
        (Some(value), None) => Some(value.to_string()),
        // The others failed, so the credentials in use are of this machine.
        (None, _) => Some("instance metadata service".to_owned()),
    }
}

#[cfg(target_os = "linux")]
fn host() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

#[cfg(not(target_os = "linux"))]
fn host() -> Option<String> {
    ["COMPUTERNAME", "HOSTNAME"].into_iter().find_map(variable)
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
