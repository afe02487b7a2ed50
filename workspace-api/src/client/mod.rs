//! The state of the generated [`Client`], and the path of every request.

mod builder;
mod call;
mod operation;
mod project;
mod raw;
pub(crate) mod response;
mod retry;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::config::Config;
use crate::credentials::{CachedCredentials, Clock, Credentials};
use crate::{Client, Error, ErrorKind};
use project::Project;

pub use builder::ClientBuilder;
pub use operation::{Operation, ResponseBody};
pub use retry::RetryPolicy;

/// What a [`Client`] has besides its endpoint and HTTP client, which are in the fields that progenitor generates.
#[derive(Clone)]
pub(crate) struct Inner {
    settings: Arc<Settings>,
    retry: RetryPolicy,
}

/// State shared by all clones of a client.
pub(crate) struct Settings {
    pub(crate) credentials: CachedCredentials,
    pub(crate) project: Project,
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) response_limit: usize,
    /// The most time for one attempt.
    pub(crate) timeout: Duration,
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
