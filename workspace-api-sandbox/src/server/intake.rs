//! Takes requests in: reads them within bounds, writes the journal, and gives each its id.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Response, StatusCode};
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
use crate::service::app::App;

/// The largest head of a request, in bytes, that gets an answer with a body; far larger ones are cut off.
pub(crate) const HEAD_LIMIT: usize = 32 * 1024;
/// The largest body of a request, in bytes.
const BODY_LIMIT: usize = 8 * 1024 * 1024;
/// How much of a body, in bytes, is read to be thrown away before the connection is closed.
const DRAIN_LIMIT: usize = 64 * 1024 * 1024;
/// A body above this size, in bytes, waits for one of [`MAX_LARGE_BODIES`] places, so that memory stays bounded.
const SMALL_BODY_LIMIT: usize = 64 * 1024;
const MAX_LARGE_BODIES: usize = 4;

pub(crate) struct Intake {
    app: Arc<App>,
    router: Router,
    large_bodies: Arc<Semaphore>,
    pub(crate) read_timeout: Duration,
}

impl Intake {
    pub(crate) fn new(app: Arc<App>, read_timeout: Duration) -> Self {
        Self {
            router: routes::router(&app),
            app,
            large_bodies: Arc::new(Semaphore::new(MAX_LARGE_BODIES)),
            read_timeout,
        }
    }

    pub(crate) async fn handle(&self, request: Request<Incoming>) -> Result<Response<Body>, Reset> {
        let request_id = self.app.random_id();
        let (parts, body) = request.into_parts();
        // Pages and inspection are not traffic that a test wants to see.
        let path = parts.uri.path();
        let is_logged =
            !(path == "/" || path.starts_with("/_sandbox/") || path.starts_with("/openapi."));
        let read = match head_size(&parts) > HEAD_LIMIT {
            true => Err(head_too_large()),
            false => self.read(body).await,
        };
        let entry = NewEntry {
            request_id: &request_id,
            time: self.app.clock.timestamp(),
            method: parts.method.as_str(),
            uri: &parts.uri,
            headers: &parts.headers,
            body: read.as_ref().map_or(&[], |(body, _)| body),
            confidential: routes::is_confidential(path),
        };
        let number = is_logged.then(|| self.app.request_log.add(&entry));
        let mut response = match read {
            Ok((body, _permit)) => {
                let mut request = Request::from_parts(parts, Body::empty());
                request.extensions_mut().insert(RequestContext {
                    log_number: number,
                    request_id: request_id.clone(),
                    body,
                });
                let Ok(response) = self.router.clone().call(request).await;
                response
            }
            Err(error) => {
                let mut response = error.response(&request_id);
                // The rest of the request would be taken for the next one.
                response
                    .headers_mut()
                    .insert("connection", HeaderValue::from_static("close"));
                response
            }
        };
        if response.extensions().get::<Reset>().is_some() {
            return Err(Reset);
        }
        if let Ok(id) = HeaderValue::from_str(&request_id)
            && !has_request_id(response.headers())
        {
            response.headers_mut().insert(X_REQUEST_ID, id);
        }
        if let Some(number) = number {
            self.app.request_log.set_status(number, response.status());
        }
        Ok(response)
    }

    /// Reads a body within bounds of size, memory and time. A large one keeps its permit until it has been answered.
    async fn read(
        &self,
        mut body: Incoming,
    ) -> Result<(Bytes, Option<OwnedSemaphorePermit>), ApiError> {
        let (mut bytes, mut permit, mut received) = (BytesMut::new(), None, 0);
        let mut left = self.read_timeout;
        loop {
            let begin = Instant::now();
            let Ok(frame) = tokio::time::timeout(left, body.frame()).await else {
                let what = "The body did not arrive in time.";
                return Err(ApiError::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "APIGW.0201",
                    what,
                ));
            };
            left = left.saturating_sub(begin.elapsed());
            let Some(frame) = frame else { break };
            let frame = frame
                .map_err(|error| ApiError::bad_request(format!("the body broke off: {error}")))?;
            let data = frame.into_data().unwrap_or_default();
            received += data.len();
            if received > BODY_LIMIT {
                // A client that still sends would not read the answer, so most of the rest is taken and thrown away.
                (bytes, permit) = (BytesMut::new(), None);
                match received > DRAIN_LIMIT {
                    true => break,
                    false => continue,
                }
            }
            if received > SMALL_BODY_LIMIT && permit.is_none() {
                // The time that this takes is not the client's.
                permit = self.large_bodies.clone().acquire_owned().await.ok();
            }
            bytes.extend_from_slice(&data);
        }
        if received > BODY_LIMIT {
            let what = format!("The body is larger than {BODY_LIMIT} bytes.");
            return Err(ApiError::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "APIGW.0201",
                what,
            ));
        }
        Ok((bytes.freeze(), permit))
    }
}

fn head_size(parts: &Parts) -> usize {
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4);
    parts.uri.to_string().len() + headers.sum::<usize>()
}

fn head_too_large() -> ApiError {
    ApiError::new(
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        "APIGW.0201",
        format!("The request line and headers are larger than {HEAD_LIMIT} bytes."),
    )
}
