//! Carries out what `fault` describes: draws whether something goes wrong now, and breaks answers and connections.

use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Frame;

use super::throttle::{Latency, RateLimit, TokenBucket};
use super::{Fault, FaultKind};
use crate::http::api_error::ApiError;
use crate::http::reset::Reset;
use crate::sync::lock;

#[derive(Debug, Default)]
pub(crate) struct FaultInjector {
    /// Each with how often it has applied.
    faults: Mutex<Vec<(Fault, u64)>>,
    latency: Latency,
    bucket: Option<Mutex<TokenBucket>>,
}

impl FaultInjector {
    pub(crate) fn new(faults: Vec<Fault>, latency: Latency, limit: Option<RateLimit>) -> Self {
        Self {
            faults: Mutex::new(faults.into_iter().map(|fault| (fault, 0)).collect()),
            latency,
            bucket: limit.map(|limit| Mutex::new(TokenBucket::new(limit))),
        }
    }

    pub(crate) fn add(&self, fault: Fault) {
        lock(&self.faults).push((fault, 0));
    }

    pub(crate) fn clear(&self) {
        lock(&self.faults).clear();
    }

    /// Starts counting again how often faults have applied.
    pub(crate) fn reset_hits(&self) {
        for (_, hits) in lock(&self.faults).iter_mut() {
            *hits = 0;
        }
    }

    pub(crate) fn throttle(&self, now: SystemTime) -> Result<(), ApiError> {
        let Some(bucket) = &self.bucket else {
            return Ok(());
        };
        lock(bucket).take(now).map_err(|seconds| {
            let what = "The throttling threshold has been reached.";
            ApiError::new(StatusCode::TOO_MANY_REQUESTS, "APIGW.0308", what)
                .with_retry_after(Some(seconds))
        })
    }

    pub(crate) fn delay(&self, random: &Mutex<fastrand::Rng>) -> Duration {
        let Latency { min, max } = self.latency;
        min + (max - min).mul_f64(lock(random).f64())
    }

    /// The fault that strikes this call, if one does. The first that fits wins.
    pub(crate) fn pick(&self, operation: &str, random: &Mutex<fastrand::Rng>) -> Option<Fault> {
        let mut faults = lock(&self.faults);
        let (fault, hits) = faults.iter_mut().find(|(fault, hits)| {
            fault
                .operation
                .as_deref()
                .is_none_or(|only| only == operation)
                && fault.times.is_none_or(|times| *hits < times)
                && (fault.probability >= 1.0 || lock(random).f64() < fault.probability)
        })?;
        *hits += 1;
        Some(fault.clone())
    }
}

/// Does to an answer what the fault says.
pub(crate) async fn apply(
    fault: &Fault,
    response: Response<Body>,
    request_id: &str,
) -> Response<Body> {
    match fault.kind {
        FaultKind::Stall => std::future::pending().await,
        FaultKind::Status(code) => {
            let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let code = match status {
                StatusCode::TOO_MANY_REQUESTS => "APIGW.0308",
                _ => "SANDBOX.FAULT",
            };
            let error = ApiError::new(status, code, "A fault that was asked for.");
            error
                .with_retry_after(fault.retry_after)
                .response(request_id)
        }
        FaultKind::Reset => {
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert(Reset);
            response
        }
        FaultKind::Truncate => {
            let (mut parts, body) = response.into_parts();
            let whole = body
                .collect()
                .await
                .map(|body| body.to_bytes())
                .unwrap_or_default();
            // Even an answer without a body announces one, or nothing would be missing.
            parts.headers.insert(
                header::CONTENT_LENGTH,
                HeaderValue::from(whole.len().max(1)),
            );
            let half = whole.slice(..whole.len() / 2);
            Response::from_parts(parts, Body::new(TruncatedBody::Unsent(half)))
        }
    }
}

/// Half of a body, and then the end of the connection.
enum TruncatedBody {
    Unsent(Bytes),
    /// One more turn, in which what there is goes out.
    Flushing,
    Broken,
}

impl hyper::body::Body for TruncatedBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match std::mem::replace(&mut *self, Self::Broken) {
            Self::Unsent(half) => {
                *self = Self::Flushing;
                Poll::Ready(Some(Ok(Frame::data(half))))
            }
            Self::Flushing => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Broken => Poll::Ready(Some(Err(std::io::Error::other("truncated on demand")))),
        }
    }
}
