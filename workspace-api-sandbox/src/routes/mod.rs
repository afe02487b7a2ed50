//! Which request goes where: the operations of the document, and the sandbox's own paths beside them.

mod docs_page;
mod iam;
mod inspection;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::routing::{MethodFilter, MethodRouter};
use serde_json::Value;

use crate::contract::Operation;
use crate::faults::inject;
use crate::http::api_error::ApiError;
use crate::http::request_context::{RequestContext, X_REQUEST_ID, query, request_context};
use crate::service::app::App;
use crate::service::handlers::{self, Call, Handler};

pub(crate) fn router(app: &Arc<App>) -> Router {
    let mut paths: BTreeMap<&str, MethodRouter> = BTreeMap::new();
    for operation in &app.contract.operations {
        let Ok(filter) = MethodFilter::try_from(operation.method.clone()) else {
            continue;
        };
        let path = paths.entry(&operation.path).or_default();
        let (app, operation) = (app.clone(), operation.clone());
        let handler = move |request: Request| dispatch(app.clone(), operation.clone(), request);
        *path = std::mem::take(path).on(filter, handler);
    }
    let mut contract = Router::new();
    for (path, methods) in paths {
        contract = contract.route(path, methods);
    }
    let own = inspection::router(app)
        .merge(docs_page::router(app))
        .merge(iam::router(app));
    own.method_not_allowed_fallback(method_not_allowed)
        .fallback_service(
            contract
                .fallback(unknown_path)
                .method_not_allowed_fallback(method_not_allowed),
        )
}

async fn unknown_path(request: Request) -> Response<Body> {
    let what = format!(
        "The API does not exist: {} {}",
        request.method(),
        request.uri().path()
    );
    let error = ApiError::new(StatusCode::NOT_FOUND, "APIGW.0101", what);
    error.response(&request_context(&request).request_id)
}

async fn method_not_allowed(request: Request) -> Response<Body> {
    let what = format!("The path does not have the method {}", request.method());
    let error = ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "APIGW.0101", what);
    error.response(&request_context(&request).request_id)
}

/// Answers a request for an operation of the document, and misbehaves if it is told to.
async fn dispatch(app: Arc<App>, operation: Arc<Operation>, request: Request) -> Response<Body> {
    let context = request_context(&request);
    let (mut parts, _) = request.into_parts();
    if let Some(number) = context.log_number {
        app.request_log.set_operation(number, &operation.id);
    }
    let Some(handler) = handlers::handler_for(&operation.id) else {
        let what = format!(
            "The sandbox does not emulate {}. It is in the contract, so a client may be right to call it.",
            operation.id
        );
        return ApiError::new(StatusCode::NOT_IMPLEMENTED, "SANDBOX.0501", what)
            .response(&context.request_id);
    };
    if let Err(throttled) = app.faults.throttle(app.clock.now()) {
        return throttled.response(&context.request_id);
    }
    let delay = app.faults.delay(&app.random);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let fault = app.faults.pick(&operation.id, &app.random);
    let response = match &fault {
        Some(fault) if !fault.after => Response::new(Body::empty()),
        _ => {
            let outcome = handle(&app, &operation, handler, &mut parts, &context).await;
            validate_response(&operation, outcome, &context.request_id)
        }
    };
    match fault {
        Some(fault) => inject::apply(&fault, response, &context.request_id).await,
        None => response,
    }
}

/// The answer, or a 500 that says how it would break the contract.
fn validate_response(
    operation: &Operation,
    outcome: Result<Option<Value>, ApiError>,
    request_id: &str,
) -> Response<Body> {
    let (status, body) = match &outcome {
        Ok(Some(body)) => (StatusCode::OK, body.to_string()),
        Ok(None) => (StatusCode::OK, String::new()),
        Err(error) => (error.status, error.body(request_id).to_string()),
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if !body.is_empty() {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(X_REQUEST_ID, id);
    }
    if let Err(violation) = operation.check_response(status, headers, body.as_bytes()) {
        let what = format!(
            "The sandbox's own answer breaks the contract of {}: {violation}",
            operation.id
        );
        return ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "SANDBOX.0500", what)
            .response(request_id);
    }
    *response.body_mut() = Body::from(body);
    response
}

async fn handle(
    app: &App,
    operation: &Operation,
    handler: Handler,
    parts: &mut Parts,
    context: &RequestContext,
) -> Result<Option<Value>, ApiError> {
    let path = RawPathParams::from_request_parts(parts, &()).await;
    // What is not UTF-8 when it is decoded names nothing.
    let path =
        path.map_err(|_| ApiError::not_found("The project or the desktop does not exist."))?;
    let path: BTreeMap<String, String> = path
        .iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    if operation.requires_authentication {
        let caller = app
            .authentication
            .authenticate(parts, &context.body, app.clock.now())?;
        let project = path.get("project_id").map(String::as_str);
        caller.authorize(operation.iam_action.as_deref(), project, &app.seed.deny)?;
    }
    operation.check_parameters(&path, &query(parts.uri.query()), &parts.headers)?;
    let body = operation.check_body(&parts.headers, &context.body)?;
    handler(app, Call { path: &path, body })
}

/// Whether a request to this path holds secrets, so that the request log must not keep its body.
pub(crate) fn is_confidential(path: &str) -> bool {
    path == iam::TOKENS_PATH
}
