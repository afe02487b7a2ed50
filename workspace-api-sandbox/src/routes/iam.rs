//! The client's way in: IAM's tokens and projects, and the metadata of a cloud server that hands out temporary keys.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::routing::{get, post, put};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::timestamp;
use crate::http::api_error::json_response;
use crate::http::request_context::{RequestContext, X_IAM_TRACE_ID, query, request_context};
use crate::seed::Project;
use crate::service::app::App;
use crate::service::authentication::TOKEN_LIFETIME;

/// Where a token is had for a password.
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
    let mut response = issue_token(&app, &context);
    if let Ok(id) = HeaderValue::from_str(&context.request_id) {
        response.headers_mut().insert(X_IAM_TRACE_ID, id);
    }
    response
}

fn issue_token(app: &App, context: &RequestContext) -> Response<Body> {
    let request: TokenRequest = match serde_json::from_slice(&context.body) {
        Ok(request) => request,
        Err(error) => {
            return iam_error(
                StatusCode::BAD_REQUEST,
                format!("The request body is invalid: {error}"),
            );
        }
    };
    let identity = request.auth.identity;
    let Some(user) = identity
        .password
        .filter(|_| identity.methods.iter().any(|m| m == "password"))
    else {
        return iam_error(
            StatusCode::BAD_REQUEST,
            "The sandbox knows the method password only.",
        );
    };
    let user = user.user;
    let mut logins = app.seed.credentials.logins.iter();
    if !logins.any(|known| {
        known.user == user.name
            && known.password == user.password
            && known.domain == user.domain.name
    }) {
        return iam_error(
            StatusCode::UNAUTHORIZED,
            "The username or password is wrong.",
        );
    }
    let Some(scope) = request.auth.scope.and_then(|scope| scope.project) else {
        return iam_error(
            StatusCode::BAD_REQUEST,
            "The sandbox gives tokens with a project as their scope only.",
        );
    };
    let wanted = |project: &&Project| match (&scope.id, &scope.name) {
        (Some(id), _) => project.id == *id,
        (None, Some(name)) => project.name == *name,
        (None, None) => false,
    };
    let Some(project) = app.seed.projects.iter().find(wanted) else {
        return iam_error(StatusCode::NOT_FOUND, "The project does not exist.");
    };
    let (now, token) = (app.clock.now(), app.random_id());
    app.authentication
        .issue(token.clone(), project.id.clone(), now + TOKEN_LIFETIME);
    let mut response = json_response(
        StatusCode::CREATED,
        &json!({ "token": {
            "issued_at": timestamp(now),
            "expires_at": timestamp(now + TOKEN_LIFETIME),
            "methods": ["password"],
            "project": { "id": project.id, "name": project.name, "domain": { "name": user.domain.name } },
            "user": { "name": user.name, "domain": { "name": user.domain.name } },
            "roles": [],
            "catalog": [],
        } }),
    );
    if let Ok(token) = HeaderValue::from_str(&token) {
        response.headers_mut().insert("x-subject-token", token);
    }
    response
}

async fn list_projects(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let context = request_context(&request);
    let (parts, _) = request.into_parts();
    if let Err(error) = app
        .authentication
        .authenticate(&parts, &context.body, app.clock.now())
    {
        return error.response(&context.request_id);
    }
    let query = query(parts.uri.query());
    let name = query
        .iter()
        .find(|(key, _)| key == "name")
        .map(|(_, name)| name);
    let projects = app.seed.projects.iter();
    let projects: Vec<Value> = projects
        .filter(|project| name.is_none_or(|name| project.name == *name))
        .map(|project| json!({ "id": project.id, "name": project.name, "enabled": true, "is_domain": false }))
        .collect();
    json_response(StatusCode::OK, &json!({ "projects": projects }))
}

/// The token of the metadata service proves only that the caller can set headers; any will do later.
async fn metadata_token(request: Request) -> Response<Body> {
    let seconds = request.headers().get("x-metadata-token-ttl-seconds");
    let seconds = seconds.and_then(|value| value.to_str().ok()?.parse::<u32>().ok());
    match seconds {
        Some(1..=21600) => Response::new(Body::from(METADATA_TOKEN)),
        _ => iam_error(
            StatusCode::BAD_REQUEST,
            "X-Metadata-Token-Ttl-Seconds must be 1 to 21600.",
        ),
    }
}

const METADATA_TOKEN: &str = "sandbox-metadata-token";

async fn security_key(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let token = request.headers().get("x-metadata-token");
    if token.is_none_or(|token| token.as_bytes() != METADATA_TOKEN.as_bytes()) {
        return iam_error(
            StatusCode::UNAUTHORIZED,
            "X-Metadata-Token is missing or wrong.",
        );
    }
    let mut keys = app.seed.credentials.keys.iter();
    match keys.find_map(|key| Some((key, key.security_token.as_ref()?))) {
        None => iam_error(
            StatusCode::NOT_FOUND,
            "The seed has no key with a security_token.",
        ),
        Some((key, security_token)) => json_response(
            StatusCode::OK,
            &json!({ "credential": {
                "access": key.access,
                "secret": key.secret,
                "securitytoken": security_token,
                "expires_at": timestamp(app.clock.now() + TOKEN_LIFETIME),
            } }),
        ),
    }
}

/// IAM's own error body: its code is the status, as a number.
fn iam_error(status: StatusCode, message: impl Into<String>) -> Response<Body> {
    let title = status.canonical_reason().unwrap_or_default();
    json_response(
        status,
        &json!({ "error": { "code": status.as_u16(), "message": message.into(), "title": title } }),
    )
}
