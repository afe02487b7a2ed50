//! How a client connects: time limits, proxy and certificate authorities.
//!
//! Redirects are never followed, because they could lead a token to another host.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Url};

use crate::config::{Config, Endpoint, Environment, Proxies, is_loopback};
use crate::{Error, ErrorKind, Result};

/// The settings of the HTTP client.
pub(super) struct Connection {
    pub(super) user_agent: String,
    pub(super) connect_timeout: Duration,
    pub(super) proxy: Option<String>,
    pub(super) no_proxy: bool,
    pub(super) certificates: Vec<Certificate>,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            user_agent: concat!("workspace-api/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(10),
            proxy: None,
            no_proxy: false,
            certificates: Vec::new(),
        }
    }
}

impl Connection {
    /// Returns the HTTP client, and the proxies of its requests.
    pub(super) fn http_client(
        self,
        environment: &Environment,
        config: &Config,
    ) -> Result<(reqwest::Client, Proxies)> {
        let endpoints = endpoint_urls(config);
        let proxies = if self.no_proxy {
            Proxies::none()
        } else {
            proxies(self.proxy.as_deref(), environment, &endpoints)?
        };
        let mut http = reqwest::Client::builder()
            .user_agent(self.user_agent)
            .connect_timeout(self.connect_timeout)
            .redirect(Policy::none())
            // Without a maximum of 0, each request is copied for a retry that never comes.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .referer(false);
        // Windows and macOS have settings of the system, which apply if no variable is set.
        let has_system_settings = cfg!(any(windows, target_os = "macos"));
        if self.no_proxy || !has_system_settings || endpoints.iter().any(is_loopback) {
            http = http.no_proxy();
        }
        if let Some(proxy) = proxies.client_setting() {
            http = http.no_proxy().proxy(proxy);
        }
        if !self.certificates.is_empty() {
            http = http.tls_certs_merge(self.certificates);
        }
        #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
        ensure_cryptography()?;
        let http = http.build().map_err(|error| {
            let message = "the HTTP client cannot be built from these settings";
            Error::with_source(ErrorKind::Configuration, message, error)
        })?;
        Ok((http, proxies))
    }
}

/// Rejects a build for which the program has installed no cryptography; reqwest would panic.
#[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
fn ensure_cryptography() -> Result<()> {
    if rustls::crypto::CryptoProvider::get_default().is_some() {
        return Ok(());
    }
    let message = "no cryptography is installed for TLS. Call `install_default` of a \
                   `rustls::crypto::CryptoProvider` first, or enable the feature `rustls`.";
    Err(Error::new(ErrorKind::Configuration, message))
}

/// Returns the URL of every endpoint to which a client may send requests.
fn endpoint_urls(config: &Config) -> Vec<Url> {
    let endpoints = [
        config.endpoint.value(),
        config.iam_endpoint.value(),
        config.sts_endpoint.value(),
    ];
    let alternatives = config.endpoint.value().map(Endpoint::alternatives);
    let alternatives = alternatives.into_iter().flatten();
    let endpoints = endpoints.into_iter().flatten().chain(alternatives);
    endpoints.filter_map(Endpoint::url).collect()
}

/// Returns the proxies for the requests to `endpoints`: the one that the caller passed or else, by
/// the rules of [`Proxies`], those of the environment.
fn proxies(
    explicit: Option<&str>,
    environment: &Environment,
    endpoints: &[Url],
) -> Result<Proxies> {
    let proxies = match explicit {
        None => Proxies::new(environment),
        Some(explicit) => {
            if let Some(endpoint) = endpoints.iter().find(|endpoint| is_loopback(endpoint)) {
                let message = format!(
                    "{endpoint} is on this machine, so it is not called through a proxy. Remove \
                     the proxy from the builder."
                );
                return Err(Error::new(ErrorKind::Configuration, message));
            }
            Proxies::explicit(explicit)
        }
    };
    for endpoint in endpoints {
        proxies.proxy_for(endpoint)?;
    }
    Ok(proxies)
}
