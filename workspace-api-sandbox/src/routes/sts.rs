//! STS: temporary access keys of an agency, for an id token or for other credentials.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use axum::routing::post;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::clock::iam_timestamp;
use crate::http::api_error::{ApiError, json_response};
use crate::http::request_context::request_context;
use crate::json::Json;
use crate::seed::{Agency, IdentityProvider};
use crate::service::app::App;
use crate::service::authorization::{Caller, Scope};

/// The path that assumes an agency for an id token.
pub(crate) const ASSUME_WITH_OIDC_PATH: &str = "/v5/agencies/assume-with-oidc";
const ASSUME_PATH: &str = "/v5/agencies/assume";

/// The lifetime, in seconds, of a temporary access key for which the request names none.
const DEFAULT_LIFETIME: u64 = 60 * 60;
/// The lifetimes, in seconds, that a request may name.
const LIFETIMES: RangeInclusive<u64> = 15 * 60..=12 * 60 * 60;
/// The lengths, in characters, of a session's name.
const SESSION_NAMES: RangeInclusive<usize> = 2..=64;

pub(crate) fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route(ASSUME_WITH_OIDC_PATH, post(assume_with_oidc))
        .route(ASSUME_PATH, post(assume))
        .with_state(app.clone())
}

#[derive(Deserialize)]
struct AssumeRequest {
    agency_urn: String,
    agency_session_name: String,
    duration_seconds: Option<u64>,
}

#[derive(Deserialize)]
struct OidcProof {
    provider_urn: String,
    id_token: String,
}

/// Assumes an agency for the owner of an id token. The request is not signed.
async fn assume_with_oidc(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let context = request_context(&request);
    let result = parse(&context.body).and_then(|proof: OidcProof| {
        let is_meant = |provider: &IdentityProvider| {
            provider.provider_urn.as_ref() == Some(&proof.provider_urn)
                && provider.id_token == proof.id_token
        };
        if !app.seed.credentials.identity_providers.iter().any(is_meant) {
            let message = "The identity provider or the id token is invalid.";
            return Err(ApiError::new(StatusCode::UNAUTHORIZED, "STS.0401", message));
        }
        assumed_agency(&app, &context.body)
    });
    result.unwrap_or_else(|error| error.response(&context.request_id))
}

/// Assumes an agency for a caller with other credentials.
async fn assume(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let context = request_context(&request);
    let (parts, _) = request.into_parts();
    let caller = app
        .authentication
        .authenticate(&parts, &context.body, app.clock.now());
    let result = caller.and_then(|_| assumed_agency(&app, &context.body));
    result.unwrap_or_else(|error| error.response(&context.request_id))
}

fn assumed_agency(app: &App, body: &[u8]) -> Result<Response<Body>, ApiError> {
    let request: AssumeRequest = parse(body)?;
    if !SESSION_NAMES.contains(&request.agency_session_name.chars().count()) {
        return Err(bad_request(
            "agency_session_name must have 2 to 64 characters.",
        ));
    }
    let lifetime = request.duration_seconds.unwrap_or(DEFAULT_LIFETIME);
    if !LIFETIMES.contains(&lifetime) {
        let (min, max) = (LIFETIMES.start(), LIFETIMES.end());
        return Err(bad_request(format!(
            "duration_seconds must be {min} to {max}."
        )));
    }
    let is_meant = |agency: &&Agency| agency.has_urn(&request.agency_urn);
    let Some(agency) = app.seed.credentials.agencies.iter().find(is_meant) else {
        let message = "The agency does not exist, or the caller is not allowed to assume it.";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "STS.0403", message));
    };
    let caller = Caller {
        scope: Scope::AnyProject,
        deny: agency.deny.clone(),
    };
    let expires = app.clock.now() + Duration::from_secs(lifetime);
    let key = app.issue_key(caller, expires);
    let urn = format!("{}/{}", request.agency_urn, request.agency_session_name);
    let credentials = Json::object([
        ("access_key_id", key.access.into()),
        ("secret_access_key", key.secret.into()),
        ("security_token", key.security_token.into()),
        ("expiration", iam_timestamp(key.expires).into()),
    ]);
    let body = Json::object([
        ("assumed_agency", Json::object([("urn", urn.into())])),
        ("credentials", credentials),
    ]);
    Ok(json_response(StatusCode::OK, &body))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body)
        .map_err(|error| bad_request(format!("The request body is invalid: {error}")))
}

fn bad_request(message: impl Into<String>) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "STS.0400", message)
}
