//! IAM: tokens for a user and a password, and the lists of projects and accounts.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, StatusCode};
use axum::routing::{get, post};
use serde::Deserialize;

use super::iam_response::{IamError, Rejection, iam_response};
use crate::clock::iam_timestamp;
use crate::http::api_error::json_response;
use crate::http::request_context::{parse_query, request_context};
use crate::json::Json;
use crate::seed::{Login, Project};
use crate::service::app::App;
use crate::service::authorization::{Caller, Scope};

/// How long a token is valid.
pub(crate) const TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// The path that issues tokens for a user name and password.
pub(crate) const TOKENS_PATH: &str = "/v3/auth/tokens";

pub(crate) fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route(TOKENS_PATH, post(tokens))
        .route("/v3/projects", get(list_projects))
        .route("/v3/auth/domains", get(list_accounts))
        .with_state(app.clone())
}

#[derive(Deserialize)]
struct TokenRequest {
    auth: Auth,
}

#[derive(Deserialize)]
struct Auth {
    identity: Identity,
    scope: Option<RequestedScope>,
}

#[derive(Deserialize)]
struct Identity {
    methods: Vec<String>,
    password: Option<Password>,
}

#[derive(Deserialize)]
struct Password {
    user: PasswordUser,
}

#[derive(Deserialize)]
struct PasswordUser {
    /// Names the user without a domain.
    id: Option<String>,
    name: Option<String>,
    password: String,
    domain: Option<DomainRef>,
}

#[derive(Deserialize)]
struct DomainRef {
    id: Option<String>,
    name: Option<String>,
}

impl PasswordUser {
    /// Whether the user and the password are those of a login.
    fn matches(&self, login: &Login) -> bool {
        let is_user = match (&self.id, &self.name, &self.domain) {
            (Some(id), _, _) => login.user_id.as_ref() == Some(id),
            (None, Some(name), Some(domain)) => login.user == *name && domain.matches(login),
            _ => false,
        };
        is_user && login.password == self.password
    }
}

impl DomainRef {
    fn matches(&self, login: &Login) -> bool {
        match (&self.id, &self.name) {
            (Some(id), _) => login.domain_id.as_ref() == Some(id),
            (None, Some(name)) => login.domain == *name,
            (None, None) => false,
        }
    }
}

#[derive(Deserialize)]
struct RequestedScope {
    project: Option<ScopedProject>,
}

#[derive(Deserialize)]
struct ScopedProject {
    id: Option<String>,
    name: Option<String>,
}

async fn tokens(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let context = request_context(&request);
    let result = issue_token(&app, &context.body).map_err(Rejection::from);
    iam_response(result, &context.request_id)
}

fn issue_token(app: &App, body: &[u8]) -> Result<Response<Body>, IamError> {
    let TokenRequest { auth } = serde_json::from_slice(body)
        .map_err(|error| IamError::bad_request(format!("The request body is invalid: {error}")))?;
    let user = match auth.identity.password {
        Some(password) if auth.identity.methods.iter().any(|m| m == "password") => password.user,
        _ => {
            return Err(IamError::bad_request(
                "The sandbox supports the method password only.",
            ));
        }
    };
    let mut logins = app.seed.credentials.logins.iter();
    let Some(login) = logins.find(|login| user.matches(login)) else {
        return Err(IamError::new(
            StatusCode::UNAUTHORIZED,
            "The username or password is wrong.",
        ));
    };
    let Some(scope) = auth.scope.and_then(|scope| scope.project) else {
        return Err(IamError::bad_request(
            "The sandbox issues tokens for the scope of a project only.",
        ));
    };
    let is_scope = |project: &&Project| match (&scope.id, &scope.name) {
        (Some(id), _) => project.id == *id,
        (None, Some(name)) => project.name == *name,
        (None, None) => false,
    };
    let Some(project) = app.seed.projects.iter().find(is_scope) else {
        return Err(IamError::new(
            StatusCode::NOT_FOUND,
            "The project does not exist.",
        ));
    };
    let caller = Caller {
        scope: Scope::Project(project.id.clone()),
        deny: Vec::new(),
    };
    let (token, expires) = app.issue_token(caller, TOKEN_LIFETIME);
    let domain = Json::object([
        ("id", login.domain_id.clone().into()),
        ("name", login.domain.as_str().into()),
    ]);
    let token_project = Json::object([
        ("id", project.id.as_str().into()),
        ("name", project.name.as_str().into()),
        ("domain", domain.clone()),
    ]);
    let user = Json::object([
        ("id", login.user_id.clone().into()),
        ("name", login.user.as_str().into()),
        ("domain", domain),
    ]);
    let body = Json::object([
        ("issued_at", iam_timestamp(app.clock.now()).into()),
        ("expires_at", iam_timestamp(expires).into()),
        ("methods", Json::List(vec!["password".into()])),
        ("project", token_project),
        ("user", user),
        ("roles", Json::List(Vec::new())),
        ("catalog", Json::List(Vec::new())),
    ]);
    let mut response = json_response(StatusCode::CREATED, &Json::object([("token", body)]));
    if let Ok(token) = HeaderValue::from_str(&token) {
        response.headers_mut().insert("x-subject-token", token);
    }
    Ok(response)
}

/// Returns the head of an authenticated request, or the error response.
#[expect(clippy::result_large_err, reason = "the error is sent as it is")]
fn authenticate(app: &App, request: Request) -> Result<Parts, Response<Body>> {
    let context = request_context(&request);
    let (parts, _) = request.into_parts();
    let caller = app
        .authentication
        .authenticate(&parts, &context.body, app.clock.now());
    match caller {
        Ok(_) => Ok(parts),
        Err(error) => Err(error.response(&context.request_id)),
    }
}

async fn list_projects(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let parts = match authenticate(&app, request) {
        Ok(parts) => parts,
        Err(error) => return error,
    };
    let query = parse_query(parts.uri.query());
    let name = query.iter().find(|(key, _)| key == "name");
    let mut projects = Vec::new();
    for Project { id, name: own, .. } in &app.seed.projects {
        if name.is_none_or(|(_, name)| name == own) {
            projects.push(Json::object([
                ("id", id.as_str().into()),
                ("name", own.as_str().into()),
                ("enabled", true.into()),
                ("is_domain", false.into()),
            ]));
        }
    }
    json_response(
        StatusCode::OK,
        &Json::object([("projects", Json::List(projects))]),
    )
}

/// Lists the account of the caller. All credentials of the sandbox belong to that of the first
/// login.
async fn list_accounts(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    if let Err(error) = authenticate(&app, request) {
        return error;
    }
    let mut domains = Vec::new();
    if let Some(Login {
        domain, domain_id, ..
    }) = app.seed.credentials.logins.first()
    {
        let id = domain_id.as_ref().unwrap_or(domain);
        domains.push(Json::object([
            ("id", id.as_str().into()),
            ("name", domain.as_str().into()),
            ("enabled", true.into()),
        ]));
    }
    json_response(
        StatusCode::OK,
        &Json::object([("domains", Json::List(domains))]),
    )
}
