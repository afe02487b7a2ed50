//! The time limits of a request, on one timer.
//!
//! The HTTP client has the same limits, but starts several timers for each request. It keeps only
//! the limit for connecting, which few requests need.

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, Sleep};

use crate::{Error, ErrorKind};

/// The time limits of a request; `None` is no limit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Timeouts {
    /// Maximum time from connecting to the last byte of the response.
    pub(crate) total: Option<Duration>,
    /// Maximum time without data: until the response begins, and between its parts.
    pub(crate) read: Option<Duration>,
}

impl Timeouts {
    /// Returns the limits of a request that must be complete within a time.
    pub(crate) fn within(self, time: Duration) -> Self {
        let total = self.total.map_or(time, |total| total.min(time));
        Self {
            total: Some(total),
            ..self
        }
    }
}

/// The timer of a request in progress.
pub(super) struct Timer<'a> {
    timeouts: &'a Timeouts,
    end: Option<Instant>,
    /// Set to a later time for each wait, which is nearly free.
    sleep: Pin<&'a mut Sleep>,
}

/// The limit that ended a request.
#[derive(Debug)]
pub(super) enum TimedOut {
    Total(Duration),
    Read(Duration),
}

impl<'a> Timer<'a> {
    /// Limits a request that starts at this time. The deadline that `sleep` has does not matter.
    pub(super) fn new(timeouts: &'a Timeouts, start: Instant, sleep: Pin<&'a mut Sleep>) -> Self {
        Self {
            timeouts,
            end: after(start, timeouts.total),
            sleep,
        }
    }

    /// Waits for the next part of a response, or for the first.
    ///
    /// The time is only checked if there is something to wait for, so a server that never pauses
    /// is not stopped here: see [`check`](Self::check).
    pub(super) async fn limit<T>(&mut self, part: impl Future<Output = T>) -> Result<T, TimedOut> {
        let mut part = pin!(part);
        let mut silent = None;
        poll_fn(|context| {
            if let Poll::Ready(part) = part.as_mut().poll(context) {
                return Poll::Ready(Ok(part));
            }
            let silent = *silent.get_or_insert_with(|| after(Instant::now(), self.timeouts.read));
            let Some(until) = self.end.into_iter().chain(silent).min() else {
                return Poll::Pending;
            };
            if self.sleep.deadline() != until {
                self.sleep.as_mut().reset(until);
            }
            let wait = self.sleep.as_mut().poll(context);
            wait.map(|()| Err(self.timed_out(until)))
        })
        .await
    }

    /// Fails if the time of the request is over, for a request that is never waited for.
    pub(super) fn check(&self) -> Result<(), TimedOut> {
        let now = Instant::now();
        if self.end.is_some_and(|end| end <= now) {
            return Err(self.timed_out(now));
        }
        Ok(())
    }

    /// Returns the limit that was reached at `time`.
    fn timed_out(&self, time: Instant) -> TimedOut {
        let is_end = self.end.is_some_and(|end| end <= time);
        match *self.timeouts {
            Timeouts {
                read: Some(read), ..
            } if !is_end => TimedOut::Read(read),
            Timeouts { total, .. } => TimedOut::Total(total.unwrap_or_default()),
        }
    }
}

/// Returns the end of a limit that begins at `time`; `None` if it is too far away to be a time.
fn after(time: Instant, limit: Option<Duration>) -> Option<Instant> {
    time.checked_add(limit?)
}

impl TimedOut {
    pub(super) fn into_error(self) -> Error {
        let message = "timed out; the service may still have processed the request";
        Error::with_source(ErrorKind::Timeout, message, self)
    }
}

impl std::error::Error for TimedOut {}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Total(time) => write!(f, "the response was not complete after {time:?}"),
            Self::Read(time) => write!(f, "nothing was received for {time:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use tokio::time::{advance, sleep_until};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_response_that_is_never_waited_for_has_a_limit_too() {
        let second = Duration::from_secs(1);
        let timeouts = Timeouts::default().within(second);
        let start = Instant::now();
        let sleep = pin!(sleep_until(start));
        let mut timer = Timer::new(&timeouts, start, sleep);
        assert!(timer.check().is_ok());
        advance(second).await;
        assert!(timer.limit(ready(())).await.is_ok());
        assert!(matches!(timer.check(), Err(TimedOut::Total(_))));
        let waited = timer.limit(pending::<()>()).await;
        assert!(matches!(waited, Err(TimedOut::Total(_))));
    }
}
