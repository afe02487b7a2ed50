//! IAM, the service of users and projects: user tokens by name and password, and the project id of
//! a region.

use std::fmt;
use std::time::{Duration, SystemTime};

use humantime::parse_rfc3339;
use reqwest::{Method, Request};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::sleep_until;

use super::{Clock, Credentials, CredentialsFuture, Error, ProvideCredentials, RESPONSE_LIMIT};
use crate::Secret;
use crate::config::{Endpoint, ProjectName, Region};
use crate::http::{Redact, Response, RetryPolicy, RetryState, exchange};

/// Lifetime of a user token whose response has no valid expiry.
const DEFAULT_TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Maximum number of attempts of a request.
const MAX_ATTEMPTS: u32 = 3;

/// A client of IAM in a region.
///
/// A temporary failure (no connection, timeout, 429, 502, 503, 504) is retried up to 2 times, after
/// the delay in `Retry-After` or a random delay of up to a second. If that delay exceeds the
/// remaining time, the request fails immediately. The total time is 2 minutes, or the
/// [`RetryPolicy::total_time`] of the client that needs IAM. A rejected request is not retried.
#[derive(Clone)]
pub struct IamClient {
    http: reqwest::Client,
    endpoint: Endpoint,
    clock: Clock,
    retry: RetryPolicy,
}

/// The name and password of an IAM user, for [`PasswordProvider`].
#[derive(Clone, Debug)]
pub struct PasswordLogin {
    /// The name of the account that the user belongs to.
    pub domain: String,
    /// The name of the user.
    pub user: String,
    /// The password of the user.
    pub password: Secret,
    /// The name of the project that the token is for. The default project of a region has the
    /// region's name.
    pub project: String,
}

#[derive(Deserialize)]
struct ProjectList {
    projects: Vec<ProjectEntry>,
}

#[derive(Deserialize)]
struct ProjectEntry {
    id: String,
    name: Option<String>,
}

impl IamClient {
    /// A client of IAM at `endpoint`. `http` must not follow redirects: they would carry the
    /// credentials to another host.
    pub fn new(http: reqwest::Client, endpoint: Endpoint) -> Self {
        Self {
            http,
            endpoint,
            clock: Clock::default(),
            retry: RetryPolicy::default().attempts(MAX_ATTEMPTS),
        }
    }

    /// Sets the clock, by which requests are signed and tokens expire.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the total time of a token or project request, including delays.
    pub(crate) fn with_total_time(mut self, time: Duration) -> Self {
        self.retry = self.retry.total_time(time);
        self
    }

    /// Requests a user token, which is valid for 24 hours. [`PasswordProvider`] renews it.
    ///
    /// # Errors
    ///
    /// [`Error::Request`]: IAM cannot be reached, returns an error or an unexpected response. The
    /// error is [rejected](Error::is_rejected) if the name or the password is invalid; repeated
    /// rejections lock the user out.
    pub async fn token(&self, login: &PasswordLogin) -> Result<Credentials, Error> {
        self.request_token(login)
            .await
            .map_err(|source| Error::Request {
                request: format!(
                    "the login of the user `{}` at {}",
                    login.user, self.endpoint
                ),
                source,
            })
    }

    async fn request_token(&self, login: &PasswordLogin) -> crate::Result<Credentials> {
        let PasswordLogin {
            domain,
            user,
            password,
            project,
        } = login;
        let user =
            json!({ "name": user, "password": password.expose(), "domain": { "name": domain } });
        let identity = json!({ "methods": ["password"], "password": { "user": user } });
        let scope = json!({ "project": { "name": project } });
        let body = json!({ "auth": { "identity": identity, "scope": scope } });
        let url = format!("{}/v3/auth/tokens?nocatalog=true", self.endpoint);
        let request = || self.http.post(&url).json(&body).build();
        let response = self.call(request, password).await?;
        self.read_token(&response)
    }

    fn read_token(&self, response: &Response) -> crate::Result<Credentials> {
        let header = response.headers.get("x-subject-token");
        let Some(token) = header.and_then(|token| token.to_str().ok()) else {
            return Err(response.unexpected("it has no header X-Subject-Token"));
        };
        let token = Credentials::user_token(token)
            .map_err(|invalid| response.unexpected(&invalid.reason()))?;
        let expiry =
            expiry_of(&response.body).unwrap_or_else(|| self.clock.now() + DEFAULT_TOKEN_LIFETIME);
        Ok(token.with_expiry(expiry))
    }

    /// Looks up the id of the only project that IAM has for `region`.
    ///
    /// # Errors
    ///
    /// [`Error::Project`] if there is none or more than one; [`Error::Request`] as for
    /// [`token`](Self::token).
    pub async fn project_id(
        &self,
        region: &Region,
        credentials: &Credentials,
    ) -> Result<String, Error> {
        let name = ProjectName::OfRegion(region.clone());
        self.project_named(&name, credentials).await
    }

    /// Looks up the id of the only project with a name.
    pub(crate) async fn project_named(
        &self,
        name: &ProjectName,
        credentials: &Credentials,
    ) -> Result<String, Error> {
        let projects = self
            .request_projects(name.as_str(), credentials)
            .await
            .map_err(|source| Error::Request {
                request: format!("the request to {} for the {name}", self.endpoint),
                source,
            })?;
        let ids: Vec<_> = projects
            .into_iter()
            .filter(|project| project.is_named(name.as_str()))
            .map(|project| project.id)
            .collect();
        match ids.as_slice() {
            [id] => Ok(id.clone()),
            _ => Err(Error::Project {
                name: name.clone(),
                found: ids,
            }),
        }
    }

    async fn request_projects(
        &self,
        name: &str,
        credentials: &Credentials,
    ) -> crate::Result<Vec<ProjectEntry>> {
        let url = format!("{}/v3/projects", self.endpoint);
        let request = || {
            let mut request = self.http.get(&url).query(&[("name", name)]).build()?;
            credentials.apply(&mut request, self.clock.now());
            Ok(request)
        };
        let response = self.call(request, credentials).await?;
        let list: ProjectList = response.json()?;
        Ok(list.projects)
    }

    /// Sends a request with retries. Requests for a token or projects change nothing, so they are
    /// retried like a GET.
    async fn call(
        &self,
        request: impl Fn() -> reqwest::Result<Request>,
        secrets: &dyn Redact,
    ) -> crate::Result<Response> {
        let mut retry = RetryState::start(self.retry);
        loop {
            let error = match self.send(request()?, secrets).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            match retry.next_attempt(&Method::GET, &error) {
                Some(time) => sleep_until(time).await,
                None => return Err(error),
            }
        }
    }

    async fn send(&self, request: Request, secrets: &dyn Redact) -> crate::Result<Response> {
        let now = self.clock.now();
        let response = exchange(&self.http, request, RESPONSE_LIMIT, secrets).await?;
        response.into_result(now)
    }
}

impl ProjectEntry {
    /// IAM filters by name, but a response without names is accepted too.
    fn is_named(&self, expected: &str) -> bool {
        match &self.name {
            Some(name) => name == expected,
            None => true,
        }
    }
}

/// Reads when a token expires. The token is in a header, so an unexpected body is ignored.
fn expiry_of(body: &[u8]) -> Option<SystemTime> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let expires_at = body.pointer("/token/expires_at")?.as_str()?;
    parse_rfc3339(expires_at).ok()
}

/// `Debug` of the HTTP client would show its proxies, which may have passwords.
impl fmt::Debug for IamClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IamClient")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// A provider of user tokens by the name and password of an IAM user.
///
/// [`CachedCredentials`](super::CachedCredentials) refreshes them before they expire.
#[derive(Clone, Debug)]
pub struct PasswordProvider {
    iam: IamClient,
    login: PasswordLogin,
}

impl PasswordProvider {
    /// A provider that logs in at `iam`.
    pub fn new(iam: IamClient, login: PasswordLogin) -> Self {
        Self { iam, login }
    }
}

impl ProvideCredentials for PasswordProvider {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(self.iam.token(&self.login))
    }
}
