//! When a call is tried again, and after how long.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use reqwest::Method;
use tokio::time::Instant;

use crate::{Error, ErrorKind};

/// When a call is tried again.
///
/// A read (GET) is repeated after a broken connection, a timeout, 429, 502, 503 and 504. Anything else is repeated only
/// if it cannot have been processed: no connection could be made, or 429. Nothing is repeated after a 401, because a few
/// bad signatures in a row lock the access key; but for a token that the service calls expired (`APIGW.0307`), the request
/// is sent once more with a new one, if there is one.
///
/// Between attempts the client waits as long as the server's `Retry-After` says, else a random time that grows with
/// each attempt. It gives up when the attempts or the time are used up, and the last failure is the error.
///
/// ```
/// use std::time::Duration;
/// use workspace_api::RetryPolicy;
///
/// let patient = RetryPolicy::default().attempts(10).total_time(Duration::from_secs(600));
/// let never = RetryPolicy::never();
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    pub(crate) attempts: u32,
    pub(crate) total_time: Duration,
    first_delay: Duration,
    longest_delay: Duration,
    throttled: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 5,
            total_time: Duration::from_secs(120),
            first_delay: Duration::from_millis(200),
            longest_delay: Duration::from_secs(20),
            throttled: true,
        }
    }
}

impl RetryPolicy {
    /// One attempt, whatever happens.
    #[must_use]
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// The most attempts of one call, the first included. By default 5; 0 counts as 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The most time for one call, waiting included. By default 2 minutes.
    #[must_use]
    pub fn total_time(mut self, time: Duration) -> Self {
        // More than anyone waits, and little enough to be added to any time.
        self.total_time = time.min(Duration::from_secs(365 * 24 * 3600));
        self
    }

    /// The delays before the second and each further attempt, where the server does not say: about `first` (by default
    /// 200 ms), then twice as long each time, but not longer than `longest` (20 s).
    #[must_use]
    pub fn delays(mut self, first: Duration, longest: Duration) -> Self {
        self.first_delay = first;
        self.longest_delay = longest.max(first);
        self
    }

    /// The same, but a 429 is left to the caller.
    pub(crate) fn unless_throttled(mut self) -> Self {
        self.throttled = false;
        self
    }

    /// Whether the call may be made again after this failure without doing harm twice.
    fn allows(&self, method: &Method, error: &Error) -> bool {
        match error.kind() {
            ErrorKind::Connect => true,
            ErrorKind::TooManyRequests => self.throttled,
            ErrorKind::Timeout | ErrorKind::ConnectionLost => method.is_safe(),
            ErrorKind::Server => {
                let status = error.status().map(|status| status.as_u16());
                method.is_safe() && matches!(status, Some(502..=504))
            }
            _ => false,
        }
    }

    /// Begins a call.
    pub(crate) fn begin(self) -> Left {
        let delays = ExponentialBuilder::default()
            .with_min_delay(self.first_delay)
            .with_max_delay(self.longest_delay)
            .with_max_times(self.attempts as usize - 1)
            .with_jitter()
            .build();
        Left {
            retry: self,
            deadline: Instant::now() + self.total_time,
            delays,
        }
    }
}

/// What is left of a call: its time, and the attempts after the first.
pub(crate) struct Left {
    retry: RetryPolicy,
    pub(crate) deadline: Instant,
    delays: ExponentialBackoff,
}

impl Left {
    /// When to try again after this failure; none if it is the last.
    pub(crate) fn next(&mut self, method: &Method, error: &Error) -> Option<Instant> {
        let delay = self.delays.next()?;
        let next = Instant::now().checked_add(error.retry_after().unwrap_or(delay))?;
        (next < self.deadline && self.retry.allows(method, error)).then_some(next)
    }
}
