//! An adaptive rate (AIMD): unlimited until the service throttles, then the observed rate, which
//! grows slowly.
//!
//! Growth is counted in successes and not in time, so that a rate of ten in a minute is exceeded as
//! seldom as one of ten in a second.

use std::time::Duration;

use tokio::time::Instant;

use super::answer::Opening;

/// Growth per success of a rate that has not been throttled yet, as a fraction of the rate.
const SEARCH: f64 = 3.0;

/// Maximum rate of a search without a measured rate, as a multiple of the rate of all successes since
/// the search began. Responses lag behind requests, so without a maximum the rate would be far too
/// high by the first 429.
const MAX_SEARCH: f64 = 4.0;

/// The multiple of the measured rate up to which the rate grows quickly.
const ABOVE: f64 = 1.2;

/// Minimum rate after a throttled response, as a fraction of the rate before: the observed rate is
/// also low when few requests were sent.
const MAX_DECREASE: f64 = 0.5;

/// Growth per success up to [`NEAR`], as a fraction of the rate.
const RECOVERY: f64 = 0.05;

/// The fraction of the mean of the throttled rate and the one after it up to which the rate recovers
/// quickly.
const NEAR: f64 = 0.98;

/// Growth with the first success near the throttled rate, as a fraction of the rate. Each further
/// success adds as much to it, so that about one in [`SELDOM`] requests is throttled by a limit that
/// still holds. After [`SELDOM`] successes it increases faster: the limit is higher or gone.
const GROWTH: f64 = 1e-5;
const SELDOM: f64 = 100.0;

/// Maximum rate by this growth, as a multiple of the rate of the latest successes: a full bucket
/// throttles late, and then the more requests the higher the rate is.
const MAX_GROWN: f64 = 1.5;

/// Maximum rate: growth without an end would not stay a number.
const MAX_RATE: f64 = 1e9;

/// Maximum time between two requests, whatever rate is configured.
const MAX_INTERVAL: Duration = Duration::from_secs(24 * 3600);

/// Maximum delay of a timer that is made up for.
const LATE: Duration = Duration::from_millis(1);

/// A rate that adapts to what the service allows.
#[derive(Debug)]
pub(super) struct AdaptiveRate {
    /// Requests per second; `None` until something limits them.
    rate: Option<f64>,
    max_rate: Option<f64>,
    /// The earliest start of the next request.
    next_start: Instant,
    /// How the rate grows; `None` until the service throttles.
    growth: Option<Growth>,
    /// When the rate was last decreased, or its search began.
    changed: Instant,
    /// Number of successes since then.
    successes: u32,
}

#[derive(Clone, Copy, Debug)]
enum Growth {
    /// The service allows more, probably about the measured rate if there is one.
    Search(Option<f64>),
    /// The service allows little more than this.
    Near(f64),
}

impl AdaptiveRate {
    pub(super) fn new(max_rate: Option<f64>, now: Instant) -> Self {
        Self {
            rate: max_rate,
            max_rate,
            next_start: now,
            growth: None,
            changed: now,
            successes: 0,
        }
    }

    /// Returns whether the service has throttled the rate.
    pub(super) fn is_adapted(&self) -> bool {
        self.growth.is_some()
    }

    /// Searches the rate that the service allows, from a lower one up to `measured`.
    fn search(&mut self, rate: f64, measured: Option<f64>, now: Instant) {
        self.growth = Some(Growth::Search(measured));
        let searched = measured.map_or(rate, |measured| measured.min(rate * (1.0 + SEARCH)));
        self.set(searched, now);
    }

    /// Forgets that the service throttled: the cause was not the rate.
    fn lift(&mut self) {
        self.rate = self.max_rate;
        self.growth = None;
    }

    /// Returns when the next request may start; `None` for now.
    pub(super) fn next_start(&self, now: Instant) -> Option<Instant> {
        Some(self.next_start).filter(|start| *start > now)
    }

    /// Records that a request starts now. The one after it starts at least `min_interval` later.
    pub(super) fn on_start(&mut self, min_interval: Duration, now: Instant) {
        let interval = self.rate.map_or(Duration::ZERO, interval);
        let start = self.next_start.max(now - LATE);
        self.next_start = (start + interval).max(now + min_interval);
    }

    /// Decreases the rate after a throttled response to a request that was sent at this time.
    /// `observed` is the rate that the service allowed.
    pub(super) fn on_throttled(&mut self, sent: Instant, observed: f64, now: Instant) {
        let (Some(rate), Some(growth)) = (self.rate, self.growth) else {
            return;
        };
        if sent < self.changed {
            // It was in flight at the last decrease.
            return;
        }
        let min = match growth {
            Growth::Search(_) => 0.0,
            Growth::Near(_) => rate * MAX_DECREASE,
        };
        let decreased = observed.clamp(min, rate);
        self.growth = Some(Growth::Near(rate.midpoint(decreased) * NEAR));
        self.set(decreased, now);
    }

    /// Adapts the rate after a success and what it showed about the gate. `latest` returns the rate
    /// of the latest successes.
    pub(super) fn on_success(
        &mut self,
        opening: Opening,
        latest: impl FnOnce() -> f64,
        now: Instant,
    ) {
        match (opening, self.rate, self.growth) {
            (Opening::OfWindow, _, _) => self.lift(),
            (_, Some(rate), Some(growth)) => self.grow(rate, growth, latest(), now),
            (Opening::OfRate { at_least, measured }, _, _) => self.search(at_least, measured, now),
            (Opening::None, _, _) => {}
        }
    }

    /// Increases the rate after a success.
    fn grow(&mut self, rate: f64, growth: Growth, latest: f64, now: Instant) {
        self.successes = self.successes.saturating_add(1);
        let successes = f64::from(self.successes);
        let searched = rate * (1.0 + SEARCH);
        let increased = match growth {
            Growth::Search(Some(measured)) if searched < measured => searched,
            Growth::Search(Some(measured)) => {
                self.growth = Some(Growth::Near(measured * ABOVE));
                self.successes = 0;
                measured
            }
            Growth::Search(None) => {
                let seconds = (now - self.changed).as_secs_f64();
                searched.min(MAX_SEARCH * (successes + 1.0) / seconds)
            }
            Growth::Near(near) if rate < near => (rate * (1.0 + RECOVERY)).min(near),
            Growth::Near(_) => {
                let faster = (successes / SELDOM).powi(2).max(1.0);
                (rate * (1.0 + GROWTH * successes * faster)).min(MAX_GROWN * latest)
            }
        };
        let max = self.max_rate.unwrap_or(MAX_RATE);
        let rate = increased.max(rate).min(max);
        self.rate = Some(rate);
        // The next request waits for the interval of the rate before.
        self.next_start = self.next_start.min(now + interval(rate));
    }

    fn set(&mut self, rate: f64, now: Instant) {
        let rate = rate.min(self.max_rate.unwrap_or(MAX_RATE));
        self.rate = Some(rate);
        self.next_start = now + interval(rate);
        self.changed = now;
        self.successes = 0;
    }
}

/// Returns the time between two requests.
fn interval(rate: f64) -> Duration {
    // An interval that is too long for a `Duration` is an error.
    Duration::try_from_secs_f64(rate.recip())
        .map_or(MAX_INTERVAL, |interval| interval.min(MAX_INTERVAL))
}
