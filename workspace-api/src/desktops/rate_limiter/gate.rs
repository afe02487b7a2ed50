//! The gate of a service that allows a number of requests in each window. It learns the window from
//! the first 429 and then sends no more than fit in any window of that length.
//!
//! A window that the 429 does not name is [observed](super::observed_window), unless the requests
//! before the gate closed were as far apart as the pause after them: then the gate lets requests pass
//! at a rate. An observed policy may be too strict, because others may have used a part of the window,
//! so at times one request [more](super::excess) than it allows is sent.
//!
//! A closed gate is tried by one request at a time. The service may count from another moment than
//! the first request here, so it is tried a few times before the window must have ended.

use std::time::Duration;

use tokio::time::Instant;

use super::excess::Excess;
use super::observed_window::{ObservedWindow, PRECISION, with_margin};
use super::successes::Successes;
use crate::Error;
use crate::http::ThrottlePolicy;

/// Number of attempts at a closed gate in a window. After that many it is tried only once in a
/// window, because it may count attempts, too.
///
/// A run that sends one request at a time has only one refused when the gate closes, so it can
/// afford more.
const PROBES: u32 = 6;
const PROBES_IF_SEQUENTIAL: u32 = 12;

/// The shortest `Retry-After` that stops all requests: a shorter one comes from a rate.
const MIN_RETRY_AFTER: Duration = Duration::from_secs(2);

/// The pause of a gate with a window is longer than this number of requests took before it closed.
const PAUSE_OF_WINDOW: u32 = 3;

/// Number of refusals in a row within an observed policy after which it is dropped.
const MAX_SHORT: u32 = 2;

/// Whether a request can be sent.
pub(super) enum Admission {
    /// Yes; the gate knows the request by this number.
    Granted(u64),
    /// Ask again at this time, or when another request has ended.
    NotBefore(Instant),
    /// Ask again when another request has ended.
    AfterAnother,
}

/// What a success shows about a gate that was closed.
pub(super) enum Opening {
    /// It was open.
    None,
    /// A window ended.
    OfWindow,
    /// The gate lets requests pass at a rate.
    OfRate {
        at_least: f64,
        /// The rate until now, if enough requests passed to show what the service allows.
        measured: Option<f64>,
    },
}

/// What is known about the service's gate.
pub(super) struct Gate {
    policy: Option<ThrottlePolicy>,
    /// Whether the policy was observed rather than named.
    is_observed: bool,
    observed: ObservedWindow,
    excess: Excess,
    /// Number of refusals since the last success, after which a gate whose rate is known is closed.
    refusals_in_a_row: usize,
    max_refusals_in_a_row: usize,
    /// The first refusal since the start or the last window.
    first_refused: Option<Instant>,
    successes: Successes,
    started: Instant,
    /// Number of attempts at a closed gate in a window.
    probes: u32,
    in_flight: usize,
    /// Number of admitted requests.
    admitted: u64,
    closed: Option<Closed>,
    /// The gate opened at this time although by `successes` it was full: older ones do not count.
    reopened: Option<Instant>,
    /// False once a gate that opened early was not open for a whole window.
    opens_early: bool,
    /// How often in a row the gate closed although the policy had room: others use it, too.
    short: u32,
    /// Until this time, requests are evenly spaced.
    spaced_until: Option<Instant>,
}

/// A gate that throttles everything.
struct Closed {
    /// The time of the next attempt.
    until: Instant,
    /// When the gate must be open, if nobody else uses it.
    expected: Instant,
    /// When it closed.
    since: Instant,
    /// Number of requests that passed in the window before.
    passed: usize,
    /// Number of attempts since it closed.
    refusals: u32,
    /// The request that is trying it.
    probe: Option<u64>,
}

impl Gate {
    pub(super) fn new(concurrency: usize, now: Instant) -> Self {
        Self {
            policy: None,
            is_observed: false,
            observed: ObservedWindow::new(now),
            excess: Excess::new(now),
            refusals_in_a_row: 0,
            // All that were in flight.
            max_refusals_in_a_row: concurrency.max(2),
            first_refused: None,
            successes: Successes::default(),
            started: now,
            probes: if concurrency == 1 {
                PROBES_IF_SEQUENTIAL
            } else {
                PROBES
            },
            in_flight: 0,
            admitted: 0,
            closed: None,
            reopened: None,
            opens_early: true,
            short: 0,
            spaced_until: None,
        }
    }

    pub(super) fn has_policy(&self) -> bool {
        self.policy.is_some()
    }

    pub(super) fn last_success(&self) -> Option<Instant> {
        self.successes.last()
    }

    pub(super) fn closed_until(&self) -> Option<Instant> {
        self.closed.as_ref().map(|closed| closed.until)
    }

    pub(super) fn expected_opening(&self) -> Option<Instant> {
        self.closed.as_ref().map(|closed| closed.expected)
    }

    /// Admits a request, or returns when to ask again.
    pub(super) fn admit(&mut self, now: Instant) -> Admission {
        let number = self.admitted + 1;
        if let Some(closed) = &mut self.closed {
            if closed.probe.is_some() {
                return Admission::AfterAnother;
            }
            if now < closed.until {
                return Admission::NotBefore(closed.until);
            }
            closed.probe = Some(number);
        } else if !self.is_full(self.in_flight, now) {
            // There is room.
        } else if self.is_observed && self.excess.is_due(now) {
            if self.in_flight > 0 {
                return Admission::AfterAnother;
            }
        } else {
            return match self.next_expiry() {
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
            if self.policy.is_none() || self.is_observed {
                opening = self.observe(&closed, sent, now);
            }
            // The successes of an observed window before this one are not all remembered.
            if self.opens_early && (self.is_observed || self.is_full(0, now)) {
                self.reopened = Some(sent);
            }
        }
        if let Some(closed) = &mut self.closed {
            closed.passed += 1;
        }
        self.successes.add(now);
        self.forget_old(now);
        opening
    }

    /// Derives the policy from a request that found the gate open.
    fn observe(&mut self, closed: &Closed, sent: Instant, now: Instant) -> Opening {
        self.is_observed = false;
        let opened = self.observed.opened();
        if ObservedWindow::is_long(sent, self.successes.last()) {
            let requests = u32::try_from(closed.passed).unwrap_or(u32::MAX);
            let passed_for = closed.since.saturating_duration_since(opened);
            let closed_for = sent.saturating_duration_since(closed.since);
            let window = self.observed.on_opened(sent);
            let known = self.policy.map_or(Duration::ZERO, |policy| policy.window);
            let tolerance = window / PRECISION;
            let is_new = known.abs_diff(window) > tolerance;
            if is_new {
                // How early it opens was judged by another window.
                self.opens_early = true;
            }
            if is_new || sent + tolerance < closed.expected {
                // The next window is to show when it ends.
                self.excess = Excess::new(now);
            }
            self.is_observed =
                requests > 1 && closed_for > PAUSE_OF_WINDOW * (passed_for / requests);
            self.policy = self
                .is_observed
                .then_some(ThrottlePolicy { requests, window });
        }
        if self.is_observed {
            self.first_refused = None;
            return Opening::OfWindow;
        }
        // One request has passed since the first refusal.
        let at_least = (now - self.throttles_since()).as_secs_f64().recip();
        // The requests in flight at the start may all have passed, at any rate.
        let shows_rate = closed.passed >= 2 * self.max_refusals_in_a_row;
        Opening::OfRate {
            at_least,
            measured: shows_rate.then(|| self.successes.rate_since(opened, sent).max(at_least)),
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
        self.first_refused.get_or_insert(now);
        if let Some(named) = ThrottlePolicy::of(error) {
            self.policy = Some(named);
            self.is_observed = false;
        }
        self.refusals_in_a_row += 1;
        if self.closed.is_some() && !self.is_probe(number) {
            // It was in flight when the gate closed.
            return;
        }
        let (since, passed, refusals) = match self.closed.take() {
            Some(closed) => (closed.since, closed.passed, closed.refusals + 1),
            None => (now, self.close(now), 1),
        };
        self.observed.on_refused(sent, error.retry_after());
        let retry_after = error.retry_after();
        let pause = match (retry_after, self.policy) {
            (Some(delay), _) if delay >= MIN_RETRY_AFTER => {
                now.checked_add(delay).map(|until| (until, until))
            }
            (_, Some(policy)) => Some(self.pause_of_window(policy, refusals, now)),
            (delay, None) => {
                let closed_for = now - self.successes.last().unwrap_or(self.started);
                let is_closed = !is_adapted || self.refusals_in_a_row >= self.max_refusals_in_a_row;
                let until = self.observed.next_try(now, closed_for);
                let until = until.max(now + delay.unwrap_or_default());
                is_closed.then_some((until, until))
            }
        };
        self.closed = pause.map(|(until, expected)| Closed {
            until,
            expected,
            since,
            passed,
            refusals,
            probe: None,
        });
    }

    /// Records that the gate closes, and returns how many requests passed in the window before.
    fn close(&mut self, now: Instant) -> usize {
        let is_full = self.is_full(self.in_flight.saturating_sub(1), now);
        let counted = self.counted();
        let oldest = self.successes.nth_since(self.begun(), 0);
        if self.is_observed
            && let Some(policy) = &mut self.policy
        {
            if let Some(oldest) = oldest {
                self.observed.on_begun(oldest);
            }
            let counted = u32::try_from(counted).unwrap_or(u32::MAX);
            if is_full {
                self.excess
                    .on_refused(counted > policy.requests, policy.window, now);
                policy.requests = policy.requests.max(counted);
            }
        }
        self.short = if is_full { 0 } else { self.short + 1 };
        if self.is_observed && self.short >= MAX_SHORT {
            // There is no such window.
            (self.policy, self.is_observed, self.short) = (None, false, 0);
        }
        counted.min(self.successes.count_since(self.observed.opened()))
    }

    /// Returns the time of the next attempt, and when the gate must be open.
    fn pause_of_window(
        &mut self,
        policy: ThrottlePolicy,
        refusals: u32,
        now: Instant,
    ) -> (Instant, Instant) {
        let in_flight = self.in_flight.saturating_sub(1);
        if !self.is_full(in_flight, now) {
            if self.reopened.take().is_some() {
                self.opens_early = false;
            } else if self.short > 1 && !self.is_observed {
                self.spaced_until = Some(now + 2 * policy.window);
            }
        }
        let is_full = self.is_full(in_flight, now);
        let expiry = self.next_expiry().filter(|expiry| is_full && *expiry > now);
        let Some(expiry) = expiry else {
            return self.pause_after_window(policy, refusals, now);
        };
        let next = if !self.opens_early || refusals >= self.probes {
            expiry
        } else if self.is_observed {
            self.observed.early_try(expiry, now)
        } else {
            expiry.min(now + policy.window / self.probes)
        };
        (next, expiry)
    }

    /// Returns the same for a gate that is closed although the window of the policy has ended: it
    /// began later, others use the gate, or it was observed too short.
    fn pause_after_window(
        &self,
        policy: ThrottlePolicy,
        refusals: u32,
        now: Instant,
    ) -> (Instant, Instant) {
        let longer = self
            .observed
            .longer_window(now)
            .filter(|_| self.is_observed);
        longer.unwrap_or_else(|| {
            let next = if refusals > self.probes && !self.is_observed {
                now + with_margin(policy.window)
            } else {
                now + policy.window / self.probes
            };
            (next, next)
        })
    }

    /// The least time between two requests.
    pub(super) fn interval(&self, now: Instant) -> Duration {
        match (self.policy, self.spaced_until) {
            (Some(policy), Some(until)) if now < until => policy.window / policy.requests,
            _ => Duration::ZERO,
        }
    }

    /// Returns the successes per second since the service throttles, or lately.
    pub(super) fn latest_rate(&self, now: Instant) -> f64 {
        self.successes.rate(self.throttles_since(), now)
    }

    /// Returns the successes per second that the service, which refused a request now, allowed.
    pub(super) fn allowed_rate(&mut self, now: Instant) -> f64 {
        self.successes.allowed_rate(self.throttles_since(), now)
    }

    fn throttles_since(&self) -> Instant {
        self.first_refused.unwrap_or(self.started)
    }

    fn is_probe(&self, number: u64) -> bool {
        let probe = self.closed.as_ref().and_then(|closed| closed.probe);
        probe == Some(number)
    }

    /// Returns whether the last window has room for no more than those in flight.
    fn is_full(&mut self, in_flight: usize, now: Instant) -> bool {
        let Some(policy) = self.policy else {
            return false;
        };
        self.forget_old(now);
        self.counted() + in_flight >= policy.requests as usize
    }

    /// Returns when the window has room again, because a request leaves it.
    fn next_expiry(&self) -> Option<Instant> {
        let policy = self.policy?;
        let excess = self.counted().saturating_sub(policy.requests as usize);
        let leaves = self.successes.nth_since(self.begun(), excess)?;
        Some(leaves + with_margin(policy.window))
    }

    /// Returns the time from which on successes count.
    fn begun(&self) -> Instant {
        self.reopened.unwrap_or(self.started)
    }

    /// Returns the number of successes that count.
    fn counted(&self) -> usize {
        self.successes.count_since(self.begun())
    }

    fn forget_old(&mut self, now: Instant) {
        let window = self.policy.map(|policy| with_margin(policy.window));
        self.successes.forget_old(window, now);
    }
}
