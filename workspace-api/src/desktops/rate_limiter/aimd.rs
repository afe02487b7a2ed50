//! An adaptive rate (AIMD): no limit until the service throttles, then slightly below the observed
//! rate, then slowly up again.

use std::time::Duration;

use tokio::time::Instant;

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

/// A rate that follows the service's.
#[derive(Debug)]
pub(super) struct AdaptiveRate {
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
    /// Number of throttled responses since the last decrease.
    throttled: u32,
}

impl AdaptiveRate {
    pub(super) fn new(max_rate: Option<f64>, now: Instant) -> Self {
        Self {
            rate: max_rate,
            max_rate,
            next_start: now,
            throttled_rate: f64::INFINITY,
            last_decrease: None,
            last_increase: now,
            throttled: 0,
        }
    }

    /// Forgets what the service throttled: not the rate was too high.
    pub(super) fn lift(&mut self) {
        self.rate = self.max_rate;
        self.throttled_rate = f64::INFINITY;
        self.last_decrease = None;
        self.throttled = 0;
    }

    /// Returns the start of the next request, and moves the start of the one after it by at least
    /// `min_interval`.
    pub(super) fn schedule(&mut self, min_interval: Duration, now: Instant) -> Instant {
        self.increase(now);
        let start = self.next_start.max(now);
        let interval = match self.rate {
            None => Duration::ZERO,
            // An interval that is too long for a `Duration` is an error.
            Some(rate) => Duration::try_from_secs_f64(rate.recip())
                .map_or(MAX_INTERVAL, |interval| interval.min(MAX_INTERVAL)),
        };
        self.next_start = start + interval.max(min_interval);
        start
    }

    /// Decreases the rate after a throttled response to a request that was sent at this time.
    pub(super) fn on_throttled(&mut self, sent: Instant, observed: f64, now: Instant) {
        self.throttled += 1;
        let is_cooling_down = self
            .last_decrease
            .is_some_and(|last| sent < last || now - last < COOLDOWN);
        if !is_cooling_down {
            self.decrease(observed, now);
        }
    }

    fn decrease(&mut self, observed: f64, now: Instant) {
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
}
