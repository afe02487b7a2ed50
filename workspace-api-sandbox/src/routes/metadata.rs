//! Credentials for the machine that a program runs on: the instance metadata of a server, and the
//! identity of a pod.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, Response, StatusCode, header};
use axum::routing::{get, put};

use super::iam_response::{IamError, credential_response};
use crate::seed::defaults::POD_IDENTITY_PATH;
use crate::service::app::{App, TemporaryKey};
use crate::service::authorization::{Caller, Scope};

/// How long a temporary access key from here is valid.
const KEY_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

pub(crate) fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route("/meta-data/latest/api/token", put(metadata_token))
        .route("/openstack/latest/securitykey", get(security_key))
        .with_state(app.clone())
}

/// Issues a token of the metadata service. It proves no more than that the caller can set headers.
async fn metadata_token(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let ttl = request.headers().get("x-metadata-token-ttl-seconds");
    let ttl = ttl.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let Some(ttl @ 1..=21600) = ttl else {
        return IamError::bad_request("X-Metadata-Token-Ttl-Seconds must be 1 to 21600.")
            .response();
    };
    let token = app.random_id();
    let expires = app.clock.now() + Duration::from_secs(ttl);
    app.authentication
        .metadata_tokens
        .add(token.clone(), (), expires);
    Response::new(Body::from(token))
}

async fn security_key(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let token = request.headers().get("x-metadata-token");
    let token = token.and_then(|token| token.to_str().ok());
    let found = token.and_then(|token| app.authentication.metadata_tokens.find(token));
    if found.is_none_or(|((), expires)| expires <= app.clock.now()) {
        let message = "X-Metadata-Token is missing, unknown or expired.";
        return IamError::new(StatusCode::UNAUTHORIZED, message).response();
    }
    let mut keys = app.seed.credentials.keys.iter();
    let Some((key, security_token)) =
        keys.find_map(|key| Some((key, key.security_token.as_ref()?)))
    else {
        // The metadata service's own words for a server without an agency.
        let message = "Please configure Cloud Service Agency first";
        return IamError::new(StatusCode::UNAUTHORIZED, message).response();
    };
    let key = TemporaryKey {
        access: key.access.clone(),
        secret: key.secret.clone(),
        security_token: security_token.clone(),
        expires: app.clock.now() + KEY_LIFETIME,
    };
    credential_response(StatusCode::OK, &key)
}

/// Handles a request of a pod for its credentials. `None` if it is no such request: not a POST to
/// the path of pod identity, nor a POST with the token of a pod.
pub(crate) fn pod_identity(app: &App, request: &Request) -> Option<Response<Body>> {
    if request.method() != Method::POST {
        return None;
    }
    let authorization = request.headers().get(header::AUTHORIZATION);
    let is_token = authorization.is_some_and(|sent| {
        let mut known = app.seed.credentials.pod_tokens.iter();
        known.any(|token| token.as_bytes() == sent.as_bytes())
    });
    if is_token {
        let caller = Caller {
            scope: Scope::AnyProject,
            deny: Vec::new(),
        };
        let key = app.issue_key(caller, app.clock.now() + KEY_LIFETIME);
        return Some(credential_response(StatusCode::OK, &key));
    }
    if request.uri().path() == POD_IDENTITY_PATH {
        let message = "The token of the pod is missing or invalid.";
        return Some(IamError::new(StatusCode::UNAUTHORIZED, message).response());
    }
    None
}
