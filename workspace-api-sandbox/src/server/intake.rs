//! Accepts requests: reads them within limits, logs them, and assigns a request id.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_service::Service;

use crate::http::api_error::ApiError;
use crate::http::request_context::{RequestContext, X_REQUEST_ID, has_request_id};
use crate::http::request_log::NewEntry;
use crate::http::reset::Reset;
use crate::routes;
use crate::server::host::AllowedHosts;
use crate::service::app::App;

/// Maximum size, in bytes, of a request head. A larger one gets an error response; a far larger one
/// closes the connection.
pub(crate) const HEAD_LIMIT: usize = 32 * 1024;
/// Maximum size, in bytes, of a request body.
const BODY_LIMIT: usize = 8 * 1024 * 1024;
/// Maximum number of bytes of a body that are read and discarded before the connection is closed.
const DRAIN_LIMIT: usize = 64 * 1024 * 1024;
/// Size, in bytes, above which a body waits for one of [`MAX_LARGE_BODIES`] permits. So the memory
/// that bodies take is limited.
const SMALL_BODY_LIMIT: usize = 64 * 1024;
const MAX_LARGE_BODIES: usize = 4;

pub(crate) struct Intake {
    app: Arc<App>,
    router: Router,
    large_bodies: Arc<Semaphore>,
    pub(crate) limits: Limits,
}

/// The requests that the sandbox accepts, and its timeouts.
pub(crate) struct Limits {
    pub(crate) hosts: AllowedHosts,
    /// The origins whose pages may read responses.
    pub(crate) origins: Vec<HeaderValue>,
    /// For the request head, and then for the body.
    pub(crate) read_timeout: Duration,
    /// For each part of a response, until the client reads it.
    pub(crate) write_timeout: Duration,
}

/// A body that has been read. It keeps its permit, if it needs one, until the response is ready.
struct RequestBody {
    bytes: Bytes,
    permit: Option<OwnedSemaphorePermit>,
}

impl Intake {
    pub(crate) fn new(app: Arc<App>, limits: Limits) -> Self {
        Self {
            router: routes::router(&app, &limits.origins),
            app,
            large_bodies: Arc::new(Semaphore::new(MAX_LARGE_BODIES)),
            limits,
        }
    }

    /// Handles a request. An error resets the connection.
    pub(crate) async fn handle(&self, request: Request<Incoming>) -> Result<Response<Body>, Reset> {
        let request_id = self.app.random_id();
        let (parts, body) = request.into_parts();
        let body = if head_size(&parts) > HEAD_LIMIT {
            Err(head_too_large())
        } else if let Err(error) = self.limits.hosts.check(&parts) {
            Err(error)
        } else {
            self.read(body).await
        };
        let log_number = self.log(&request_id, &parts, body.as_ref().ok());
        let mut response = match body {
            Ok(RequestBody { bytes, permit }) => {
                let context = RequestContext {
                    log_number,
                    request_id: request_id.clone(),
                    body: bytes,
                };
                let response = self.route(parts, context).await;
                drop(permit);
                response
            }
            Err(error) => close_after(error.response(&request_id)),
        };
        if response.extensions().get::<Reset>().is_some() {
            return Err(Reset);
        }
        if let Ok(id) = HeaderValue::from_str(&request_id)
            && !has_request_id(response.headers())
        {
            response.headers_mut().insert(X_REQUEST_ID, id);
        }
        if let Some(number) = log_number {
            self.app.request_log.set_status(number, response.status());
        }
        Ok(response)
    }

    /// Adds a request to the log, and returns its number there. Requests to the page and the
    /// inspection endpoints are not logged: they are no traffic that a test checks.
    fn log(&self, request_id: &str, parts: &Parts, body: Option<&RequestBody>) -> Option<u64> {
        let path = parts.uri.path();
        if path == "/" || path.starts_with("/_sandbox/") || path.starts_with("/openapi.") {
            return None;
        }
        Some(self.app.request_log.add(NewEntry {
            request_id,
            time: self.app.clock.timestamp(),
            method: parts.method.as_str(),
            uri: &parts.uri,
            headers: &parts.headers,
            body: body.map_or(&[], |body| &body.bytes),
            is_confidential: routes::is_confidential(path),
            is_secret: &|name, value| self.app.authentication.is_foreign_secret(name, value),
        }))
    }

    async fn route(&self, parts: Parts, context: RequestContext) -> Response<Body> {
        let mut request = Request::from_parts(parts, Body::empty());
        request.extensions_mut().insert(context);
        let Ok(response) = self.router.clone().call(request).await;
        response
    }

    /// Reads a body within limits of size, memory and time.
    async fn read(&self, mut body: Incoming) -> Result<RequestBody, ApiError> {
        let (mut bytes, mut permit, mut received) = (BytesMut::new(), None, 0);
        let mut remaining = self.limits.read_timeout;
        loop {
            let start = Instant::now();
            let Ok(frame) = tokio::time::timeout(remaining, body.frame()).await else {
                return Err(ApiError::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "APIGW.0201",
                    "The body did not arrive in time.",
                ));
            };
            remaining = remaining.saturating_sub(start.elapsed());
            let Some(frame) = frame else { break };
            let frame = frame.map_err(|error| {
                ApiError::bad_request(format!("the body is incomplete: {error}"))
            })?;
            let data = frame.into_data().unwrap_or_default();
            received += data.len();
            if received > DRAIN_LIMIT {
                break;
            }
            if received > BODY_LIMIT {
                // A client that is still sending would not read the response, so the rest is read
                // and discarded.
                (bytes, permit) = (BytesMut::new(), None);
                continue;
            }
            if received > SMALL_BODY_LIMIT && permit.is_none() {
                // The time spent waiting here does not count against the client.
                permit = self.large_bodies.clone().acquire_owned().await.ok();
            }
            bytes.extend_from_slice(&data);
        }
        if received > BODY_LIMIT {
            return Err(ApiError::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "APIGW.0201",
                format!("The body is larger than {BODY_LIMIT} bytes."),
            ));
        }
        Ok(RequestBody {
            bytes: bytes.freeze(),
            permit,
        })
    }
}

/// Closes the connection after this response: the rest of the request would be read as
/// the next one.
fn close_after(mut response: Response<Body>) -> Response<Body> {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}

fn head_size(parts: &Parts) -> usize {
    let mut size = parts.uri.to_string().len();
    for (name, value) in &parts.headers {
        size += name.as_str().len() + value.len() + ": \r\n".len();
    }
    size
}

fn head_too_large() -> ApiError {
    ApiError::new(
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        "APIGW.0201",
        format!("The request line and headers are larger than {HEAD_LIMIT} bytes."),
    )
}
