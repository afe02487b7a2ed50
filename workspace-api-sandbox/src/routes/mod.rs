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
use crate::http::api_error::Refusal;
use crate::http::request_context::{Received, X_REQUEST_ID, query, received};
use crate::service::app::App;
use crate::service::handlers::{self, Call, Emulation};

pub(crate) fn router(app: &Arc<App>) -> Router {
    let mut paths: BTreeMap<&str, MethodRouter> = BTreeMap::new();
    for operation in &app.contract.operations {
        let Ok(filter) = MethodFilter::try_from(operation.method.clone()) else {
            continue;
        };
        let (app, answering) = (app.clone(), operation.clone());
        let handler = move |request: Request| answer(app.clone(), answering.clone(), request);
        let path = paths.entry(&operation.path).or_default();
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
    let refusal = Refusal::new(StatusCode::NOT_FOUND, "APIGW.0101", what);
    refusal.response(&received(&request).request_id)
}

async fn method_not_allowed(request: Request) -> Response<Body> {
    let what = format!("The path does not have the method {}", request.method());
    let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "APIGW.0101", what);
    refusal.response(&received(&request).request_id)
}

/// Answers a request for an operation of the document, and misbehaves if it is told to.
async fn answer(app: Arc<App>, operation: Arc<Operation>, request: Request) -> Response<Body> {
    let received = received(&request);
    let (mut parts, _) = request.into_parts();
    if let Some(number) = received.number {
        app.journal.name_operation(number, &operation.id);
    }
    let Some(emulation) = handlers::emulation(&operation.id) else {
        let what = format!(
            "The sandbox does not emulate {}. It is in the contract, so a client may be right to call it.",
            operation.id
        );
        return Refusal::new(StatusCode::NOT_IMPLEMENTED, "SANDBOX.0501", what)
            .response(&received.request_id);
    };
    if let Err(throttled) = app.misbehaviour.throttle(app.clock.now()) {
        return throttled.response(&received.request_id);
    }
    let delay = app.misbehaviour.delay(&app.random);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let fault = app.misbehaviour.draw(&operation.id, &app.random);
    let response = match &fault {
        Some(fault) if !fault.after => Response::new(Body::empty()),
        _ => {
            let outcome = carry_out(&app, &operation, emulation, &mut parts, &received).await;
            checked(&operation, outcome, &received.request_id)
        }
    };
    match fault {
        Some(fault) => inject::spoil(&fault, response, &received.request_id).await,
        None => response,
    }
}

/// The answer, or a 500 that says how it would break the contract.
fn checked(
    operation: &Operation,
    outcome: Result<Option<Value>, Refusal>,
    request_id: &str,
) -> Response<Body> {
    let (status, body) = match &outcome {
        Ok(Some(body)) => (StatusCode::OK, body.to_string()),
        Ok(None) => (StatusCode::OK, String::new()),
        Err(refusal) => (refusal.status, refusal.body(request_id).to_string()),
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
    if let Err(violation) = operation.check_answer(status, headers, body.as_bytes()) {
        let what = format!(
            "The sandbox's own answer breaks the contract of {}: {violation}",
            operation.id
        );
        return Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "SANDBOX.0500", what)
            .response(request_id);
    }
    *response.body_mut() = Body::from(body);
    response
}

async fn carry_out(
    app: &App,
    operation: &Operation,
    emulation: Emulation,
    parts: &mut Parts,
    received: &Received,
) -> Result<Option<Value>, Refusal> {
    let path = RawPathParams::from_request_parts(parts, &()).await;
    // What is not UTF-8 when it is decoded names nothing.
    let path =
        path.map_err(|_| Refusal::not_found("The project or the desktop does not exist."))?;
    let path: BTreeMap<String, String> = path
        .iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    if operation.secured {
        let caller = app
            .authentication
            .authenticate(parts, &received.body, app.clock.now())?;
        let project = path.get("project_id").map(String::as_str);
        caller.authorize(operation.action.as_deref(), project, &app.seed.deny)?;
    }
    operation.check_parameters(&path, &query(parts.uri.query()), &parts.headers)?;
    let body = operation.check_body(&parts.headers, &received.body)?;
    emulation(app, Call { path: &path, body })
}

/// Whether a request to this path holds secrets, so that the request log must not keep its body.
pub(crate) fn is_confidential(path: &str) -> bool {
    path == iam::TOKENS
}
