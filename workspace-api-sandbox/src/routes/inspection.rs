//! Inspection endpoints: contract, request log and state.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use bytes::Bytes;
use hyper::body::Frame;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;

use crate::http::api_error::json_response;
use crate::http::request_log::LoggedRequest;
use crate::seed::Project;
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

async fn requests(State(app): State<Arc<App>>) -> impl IntoResponse {
    let permit = app.log_readers.clone().acquire_owned().await.ok();
    let log = LogBody {
        entries: app.request_log.entries(),
        next: Some("{\"requests\":["),
        permit,
    };
    ([(header::CONTENT_TYPE, "application/json")], Body::new(log))
}

/// The request log as JSON, written entry by entry: the whole text would take many times the memory of
/// the log.
struct LogBody {
    entries: VecDeque<Arc<LoggedRequest>>,
    /// The text before the next entry; `None` after the last one.
    next: Option<&'static str>,
    /// The log that a slow reader still reads cannot be freed, so the number of readers is limited.
    #[expect(dead_code, reason = "held until the body is read")]
    permit: Option<OwnedSemaphorePermit>,
}

async fn clear_requests(State(app): State<Arc<App>>) -> StatusCode {
    app.request_log.clear();
    StatusCode::NO_CONTENT
}

/// The body of `/_sandbox/state`, which is a seed.
#[derive(Serialize)]
struct StateBody<'a> {
    projects: &'a [Project],
}

async fn state(State(app): State<Arc<App>>) -> Response<Body> {
    let state = app.state();
    let projects = state.projects();
    json_response(StatusCode::OK, &StateBody { projects })
}

async fn reset_state(State(app): State<Arc<App>>) -> StatusCode {
    app.reset();
    StatusCode::NO_CONTENT
}

impl hyper::body::Body for LogBody {
    type Data = Bytes;
    type Error = serde_json::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Some(before) = self.next else {
            return Poll::Ready(None);
        };
        let mut text = before.as_bytes().to_vec();
        if let Some(entry) = self.entries.pop_front() {
            self.next = Some(",");
            serde_json::to_writer(&mut text, &*entry)?;
        } else {
            self.next = None;
            text = if before == "," { Vec::new() } else { text };
            text.extend_from_slice(b"]}");
        }
        Poll::Ready(Some(Ok(Frame::data(text.into()))))
    }
}
