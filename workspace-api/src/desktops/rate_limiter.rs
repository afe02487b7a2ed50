//! An adaptive rate limiter (AIMD): no limit until the service throttles, then slightly below the
//! observed rate, then slowly up again.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use crate::sync::lock;

/// The time over which the observed rate is measured.
const WINDOW: Duration = Duration::from_secs(1);

/// Cooldown between two decreases: requests that were scheduled before the first are still in
/// flight.
const COOLDOWN: Duration = Duration::from_millis(500);

/// The new rate after a decrease, as a fraction of the observed rate.
const DECREASE: f64 = 0.97;

/// The lowest new rate after few throttled responses, as a fraction of the rate before: the
/// observed rate is also low when few requests were sent.
const MAX_DECREASE: f64 = 0.7;

/// After this many throttled responses, the observed rate is taken as the limit.
const THROTTLED_RUN: u32 = 5;

/// Growth per second, as a fraction of the rate, while it is well below the throttled rate.
const RECOVERY: f64 = 0.25;

/// Growth in the first second near the throttled rate, as a fraction of the rate. It increases by
/// as much with each second, so that the rate stays near a limit that holds and soon exceeds one
/// that is gone.
const GROWTH: f64 = 0.01;

/// Minimum rate in requests per second, however often the service throttles.
const MIN_RATE: f64 = 0.5;

/// Maximum time between two requests, whatever rate is configured.
const MAX_INTERVAL: Duration = Duration::from_secs(24 * 3600);

/// Limits the concurrency and the rate of requests that share it.
#[derive(Debug)]
pub(super) struct RateLimiter {
    in_flight: Semaphore,
    state: Mutex<LimiterState>,
}

/// The right to send one request, which is in flight until this is dropped.
pub(super) struct Permit<'a> {
    scheduled: Instant,
    _in_flight: Option<SemaphorePermit<'a>>,
}

#[derive(Debug)]
struct LimiterState {
    /// Requests per second; `None` until something limits them.
    rate: Option<f64>,
    max_rate: Option<f64>,
    /// The earliest start of the next request.
    next_start: Instant,
    /// The rate that was last throttled.
    throttled_rate: f64,
    last_decrease: Option<Instant>,
    /// The time up to which growth is included in `rate`.
    last_increase: Instant,
    started: Instant,
    is_stopped: bool,
    /// Number of throttled responses since the last decrease.
    throttled: u32,
    /// The times of the successes in the last `WINDOW`.
    successes: VecDeque<Instant>,
}

impl RateLimiter {
    /// Limits the requests in flight and, if `max_rate` is set, the requests per second.
    pub(super) fn new(concurrency: usize, max_rate: Option<f64>) -> Self {
        let now = Instant::now();
        let state = LimiterState {
            rate: max_rate,
            max_rate,
            next_start: now,
            throttled_rate: f64::INFINITY,
            last_decrease: None,
            last_increase: now,
            started: now,
            is_stopped: false,
            throttled: 0,
            successes: VecDeque::new(),
        };
        Self {
            in_flight: Semaphore::new(concurrency.min(Semaphore::MAX_PERMITS)),
            state: Mutex::new(state),
        }
    }

    /// Waits for a permit; `None` if the limiter was stopped.
    pub(super) async fn acquire(&self) -> Option<Permit<'_>> {
        // The semaphore is never closed, so this always succeeds.
        let in_flight = self.in_flight.acquire().await.ok();
        let now = Instant::now();
        let scheduled = self.state().schedule(now);
        // Timers have a resolution of a millisecond: one for this moment would end with the next.
        if scheduled > now {
            sleep_until(scheduled).await;
        }
        let permit = Permit {
            scheduled,
            _in_flight: in_flight,
        };
        (!self.is_stopped()).then_some(permit)
    }

    /// Ends the limiter: no further permit is given.
    pub(super) fn stop(&self) {
        self.state().is_stopped = true;
    }

    /// Returns whether the limiter was stopped.
    pub(super) fn is_stopped(&self) -> bool {
        self.state().is_stopped
    }

    /// Records that a request was not throttled.
    pub(super) fn on_success(&self) {
        let mut state = self.state();
        let now = Instant::now();
        state.drop_old_successes(now);
        state.successes.push_back(now);
    }

    /// Records that the request of this permit was throttled, and decreases the rate.
    pub(super) fn on_throttled(&self, permit: &Permit<'_>) {
        let mut state = self.state();
        let now = Instant::now();
        state.throttled += 1;
        let is_cooling_down = state
            .last_decrease
            .is_some_and(|last| permit.scheduled < last || now - last < COOLDOWN);
        if !is_cooling_down {
            state.decrease(now);
        }
    }

    fn state(&self) -> MutexGuard<'_, LimiterState> {
        lock(&self.state)
    }
}

impl LimiterState {
    /// Returns the start of the next request, and moves the start of the one after it.
    fn schedule(&mut self, now: Instant) -> Instant {
        self.increase(now);
        let start = self.next_start.max(now);
        let interval = match self.rate {
            None => Duration::ZERO,
            // An interval that is too long for a `Duration` is an error.
            Some(rate) => Duration::try_from_secs_f64(rate.recip())
                .map_or(MAX_INTERVAL, |interval| interval.min(MAX_INTERVAL)),
        };
        self.next_start = start + interval;
        start
    }

    fn decrease(&mut self, now: Instant) {
        let observed = self.observed_rate(now);
        let decreased = observed * DECREASE;
        let new_rate = match self.rate {
            None => decreased,
            Some(rate) if self.throttled < THROTTLED_RUN => {
                decreased.clamp(rate * MAX_DECREASE, rate * DECREASE)
            }
            Some(rate) => decreased.min(rate * DECREASE),
        };
        self.throttled_rate = self.rate.unwrap_or(observed);
        self.rate = Some(new_rate.max(MIN_RATE));
        self.last_decrease = Some(now);
        self.last_increase = now;
        self.throttled = 0;
    }

    fn increase(&mut self, now: Instant) {
        let Some(rate) = self.rate else { return };
        let growth = if rate < self.throttled_rate * DECREASE * DECREASE {
            RECOVERY
        } else {
            let seconds = self
                .last_decrease
                .map_or(1.0, |last| (now - last).as_secs_f64());
            GROWTH * seconds.max(1.0)
        };
        let new_rate = rate * (1.0 + growth * (now - self.last_increase).as_secs_f64());
        self.rate = Some(match self.max_rate {
            Some(max_rate) => new_rate.min(max_rate),
            None => new_rate,
        });
        self.last_increase = now;
    }

    /// Returns the successes per second in the last `WINDOW`, or since the start.
    fn observed_rate(&mut self, now: Instant) -> f64 {
        self.drop_old_successes(now);
        let shortest = Duration::from_millis(1);
        let observed = (now - self.started).clamp(shortest, WINDOW);
        let successes = u32::try_from(self.successes.len()).unwrap_or(u32::MAX);
        f64::from(successes) / observed.as_secs_f64()
    }

    fn drop_old_successes(&mut self, now: Instant) {
        while let Some(oldest) = self.successes.front()
            && now - *oldest > WINDOW
        {
            self.successes.pop_front();
        }
    }
}

#[cfg(test)]
mod tests;
