//! The only way to a [`Client`]: settings are checked once, at [`ClientBuilder::build`], and no client can exist that
//! sends credentials over plain http, follows redirects or forgets to authenticate.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Proxy, Url};

use super::authenticate::Authentication;
use super::{Inner, Settings};
use crate::types::ProjectId;
use crate::{Client, Error, ErrorKind, Result, Retry, Secret};

/// The settings of a [`Client`], from [`Client::builder`].
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
#[derive(Debug)]
#[must_use = "nothing is made before `build`"]
pub struct ClientBuilder {
    region: Option<String>,
    endpoint: Option<String>,
    project_id: Option<String>,
    token: Option<Secret>,
    user_agent: String,
    connect_timeout: Duration,
    read_timeout: Duration,
    timeout: Duration,
    response_limit: usize,
    retry: Retry,
    allow_plain_http: bool,
    proxies: Vec<Proxy>,
    no_proxy: bool,
    certificates: Vec<Certificate>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            region: None,
            endpoint: None,
            project_id: None,
            token: None,
            user_agent: concat!("workspace-api/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            timeout: Duration::from_secs(60),
            response_limit: 16 << 20,
            retry: Retry::default(),
            allow_plain_http: false,
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
        self.region = Some(region.into());
        self
    }

    /// The URL that requests go to instead of the region's, such as `http://127.0.0.1:8080`.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// The id of the project that owns the desktops, 1 to 255 characters.
    pub fn project_id(mut self, project_id: impl Into<String>) -> Self {
        self.project_id = Some(project_id.into());
        self
    }

    /// Authenticates with a user token of IAM, which is good for 24 hours.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
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
    /// for all attempts of a call is [`Retry::total_time`].
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
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Allows plain http to other machines, which shows the token to everyone on the way. Plain http to this machine
    /// (127.0.0.0/8, `::1`, `localhost`) is always allowed.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.allow_plain_http = allow;
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

    /// Checks the settings and makes the client. No request is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if a setting is missing or wrong; the message names it and what to do.
    pub fn build(self) -> Result<Client> {
        let baseurl = self.baseurl()?;
        let project_id = self
            .project_id
            .map(|id| {
                ProjectId::try_from(id).map_err(|error| wrong(format!("the project id is {error}")))
            })
            .transpose()?;
        let token = self
            .token
            .ok_or_else(|| wrong("there are no credentials. Set a `token`."))?;
        let mut client = reqwest::Client::builder()
            .user_agent(self.user_agent)
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.read_timeout)
            .timeout(self.timeout)
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false);
        if self.no_proxy {
            client = client.no_proxy();
        }
        for proxy in self.proxies {
            client = client.proxy(proxy);
        }
        if !self.certificates.is_empty() {
            client = client.tls_certs_merge(self.certificates);
        }
        let client = client.build().map_err(|error| {
            let message = "the HTTP client cannot be built from these settings";
            Error::with_source(ErrorKind::Configuration, message, error)
        })?;
        let settings = Settings {
            baseurl: baseurl.clone(),
            http: client.clone(),
            authentication: Authentication::token(&token)?,
            project_id,
            response_limit: self.response_limit,
        };
        let inner = Inner::new(settings, self.retry);
        Ok(Client::new_with_client(&baseurl, client, inner))
    }

    /// Scheme, host and path prefix, without a slash at the end.
    fn baseurl(&self) -> Result<String> {
        let (text, region) = match (&self.endpoint, &self.region) {
            (Some(endpoint), _) => (endpoint.clone(), None),
            (None, Some(region)) => (
                format!("https://workspace.{region}.myhuaweicloud.com"),
                Some(region),
            ),
            (None, None) => {
                return Err(wrong(
                    "there is no place to send requests to. Set a `region` or an `endpoint`.",
                ));
            }
        };
        if let Some(region) = region
            && (region.is_empty()
                || !region
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        {
            return Err(wrong(format!(
                "`{region}` is not a region. One has letters, digits and `-`: `ap-southeast-1`."
            )));
        }
        let url = Url::parse(&text).map_err(|error| {
            Error::with_source(
                ErrorKind::Configuration,
                format!("the endpoint `{text}` is not a URL"),
                error,
            )
        })?;
        // A password in the endpoint must not be repeated in a message.
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong(
                "the endpoint must not contain a user name or password",
            ));
        }
        match url.scheme() {
            "https" => {}
            "http" if self.allow_plain_http || is_loopback(&url) => {}
            "http" => {
                return Err(wrong(format!(
                    "the endpoint {url} is plain http, which would show the credentials to everyone on the way. Use \
                     https, or `allow_plain_http` if you are sure."
                )));
            }
            scheme => {
                return Err(wrong(format!(
                    "the endpoint {url} must be https, not {scheme}"
                )));
            }
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong(format!(
                "the endpoint {url} must not have a query or a fragment"
            )));
        }
        Ok(url.as_str().trim_end_matches('/').to_owned())
    }
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Configuration, message)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}
