//! Inspection endpoints: contract, request log and state.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::json;

use crate::http::api_error::json_response;
use crate::service::app::App;

pub(crate) fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route("/openapi.yaml", get(contract_as_yaml))
        .route("/openapi.json", get(contract_as_json))
        .route("/_sandbox/requests", get(requests).delete(clear_requests))
        .route("/_sandbox/state", get(state).delete(reset_state))
        .with_state(app.clone())
}

async fn contract_as_yaml(State(app): State<Arc<App>>) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/yaml")],
        app.contract.yaml.clone(),
    )
}

async fn contract_as_json(State(app): State<Arc<App>>) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/json")],
        app.contract.json.clone(),
    )
}

async fn requests(State(app): State<Arc<App>>) -> Response<Body> {
    json_response(
        StatusCode::OK,
        &json!({ "requests": app.request_log.entries() }),
    )
}

async fn clear_requests(State(app): State<Arc<App>>) -> StatusCode {
    app.request_log.clear();
    StatusCode::NO_CONTENT
}

async fn state(State(app): State<Arc<App>>) -> Response<Body> {
    json_response(
        StatusCode::OK,
        &json!({ "projects": app.state().projects() }),
    )
}

async fn reset_state(State(app): State<Arc<App>>) -> StatusCode {
    app.reset();
    StatusCode::NO_CONTENT
}
