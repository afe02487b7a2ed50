//! The temporary keys of the agency (role) that an ECS instance runs under, from the instance's metadata service.

use std::time::Duration;

use humantime::parse_rfc3339;
use reqwest::redirect::Policy;
use serde::Deserialize;
use tracing::debug;

use super::answer::{Answered, parse, send, unreadable};
use super::{Credentials, CredentialsFuture, Error, ProvideCredentials};
use crate::Secret;
use crate::signing::sensitive;

/// How long each request to the metadata service may take.
const TIMEOUT: Duration = Duration::from_secs(3);
/// How long a session token of the metadata service is asked for; it is used at once.
const SESSION_SECONDS: &str = "21600";

/// The metadata service of the ECS instance that this program runs on. Each request may take 3 seconds; none goes
/// through a proxy.
#[derive(Debug)]
pub struct InstanceMetadata {
    url: String,
}

#[derive(Deserialize)]
struct SecurityKey {
    credential: Credential,
}

#[derive(Deserialize)]
struct Credential {
    access: Secret,
    secret: Secret,
    securitytoken: Secret,
    expires_at: String,
}

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

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) async fn fetch(&self) -> Result<Credentials, Error> {
        let what = format!(
            "the request to {} for the keys of this instance's agency",
            self.url
        );
        self.security_key().await.map_err(Error::request(what))
    }

    async fn security_key(&self) -> crate::Result<Credentials> {
        let answered = self.ask().await?;
        let SecurityKey { credential: c } = parse(&answered)?;
        let expires_at = parse_rfc3339(&c.expires_at)
            .map_err(|_| unreadable(&answered, "`expires_at` is not a time in RFC 3339"))?;
        let keys = Credentials::temporary(c.access, c.secret, c.securitytoken)
            .map_err(|invalid| unreadable(&answered, &invalid.to_string()))?;
        Ok(keys.with_expiry(expires_at))
    }

    async fn ask(&self) -> crate::Result<Answered> {
        let http = reqwest::Client::builder()
            .no_proxy()
            // The service speaks plain http: the system's certificates need not be loaded.
            .tls_certs_only([])
            .redirect(Policy::none())
            .connect_timeout(TIMEOUT)
            .timeout(TIMEOUT)
            .build()?;
        let session = http
            .put(format!("{}/meta-data/latest/api/token", self.url))
            .header("X-Metadata-Token-Ttl-Seconds", SESSION_SECONDS)
            .build()?;
        let session = match send(&http, session, str::to_owned).await {
            Ok(answered) => Some(Secret::new(String::from_utf8_lossy(&answered.body).trim())),
            // An instance whose metadata service knows no sessions.
            Err(error) if matches!(error.status().map(|s| s.as_u16()), Some(404 | 405 | 503)) => {
                debug!("the metadata service has no sessions");
                None
            }
            Err(error) => return Err(error),
        };
        let mut request = http.get(format!("{}/openstack/latest/securitykey", self.url));
        if let Some(session) = &session {
            request = request.header("X-Metadata-Token", sensitive(session.expose()));
        }
        send(&http, request.build()?, |text| {
            session
                .as_ref()
                .map_or_else(|| text.to_owned(), |s| s.redact(text))
        })
        .await
    }
}

impl ProvideCredentials for InstanceMetadata {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(self.fetch())
    }
}
