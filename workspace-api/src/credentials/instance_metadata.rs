//! The temporary keys of the agency (role) of an ECS instance, from its metadata service.

use std::time::{Duration, SystemTime};

use humantime::parse_rfc3339;
use reqwest::redirect::Policy;
use reqwest::{Client, Request};
use serde::Deserialize;
use tracing::debug;

use super::{Credentials, CredentialsFuture, Error, ProvideCredentials, RESPONSE_LIMIT};
use crate::Secret;
use crate::config::Source;
use crate::http::{Response, exchange};
use crate::signing::sensitive;

/// Timeout of each request to the metadata service.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Lifetime of the session token that is requested. The token is used immediately.
const SESSION_SECONDS: &str = "21600";

/// The metadata service of the ECS instance that the program runs on.
///
/// The timeout of each request is 3 seconds. No request uses a proxy.
#[derive(Debug)]
pub struct InstanceMetadata {
    url: String,
}

#[derive(Deserialize)]
struct SecurityKey {
    credential: TemporaryKey,
}

#[derive(Deserialize)]
struct TemporaryKey {
    access: Secret,
    secret: Secret,
    securitytoken: Secret,
    expires_at: String,
}

/// The service at its usual address, `http://169.254.169.254`.
impl Default for InstanceMetadata {
    fn default() -> Self {
        Self::at("http://169.254.169.254")
    }
}

impl InstanceMetadata {
    /// The service at another URL, without a slash at its end.
    pub fn at(url: impl Into<String>) -> Self {
        Self { url: url.into() }
    }

    pub(super) fn source(&self) -> Source {
        Source::InstanceMetadata(self.url.clone())
    }

    pub(super) async fn fetch(&self) -> Result<Credentials, Error> {
        self.request_key().await.map_err(|source| Error::Request {
            request: format!(
                "the request to {} for the keys of this instance's agency",
                self.url
            ),
            source,
        })
    }

    async fn request_key(&self) -> crate::Result<Credentials> {
        let http = Client::builder()
            .no_proxy()
            // The service uses plain HTTP, so the system's certificates need not be loaded.
            .tls_certs_only([])
            .redirect(Policy::none())
            .connect_timeout(TIMEOUT)
            .timeout(TIMEOUT)
            .build()?;
        let session = self.start_session(&http).await?;
        let mut request = http.get(format!("{}/openstack/latest/securitykey", self.url));
        if let Some(session) = &session {
            request = request.header("X-Metadata-Token", sensitive(session.expose()));
        }
        let response = send(&http, request.build()?, session.as_ref()).await?;
        let SecurityKey { credential: key } = response.json()?;
        let expires_at = parse_rfc3339(&key.expires_at)
            .map_err(|_| response.unexpected("`expires_at` is not a time in RFC 3339"))?;
        let keys = Credentials::temporary(key.access, key.secret, key.securitytoken)
            .map_err(|invalid| response.unexpected(&invalid.reason()))?;
        Ok(keys.with_expiry(expires_at))
    }

    /// Requests a session token; `None` if the metadata service of this instance has no sessions.
    async fn start_session(&self, http: &Client) -> crate::Result<Option<Secret>> {
        let request = http
            .put(format!("{}/meta-data/latest/api/token", self.url))
            .header("X-Metadata-Token-Ttl-Seconds", SESSION_SECONDS)
            .build()?;
        match send(http, request, None).await {
            Ok(response) => {
                let token = String::from_utf8_lossy(&response.body);
                Ok(Some(Secret::new(token.trim())))
            }
            Err(error) if matches!(error.status().map(|s| s.as_u16()), Some(404 | 405 | 503)) => {
                debug!("the metadata service has no sessions");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// Sends a request once. `session` is the token that it has, if any.
async fn send(
    http: &Client,
    request: Request,
    session: Option<&Secret>,
) -> crate::Result<Response> {
    let response = exchange(http, request, RESPONSE_LIMIT, &session).await?;
    response.into_result(SystemTime::now())
}

impl ProvideCredentials for InstanceMetadata {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(self.fetch())
    }
}
