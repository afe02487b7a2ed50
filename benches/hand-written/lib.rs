//! The baseline of the benchmarks: a hand-written client for the three operations, with reqwest,
//! serde and a token, as a user would write it instead of using the crate.
//!
//! For a fair comparison it has the same timeouts and TLS as the crate. It checks status and JSON,
//! and nothing else that the crate checks.

use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use serde::{Deserialize, Serialize};

/// A client for one project, with a user token.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    /// The URL of the project's desktops, without a slash at the end.
    desktops: String,
}

/// A desktop and the users to unbind from it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Desktop {
    /// The desktop's id.
    pub desktop_id: String,
    /// Whether to unbind everyone.
    pub is_detach_all_users: bool,
    /// The users to unbind, unless everyone is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub detach_user_infos: Vec<User>,
}

/// A user or user group to unbind.
#[derive(Clone, Debug, Serialize)]
pub struct User {
    /// The name.
    pub user_name: String,
    /// `USER` or `GROUP`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// The response to a batch of unbindings.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Detached {
    /// The desktops that were not unbound.
    pub failed_operation_list: Option<Vec<Failure>>,
    /// The job for desktops of a pool.
    pub job_id: Option<String>,
    /// The jobs for other desktops.
    pub success_job_ids: Option<Vec<String>>,
}

/// The failure of one desktop.
#[derive(Clone, Debug, Deserialize)]
pub struct Failure {
    /// The desktop's id.
    pub desktop_id: Option<String>,
    /// The service's code.
    pub error_code: Option<String>,
    /// The message of the service.
    pub error_msg: Option<String>,
}

/// The record of one user or user group that was unbound from a desktop.
#[derive(Clone, Debug, Deserialize)]
pub struct Record {
    /// The desktop's id.
    pub desktop_id: Option<String>,
    /// The desktop's name.
    pub desktop_name: Option<String>,
    /// The time of the unbinding.
    pub detach_time: Option<String>,
    /// `USER` or `GROUP`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The group of the operating system.
    pub user_group: Option<String>,
    /// The user's id.
    pub user_id: Option<String>,
    /// The user's name.
    pub user_name: Option<String>,
}

#[derive(Serialize)]
struct Batch<'a> {
    desktops: &'a [Desktop],
}

#[derive(Serialize)]
struct LogOff<'a> {
    desktop_ids: &'a [String],
    message: Option<&'a str>,
}

#[derive(Deserialize)]
struct Records {
    desktop_detach_infos: Option<Vec<Record>>,
}

impl Client {
    /// Returns a client for the project at this endpoint.
    ///
    /// # Errors
    ///
    /// The HTTP client could not be built. A token that is invalid in a header is sent as an empty
    /// one.
    pub fn new(endpoint: &str, project_id: &str, token: &str) -> reqwest::Result<Self> {
        let mut token =
            HeaderValue::from_str(token).unwrap_or_else(|_| HeaderValue::from_static(""));
        token.set_sensitive(true);
        let headers = [
            (HeaderName::from_static("x-auth-token"), token),
            (ACCEPT, HeaderValue::from_static("application/json")),
        ];
        let http = reqwest::Client::builder()
            .user_agent("hand-written/0.1")
            .default_headers(HeaderMap::from_iter(headers))
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(30))
            .timeout(Duration::from_secs(60))
            .redirect(Policy::none())
            .no_proxy()
            .build()?;
        let desktops = format!("{endpoint}/v2/{project_id}/desktops");
        Ok(Self { http, desktops })
    }

    /// Unbinds users from a batch of desktops.
    ///
    /// # Errors
    ///
    /// A failed connection, a status of 400 or more, or a body that is not the expected JSON.
    pub async fn detach(&self, desktops: &[Desktop]) -> reqwest::Result<Detached> {
        let url = format!("{}/batch-detach", self.desktops);
        let call = self.http.post(url).json(&Batch { desktops });
        call.send().await?.error_for_status()?.json().await
    }

    /// Returns the unbinding records of a desktop.
    ///
    /// # Errors
    ///
    /// Same as [`detach`](Self::detach).
    pub async fn detach_info(&self, desktop_id: &str) -> reqwest::Result<Vec<Record>> {
        let call = self
            .http
            .get(format!("{}/{desktop_id}/detach-info", self.desktops));
        let records: Records = call.send().await?.error_for_status()?.json().await?;
        Ok(records.desktop_detach_infos.unwrap_or_default())
    }

    /// Logs off the users of a batch of desktops, after a message to them.
    ///
    /// # Errors
    ///
    /// Same as [`detach`](Self::detach).
    pub async fn log_off(
        &self,
        desktop_ids: &[String],
        message: Option<&str>,
    ) -> reqwest::Result<()> {
        let call = self.http.post(format!("{}/logoff", self.desktops));
        let body = LogOff {
            desktop_ids,
            message,
        };
        call.json(&body).send().await?.error_for_status()?;
        Ok(())
    }
}
