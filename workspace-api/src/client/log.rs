//! Logs how a request ended.

use tokio::time::Instant;
use tracing::{debug, warn};

use crate::Result;
use crate::http::{Response, request_id};
use crate::text::visible;

/// Logs the result of a request that was sent at this time.
pub(super) fn log_result(result: &Result<Response>, sent: Instant) {
    // Evaluated only for what is logged.
    let milliseconds = || sent.elapsed().as_millis();
    match result {
        Ok(response) if response.status.is_success() => debug!(
            status = response.status.as_u16(),
            request_id = request_id(&response.headers).map(visible).as_deref(),
            milliseconds = milliseconds(),
            "succeeded"
        ),
        Ok(response) => warn!(
            status = response.status.as_u16(),
            request_id = request_id(&response.headers).map(visible).as_deref(),
            milliseconds = milliseconds(),
            "failed"
        ),
        Err(error) => warn!(
            status = error.status().map(|status| status.as_u16()),
            kind = ?error.kind(),
            code = error.code().map(visible).as_deref(),
            request_id = error.request_id().map(visible).as_deref(),
            milliseconds = milliseconds(),
            "failed"
        ),
    }
}
