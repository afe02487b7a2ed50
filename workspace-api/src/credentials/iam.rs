//! IAM, the service of users and projects: user tokens by name and password, and the project id of
//! a region.

use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::Value;

use super::login::{Login, PasswordLogin};
use super::requests::Requests;
use super::{Clock, Credentials, Error, expiry};
use crate::config::{Endpoint, ProjectName, Region};
use crate::http::Response;

/// Lifetime of a user token whose response has no valid expiry.
const DEFAULT_TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// A client of IAM in a region.
///
/// A temporary failure (no connection, timeout, 429, 502, 503, 504) is retried up to 2 times, after
/// the delay in `Retry-After` or a random delay of up to a second. If that delay exceeds the
/// remaining time, the request fails immediately. The total time is 2 minutes, or the
/// [`RetryPolicy::total_time`](crate::RetryPolicy::total_time) of the client that needs IAM. A
/// rejected request is not retried.
#[derive(Clone, Debug)]
pub struct IamClient {
    requests: Requests,
    endpoint: Endpoint,
}

/// The account (domain) that credentials belong to.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[non_exhaustive]
pub struct Account {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

#[derive(Deserialize)]
struct AccountList {
    domains: Vec<Account>,
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
        Self::with_requests(Requests::new(http), endpoint)
    }

    pub(crate) fn with_requests(requests: Requests, endpoint: Endpoint) -> Self {
        Self { requests, endpoint }
    }

    /// Sets the clock, by which requests are signed and tokens expire.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.requests = self.requests.with_clock(clock);
        self
    }

    pub(super) fn requests(&self) -> &Requests {
        &self.requests
    }

    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Requests a user token, which is valid for 24 hours.
    /// [`PasswordProvider`](super::PasswordProvider) renews it.
    ///
    /// # Errors
    ///
    /// [`Error::Request`]: IAM cannot be reached, returns an error or an unexpected response. The
    /// error is [rejected](Error::is_rejected) if the name or the password is invalid; repeated
    /// rejections lock the user out.
    pub async fn token(&self, login: &PasswordLogin) -> Result<Credentials, Error> {
        self.log_in(&Login::from(login)).await
    }

    /// Requests a user token for every kind of login.
    pub(super) async fn log_in(&self, login: &Login) -> Result<Credentials, Error> {
        self.request_token(login)
            .await
            .map_err(|source| Error::Request {
                request: format!("the login of the {} at {}", login.user, self.endpoint),
                source,
            })
    }

    async fn request_token(&self, login: &Login) -> crate::Result<Credentials> {
        let url = format!("{}/v3/auth/tokens?nocatalog=true", self.endpoint);
        let body = login.body();
        let request = || self.requests.http.post(&url).json(&body).build();
        let response = self.requests.call(request, &login.password).await?;
        self.read_token(&response)
    }

    fn read_token(&self, response: &Response) -> crate::Result<Credentials> {
        let header = response.headers.get("x-subject-token");
        let Some(token) = header.and_then(|token| token.to_str().ok()) else {
            return Err(response.unexpected("it has no header X-Subject-Token"));
        };
        let token = Credentials::user_token(token)
            .map_err(|invalid| response.unexpected(&invalid.reason()))?;
        let expiry = expiry_of(&response.body)
            .unwrap_or_else(|| self.requests.now() + DEFAULT_TOKEN_LIFETIME);
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

    /// Looks up the account of credentials.
    ///
    /// # Errors
    ///
    /// [`Error::Request`] as for [`token`](Self::token), and if IAM names no account.
    pub async fn account(&self, credentials: &Credentials) -> Result<Account, Error> {
        self.request_account(credentials)
            .await
            .map_err(|source| Error::Request {
                request: format!("the request to {} for the account", self.endpoint),
                source,
            })
    }

    async fn request_account(&self, credentials: &Credentials) -> crate::Result<Account> {
        let url = format!("{}/v3/auth/domains", self.endpoint);
        let request = || {
            let mut request = self.requests.http.get(&url).build()?;
            credentials.apply(&mut request, self.requests.now());
            Ok(request)
        };
        let response = self.requests.call(request, credentials).await?;
        let list: AccountList = response.json()?;
        match list.domains.into_iter().next() {
            Some(account) => Ok(account),
            None => Err(response.unexpected("it names no account")),
        }
    }

    async fn request_projects(
        &self,
        name: &str,
        credentials: &Credentials,
    ) -> crate::Result<Vec<ProjectEntry>> {
        let url = format!("{}/v3/projects", self.endpoint);
        let request = || {
            let mut request = self
                .requests
                .http
                .get(&url)
                .query(&[("name", name)])
                .build()?;
            credentials.apply(&mut request, self.requests.now());
            Ok(request)
        };
        let response = self.requests.call(request, credentials).await;
        let response = response.map_err(|error| error.with_credentials(credentials.kind()))?;
        let list: ProjectList = response.json()?;
        Ok(list.projects)
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
    expiry::parse(expires_at)
}
