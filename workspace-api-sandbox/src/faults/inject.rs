//! Fault injection: decides whether a fault applies, and breaks responses and connections.

use std::io;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Frame;

use super::latency::Latency;
use super::throttle::{RateLimit, Throttle};
use super::{Fault, FaultKind};
use crate::http::api_error::ApiError;
use crate::http::reset::Reset;
use crate::sync::lock;

#[derive(Debug, Default)]
pub(crate) struct FaultInjector {
    faults: Mutex<Vec<CountedFault>>,
    latency: Latency,
    throttle: Option<Mutex<Throttle>>,
}

#[derive(Debug)]
struct CountedFault {
    fault: Fault,
    /// How often the fault has been applied.
    hits: u64,
}

impl FaultInjector {
    pub(crate) fn new(faults: Vec<Fault>, latency: Latency, limit: Option<RateLimit>) -> Self {
        let injector = Self {
            faults: Mutex::default(),
            latency,
            throttle: limit.map(|limit| Mutex::new(Throttle::new(limit))),
        };
        for fault in faults {
            injector.add(fault);
        }
        injector
    }

    pub(crate) fn add(&self, fault: Fault) {
        lock(&self.faults).push(CountedFault { fault, hits: 0 });
    }

    pub(crate) fn clear(&self) {
        lock(&self.faults).clear();
    }

    /// Starts counting again how often each fault has been applied.
    pub(crate) fn reset_hits(&self) {
        for counted in lock(&self.faults).iter_mut() {
            counted.hits = 0;
        }
    }

    /// Counts a request against the rate limit. The error is a 429.
    pub(crate) fn throttle(
        &self,
        operation: &str,
        method: &Method,
        now: SystemTime,
    ) -> Result<(), ApiError> {
        match &self.throttle {
            Some(throttle) => lock(throttle).take(operation, method, now),
            None => Ok(()),
        }
    }

    /// Returns how long to delay a response.
    pub(crate) fn delay(&self, random: &Mutex<fastrand::Rng>) -> Duration {
        let Latency { min, max } = self.latency;
        min + max.saturating_sub(min).mul_f64(lock(random).f64())
    }

    /// Picks the fault for a request, if one applies, and counts it. The first match applies.
    pub(crate) fn pick(&self, operation: &str, random: &Mutex<fastrand::Rng>) -> Option<Fault> {
        for counted in lock(&self.faults).iter_mut() {
            if counted.matches(operation) && counted.is_drawn(random) {
                counted.hits += 1;
                return Some(counted.fault.clone());
            }
        }
        None
    }
}

impl CountedFault {
    fn matches(&self, operation: &str) -> bool {
        if let Some(only) = &self.fault.operation
            && only != operation
        {
            return false;
        }
        match self.fault.times {
            Some(times) => self.hits < times,
            None => true,
        }
    }

    fn is_drawn(&self, random: &Mutex<fastrand::Rng>) -> bool {
        self.fault.probability >= 1.0 || lock(random).f64() < self.fault.probability
    }
}

/// Applies a fault to a response.
pub(crate) async fn apply(
    fault: &Fault,
    response: Response<Body>,
    request_id: &str,
) -> Response<Body> {
    match fault.kind {
        FaultKind::Status(code) => error_response(code, fault.retry_after, request_id),
        FaultKind::Reset => {
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert(Reset);
            response
        }
        FaultKind::Truncate => truncate(response).await,
        FaultKind::Stall => std::future::pending().await,
    }
}

fn error_response(code: u16, retry_after: Option<u64>, request_id: &str) -> Response<Body> {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let code = if status == StatusCode::TOO_MANY_REQUESTS {
        "APIGW.0308"
    } else {
        "SANDBOX.FAULT"
    };
    ApiError::new(status, code, "Injected fault.")
        .with_retry_after(retry_after)
        .response(request_id)
}

async fn truncate(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let whole = match body.collect().await {
        Ok(whole) => whole.to_bytes(),
        Err(_) => Bytes::new(),
    };
    // An empty body is announced as one byte, so that there is something to miss.
    let announced = whole.len().max(1);
    let length = HeaderValue::from(announced);
    parts.headers.insert(header::CONTENT_LENGTH, length);
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(parts, Body::new(TruncatedBody::Unsent(half)))
}

/// Half of a body, and then an error, which ends the connection.
enum TruncatedBody {
    Unsent(Bytes),
    /// Gives the connection one turn to send the half before it ends.
    Flushing,
    Broken,
}

impl hyper::body::Body for TruncatedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match std::mem::replace(&mut *self, Self::Broken) {
            Self::Unsent(half) => {
                *self = Self::Flushing;
                Poll::Ready(Some(Ok(Frame::data(half))))
            }
            Self::Flushing => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Broken => {
                let error = io::Error::other("truncated by an injected fault");
                Poll::Ready(Some(Err(error)))
            }
        }
    }
}
