//! The sandbox's clock, in one place so that a test can set it: unbinding records, clock skew,
//! lock-outs and rate limits depend on it.
//!
//! The client has a clock like it. It is not shared, because the sandbox uses nothing of the client
//! but the contract and the signer.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

#[derive(Clone)]
pub(crate) struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    pub(crate) fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(crate) fn now(&self) -> SystemTime {
        (self.0)()
    }

    /// Returns the current time as text.
    pub(crate) fn timestamp(&self) -> String {
        timestamp(self.now())
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(SystemTime::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.timestamp())
    }
}

/// Formats a time as `2026-03-10T12:02:11Z`, the form that most Workspace operations use.
pub(crate) fn timestamp(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string()
}

/// Formats a time as `2026-03-10T12:02:11.000000Z`, the form of IAM and STS. The vendor's SDK for
/// Python reads no other.
pub(crate) fn iam_timestamp(time: SystemTime) -> String {
    humantime::format_rfc3339_micros(time).to_string()
}
