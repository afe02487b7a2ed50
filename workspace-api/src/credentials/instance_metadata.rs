//! The temporary keys of the agency (role) of an ECS instance, from its metadata service.

use std::time::{Duration, SystemTime};

use reqwest::redirect::Policy;
use reqwest::{Client, Request};
use tokio::time::sleep;
use tracing::debug;

use super::{
    Credentials, CredentialsFuture, Error, ProvideCredentials, RESPONSE_LIMIT, temporary_key,
};
use crate::config::Source;
use crate::http::{Response, Timeouts, exchange};
use crate::signing::sensitive;
use crate::{ErrorKind, Secret};

/// Timeout of each request to the metadata service.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Lifetime of the session token that is requested. The token is used immediately.
const SESSION_SECONDS: &str = "21600";

/// Delays before a request is sent again.
const RETRY_DELAYS: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(800)];
/// The statuses of a service without sessions.
const NO_SESSIONS: [u16; 3] = [404, 405, 503];
/// The service's message on an instance without an agency.
const NO_AGENCY: &str = "Please configure Cloud Service Agency first";

/// The metadata service of the ECS instance that the program runs on.
///
/// The timeout of each request is 3 seconds. No request uses a proxy.
#[derive(Debug)]
pub struct InstanceMetadata {
    url: String,
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
            .build()?;
        let session = self.start_session(&http).await?;
        let response = match self.send_key_request(&http, session.as_ref()).await {
            // The session has ended, perhaps because the service was restarted.
            Err(error) if session.is_some() && is_ended_session(&error) => {
                debug!("the session with the metadata service has ended");
                let session = self.start_session(&http).await?;
                self.send_key_request(&http, session.as_ref()).await?
            }
            result => result?,
        };
        temporary_key::read(&response)
    }

    async fn send_key_request(
        &self,
        http: &Client,
        session: Option<&Secret>,
    ) -> crate::Result<Response> {
        let request = || {
            let mut request = http.get(format!("{}/openstack/latest/securitykey", self.url));
            if let Some(session) = session {
                request = request.header("X-Metadata-Token", sensitive(session.expose()));
            }
            request.build()
        };
        send(http, request, session, &[]).await
    }

    /// Requests a session token; `None` if the metadata service of this instance has no sessions.
    async fn start_session(&self, http: &Client) -> crate::Result<Option<Secret>> {
        let request = || {
            http.put(format!("{}/meta-data/latest/api/token", self.url))
                .header("X-Metadata-Token-Ttl-Seconds", SESSION_SECONDS)
                .build()
        };
        match send(http, request, None, &NO_SESSIONS).await {
            Ok(response) => {
                let token = String::from_utf8_lossy(&response.body);
                Ok(Some(Secret::new(token.trim())))
            }
            Err(error)
                if error
                    .status()
                    .is_some_and(|status| NO_SESSIONS.contains(&status.as_u16())) =>
            {
                debug!("the metadata service has no sessions");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// Sends a request, and again after a response that a busy service gives, unless its status is
/// `expected`. A service that cannot be reached is asked once: most programs do not run on an ECS
/// instance. `session` is the token that the request has, if any.
async fn send(
    http: &Client,
    request: impl Fn() -> reqwest::Result<Request>,
    session: Option<&Secret>,
    expected: &[u16],
) -> crate::Result<Response> {
    let mut delays = RETRY_DELAYS.into_iter();
    loop {
        let timeouts = Timeouts::default().within(TIMEOUT);
        let response = exchange(http, request()?, timeouts, RESPONSE_LIMIT, &session).await;
        let error = match response.and_then(|response| response.into_result(SystemTime::now())) {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        let is_expected = error
            .status()
            .is_some_and(|status| expected.contains(&status.as_u16()));
        let is_temporary = matches!(
            error.kind(),
            ErrorKind::Server | ErrorKind::TooManyRequests | ErrorKind::ConnectionLost
        );
        match delays.next() {
            Some(delay) if is_temporary && !is_expected => sleep(delay).await,
            _ => return Err(error),
        }
    }
}

/// Returns whether the service no longer knows the session. A 401 can also mean that the instance
/// has no agency.
fn is_ended_session(error: &crate::Error) -> bool {
    error.kind() == ErrorKind::Unauthorized
        && !error
            .message()
            .is_some_and(|message| message.contains(NO_AGENCY))
}

impl ProvideCredentials for InstanceMetadata {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(self.fetch())
    }
}
