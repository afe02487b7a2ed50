//! When to send one request more than an observed policy allows, to find out whether the service
//! allows more.

use std::time::Duration;

use tokio::time::Instant;

/// Number of refusals that double the wait: it is at most about 32 windows.
const MAX_DOUBLED: u32 = 5;

/// Number of these requests that must have passed for each one that is in flight with another: if
/// the service allows far more, it is soon used, and if not, few are refused.
const PASSED_PER_REQUEST: usize = 4;

/// The schedule of these requests.
pub(super) struct Excess {
    next: Instant,
    /// Number of refusals in a row.
    refusals: u32,
}

impl Excess {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            next: now,
            refusals: 0,
        }
    }

    /// Returns whether one is sent when the window is full.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.next <= now
    }

    /// Returns whether another one has to wait for those in flight, after so many have passed.
    pub(super) fn waits(in_flight: usize, passed: usize) -> bool {
        in_flight > passed / PASSED_PER_REQUEST
    }

    /// Records that the service refused one: after each refusal in a row, twice as many windows
    /// pass until the next one.
    pub(super) fn on_refused(&mut self, has_passed_before: bool, window: Duration, now: Instant) {
        if has_passed_before {
            self.refusals = 0;
        }
        self.next = now + window * (1 << self.refusals) - window / 2;
        self.refusals = (self.refusals + 1).min(MAX_DOUBLED);
    }
}
