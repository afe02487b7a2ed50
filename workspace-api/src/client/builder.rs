//! The only way to a [`Client`]: settings are checked once, at [`ClientBuilder::build`], and no client can exist that
//! sends credentials over plain http, follows redirects or forgets to authenticate.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Proxy};

use super::project::Project;
use super::{Inner, Settings};
use crate::config::{Config, Environment, Overrides};
use crate::credentials::{
    CachedCredentials, Clock, Credentials, DefaultChain, IamClient, InstanceMetadata,
    PasswordLogin, PasswordProvider, ProvideCredentials,
};
use crate::{Client, Error, ErrorKind, Result, RetryPolicy, Secret};

/// The settings of a [`Client`], from [`Client::builder`].
///
/// What is not given is looked for where the vendor's tools keep it: see [`Config::resolve`] for region, endpoint and
/// project, and [`DefaultChain`] for credentials.
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
    given: Overrides,
    credentials: Result<Source>,
    environment: Environment,
    metadata: InstanceMetadata,
    clock: Clock,
    user_agent: String,
    connect_timeout: Duration,
    read_timeout: Duration,
    timeout: Duration,
    response_limit: usize,
    retry: RetryPolicy,
    proxies: Vec<Proxy>,
    no_proxy: bool,
    certificates: Vec<Certificate>,
}

/// Where credentials come from.
enum Source {
    Default,
    Provider(Arc<dyn ProvideCredentials>),
    PasswordLogin(PasswordLogin),
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            given: Overrides::default(),
            credentials: Ok(Source::Default),
            environment: Environment::process(),
            metadata: InstanceMetadata::default(),
            clock: Clock::default(),
            user_agent: concat!("workspace-api/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            timeout: Duration::from_secs(60),
            response_limit: 16 << 20,
            retry: RetryPolicy::default(),
            proxies: Vec::new(),
            no_proxy: false,
            certificates: Vec::new(),
        }
    }
}

impl ClientBuilder {
    /// The region, such as `ap-southeast-1`: requests go to `https://workspace.REGION.myhuaweicloud.com`.
    ///
    /// Any region is taken, also one that this crate has never heard of.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.given.region = Some(region.into());
        self
    }

    /// The URL that requests go to instead of the region's, such as `http://127.0.0.1:8080`.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.given.endpoint = Some(endpoint.into());
        self
    }

    /// The URL of IAM instead of the region's. IAM is asked for the project id where none is given, and for tokens.
    pub fn iam_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.given.iam_endpoint = Some(endpoint.into());
        self
    }

    /// The id of the project that owns the desktops, 1 to 255 characters. Where none is found, IAM is asked for that of
    /// the region when it is first needed.
    pub fn project_id(mut self, project_id: impl Into<String>) -> Self {
        self.given.project_id = Some(project_id.into());
        self
    }

    /// Authenticates with a user token of IAM, which is good for 24 hours.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.credentials = Credentials::user_token(token)
            .map(|token| Source::Provider(Arc::new(token)))
            .map_err(|invalid| wrong(invalid.to_string()));
        self
    }

    /// Signs requests with an access key (AK) and its secret key (SK).
    pub fn access_key(
        mut self,
        access_key: impl Into<Secret>,
        secret_key: impl Into<Secret>,
    ) -> Self {
        self.credentials = Credentials::access_key(access_key, secret_key)
            .map(|keys| Source::Provider(Arc::new(keys)))
            .map_err(|invalid| wrong(invalid.to_string()));
        self
    }

    /// Authenticates with user tokens that IAM gives for a name and a password. They are renewed in time.
    pub fn login(mut self, login: PasswordLogin) -> Self {
        self.credentials = Ok(Source::PasswordLogin(login));
        self
    }

    /// Authenticates with what this provider gives; it is asked again ahead of expiry.
    pub fn credentials(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        self.credentials = Ok(Source::Provider(Arc::new(provider)));
        self
    }

    /// Where variables are read, by default in the process. The vendor's files are found from there too.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// The metadata service of the ECS instance that is asked for keys when they are nowhere else.
    pub fn metadata(mut self, metadata: InstanceMetadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// The clock by which requests are signed and credentials expire, by default the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The `User-Agent` header. By default the name and version of this crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// How long a connection may take to be made, TLS included. By default 10 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long the server may be silent. By default 30 seconds.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }

    /// How long one attempt may take, from the first byte sent to the last received. By default 60 seconds. The time
    /// for all attempts of a call is [`RetryPolicy::total_time`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The most bytes that the body of an answer may have. By default 16 MiB.
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
        self
    }

    /// When and how often a call is tried again.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Allows plain http to other machines, which shows the token to everyone on the way. Plain http to this machine
    /// (127.0.0.0/8, `::1`, `localhost`) is always allowed.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.given.allow_plain_http = allow;
        self
    }

    /// Sends requests through this proxy, rather than the one that the system's settings (`HTTPS_PROXY` and so on) name.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxies.push(proxy);
        self
    }

    /// Uses no proxy, whatever the system's settings say.
    pub fn no_proxy(mut self) -> Self {
        self.no_proxy = true;
        self
    }

    /// Trusts this certificate authority too.
    pub fn root_certificate(mut self, certificate: Certificate) -> Self {
        self.certificates.push(certificate);
        self
    }

    /// Checks the settings and makes the client. Files and variables may be read, but no request is sent: whether there
    /// are credentials shows with the first call.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if a setting is missing or wrong; the message names it and what to do.
    pub fn build(self) -> Result<Client> {
        let mut given = self.given;
        let credentials = self.credentials?;
        given.has_credentials = !matches!(credentials, Source::Default);
        let config = Config::resolve(&given, &self.environment)?;
        let baseurl = config.endpoint.clone().require()?.to_string();
        let mut http = reqwest::Client::builder()
            .user_agent(self.user_agent)
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.read_timeout)
            .timeout(self.timeout)
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false);
        if self.no_proxy {
            http = http.no_proxy();
        }
        for proxy in self.proxies {
            http = http.proxy(proxy);
        }
        if !self.certificates.is_empty() {
            http = http.tls_certs_merge(self.certificates);
        }
        let http = http.build().map_err(|error| {
            let message = "the HTTP client cannot be built from these settings";
            Error::with_source(ErrorKind::Configuration, message, error)
        })?;
        let provider: Arc<dyn ProvideCredentials> = match credentials {
            Source::Default => Arc::new(DefaultChain::new(self.environment, self.metadata)),
            Source::Provider(provider) => provider,
            Source::PasswordLogin(login) => {
                let iam = IamClient::new(http.clone(), config.iam_endpoint.clone().require()?);
                Arc::new(PasswordProvider::new(
                    iam.with_clock(self.clock.clone())
                        .with_total_time(self.retry.total_time),
                    login,
                ))
            }
        };
        let settings = Settings {
            credentials: CachedCredentials::with_clock(provider, self.clock.clone()),
            project: Project::new(&config, &http, &self.clock, self.retry)?,
            config,
            clock: self.clock,
            response_limit: self.response_limit,
            timeout: self.timeout,
        };
        Ok(Client {
            baseurl,
            client: http,
            inner: Inner::new(settings, self.retry),
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("given", &self.given)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Configuration, message)
}
