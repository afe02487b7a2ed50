//! The routes: the operations of the contract, the sources of credentials, the inspection endpoints
//! and the page. This file serves the operations.

mod desktop_list;
mod docs_page;
mod federation;
mod iam;
mod iam_response;
mod inspection;
mod metadata;
mod sts;

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, StatusCode, Uri, header};
use axum::routing::{MethodFilter, MethodRouter};
use tower_http::cors::{Any, CorsLayer};

use crate::contract::Operation;
use crate::contract::example::Example;
use crate::error::Error;
use crate::faults::inject;
use crate::http::api_error::{ApiError, json};
use crate::http::request_context::{RequestContext, X_REQUEST_ID, parse_query, request_context};
use crate::service::app::App;
use crate::service::handlers::{self, Call, Handler};

/// Returns the origins as browsers send them.
pub(crate) fn allowed_origins(origins: &[String]) -> Result<Vec<HeaderValue>, Error> {
    let parse = |origin: &String| {
        let is_origin = origin.parse().is_ok_and(|uri: Uri| {
            let Some(authority) = uri.authority() else {
                return false;
            };
            let scheme = uri.scheme_str().unwrap_or_default();
            *origin == format!("{scheme}://{authority}")
        });
        match HeaderValue::from_str(origin) {
            Ok(value) if is_origin => Ok(value),
            _ => Err(Error::Host(format!(
                "the origin \"{origin}\" is invalid: give scheme, host and port, such as https://editor.example"
            ))),
        }
    };
    origins.iter().map(parse).collect()
}

pub(crate) fn router(app: &Arc<App>, origins: &[HeaderValue]) -> Router {
    let own = inspection::router(app)
        .merge(docs_page::router(app))
        .merge(iam::router(app))
        .merge(federation::router(app))
        .merge(sts::router(app))
        .merge(metadata::router(app))
        .merge(desktop_list::router(app));
    let router = own
        .method_not_allowed_fallback(method_not_allowed)
        .fallback_service(operations(app));
    if origins.is_empty() {
        return router;
    }
    let cors = CorsLayer::new()
        .allow_origin(origins.to_vec())
        .allow_methods(Any)
        .allow_headers(Any)
        .expose_headers(Any);
    router.layer(cors)
}

/// Whether a request to this path contains a password or a token, so that its body is not logged.
pub(crate) fn is_confidential(path: &str) -> bool {
    matches!(
        path,
        iam::TOKENS_PATH
            | federation::ID_TOKENS_PATH
            | federation::SECURITY_TOKENS_PATH
            | sts::ASSUME_WITH_OIDC_PATH
    )
}

/// Routes the operations of the contract, and all unknown paths.
fn operations(app: &Arc<App>) -> Router {
    let mut paths: BTreeMap<&str, MethodRouter> = BTreeMap::new();
    for operation in &app.contract.operations {
        let Ok(filter) = MethodFilter::try_from(operation.method.clone()) else {
            continue;
        };
        let methods = paths.entry(&operation.path).or_default();
        let (app, operation) = (app.clone(), operation.clone());
        let handler = move |request: Request| dispatch(app.clone(), operation.clone(), request);
        *methods = std::mem::take(methods).on(filter, handler);
    }
    let mut router = Router::new();
    for (path, methods) in paths {
        router = router.route(path, methods);
    }
    let app = app.clone();
    router
        .fallback(move |request: Request| ready(unknown_path(&app, &request)))
        .method_not_allowed_fallback(method_not_allowed)
}

fn unknown_path(app: &App, request: &Request) -> Response<Body> {
    if let Some(response) = metadata::pod_identity(app, request) {
        return response;
    }
    let (method, path) = (request.method(), request.uri().path());
    let message = format!("The API does not exist: {method} {path}");
    ApiError::new(StatusCode::NOT_FOUND, "APIGW.0101", message)
        .response(&request_context(request).request_id)
}

async fn method_not_allowed(request: Request) -> Response<Body> {
    let message = format!("The path does not have the method {}", request.method());
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "APIGW.0101", message)
        .response(&request_context(&request).request_id)
}

/// Where the response to a valid request comes from.
#[derive(Clone, Copy)]
enum ResponseSource<'o> {
    Handler(Handler),
    Example(&'o Example),
}

/// Handles a request for a contract operation and applies any configured fault.
async fn dispatch(app: Arc<App>, operation: Arc<Operation>, request: Request) -> Response<Body> {
    let context = request_context(&request);
    let request_id = &context.request_id;
    let (mut parts, _) = request.into_parts();
    if let Some(number) = context.log_number {
        app.request_log.set_operation(number, &operation.id);
    }
    let example = operation.example.as_ref().filter(|_| app.examples);
    let source = match (handlers::handler_for(&operation.id), example) {
        (Some(handler), _) => ResponseSource::Handler(handler),
        (None, Some(example)) => ResponseSource::Example(example),
        (None, None) => return not_emulated(&operation).response(request_id),
    };
    if let Err(throttled) = app
        .faults
        .throttle(&operation.id, &operation.method, app.clock.now())
    {
        return throttled.response(request_id);
    }
    let delay = app.faults.delay(&app.random);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let fault = app.faults.pick(&operation.id, &app.random);
    let response = match &fault {
        Some(fault) if !fault.after => Response::new(Body::empty()),
        _ => {
            let result = handle(&app, &operation, source, &mut parts, &context).await;
            validated_response(&operation, source, result, request_id)
        }
    };
    match fault {
        Some(fault) => inject::apply(&fault, response, request_id).await,
        None => response,
    }
}

/// Returns the error of an operation without a response. Its request was not checked.
fn not_emulated(operation: &Operation) -> ApiError {
    let hint = if operation.example.is_some() {
        "but can return the contract's example: start it with --examples or Builder::examples."
    } else {
        "and the contract has no example of its response."
    };
    ApiError::not_emulated(format!(
        "The sandbox does not emulate {}, {hint}",
        operation.id
    ))
}

/// Authenticates a request, checks it against the contract, and runs its handler.
async fn handle(
    app: &App,
    operation: &Operation,
    source: ResponseSource<'_>,
    parts: &mut Parts,
    context: &RequestContext,
) -> Result<Option<String>, ApiError> {
    let path = path_parameters(parts).await?;
    if operation.requires_authentication {
        let caller = app
            .authentication
            .authenticate(parts, &context.body, app.clock.now())?;
        let project = path.get("project_id").map(String::as_str);
        caller.authorize(operation.iam_action.as_deref(), project, &app.seed.deny)?;
    }
    operation.check_parameters(&path, &parse_query(parts.uri.query()), &parts.headers)?;
    let body = operation.check_body(&parts.headers, &context.body)?;
    match source {
        ResponseSource::Handler(handler) => handler(app, &mut Call { path: &path, body }),
        ResponseSource::Example(example) => Ok(example.body.as_ref().map(json)),
    }
}

async fn path_parameters(parts: &mut Parts) -> Result<BTreeMap<String, String>, ApiError> {
    // A segment that is not UTF-8 after decoding cannot be the id of anything.
    let parameters = RawPathParams::from_request_parts(parts, &())
        .await
        .map_err(|_| ApiError::not_found("The project or the desktop does not exist."))?;
    let mut path = BTreeMap::new();
    for (name, value) in &parameters {
        path.insert(name.to_owned(), value.to_owned());
    }
    Ok(path)
}

/// Returns the response to a request, or a 500 that says how that response breaks the contract.
fn validated_response(
    operation: &Operation,
    source: ResponseSource<'_>,
    result: Result<Option<String>, ApiError>,
    request_id: &str,
) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    if let (Ok(_), ResponseSource::Example(example)) = (&result, source) {
        *headers = example.headers.clone();
    }
    let (status, body) = match result {
        Ok(Some(body)) => (operation.success, body),
        Ok(None) => (operation.success, String::new()),
        Err(error) => (error.status, json(&error.body(request_id))),
    };
    if !body.is_empty() {
        let json = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json);
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(X_REQUEST_ID, id);
    }
    // A request for an example may be rejected with a status that the contract leaves out, and no
    // contract has the status of what is not emulated.
    let is_emulated =
        matches!(source, ResponseSource::Handler(_)) && status != StatusCode::NOT_IMPLEMENTED;
    let is_checked = status.is_success() || is_emulated;
    if is_checked && let Err(violation) = operation.check_response(status, headers, body.as_bytes())
    {
        let message = format!(
            "The sandbox's response breaks the contract of {}: {violation}",
            operation.id
        );
        return ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "SANDBOX.0500", message)
            .response(request_id);
    }
    *response.status_mut() = status;
    *response.body_mut() = Body::from(body);
    response
}
