//! Which request goes where: the operations of the document, and the sandbox's own paths beside them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, MethodRouter, get};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::app::App;
use crate::contract::Operation;
use crate::operations::{self, Call, Emulation};
use crate::refusal::{Refusal, json_response};

/// What is known of a request before it is routed; travels with it as an extension.
#[derive(Clone)]
pub(crate) struct Received {
    /// Its number in the journal, if it is written down there.
    pub(crate) number: Option<u64>,
    pub(crate) request_id: String,
    pub(crate) body: Bytes,
}

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
    own_paths(app).fallback_service(
        contract
            .fallback(unknown_path)
            .method_not_allowed_fallback(method_not_allowed),
    )
}

/// The paths that are the sandbox's and not the document's. The document cannot take them.
fn own_paths(app: &Arc<App>) -> Router {
    let at = || app.clone();
    let (yaml, json, requests, forget, state, reset) = (at(), at(), at(), at(), at(), at());
    Router::new()
        .route(
            "/openapi.yaml",
            get(move || async move {
                (
                    [(header::CONTENT_TYPE, "application/yaml")],
                    yaml.contract.yaml.clone(),
                )
            }),
        )
        .route(
            "/openapi.json",
            get(move || async move {
                (
                    [(header::CONTENT_TYPE, "application/json")],
                    json.contract.json.clone(),
                )
            }),
        )
        .route(
            "/_sandbox/requests",
            get(move || async move {
                json_response(
                    StatusCode::OK,
                    &json!({ "requests": requests.journal.records() }),
                )
            })
            .delete(move || async move {
                forget.journal.clear();
                StatusCode::NO_CONTENT
            }),
        )
        .route(
            "/_sandbox/state",
            get(move || async move {
                json_response(
                    StatusCode::OK,
                    &json!({ "projects": state.state().projects() }),
                )
            })
            .delete(move || async move {
                reset.reset();
                StatusCode::NO_CONTENT
            }),
        )
        .method_not_allowed_fallback(method_not_allowed)
}

async fn unknown_path(request: Request) -> Response<Body> {
    let what = format!(
        "The API does not exist: {} {}",
        request.method(),
        request.uri().path()
    );
    let refusal = Refusal::new(StatusCode::NOT_FOUND, "APIGW.0101", what);
    refusal.response(&request_id(&request))
}

async fn method_not_allowed(request: Request) -> Response<Body> {
    let what = format!("The path does not have the method {}", request.method());
    let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "APIGW.0101", what);
    refusal.response(&request_id(&request))
}

fn request_id(request: &Request) -> String {
    let received = request.extensions().get::<Received>();
    received
        .map(|received| received.request_id.clone())
        .unwrap_or_default()
}

/// Answers a request for an operation of the document, and checks the answer.
async fn answer(app: Arc<App>, operation: Arc<Operation>, request: Request) -> Response<Body> {
    let (mut parts, _) = request.into_parts();
    let Some(received) = parts.extensions.remove::<Received>() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Some(number) = received.number {
        app.journal.name_operation(number, &operation.id);
    }
    let Some(emulation) = operations::emulation(&operation.id) else {
        let what = format!(
            "The sandbox does not emulate {}. It is in the contract, so a client may be right to call it.",
            operation.id
        );
        return Refusal::new(StatusCode::NOT_IMPLEMENTED, "SANDBOX.0501", what)
            .response(&received.request_id);
    };
    let outcome = carry_out(&app, &operation, emulation, &mut parts, &received).await;
    let (status, body) = match &outcome {
        Ok(Some(body)) => (StatusCode::OK, body.to_string()),
        Ok(None) => (StatusCode::OK, String::new()),
        Err(refusal) => (
            refusal.status,
            refusal.body(&received.request_id).to_string(),
        ),
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if !body.is_empty() {
        headers.insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("application/json"),
        );
    }
    if let Ok(id) = received.request_id.parse() {
        headers.insert("x-request-id", id);
    }
    if let Err(violation) = operation.check_answer(status, headers, body.as_bytes()) {
        let what = format!(
            "The sandbox's own answer breaks the contract of {}: {violation}",
            operation.id
        );
        return Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "SANDBOX.0500", what)
            .response(&received.request_id);
    }
    *response.body_mut() = Body::from(body);
    response
}

async fn carry_out(
    app: &App,
    operation: &Operation,
    emulation: Emulation,
    parts: &mut axum::http::request::Parts,
    received: &Received,
) -> Result<Option<serde_json::Value>, Refusal> {
    let path = RawPathParams::from_request_parts(parts, &()).await;
    // What is not UTF-8 when it is decoded names nothing.
    let path =
        path.map_err(|_| Refusal::not_found("The project or the desktop does not exist."))?;
    let path: BTreeMap<String, String> = path
        .iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    if operation.secured {
        app.authentication.authenticate(&parts.headers)?;
    }
    operation.check_parameters(&path, &query(parts.uri.query()), &parts.headers)?;
    let body = operation.check_body(&parts.headers, &received.body)?;
    emulation(app, Call { path: &path, body })
}

fn query(query: Option<&str>) -> Vec<(String, String)> {
    let decode = |text: &str| {
        percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    let pairs = query
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (decode(key), decode(value)))
        .collect()
}
