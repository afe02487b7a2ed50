//! IAM, the service of users and projects: user tokens for name and password, and the project of a region.

use std::fmt;
use std::time::Duration;

use humantime::parse_rfc3339;
use reqwest::{Method, Request};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::sleep_until;

use super::answer::{Answered, parse, send, unreadable};
use super::{Clock, Credentials, CredentialsFuture, Error, ProvideCredentials};
use crate::config::{Endpoint, Region};
use crate::{RetryPolicy, Secret};

/// How long a user token is good if IAM does not say.
const TOKEN_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// How often a request is made that cannot be answered now.
const ATTEMPTS: u32 = 3;

/// IAM of a region.
///
/// A request that cannot be answered now (no connection, timeout, 429, 502, 503, 504) is made up to 3 times, each time as
/// long after the last as IAM's `Retry-After` says, else after a random time of up to a second. It fails at once if that
/// is longer than there is time: 2 minutes, or the [`RetryPolicy::total_time`] of the client that asks. What IAM refuses is
/// not repeated.
#[derive(Clone)]
pub struct IamClient {
    http: reqwest::Client,
    endpoint: Endpoint,
    clock: Clock,
    retry: RetryPolicy,
}

/// An IAM user with a password, for [`PasswordProvider`].
#[derive(Clone, Debug)]
pub struct PasswordLogin {
    /// The name of the account that the user belongs to.
    pub domain: String,
    /// The name of the user.
    pub user: String,
    /// The user's password.
    pub password: Secret,
    /// The project that the token is for: by default that of the region, which has its name.
    pub project: String,
}

#[derive(Deserialize)]
struct Projects {
    projects: Vec<Project>,
}

#[derive(Deserialize)]
struct Project {
    id: String,
    name: Option<String>,
}

impl IamClient {
    /// IAM at `endpoint`, reached through `http`, which must not follow redirects: they would carry the credentials to
    /// another host.
    pub fn new(http: reqwest::Client, endpoint: Endpoint) -> Self {
        Self {
            http,
            endpoint,
            clock: Clock::default(),
            retry: RetryPolicy::default().attempts(ATTEMPTS),
        }
    }

    /// The same with a clock of one's own.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The same with this much time for a token or a project, waiting between attempts included.
    pub(crate) fn within(mut self, time: Duration) -> Self {
        self.retry = self.retry.total_time(time);
        self
    }

    /// A user token for name and password, good for 24 hours. [`PasswordProvider`] renews it.
    ///
    /// # Errors
    ///
    /// [`Error::Request`]: IAM cannot be reached, refuses, or answers something else. It is
    /// [rejected](Error::is_rejected) if name or password are wrong; a few of these in a row lock the user.
    pub async fn token(&self, login: &PasswordLogin) -> Result<Credentials, Error> {
        let PasswordLogin {
            domain,
            user,
            password,
            project,
        } = login;
        let user =
            json!({ "name": user, "password": password.expose(), "domain": { "name": domain } });
        let identity = json!({ "methods": ["password"], "password": { "user": user } });
        let body = json!({ "auth": { "identity": identity, "scope": { "project": { "name": project } } } });
        let url = format!("{}/v3/auth/tokens?nocatalog=true", self.endpoint);
        let answered = self
            .call(
                || self.http.post(&url).json(&body).build(),
                |text| password.redact(text),
            )
            .await;
        answered
            .and_then(|answered| self.read_token(&answered))
            .map_err(Error::request(format!(
                "the login of the user `{}` at {}",
                login.user, self.endpoint
            )))
    }

    /// The id of the one project that IAM has for `region`.
    ///
    /// # Errors
    ///
    /// [`Error::Project`] if there is none or more than one; [`Error::Request`] as for [`token`](Self::token).
    pub async fn project_id(
        &self,
        region: &Region,
        credentials: &Credentials,
    ) -> Result<String, Error> {
        let url = format!("{}/v3/projects", self.endpoint);
        let request = || {
            let mut request = self
                .http
                .get(&url)
                .query(&[("name", region.as_str())])
                .build()?;
            credentials.apply(&mut request, self.clock.now());
            Ok(request)
        };
        let answered = self.call(request, |text| credentials.redact(text)).await;
        let Projects { mut projects } =
            answered
                .and_then(|answered| parse(&answered))
                .map_err(Error::request(format!(
                    "the request to {} for the project of {region}",
                    self.endpoint
                )))?;
        projects.retain(|project| {
            project
                .name
                .as_deref()
                .is_none_or(|name| name == region.as_str())
        });
        let mut found: Vec<_> = projects.into_iter().map(|project| project.id).collect();
        match (found.pop(), found.is_empty()) {
            (Some(id), true) => Ok(id),
            (last, _) => {
                found.extend(last);
                Err(Error::Project {
                    region: region.clone(),
                    found,
                })
            }
        }
    }

    /// Asking for a token or a project changes nothing, so both may be repeated like a read.
    async fn call(
        &self,
        request: impl Fn() -> reqwest::Result<Request>,
        redact: impl Fn(&str) -> String,
    ) -> crate::Result<Answered> {
        let mut left = self.retry.begin();
        loop {
            let error = match send(&self.http, request()?, &redact).await {
                Ok(answered) => return Ok(answered),
                Err(error) => error,
            };
            match left.next(&Method::GET, &error) {
                Some(next) => sleep_until(next).await,
                None => return Err(error),
            }
        }
    }

    fn read_token(&self, answered: &Answered) -> crate::Result<Credentials> {
        let token = answered
            .headers
            .get("x-subject-token")
            .and_then(|token| token.to_str().ok());
        let token =
            token.ok_or_else(|| unreadable(answered, "it has no header X-Subject-Token"))?;
        let token = Credentials::user_token(token)
            .map_err(|invalid| unreadable(answered, &invalid.to_string()))?;
        // The body is not needed for the token, so one that is unusual does not stand in its way.
        let body: Option<Value> = serde_json::from_slice(&answered.body).ok();
        let expires_at = body
            .as_ref()
            .and_then(|body| body.pointer("/token/expires_at")?.as_str());
        let expires_at = expires_at.and_then(|at| parse_rfc3339(at).ok());
        Ok(token.with_expiry(expires_at.unwrap_or_else(|| self.clock.now() + TOKEN_LIFE)))
    }
}

/// A client's own `Debug` shows its proxies, which may have passwords.
impl fmt::Debug for IamClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IamClient")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// User tokens for the name and password of an IAM user.
///
/// [`CachedCredentials`](super::CachedCredentials) renews them ahead of their end.
#[derive(Clone, Debug)]
pub struct PasswordProvider {
    iam: IamClient,
    login: PasswordLogin,
}

impl PasswordProvider {
    /// Logs in at `iam`.
    pub fn new(iam: IamClient, login: PasswordLogin) -> Self {
        Self { iam, login }
    }
}

impl ProvideCredentials for PasswordProvider {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(self.iam.token(&self.login))
    }
}
