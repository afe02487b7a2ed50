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
mod tolerant;

use reqwest::Request;
use tracing::debug;

use crate::Result;

pub(crate) use redact::{Redact, Secrets, redact_signatures};
pub(crate) use response::{Response, null_as_empty, request_id};
pub use retry::RetryPolicy;
pub(crate) use retry::RetryState;
pub use throttle::Throttled;
pub(crate) use throttle::{MIN_REPORTED_PAUSE, OnThrottled, ThrottlePolicy, explain_throttled};
pub(crate) use tolerant::{Shape, Shapes};

/// Sends a request once and reads its response.
///
/// `limit` is the maximum size of the body, in bytes; `secrets` are those of the request, and are
/// replaced in the response. A status other than 2xx is not an error here:
/// see [`Response::into_result`].
pub(crate) async fn exchange(
    http: &reqwest::Client,
    request: Request,
    limit: usize,
    secrets: &dyn Redact,
) -> Result<Response> {
    debug!(
        method = %request.method(),
        host = request.url().host_str(),
        path = request.url().path(),
        "sending"
    );
    let response = http.execute(request).await?;
    Response::read(response, limit, secrets).await
}
