//! Builds a [`Client`].
//!
//! [`ClientBuilder::build`] validates the settings once; a client that sends credentials over plain
//! HTTP or skips authentication cannot be built.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Certificate;
use tracing::warn;

use super::clock_offset::ClockOffset;
use super::connection::Connection;
use super::credentials::CredentialsChoice;
use super::failover::Failover;
use super::project::ProjectLookup;
use super::{BaseUrl, Inner, Shared};
use crate::config::{Config, Environment, Overrides, SettingName};
use crate::credentials::{
    CachedCredentials, Clock, Credentials, InstanceMetadata, PasswordLogin, ProvideCredentials,
    Requests,
};
use crate::http::{OnThrottled, Throttled, Timeouts};
use crate::{Client, Result, RetryPolicy, Secret};

/// The settings of a [`Client`], from [`Client::builder`].
///
/// Settings that you do not pass are read from the same sources as the vendor's tools: see
/// [`Config::resolve`] for region, endpoint and project id, and
/// [`DefaultChain`](crate::credentials::DefaultChain) for credentials.
///
/// ```
/// use workspace_api::Client;
///
/// let client = Client::builder()
///     .region("ap-southeast-1")
///     .project_id("0bec5db98280d2d02fd6c00c2de791ce")
///     .token("MIIFvgYJKoZIhvcN")
///     .build()?;
/// # Ok::<(), workspace_api::Error>(())
/// ```
#[must_use = "nothing is made before `build`"]
pub struct ClientBuilder {
    overrides: Overrides,
    config: Option<Config>,
    credentials: Result<CredentialsChoice>,
    environment: Environment,
    metadata: InstanceMetadata,
    clock: Clock,
    connection: Connection,
    read_timeout: Duration,
    timeout: Duration,
    response_limit: usize,
    retry: RetryPolicy,
    on_throttled: Option<OnThrottled>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            overrides: Overrides::default(),
            config: None,
            credentials: Ok(CredentialsChoice::DefaultChain),
            environment: Environment::process(),
            metadata: InstanceMetadata::default(),
            clock: Clock::default(),
            connection: Connection::default(),
            read_timeout: Duration::from_secs(30),
            timeout: Duration::from_secs(60),
            response_limit: 16 << 20,
            retry: RetryPolicy::default(),
            on_throttled: None,
        }
    }
}

impl ClientBuilder {
    /// Replaces all explicit settings: region, endpoints, project id, and whether plain HTTP is
    /// allowed. For a program that has them in one value, and names them in its own way.
    ///
    /// [`Overrides::has_credentials`] is ignored: the builder knows whether credentials were
    /// passed.
    pub fn overrides(mut self, overrides: Overrides) -> Self {
        self.overrides = overrides;
        self
    }

    /// Uses these settings instead of resolving them again. For a program that reports an invalid
    /// setting in its own way.
    ///
    /// The builder needs the same explicit settings as [`Config::resolve`]: credentials may depend
    /// on them.
    pub fn config(mut self, config: Config) -> Self {
        self.config = Some(config);
        self
    }

    /// The region, such as `ap-southeast-1`: requests go to
    /// `https://workspace.REGION.myhuaweicloud.com`.
    ///
    /// Any region name is accepted, including one this crate does not list.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.overrides.region = Some(region.into());
        self
    }

    /// The URL of Workspace, instead of the region's, such as `http://127.0.0.1:8080`.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.overrides.endpoint = Some(endpoint.into());
        self
    }

    /// The URL of IAM, instead of the region's. IAM provides the project id, if none is set, and
    /// user tokens.
    pub fn iam_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.overrides.iam_endpoint = Some(endpoint.into());
        self
    }

    /// The id of the project that owns the desktops. If none is set, the id of the region's project
    /// is looked up in IAM when it is first needed.
    pub fn project_id(mut self, project_id: impl Into<String>) -> Self {
        self.overrides.project_id = Some(project_id.into());
        self
    }

    /// Authenticates with a user token of IAM, which is valid for 24 hours.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.credentials = CredentialsChoice::fixed(Credentials::user_token(token));
        self
    }

    /// Signs requests with an access key (AK) and its secret key (SK).
    pub fn access_key(
        mut self,
        access_key: impl Into<Secret>,
        secret_key: impl Into<Secret>,
    ) -> Self {
        self.credentials =
            CredentialsChoice::fixed(Credentials::access_key(access_key, secret_key));
        self
    }

    /// Authenticates with user tokens that IAM issues for a user name and password. They are
    /// refreshed before they expire.
    pub fn login(mut self, login: PasswordLogin) -> Self {
        self.credentials = Ok(CredentialsChoice::PasswordLogin(login));
        self
    }

    /// Authenticates with credentials from this provider, and refreshes them before they expire.
    pub fn credentials(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        self.credentials = Ok(CredentialsChoice::Provider(Arc::new(provider)));
        self
    }

    /// The environment in which variables are read, and which names the vendor's files. Default:
    /// that of the process.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// The metadata service of the ECS instance, a source of credentials after those on this machine
    /// and before the identity of a pod.
    pub fn metadata(mut self, metadata: InstanceMetadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// The clock that signs requests and expires credentials. Default: the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The `User-Agent` header. Default: name and version of this crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.connection.user_agent = user_agent.into();
        self
    }

    /// Maximum time to connect, including TLS. Default: 10 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connection.connect_timeout = timeout;
        self
    }

    /// Maximum time without data from the server. Default: 30 seconds.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }

    /// Maximum time of one attempt, from connecting to the last byte of the response. Default: 60
    /// seconds. [`RetryPolicy::total_time`] limits all attempts of a call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Maximum size of a response body, in bytes. Default: 16 MiB.
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
        self
    }

    /// The retry policy of each call.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Calls `report` before each pause of a second or more because the service throttles (429),
    /// for example to show it. It must not block.
    ///
    /// ```
    /// let client = workspace_api::Client::builder()
    ///     .region("ap-southeast-1")
    ///     .on_throttled(|throttled| {
    ///         eprintln!("throttled, continuing in {} s", throttled.wait.as_secs());
    ///     });
    /// ```
    pub fn on_throttled(mut self, report: impl Fn(Throttled) + Send + Sync + 'static) -> Self {
        self.on_throttled = Some(Arc::new(report));
        self
    }

    /// Allows plain HTTP to other hosts. Anyone on the network path can then read the token. Plain
    /// HTTP to this machine (127.0.0.0/8, `::1`, `localhost`) is always allowed.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.overrides.allow_plain_http = allow;
        self
    }

    /// Sends requests through this proxy, instead of one of the environment (`HTTPS_PROXY`,
    /// `HTTP_PROXY`, `ALL_PROXY`, with the exceptions of `NO_PROXY`) or of the system.
    ///
    /// A host on this machine is never called through a proxy: together with such an endpoint, a
    /// proxy is a configuration error.
    ///
    /// The URL may have a user name and a password, percent-encoded, and one of the schemes `http`,
    /// `https`, `socks4`, `socks4a`, `socks5` and `socks5h` (the proxy resolves the host).
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.connection.proxy = Some(url.into());
        self
    }

    /// Uses no proxy, and ignores the system's settings.
    pub fn no_proxy(mut self) -> Self {
        self.connection.no_proxy = true;
        self
    }

    /// Trusts this certificate authority in addition to the system's.
    pub fn root_certificate(mut self, certificate: Certificate) -> Self {
        self.connection.certificates.push(certificate);
        self
    }

    /// Validates the settings and makes the client. Files and variables may be read, but no request
    /// is sent; missing credentials are reported by the first call.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if a setting is missing or
    /// invalid. The message names it and what to do.
    pub fn build(self) -> Result<Client> {
        let mut overrides = self.overrides;
        let credentials = self.credentials?;
        overrides.has_credentials = !matches!(credentials, CredentialsChoice::DefaultChain);
        let config = match self.config {
            Some(config) => config,
            None => Config::resolve(&overrides, &self.environment)?,
        };
        for warning in &config.warnings {
            warn!("{warning}");
        }
        let endpoint = config.endpoint.clone().require()?;
        let baseurl = BaseUrl::new(&endpoint)?;
        let (http, proxies) = self.connection.http_client(&self.environment, &config)?;
        let timeouts = Timeouts {
            total: Some(self.timeout),
            read: Some(self.read_timeout),
        };
        let requests = Requests::new(http.clone())
            .with_timeouts(timeouts)
            .with_proxies(proxies.clone())
            .with_clock(self.clock.clone())
            .with_total_time(self.retry.total_time);
        let provider = credentials.provider(
            self.environment,
            self.metadata,
            &overrides,
            &config,
            &requests,
        )?;
        let shared = Shared {
            credentials: CachedCredentials::with_clock(provider.credentials, self.clock.clone()),
            chain: provider.chain,
            explicit: overrides.source(SettingName::Credentials),
            project: ProjectLookup::new(&config, &requests)?,
            config,
            clock: self.clock,
            clock_offset: ClockOffset::default(),
            proxies,
            response_limit: self.response_limit,
            timeouts,
            requests,
            on_throttled: self.on_throttled,
            failover: Failover::new(&endpoint),
        };
        Ok(Client {
            baseurl,
            client: http,
            inner: Inner {
                shared: Arc::new(shared),
                retry: self.retry,
                stop: None,
            },
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("overrides", &self.overrides)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
