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
    pub(super) refused: u32,
    /// Maximum number in a window.
    pub(super) max: u32,
}

impl Attempts {
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
