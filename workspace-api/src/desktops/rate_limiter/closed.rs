//! A closed gate: when it is tried, and when it must have opened.
//!
//! The service may count from another moment than the first request here, so a closed gate is tried
//! a few times before its window must have ended.

use tokio::time::Instant;

use super::observed_window::{ObservedWindow, with_margin};
use super::quota::Quota;
use crate::http::ThrottlePolicy;

/// Number of attempts at a closed gate in a window. After that many it is tried only once in a
/// window, because it may count attempts, too.
///
/// A run that sends one request at a time has only one refused when the gate closes, so it can
/// afford more.
const MAX_ATTEMPTS: u32 = 6;
const MAX_ATTEMPTS_IF_SEQUENTIAL: u32 = 12;

/// The pause of a gate with a window is longer than this number of requests took before it closed.
const PAUSE_OF_WINDOW: u32 = 3;

/// A gate that throttles everything.
pub(super) struct Closed {
    pub(super) pause: Pause,
    /// When it closed.
    pub(super) since: Instant,
    /// Number of requests that passed in the window before.
    pub(super) passed: usize,
    /// Number of refused attempts since it closed.
    pub(super) refused: u32,
    /// The request that is trying it.
    pub(super) probe: Option<u64>,
}

impl Closed {
    /// Returns the number of requests that passed in the window before.
    pub(super) fn requests(&self) -> u32 {
        u32::try_from(self.passed).unwrap_or(u32::MAX)
    }

    /// Returns whether the gate has a window, which began when it `opened` before it closed: the
    /// pause until a request was sent that passed is longer than the times between those before, of
    /// which the last one passed at `last`.
    pub(super) fn is_of_window(&self, opened: Instant, last: Instant, sent: Instant) -> bool {
        let requests = self.requests();
        let passed_for = last.saturating_duration_since(opened);
        let closed_for = sent.saturating_duration_since(self.since);
        requests > 1 && closed_for > PAUSE_OF_WINDOW * (passed_for / requests)
    }
}

/// How long a closed gate is left alone.
#[derive(Clone, Copy)]
pub(super) struct Pause {
    /// The time of the next attempt.
    pub(super) until: Instant,
    /// When the gate must be open, if nobody else uses it.
    pub(super) expected: Instant,
}

impl Pause {
    /// A pause after which the gate must be open.
    pub(super) fn until(time: Instant) -> Self {
        Self {
            until: time,
            expected: time,
        }
    }

    /// Returns a pause that ends at this time at the earliest.
    pub(super) fn not_before(self, time: Instant) -> Self {
        Self {
            until: self.until.max(time),
            expected: self.expected.max(time),
        }
    }
}

/// Returns the maximum number of attempts at a closed gate in a window.
pub(super) fn max_attempts(concurrency: usize) -> u32 {
    if concurrency == 1 {
        MAX_ATTEMPTS_IF_SEQUENTIAL
    } else {
        MAX_ATTEMPTS
    }
}

/// The attempts at a closed gate.
pub(super) struct Attempts {
    /// Number of refused ones since it closed.
    refused: u32,
    /// Maximum number in a window.
    max: u32,
}

impl Attempts {
    pub(super) fn new(refused: u32, max: u32) -> Self {
        Self { refused, max }
    }

    /// Returns the pause of a gate with a policy, whose window is full until a time or has ended.
    pub(super) fn pause(
        &self,
        policy: ThrottlePolicy,
        full_until: Option<Instant>,
        quota: &Quota,
        observed: &ObservedWindow,
        now: Instant,
    ) -> Pause {
        let Some(expected) = full_until else {
            return self.pause_after_window(policy, quota, observed, now);
        };
        let until = if !quota.opens_early() || self.refused >= self.max {
            expected
        } else if quota.is_observed() {
            observed.early_try(expected, now)
        } else {
            expected.min(now + policy.window / self.max)
        };
        Pause { until, expected }
    }

    /// Returns the pause of a gate that is closed although the window has ended: it began later,
    /// others use the gate, or it was observed too short.
    fn pause_after_window(
        &self,
        policy: ThrottlePolicy,
        quota: &Quota,
        observed: &ObservedWindow,
        now: Instant,
    ) -> Pause {
        if quota.is_observed()
            && let Some((until, expected)) = observed.longer_window(now)
        {
            return Pause { until, expected };
        }
        Pause::until(if self.refused > self.max && !quota.is_observed() {
            now + with_margin(policy.window)
        } else {
            now + policy.window / self.max
        })
    }
}
