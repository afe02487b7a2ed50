//! Sends a request of a bulk run: as often as it is throttled, for as long as the run gets on.

use std::time::Duration;

use tokio::time::Instant;

use super::rate_limiter::RateLimiter;
use crate::http::{ThrottlePolicy, explain_throttled};
use crate::{ErrorKind, Result, RetryPolicy};

/// Delay of a throttled request, if nothing else names one.
const THROTTLE_DELAY: Duration = Duration::from_millis(500);

/// Sends a request within the rate limit and returns its result, with the time of the last attempt;
/// `None` if the limiter was stopped first.
///
/// A throttled request is sent again until no request of the run has succeeded for the total time
/// of the policy. `send` gets what is left of that time.
pub(super) async fn send_paced<T, F>(
    limiter: &RateLimiter,
    retry: RetryPolicy,
    mut send: impl FnMut(Duration) -> F,
) -> Option<(Instant, Result<T>)>
where
    F: Future<Output = Result<T>>,
{
    let (mut first, mut window) = (None, None);
    loop {
        let permit = limiter.acquire().await?;
        let sent_at = Instant::now();
        // The total time does not include the wait for the first permit.
        let first = *first.get_or_insert(sent_at);
        let deadline = |window| {
            let last_success = limiter.last_success();
            last_success.map_or(first, |success| success.max(first))
                + patience(retry.total_time, window)
        };
        let left = deadline(window).saturating_duration_since(sent_at);
        let error = match send(left).await {
            Err(error) if error.kind() == ErrorKind::TooManyRequests => error,
            result => {
                limiter.on_success(&permit);
                return Some((sent_at, result));
            }
        };
        limiter.on_throttled(&permit, &error);
        // While this request waits, another one may be in flight.
        drop(permit);
        let now = Instant::now();
        let delay = match limiter.closed_until() {
            // The limiter waits.
            Some(until) => until.saturating_duration_since(now),
            None => error.retry_after().unwrap_or(THROTTLE_DELAY),
        };
        window = ThrottlePolicy::of(&error)
            .map(|policy| policy.window)
            .or(error.retry_after())
            .or(window);
        let next = now.checked_add(delay);
        if retry.attempts == 1
            || window.is_some_and(|window| window > retry.total_time)
            || next.is_none_or(|next| next >= deadline(window))
        {
            return Some((sent_at, Err(explain_throttled(error, retry.total_time))));
        }
        if let (Some(next), None) = (next, limiter.closed_until()) {
            limiter.sleep_until(next).await;
        }
    }
}

/// Returns the total time or, if a window just fits into it, the time until a request after that
/// window has succeeded. A window that nothing names may be as long as the total time.
fn patience(total_time: Duration, window: Option<Duration>) -> Duration {
    const LATE: Duration = Duration::from_secs(2);
    match window {
        Some(window) if window <= total_time => total_time.max(window + window / 50 + LATE),
        Some(_) => total_time,
        None => total_time + total_time / 50,
    }
}
