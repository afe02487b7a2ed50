//! What the generated [`Client`] carries, and the hooks through which every request of it goes.

mod builder;
mod call;
mod operation;
pub(crate) mod passage;
mod project;
mod raw;
pub(crate) mod response;
mod retry;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use progenitor_client::{ClientHooks, Error as GeneratedError, OperationInfo};
use reqwest::{Request, Response, Url};
use tokio::time::{Instant, timeout_at};

use crate::config::Config;
use crate::credentials::{CachedCredentials, Clock, Credentials};
use crate::{Client, Error, ErrorKind};
use call::call;
use passage::carry;
use project::Project;

pub use builder::ClientBuilder;
pub use operation::{Operation, ResponseBody};
pub use retry::RetryPolicy;

/// The part of a [`Client`] that only [`ClientBuilder`] can make.
///
/// It has the checked endpoint and HTTP client too, and only these are used: a `Client` that is put together from an
/// `Inner` and something else is no way around the checks.
#[derive(Clone)]
pub struct Inner {
    settings: Arc<Settings>,
    retry: RetryPolicy,
}

/// What all clones of a client share.
pub(crate) struct Settings {
    pub(crate) endpoint: Url,
    pub(crate) http: reqwest::Client,
    pub(crate) credentials: CachedCredentials,
    pub(crate) project: Project,
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) response_limit: usize,
    /// The most time for one attempt.
    pub(crate) timeout: Duration,
}

impl Settings {
    /// The endpoint without a slash at its end.
    pub(crate) fn baseurl(&self) -> &str {
        self.endpoint.as_str().trim_end_matches('/')
    }
}

impl Inner {
    pub(crate) fn new(settings: Settings, retry: RetryPolicy) -> Self {
        Self {
            settings: Arc::new(settings),
            retry,
        }
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner")
            .field("project_id", &self.settings.project.known())
            .field("credentials", &self.settings.credentials)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// The settings of a client, to be completed with [`ClientBuilder::build`].
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The same client with other rules for trying again, for one call or many. Connections are shared.
    ///
    /// ```
    /// # async fn example(client: &workspace_api::Client) -> workspace_api::Result<()> {
    /// use workspace_api::RetryPolicy;
    ///
    /// let impatient = client.with_retry(RetryPolicy::never());
    /// let records = impatient.desktops().detach_info("4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_retry(&self, retry: RetryPolicy) -> Self {
        let mut client = self.clone();
        client.inner.retry = retry;
        client
    }

    /// The settings that the client works with, each with where it was found.
    pub fn config(&self) -> &Config {
        &self.settings().config
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    pub(crate) fn retry(&self) -> RetryPolicy {
        self.inner.retry
    }

    /// The credentials of the moment, if they can be had by then.
    async fn credentials(&self, deadline: Instant) -> crate::Result<Credentials> {
        match timeout_at(deadline, self.settings().credentials.get()).await {
            Ok(credentials) => Ok(credentials?),
            Err(_) => {
                let message = "the credentials could not be had in time, so nothing was sent";
                Err(Error::new(ErrorKind::Credentials, message))
            }
        }
    }
}

impl ClientHooks<Inner> for Client {
    /// Refuses a request that is not its operation's, while it can still be refused in words.
    async fn pre<E>(
        &self,
        request: &mut Request,
        info: &OperationInfo,
    ) -> Result<(), GeneratedError<E>> {
        operation(info)
            .and_then(|operation| operation.check_path(self.settings().baseurl(), request.url()))
            .map_err(|error| GeneratedError::InvalidRequest(error.to_string()))
    }

    async fn exec(&self, request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        let call = async { call(self, request, operation(info)?).await };
        Ok(call.await.unwrap_or_else(|failure| {
            failure
                .response
                .map_or_else(|| carry(failure.error), |refusal| *refusal)
        }))
    }
}

/// The URL of a request, which is the endpoint's but for the path. What does not begin with the endpoint becomes a URL
/// without the path of an operation, and is refused as such.
pub(crate) fn url(client: &Client, url: &str) -> Url {
    let settings = client.settings();
    let mut parsed = settings.endpoint.clone();
    if url.starts_with(settings.baseurl()) {
        let path = parsed.as_str().len() - parsed.path().len();
        parsed.set_path(&url[path..]);
    }
    parsed
}

fn operation(info: &OperationInfo) -> Result<&'static Operation, Error> {
    Operation::find(info.operation_id).ok_or_else(|| {
        let message = format!(
            "`{}` is not an operation of the contract",
            info.operation_id
        );
        Error::new(ErrorKind::InvalidInput, message)
    })
}
