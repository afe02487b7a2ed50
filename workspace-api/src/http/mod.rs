//! HTTP: sends one request, once, and reads its response.
//!
//! Every request of this crate leaves through [`exchange`]: generated methods, raw requests, IAM
//! and the metadata service. Every response enters there too, so secrets that a server repeats are
//! replaced in one place, before other code sees them. Retries, deadlines and the renewal of tokens
//! are around it.

mod charset;
mod error_body;
mod excerpt;
mod redact;
mod reported_failures;
mod response;
mod retry;
mod throttle;
mod timeouts;
mod tolerant;

use std::pin::pin;

use reqwest::Request;
use tokio::time::{Instant, sleep_until};
use tracing::debug;

use crate::Result;
use timeouts::{TimedOut, Timer};

pub(crate) use redact::{Redact, Secrets, may_have_signature, redact_signatures};
pub(crate) use response::{Response, null_as_empty, request_id};
pub use retry::RetryPolicy;
pub(crate) use retry::RetryState;
pub use throttle::Throttled;
pub(crate) use throttle::{MIN_REPORTED_PAUSE, OnThrottled, ThrottlePolicy, explain_throttled};
pub(crate) use timeouts::Timeouts;
pub(crate) use tolerant::{Shape, Shapes};

/// Sends a request once and reads its response.
///
/// `limit` is the maximum size of the body, in bytes; `secrets` are those of the request, and are
/// replaced in the response. `timeouts` are in addition to those of the HTTP client. A status other
/// than 2xx is not an error here: see [`Response::into_result`].
pub(crate) fn exchange<'a>(
    http: &reqwest::Client,
    request: Request,
    timeouts: Timeouts,
    limit: usize,
    secrets: &'a dyn Redact,
) -> impl Future<Output = Result<Response>> + use<'a> {
    debug!(
        method = %request.method(),
        host = request.url().host_str(),
        path = request.url().path(),
        "sending"
    );
    // Outside of the future, which would have room for two copies of the request.
    let response = http.execute(request);
    async move {
        let start = Instant::now();
        let sleep = pin!(sleep_until(start));
        let mut timer = Timer::new(&timeouts, start, sleep);
        let response = timer.limit(response).await;
        let mut response = response.map_err(TimedOut::into_error)??;
        Response::read(&mut response, &mut timer, limit, secrets).await
    }
}
