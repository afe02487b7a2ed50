//! IAM for federated users and agencies: a token for an id token, and temporary access keys for a
//! token or an agency.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, StatusCode};
use axum::routing::post;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::iam::TOKEN_LIFETIME;
use super::iam_response::{IamError, Rejection, credential_response, iam_response};
use crate::clock::iam_timestamp;
use crate::http::api_error::json_response;
use crate::http::request_context::{RequestContext, request_context};
use crate::json::Json;
use crate::seed::{Agency, IdentityProvider};
use crate::service::app::App;
use crate::service::authorization::{Caller, Scope};

/// The path that issues a token for an id token.
pub(crate) const ID_TOKENS_PATH: &str = "/v3.0/OS-AUTH/id-token/tokens";
/// The path that issues a temporary access key for a token or an agency.
pub(crate) const SECURITY_TOKENS_PATH: &str = "/v3.0/OS-CREDENTIAL/securitytokens";

/// The lifetime, in seconds, of a temporary access key for which the request names none.
const DEFAULT_LIFETIME: u64 = 15 * 60;
/// The lifetimes, in seconds, that a request may name.
const LIFETIMES: std::ops::RangeInclusive<u64> = 15 * 60..=24 * 60 * 60;

pub(crate) fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route(ID_TOKENS_PATH, post(id_tokens))
        .route(SECURITY_TOKENS_PATH, post(security_tokens))
        .with_state(app.clone())
}

#[derive(Deserialize)]
struct IdTokenRequest {
    auth: IdTokenAuth,
}

#[derive(Deserialize)]
struct IdTokenAuth {
    id_token: IdToken,
}

#[derive(Deserialize)]
struct IdToken {
    id: String,
}

async fn id_tokens(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let (parts, context) = split(request);
    let result = issue_federated_token(&app, &parts, &context.body).map_err(Rejection::from);
    iam_response(result, &context.request_id)
}

fn issue_federated_token(
    app: &App,
    parts: &Parts,
    body: &[u8],
) -> Result<Response<Body>, IamError> {
    let IdTokenRequest { auth } = parse(body)?;
    let Some(id) = parts.headers.get("x-idp-id") else {
        return Err(IamError::bad_request("The header X-Idp-Id is missing."));
    };
    let is_meant = |provider: &&IdentityProvider| {
        provider.id.as_bytes() == id.as_bytes() && provider.id_token == auth.id_token.id
    };
    let mut providers = app.seed.credentials.identity_providers.iter();
    let Some(provider) = providers.find(is_meant) else {
        return Err(IamError::new(
            StatusCode::UNAUTHORIZED,
            "The identity provider or the id token is invalid.",
        ));
    };
    let caller = Caller {
        scope: Scope::Unscoped,
        deny: provider.deny.clone(),
    };
    let (token, expires) = app.issue_token(caller, TOKEN_LIFETIME);
    let id = |id: &str| Json::object([("id", id.into())]);
    let federation = Json::object([
        ("identity_provider", id(&provider.id)),
        ("protocol", id("oidc")),
    ]);
    let user = Json::object([
        ("name", "FederationUser".into()),
        ("OS-FEDERATION", federation),
    ]);
    let body = Json::object([
        ("issued_at", iam_timestamp(app.clock.now()).into()),
        ("expires_at", iam_timestamp(expires).into()),
        ("methods", Json::List(vec!["mapped".into()])),
        ("user", user),
    ]);
    let mut response = json_response(StatusCode::CREATED, &Json::object([("token", body)]));
    if let Ok(token) = HeaderValue::from_str(&token) {
        response.headers_mut().insert("x-subject-token", token);
    }
    Ok(response)
}

#[derive(Deserialize)]
struct SecurityTokenRequest {
    auth: SecurityTokenAuth,
}

#[derive(Deserialize)]
struct SecurityTokenAuth {
    identity: SecurityTokenIdentity,
}

#[derive(Deserialize)]
struct SecurityTokenIdentity {
    methods: Vec<String>,
    token: Option<TokenMethod>,
    assume_role: Option<AssumeRole>,
}

/// The method `token`. Without an id, the token is that of the header `X-Auth-Token`.
#[derive(Default, Deserialize)]
struct TokenMethod {
    id: Option<String>,
    duration_seconds: Option<u64>,
}

#[derive(Deserialize)]
struct AssumeRole {
    agency_name: String,
    domain_name: Option<String>,
    domain_id: Option<String>,
    duration_seconds: Option<u64>,
}

async fn security_tokens(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let (parts, context) = split(request);
    let result = issue_temporary_key(&app, &parts, &context.body);
    iam_response(result, &context.request_id)
}

fn issue_temporary_key(app: &App, parts: &Parts, body: &[u8]) -> Result<Response<Body>, Rejection> {
    let SecurityTokenRequest { auth } = parse(body)?;
    let SecurityTokenIdentity {
        methods,
        token,
        assume_role,
    } = auth.identity;
    let (caller, lifetime) = match (methods.as_slice(), assume_role) {
        ([method], _) if method == "token" => {
            let token = token.unwrap_or_default();
            (
                token_owner(app, parts, token.id.as_deref())?,
                token.duration_seconds,
            )
        }
        ([method], Some(role)) if method == "assume_role" => {
            app.authentication
                .authenticate(parts, body, app.clock.now())?;
            (agency(app, &role)?, role.duration_seconds)
        }
        _ => {
            let message = "The sandbox supports the methods token and assume_role, one at a time.";
            return Err(IamError::bad_request(message).into());
        }
    };
    let lifetime = lifetime.unwrap_or(DEFAULT_LIFETIME);
    if !LIFETIMES.contains(&lifetime) {
        let message = format!(
            "duration_seconds must be {} to {}.",
            LIFETIMES.start(),
            LIFETIMES.end()
        );
        return Err(IamError::bad_request(message).into());
    }
    let expires = app.clock.now() + Duration::from_secs(lifetime);
    let key = app.issue_key(caller, expires);
    Ok(credential_response(StatusCode::CREATED, &key))
}

/// Returns the owner of a token. The temporary access key is not limited to the token's project.
fn token_owner(app: &App, parts: &Parts, id: Option<&str>) -> Result<Caller, IamError> {
    let token = match (id, parts.headers.get("x-auth-token")) {
        (Some(id), _) => id.as_bytes(),
        (None, Some(header)) => header.as_bytes(),
        (None, None) => return Err(IamError::bad_request("The request has no token.")),
    };
    let owner = app.authentication.check_token(token, app.clock.now());
    let invalid = |_| IamError::new(StatusCode::UNAUTHORIZED, "The token is invalid or expired.");
    Ok(Caller {
        scope: Scope::AnyProject,
        ..owner.map_err(invalid)?
    })
}

fn agency(app: &App, role: &AssumeRole) -> Result<Caller, IamError> {
    let account = role.domain_id.as_ref().or(role.domain_name.as_ref());
    let Some(account) = account else {
        let message = "assume_role has neither a domain_name nor a domain_id.";
        return Err(IamError::bad_request(message));
    };
    let is_meant = |agency: &&Agency| agency.name == role.agency_name && agency.is_in(account);
    match app.seed.credentials.agencies.iter().find(is_meant) {
        Some(agency) => Ok(Caller {
            scope: Scope::AnyProject,
            deny: agency.deny.clone(),
        }),
        None => Err(IamError::new(
            StatusCode::NOT_FOUND,
            "The account has no such agency.",
        )),
    }
}

fn split(request: Request) -> (Parts, RequestContext) {
    let context = request_context(&request);
    (request.into_parts().0, context)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, IamError> {
    serde_json::from_slice(body)
        .map_err(|error| IamError::bad_request(format!("The request body is invalid: {error}")))
}
