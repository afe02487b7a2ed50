//! The state of the generated [`Client`], and the path of every request.
//!
//! | file | holds |
//! | --- | --- |
//! | `account` | the account of the credentials |
//! | `base_url` | the endpoint, parsed once |
//! | `builder` | settings, validated once |
//! | `clock_offset` | the offset of the service's clock |
//! | `connection` | the HTTP client and its proxies |
//! | `credentials` | where the client gets its credentials |
//! | `failover` | the next endpoint when one cannot be reached |
//! | `call` | the call of a generated method: attempts, credentials, retries |
//! | `raw` | requests without a generated method |
//! | `path` | the final check of a request's path |
//! | `project` | the project id: configured, or looked up in IAM |

mod account;
mod base_url;
mod builder;
mod call;
mod clock_offset;
mod connection;
mod credentials;
mod failover;
mod log;
mod path;
mod project;
mod raw;

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use reqwest::Request;
use reqwest::header::HeaderValue;
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::warn;

use crate::config::{Config, Proxies, Source};
use crate::credentials::{CachedCredentials, Clock, Credentials, DefaultChain, Requests};
use crate::http::{OnThrottled, RetryPolicy, Timeouts};
use crate::signing::X_PROJECT_ID;
use crate::sync::StopSignal;
use crate::types::error::ConversionError;
use crate::{Client, Error, ErrorKind, Result};
use clock_offset::ClockOffset;
use failover::Failover;
use project::ProjectLookup;

pub(crate) use base_url::BaseUrl;
pub use builder::ClientBuilder;
pub(crate) use path::encode_path;

/// The state of a client, in addition to the endpoint and the HTTP client, which are generated
/// fields.
#[derive(Clone)]
pub(crate) struct Inner {
    shared: Arc<Shared>,
    retry: RetryPolicy,
    /// Ends the waits between attempts.
    stop: Option<Arc<StopSignal>>,
}

/// State shared by all clones of a client.
pub(crate) struct Shared {
    pub(crate) credentials: CachedCredentials,
    /// The provider of the credentials, if none were passed explicitly.
    chain: Option<Arc<DefaultChain>>,
    /// The source of credentials that were passed explicitly.
    explicit: Source,
    pub(crate) project: ProjectLookup,
    config: Config,
    clock: Clock,
    clock_offset: ClockOffset,
    proxies: Proxies,
    /// Maximum size of a response body, in bytes.
    response_limit: usize,
    /// The time limits of one attempt.
    timeouts: Timeouts,
    /// How requests to IAM are sent.
    requests: Requests,
    on_throttled: Option<OnThrottled>,
    failover: Failover,
}

impl Shared {
    /// The callback for pauses because the service throttles.
    pub(crate) fn on_throttled(&self) -> Option<OnThrottled> {
        self.on_throttled.clone()
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner")
            .field("project_id", &self.shared.project.known())
            .field("credentials", &self.shared.credentials)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Starts a client from its settings; [`ClientBuilder::build`] makes it.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Returns a clone with another retry policy. Both use the same connections and credentials.
    ///
    /// ```
    /// # async fn example(client: &workspace_api::Client) -> workspace_api::Result<()> {
    /// use workspace_api::RetryPolicy;
    ///
    /// let impatient = client.with_retry(RetryPolicy::never());
    /// let desktop_id = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";
    /// let records = impatient.desktops().detach_info(desktop_id).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_retry(&self, retry: RetryPolicy) -> Self {
        let mut client = self.clone();
        client.inner.retry = retry;
        client
    }

    /// Returns a clone whose calls are not repeated any more once the signal is set.
    pub(crate) fn with_stop(&self, signal: Arc<StopSignal>) -> Self {
        let mut client = self.clone();
        client.inner.stop = Some(signal);
        client
    }

    /// The settings of the client, each with its source.
    pub fn config(&self) -> &Config {
        &self.shared().config
    }

    /// Gets credentials before the first call needs them, and returns their source. Calls use these
    /// credentials, so a program can report missing ones before it starts its work.
    ///
    /// The source of credentials that were passed to the builder is [`Source::Explicit`].
    ///
    /// ```no_run
    /// # async fn example(client: &workspace_api::Client) -> workspace_api::Result<()> {
    /// println!("authenticated by {}", client.authenticate().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Credentials`] if there are no valid credentials, or not within
    /// [`RetryPolicy::total_time`].
    pub async fn authenticate(&self) -> Result<Source> {
        let shared = self.shared();
        self.credentials(Instant::now() + self.retry().total_time)
            .await?;
        let found = shared.chain.as_ref().and_then(|chain| chain.source());
        Ok(found.unwrap_or_else(|| shared.explicit.clone()))
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.inner.shared
    }

    pub(crate) fn retry(&self) -> RetryPolicy {
        self.inner.retry
    }

    /// Waits until this time; returns false if the client was stopped before.
    async fn wait_until(&self, time: Instant) -> bool {
        let Some(stop) = &self.inner.stop else {
            sleep_until(time).await;
            return true;
        };
        stop.sleep_until(time).await;
        !stop.is_set()
    }

    /// Returns current credentials, or an error at `deadline`.
    async fn credentials(&self, deadline: Instant) -> Result<Credentials> {
        // Nearly always there is nothing to wait for, so no timer is needed.
        if let Some(credentials) = self.shared().credentials.cached() {
            return Ok(credentials);
        }
        self.fetch_credentials(deadline).await
    }

    // Boxed, because a future is as large as its largest part.
    #[cold]
    fn fetch_credentials(&self, deadline: Instant) -> BoxFuture<'_, Result<Credentials>> {
        Box::pin(async move {
            let Ok(result) = timeout_at(deadline, self.shared().credentials.get()).await else {
                let message = "timed out getting credentials; no request was sent";
                return Err(Error::new(ErrorKind::Credentials, message));
            };
            Ok(result?)
        })
    }

    /// Returns other credentials after the service rejected these as expired. Without any, the
    /// rejection is the more useful error, so why there are none is only logged.
    #[cold]
    fn renew<'a>(
        &'a self,
        rejected: &'a Credentials,
        deadline: Instant,
    ) -> BoxFuture<'a, Option<Credentials>> {
        Box::pin(async move {
            match timeout_at(deadline, self.shared().credentials.renew(rejected)).await {
                Ok(Ok(renewed)) => renewed,
                Ok(Err(cause)) => {
                    let cause: &dyn std::error::Error = &cause;
                    warn!(error = cause, "could not renew expired credentials");
                    None
                }
                Err(_) => {
                    warn!("timed out renewing expired credentials");
                    None
                }
            }
        })
    }
}

/// A conversion that cannot fail, where one that can would be accepted.
impl From<Infallible> for Error {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// A value of the contract is invalid, and nothing was sent.
impl From<ConversionError> for Error {
    fn from(error: ConversionError) -> Self {
        Self::invalid_input(error.to_string())
    }
}

/// Sets the project header, which the vendor's tools send with signed requests.
fn set_project(request: &mut Request, project_id: Option<&str>) {
    if let Some(project_id) = project_id
        && let Ok(project_id) = HeaderValue::from_str(project_id)
    {
        request.headers_mut().insert(X_PROJECT_ID, project_id);
    }
}

/// Copies the request, because the original is needed for another attempt.
fn copy(request: &Request) -> Result<Request> {
    if request.body().is_some() {
        return request.try_clone().ok_or_else(|| {
            Error::invalid_input("streaming bodies are not supported: a request must be repeatable")
        });
    }
    // Copying URL and headers is cheaper than `try_clone`.
    let mut copy = Request::new(request.method().clone(), request.url().clone());
    *copy.headers_mut() = request.headers().clone();
    Ok(copy)
}
