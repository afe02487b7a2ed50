//! The sources of credentials: tokens and projects of IAM, and the instance metadata, which returns
//! a temporary access key.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::routing::{get, post, put};
use serde::Deserialize;
use serde_json::json;

use crate::clock::timestamp;
use crate::http::api_error::json_response;
use crate::http::request_context::{X_IAM_TRACE_ID, parse_query, request_context};
use crate::seed::{Login, Project};
use crate::service::app::App;
use crate::service::authentication::TOKEN_LIFETIME;

/// The path that issues tokens for a user name and password.
pub(crate) const TOKENS_PATH: &str = "/v3/auth/tokens";

pub(crate) fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route(TOKENS_PATH, post(tokens))
        .route("/v3/projects", get(list_projects))
        .route("/meta-data/latest/api/token", put(metadata_token))
        .route("/openstack/latest/securitykey", get(security_key))
        .with_state(app.clone())
}

#[derive(Deserialize)]
struct TokenRequest {
    auth: Auth,
}

#[derive(Deserialize)]
struct Auth {
    identity: Identity,
    scope: Option<Scope>,
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
    name: String,
    password: String,
    domain: DomainRef,
}

#[derive(Deserialize)]
struct DomainRef {
    name: String,
}

#[derive(Deserialize)]
struct Scope {
    project: Option<ScopedProject>,
}

#[derive(Deserialize)]
struct ScopedProject {
    id: Option<String>,
    name: Option<String>,
}

async fn tokens(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let context = request_context(&request);
    let mut response = match issue_token(&app, &context.body) {
        Ok(response) => response,
        Err(error) => error.response(),
    };
    if let Ok(id) = HeaderValue::from_str(&context.request_id) {
        response.headers_mut().insert(X_IAM_TRACE_ID, id);
    }
    response
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
    let is_login = |login: &Login| {
        login.user == user.name
            && login.password == user.password
            && login.domain == user.domain.name
    };
    if !app.seed.credentials.logins.iter().any(is_login) {
        return Err(IamError::new(
            StatusCode::UNAUTHORIZED,
            "The username or password is wrong.",
        ));
    }
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
    let (now, token) = (app.clock.now(), app.random_id());
    let expires = now + TOKEN_LIFETIME;
    app.authentication
        .issue(token.clone(), project.id.clone(), expires);
    let domain = json!({ "name": user.domain.name });
    let mut response = json_response(
        StatusCode::CREATED,
        &json!({ "token": {
            "issued_at": timestamp(now),
            "expires_at": timestamp(expires),
            "methods": ["password"],
            "project": { "id": project.id, "name": project.name, "domain": domain },
            "user": { "name": user.name, "domain": domain },
            "roles": [],
            "catalog": [],
        } }),
    );
    if let Ok(token) = HeaderValue::from_str(&token) {
        response.headers_mut().insert("x-subject-token", token);
    }
    Ok(response)
}

async fn list_projects(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let context = request_context(&request);
    let (parts, _) = request.into_parts();
    let caller = app
        .authentication
        .authenticate(&parts, &context.body, app.clock.now());
    if let Err(error) = caller {
        return error.response(&context.request_id);
    }
    let query = parse_query(parts.uri.query());
    let name = query.iter().find(|(key, _)| key == "name");
    let mut projects = Vec::new();
    for Project { id, name: own, .. } in &app.seed.projects {
        if name.is_none_or(|(_, name)| name == own) {
            projects.push(json!({ "id": id, "name": own, "enabled": true, "is_domain": false }));
        }
    }
    json_response(StatusCode::OK, &json!({ "projects": projects }))
}

/// The only token of the metadata service: it proves no more than that the caller can set headers.
const METADATA_TOKEN: &str = "sandbox-metadata-token";

async fn metadata_token(request: Request) -> Response<Body> {
    let ttl = request.headers().get("x-metadata-token-ttl-seconds");
    let ttl = ttl.and_then(|value| value.to_str().ok()?.parse::<u32>().ok());
    match ttl {
        Some(1..=21600) => Response::new(Body::from(METADATA_TOKEN)),
        _ => IamError::bad_request("X-Metadata-Token-Ttl-Seconds must be 1 to 21600.").response(),
    }
}

async fn security_key(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let token = request.headers().get("x-metadata-token");
    if token.is_none_or(|token| token.as_bytes() != METADATA_TOKEN.as_bytes()) {
        let message = "X-Metadata-Token is missing or invalid.";
        return IamError::new(StatusCode::UNAUTHORIZED, message).response();
    }
    let mut keys = app.seed.credentials.keys.iter();
    let Some((key, security_token)) =
        keys.find_map(|key| Some((key, key.security_token.as_ref()?)))
    else {
        let message = "The seed has no key with a security_token.";
        return IamError::new(StatusCode::NOT_FOUND, message).response();
    };
    json_response(
        StatusCode::OK,
        &json!({ "credential": {
            "access": key.access,
            "secret": key.secret,
            "securitytoken": security_token,
            "expires_at": timestamp(app.clock.now() + TOKEN_LIFETIME),
        } }),
    )
}

/// An error in IAM's own form: its code is the status, as a number.
struct IamError {
    status: StatusCode,
    message: String,
}

impl IamError {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    fn response(&self) -> Response<Body> {
        json_response(
            self.status,
            &json!({ "error": {
                "code": self.status.as_u16(),
                "message": self.message,
                "title": self.status.canonical_reason().unwrap_or_default(),
            } }),
        )
    }
}
