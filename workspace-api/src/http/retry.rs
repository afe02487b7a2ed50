//! The retry policy: which errors are retried, and when.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use reqwest::Method;
use tokio::time::Instant;

use super::throttle::ThrottlePolicy;
use crate::{Error, ErrorKind};

/// Upper limit for the total time of a call: a year can be added to any time of day.
const MAX_TOTAL_TIME: Duration = Duration::from_secs(365 * 24 * 3600);

/// The retry policy of a call.
///
/// A GET is retried after a failed or lost connection, a timeout, 429, 502, 503 and 504. Any other
/// request is retried only if it cannot have been processed: the connection failed, or 429. A
/// connection that [cannot succeed](Error::is_permanent_connect_failure) is not retried. A 401 is
/// not retried, because a few invalid signatures in a row lock the access key. The exception is a
/// token that the service rejects as expired (`APIGW.0307`, `APIG.0307`, "decrypt token fail"): the
/// request is sent once more with a renewed token, if there is one. The rejected token is never
/// sent again.
///
/// Between attempts the client waits for the server's `Retry-After`, otherwise for a random delay
/// that grows with each attempt. It stops when attempts or total time run out, and returns the last
/// error.
///
/// A 429 does not use up an attempt, because the request was not processed: it is repeated for the
/// whole of the total time. If it names a window, such as 200 requests in a minute, that is tried
/// again six times in each window; a window that is longer than the total time is an error at once.
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
    max_delay: Duration,
    retries_throttled: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 5,
            total_time: Duration::from_secs(120),
            first_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(20),
            retries_throttled: true,
        }
    }
}

impl RetryPolicy {
    /// Returns a policy of one attempt, without retries.
    #[must_use]
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// Maximum number of attempts per call, including the first and without those that were
    /// throttled. Default: 5; 0 means 1. With 1, throttled requests are not repeated either.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Maximum time per call, including delays. Default: 2 minutes.
    #[must_use]
    pub fn total_time(mut self, time: Duration) -> Self {
        self.total_time = time.min(MAX_TOTAL_TIME);
        self
    }

    /// The delays before retries, if the server names none: about `first` before the first retry,
    /// then twice as long each time, up to `max`. Default: 200 milliseconds and 20 seconds.
    #[must_use]
    pub fn delays(mut self, first: Duration, max: Duration) -> Self {
        self.first_delay = first;
        self.max_delay = max.max(first);
        self
    }

    /// Returns the policy without retries after 429; the caller handles them.
    pub(crate) fn without_throttle_retry(mut self) -> Self {
        self.retries_throttled = false;
        self
    }

    /// Returns whether a call repeats throttled requests.
    pub(crate) fn retries_throttled(&self) -> bool {
        self.retries_throttled && self.attempts > 1
    }

    /// Returns whether a retry is safe after this error.
    fn allows(&self, method: &Method, error: &Error) -> bool {
        match error.kind() {
            ErrorKind::Connect => !error.is_permanent_connect_failure(),
            ErrorKind::TooManyRequests => self.retries_throttled(),
            ErrorKind::Timeout | ErrorKind::ConnectionLost => method.is_safe(),
            ErrorKind::Server => {
                let status = error.status().map(|status| status.as_u16());
                method.is_safe() && matches!(status, Some(502..=504))
            }
            _ => false,
        }
    }
}

/// The remaining time and attempts of a call.
pub(crate) struct RetryState<'a> {
    policy: &'a RetryPolicy,
    pub(crate) deadline: Instant,
    /// Made for the first retry, which few calls need.
    delays: Option<Box<Delays>>,
}

/// The delays before retries, unless the server names one.
struct Delays {
    after_failure: ExponentialBackoff,
    after_throttling: ExponentialBackoff,
}

impl<'a> RetryState<'a> {
    /// Starts a call.
    pub(crate) fn start(policy: &'a RetryPolicy) -> Self {
        Self {
            policy,
            deadline: Instant::now() + policy.total_time,
            delays: None,
        }
    }

    /// The time of the next attempt; `None` if there is none.
    pub(crate) fn next_attempt(&mut self, method: &Method, error: &Error) -> Option<Instant> {
        if !self.policy.allows(method, error) {
            return None;
        }
        let delay = if error.kind() == ErrorKind::TooManyRequests {
            self.throttle_delay(error)?
        } else {
            let delay = self.delays().after_failure.next()?;
            error.retry_after().unwrap_or(delay)
        };
        let next = Instant::now().checked_add(delay)?;
        (next < self.deadline).then_some(next)
    }

    fn delays(&mut self) -> &mut Delays {
        self.delays
            .get_or_insert_with(|| Box::new(Delays::of(self.policy)))
    }

    fn throttle_delay(&mut self, error: &Error) -> Option<Duration> {
        let growing = self.delays().after_throttling.next()?;
        match (error.retry_after(), ThrottlePolicy::of(error)) {
            (Some(delay), _) => Some(delay),
            (None, Some(policy)) if policy.window > self.policy.total_time => None,
            (None, Some(policy)) => Some(policy.probe_interval()),
            (None, None) => Some(growing),
        }
    }
}

impl Delays {
    fn of(policy: &RetryPolicy) -> Self {
        let delays = ExponentialBuilder::default()
            .with_min_delay(policy.first_delay)
            .with_max_delay(policy.max_delay)
            .with_jitter();
        Self {
            after_failure: delays.with_max_times(policy.attempts as usize - 1).build(),
            after_throttling: delays.without_max_times().build(),
        }
    }
}
