//! The gate of a service that allows a number of requests in each window. It learns the window from
//! the first 429 and then sends no more than fit in any window of that length.
//!
//! A window that the 429 does not name is [observed](super::observed_window), unless the requests
//! before the gate closed were as far apart as the pause after them: then the gate has a rate. After
//! a short pause, a [trial](super::trial) shows which it is. An observed policy may be too strict,
//! because others may have used a part of the window, so one request [more](super::excess) is tried.
//!
//! A [closed](super::closed) gate is tried by one request at a time.

use std::time::Duration;

use tokio::time::Instant;

use super::answer::{Admission, Opening};
use super::closed::{Attempts, Closed, Pause, max_attempts};
use super::excess::Excess;
use super::observed_window::{ObservedWindow, tolerance};
use super::quota::Quota;
use super::retry_after::RetryAfter;
use super::trial::{Trial, Trials};
use crate::Error;
use crate::http::ThrottlePolicy;

/// Maximum number of refusals in a row after which a gate whose rate is known is closed.
const MAX_REFUSALS_IN_A_ROW: usize = 6;

/// What is known about the service's gate.
pub(super) struct Gate {
    quota: Quota,
    observed: ObservedWindow,
    excess: Excess,
    /// Number of refusals since the last success, after which a gate whose rate is known is closed.
    refusals_in_a_row: usize,
    concurrency: usize,
    /// The first refusal since the start or the last window.
    first_refused: Option<Instant>,
    /// Maximum number of attempts at a closed gate in a window.
    max_attempts: u32,
    in_flight: usize,
    /// Number of admitted requests.
    admitted: u64,
    closed: Option<Closed>,
    trials: Trials,
    /// Whether a 429 names how long the gate stays closed.
    names_delay: bool,
}

impl Gate {
    pub(super) fn new(concurrency: usize, now: Instant) -> Self {
        Self {
            quota: Quota::new(now),
            observed: ObservedWindow::new(now),
            excess: Excess::new(now),
            refusals_in_a_row: 0,
            concurrency,
            first_refused: None,
            max_attempts: max_attempts(concurrency),
            in_flight: 0,
            admitted: 0,
            closed: None,
            trials: Trials::default(),
            names_delay: false,
        }
    }

    pub(super) fn has_policy(&self) -> bool {
        self.quota.policy().is_some()
    }

    pub(super) fn last_success(&self) -> Option<Instant> {
        self.quota.successes().last()
    }

    /// Returns the pause of a closed gate.
    pub(super) fn pause(&self) -> Option<Pause> {
        self.closed.as_ref().map(|closed| closed.pause)
    }

    /// Admits a request, or returns when to ask again.
    pub(super) fn admit(&mut self, now: Instant) -> Admission {
        let number = self.admitted + 1;
        if let Some(closed) = &mut self.closed {
            if closed.probe.is_some() {
                return Admission::AfterAnother;
            }
            if now < closed.pause.until {
                return Admission::NotBefore(closed.pause.until);
            }
            closed.probe = Some(number);
        } else if self.trials.are_limited(self.in_flight) {
            return Admission::AfterAnother;
        } else if !self.quota.is_full(self.in_flight, now) {
            // There is room.
        } else if self.quota.is_observed() && self.excess.is_due(now) {
            if Excess::waits(self.in_flight, self.quota.excess()) {
                return Admission::AfterAnother;
            }
        } else {
            return match self.quota.next_expiry() {
                Some(time) => Admission::NotBefore(time),
                None => Admission::AfterAnother,
            };
        }
        self.admitted = number;
        self.in_flight += 1;
        Admission::Granted(number)
    }

    /// Records that a request is not in flight any more.
    pub(super) fn release(&mut self, number: u64) {
        self.in_flight -= 1;
        if let Some(closed) = &mut self.closed
            && closed.probe == Some(number)
        {
            closed.probe = None;
        }
    }

    /// Records that a request, sent at this time, was not throttled.
    pub(super) fn on_success(&mut self, number: u64, sent: Instant, now: Instant) -> Opening {
        self.refusals_in_a_row = 0;
        let mut opening = Opening::None;
        if self.is_probe(number)
            && let Some(closed) = self.closed.take()
        {
            if !self.has_policy() || self.quota.is_observed() {
                opening = self.observe(&closed, sent, now);
            }
            self.quota.on_opened(sent, now);
        }
        if let Some(closed) = &mut self.closed {
            closed.passed += 1;
        }
        self.quota.on_success(now);
        if let Some(trial) = self.trials.on_success(now) {
            self.on_window(&trial, now);
            opening = Opening::OfWindow;
        }
        opening
    }

    /// Derives the policy from a trial that showed a window.
    fn on_window(&mut self, trial: &Trial, now: Instant) {
        let policy = ThrottlePolicy {
            requests: trial.requests,
            window: self.observed.on_opened(trial.opened, trial.before),
        };
        self.quota.on_window(policy, trial.opened, now);
        self.excess = Excess::new(now);
        self.first_refused = None;
    }

    /// Derives the policy from a request that found the gate open.
    fn observe(&mut self, closed: &Closed, sent: Instant, now: Instant) -> Opening {
        let opened = self.observed.opened();
        let last_success = self.last_success();
        let requests = closed.requests();
        let known = self.quota.observed_policy().map(|policy| policy.window);
        if ObservedWindow::is_long(sent, last_success, known) {
            let passed = last_success.unwrap_or(opened);
            let window = self.observed.on_opened(sent, passed);
            let tolerance = tolerance(window);
            let is_new = known.unwrap_or_default().abs_diff(window) > tolerance;
            if is_new {
                self.quota.forget_opening();
            }
            let is_early = sent + tolerance < closed.pause.expected;
            if is_new || is_early && !self.names_delay {
                // The next window is to show when it ends.
                self.excess = Excess::new(now);
            }
            let is_window = closed.is_of_window(opened, passed, sent);
            let policy = ThrottlePolicy { requests, window };
            self.quota.set_observed(is_window.then_some(policy));
            if is_window {
                self.first_refused = None;
                return Opening::OfWindow;
            }
        } else if self.has_policy() {
            return Opening::OfWindow;
        } else if self
            .trials
            .begin(last_success, self.observed.refused(), sent, requests)
        {
            return Opening::None;
        }
        // Those that were in flight when the gate closed say nothing about its rate.
        self.first_refused = last_success.or(self.first_refused);
        // One request has passed since then.
        let at_least = (now - self.throttles_since()).as_secs_f64().recip();
        // The requests in flight at the start may all have passed, at any rate.
        let shows_rate = closed.passed >= 2 * self.concurrency.max(2);
        let measured = || self.quota.successes().rate_since(opened, sent);
        Opening::OfRate {
            at_least,
            measured: shows_rate.then(|| measured().max(at_least)),
        }
    }

    /// Records that a request was throttled, and closes the gate.
    ///
    /// If requests are sent at an adapted rate, a gate that names nothing is not closed by one.
    pub(super) fn on_throttled(
        &mut self,
        number: u64,
        error: &Error,
        sent: Instant,
        is_adapted: bool,
        now: Instant,
    ) {
        let retry_after = RetryAfter::of(error);
        self.first_refused.get_or_insert(now);
        if let Some(named) = ThrottlePolicy::of(error) {
            self.quota.set_named(named);
        }
        self.refusals_in_a_row += 1;
        self.names_delay |= retry_after.is_some();
        if self.closed.is_some() && !self.is_probe(number) {
            // It was in flight when the gate closed.
            return;
        }
        let (since, passed, refused) = match self.closed.take() {
            Some(closed) => (closed.since, closed.passed, closed.refused + 1),
            None => (now, self.close(now), 1),
        };
        self.observed
            .on_refused(sent, retry_after.map(RetryAfter::at_least));
        let pause = if let Some(policy) = self.quota.policy() {
            let attempts = Attempts::new(refused, self.max_attempts);
            let in_flight = self.in_flight.saturating_sub(1);
            self.quota.on_refused(in_flight, now);
            let full_until = self.quota.full_until(in_flight, now);
            Some(attempts.pause(policy, full_until, &self.quota, &self.observed, now))
        } else {
            let max_refusals = self.concurrency.clamp(2, MAX_REFUSALS_IN_A_ROW);
            let is_closed = !is_adapted
                || self.refusals_in_a_row >= max_refusals
                || retry_after.is_some_and(RetryAfter::is_long);
            let closed_for = now - self.last_success().unwrap_or(self.quota.started());
            let until = self.observed.next_try(now, closed_for, passed);
            is_closed.then_some(Pause::until(until))
        };
        let pause = pause.and_then(|pause| match retry_after {
            Some(retry_after) => retry_after.bound(pause, now),
            None => Some(pause),
        });
        self.closed = pause.map(|pause| Closed {
            pause,
            since,
            passed,
            refused,
            probe: None,
        });
    }

    /// Records that the gate closes, and returns how many requests passed in the window before.
    fn close(&mut self, now: Instant) -> usize {
        self.trials.on_closed();
        let is_full = self.quota.is_full(self.in_flight.saturating_sub(1), now);
        let counted = self.quota.counted();
        if let Some(policy) = self.quota.observed_policy() {
            if let Some(oldest) = self.quota.oldest() {
                self.observed.on_begun(oldest, policy.window);
            }
            if is_full {
                let has_passed_before = counted > policy.requests as usize;
                self.excess
                    .on_refused(has_passed_before, policy.window, now);
            }
        }
        self.quota.on_closed(is_full);
        let successes = self.quota.successes();
        counted.min(successes.count_since(self.observed.opened()))
    }

    /// The least time between two requests.
    pub(super) fn interval(&self, now: Instant) -> Duration {
        self.quota.interval(now)
    }

    /// Returns the successes per second since the service throttles, or lately.
    pub(super) fn latest_rate(&self, now: Instant) -> f64 {
        self.quota.successes().rate(self.throttles_since(), now)
    }

    /// Returns the successes per second that the service, which refused a request now, allowed.
    pub(super) fn allowed_rate(&mut self, now: Instant) -> f64 {
        self.quota.allowed_rate(self.throttles_since(), now)
    }

    fn throttles_since(&self) -> Instant {
        self.first_refused.unwrap_or(self.quota.started())
    }

    fn is_probe(&self, number: u64) -> bool {
        let probe = self.closed.as_ref().and_then(|closed| closed.probe);
        probe == Some(number)
    }
}
