//! The gate of a service that allows a number of requests in each window. It learns the window from
//! the first 429 and then sends no more than fit in any window of that length.
//!
//! If the 429 names no window, it is [observed](super::observed_window). Such a policy may be too
//! strict, because others may have used a part of the window, so one request more than it allows is
//! sent in each window.
//!
//! A closed gate is tried by one request at a time. The service may count from another moment than
//! the first request here, so it is tried a few times before the window must have ended.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::observed_window::ObservedWindow;
use crate::Error;
use crate::http::ThrottlePolicy;

/// The time over which the observed rate is measured.
const OBSERVED: Duration = Duration::from_secs(1);

/// Maximum number of remembered successes: a window with more requests is not known in full.
const MAX_REMEMBERED: usize = 10_000;

/// Number of attempts at a closed gate in a window. After that many it is tried only once in a
/// window, because it may count attempts, too.
///
/// A run that sends one request at a time has only one refused when the gate closes, so it can
/// afford more.
const PROBES: u32 = 6;
const PROBES_IF_SEQUENTIAL: u32 = 12;

/// The shortest `Retry-After` that stops all requests: a shorter one is that of a rate.
const MIN_RETRY_AFTER: Duration = Duration::from_secs(2);

/// The time without a success after which a gate that names nothing is closed. Soon after a
/// success, the rate is too high, and the gate is open.
const MIN_CLOSED: Duration = Duration::from_secs(1);

/// Whether a request can be sent.
pub(super) enum Admission {
    /// Yes; the gate knows the request by this number.
    Granted(u64),
    /// Ask again at this time, or when another request has ended.
    NotBefore(Instant),
    /// Ask again when another request has ended.
    AfterAnother,
}

/// The service's gate, as far as it is known.
pub(super) struct Gate {
    policy: Option<ThrottlePolicy>,
    /// Whether the policy was observed rather than named.
    is_observed: bool,
    observed: ObservedWindow,
    /// When a request that an observed policy does not allow was last throttled.
    excess_refused: Option<Instant>,
    /// Number of refusals since the last success, after which a gate that names nothing is closed.
    refusals_in_a_row: usize,
    max_refusals_in_a_row: usize,
    /// When requests that were not throttled got their response, oldest first.
    successes: VecDeque<Instant>,
    last_success: Option<Instant>,
    started: Instant,
    /// Number of attempts at a closed gate in a window.
    probes: u32,
    in_flight: usize,
    /// Number of requests that were admitted.
    admitted: u64,
    closed: Option<Closed>,
    /// The gate opened at this time although by `successes` it was full: older ones do not count.
    reopened: Option<Instant>,
    /// False once a gate that opened early was not open for a whole window.
    opens_early: bool,
    /// Whether a gate was closed that should have been open: others use it, too.
    was_short: bool,
    /// Until this time, requests are evenly spaced.
    spaced_until: Option<Instant>,
}

/// A gate that throttles everything.
struct Closed {
    /// The time of the next attempt.
    until: Instant,
    /// When the gate must be open, if nobody else uses it.
    expected: Instant,
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
            excess_refused: None,
            refusals_in_a_row: 0,
            // All that were in flight.
            max_refusals_in_a_row: concurrency.max(2),
            successes: VecDeque::new(),
            last_success: None,
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
            was_short: false,
            spaced_until: None,
        }
    }

    pub(super) fn has_policy(&self) -> bool {
        self.policy.is_some()
    }

    pub(super) fn last_success(&self) -> Option<Instant> {
        self.last_success
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
        } else if self.is_full(self.in_flight, now) && self.may_exceed() {
            if self.in_flight > 0 {
                return Admission::AfterAnother;
            }
        } else if self.is_full(self.in_flight, now) {
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

    /// Returns whether a request more than the policy allows is sent: one in each window.
    fn may_exceed(&self) -> bool {
        let opened = self.observed.opened();
        self.is_observed && self.excess_refused.is_none_or(|refused| refused < opened)
    }

    /// Records that a request, sent at this time, was not throttled. Returns whether a window was
    /// observed, so that the gate and not a rate limits the requests.
    pub(super) fn on_success(&mut self, number: u64, sent: Instant, now: Instant) -> bool {
        self.refusals_in_a_row = 0;
        let mut has_observed = false;
        if self.is_probe(number) {
            self.closed = None;
            if self.policy.is_none() || self.is_observed {
                has_observed = self.observe(sent);
            }
            if self.is_full(0, now) {
                self.reopened = Some(sent);
            }
        }
        self.successes.push_back(now);
        self.last_success = Some(now);
        self.forget_old(now);
        has_observed
    }

    /// Derives the policy from a request that found the gate open, and returns whether there is one.
    fn observe(&mut self, sent: Instant) -> bool {
        if !ObservedWindow::is_long(sent, self.last_success) {
            return false;
        }
        let opened = self.observed.opened();
        let window = self.observed.on_opened(sent);
        let begun = sent
            .checked_sub(with_margin(window))
            .map_or(opened, |begun| begun.max(opened));
        let before = self.successes.partition_point(|success| *success < begun);
        let requests = u32::try_from(self.successes.len() - before).unwrap_or(u32::MAX);
        // A single success in a long time shows a rate.
        self.is_observed = requests > 1;
        self.policy = self
            .is_observed
            .then_some(ThrottlePolicy { requests, window });
        self.is_observed
    }

    /// Records that a request was throttled, and closes the gate.
    pub(super) fn on_throttled(&mut self, number: u64, error: &Error, sent: Instant, now: Instant) {
        if let Some(named) = ThrottlePolicy::of(error) {
            self.policy = Some(named);
            self.is_observed = false;
        }
        self.refusals_in_a_row += 1;
        if self.closed.is_some() && !self.is_probe(number) {
            // It was in flight when the gate closed.
            return;
        }
        self.observed.on_refused(sent);
        let refusals = self.closed.take().map_or(0, |closed| closed.refusals) + 1;
        let retry_after = error.retry_after();
        let pause = match (retry_after, self.policy) {
            (Some(delay), _) if delay >= MIN_RETRY_AFTER => {
                now.checked_add(delay).map(|until| (until, until))
            }
            (_, Some(policy)) => Some(self.pause_of_window(policy, refusals, now)),
            (delay, None) => {
                let closed_for = now - self.last_success.unwrap_or(self.started);
                let is_closed = closed_for >= MIN_CLOSED
                    || self.refusals_in_a_row >= self.max_refusals_in_a_row;
                let until = self.observed.next_try(now, closed_for);
                let until = until.max(now + delay.unwrap_or_default());
                is_closed.then_some((until, until))
            }
        };
        self.closed = pause.map(|(until, expected)| Closed {
            until,
            expected,
            refusals,
            probe: None,
        });
    }

    /// Raises an observed limit to what the service allowed in this window.
    fn raise_observed_limit(&mut self) {
        let allowed = self.successes.len() - self.not_counted();
        if let Some(policy) = &mut self.policy {
            let allowed = u32::try_from(allowed).unwrap_or(u32::MAX);
            policy.requests = policy.requests.max(allowed);
        }
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
            } else if self.was_short && !self.is_observed {
                self.spaced_until = Some(now + 2 * policy.window);
            }
            self.was_short = true;
        }
        let is_full = self.is_full(in_flight, now);
        if is_full && self.is_observed {
            self.excess_refused = Some(now);
            self.raise_observed_limit();
        }
        let expiry = self.next_expiry().filter(|_| is_full).unwrap_or(now);
        let probe_interval = policy.window / self.probes;
        let next = if refusals > self.probes {
            expiry.max(now + with_margin(policy.window))
        } else if expiry <= now {
            now + probe_interval
        } else if self.opens_early && self.is_observed {
            self.observed.early_try(policy.window, expiry, now)
        } else if self.opens_early {
            expiry.min(now + probe_interval)
        } else {
            expiry
        };
        (next, expiry.max(next))
    }

    /// The least time between two requests.
    pub(super) fn interval(&self, now: Instant) -> Duration {
        match (self.policy, self.spaced_until) {
            (Some(policy), Some(until)) if now < until => policy.window / policy.requests,
            _ => Duration::ZERO,
        }
    }

    /// Returns the successes per second in the last second, or since the start.
    pub(super) fn observed_rate(&self, now: Instant) -> f64 {
        let older = self
            .successes
            .partition_point(|success| now - *success > OBSERVED);
        let successes = u32::try_from(self.successes.len() - older).unwrap_or(u32::MAX);
        let observed = (now - self.started).clamp(Duration::from_millis(1), OBSERVED);
        f64::from(successes) / observed.as_secs_f64()
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
        let counted = self.successes.len() - self.not_counted();
        counted + in_flight >= policy.requests as usize
    }

    /// Returns when the oldest request leaves the window.
    fn next_expiry(&self) -> Option<Instant> {
        let oldest = self.successes.get(self.not_counted())?;
        Some(*oldest + with_margin(self.policy?.window))
    }

    /// Returns the number of successes before the gate reopened.
    fn not_counted(&self) -> usize {
        let Some(reopened) = self.reopened else {
            return 0;
        };
        self.successes
            .partition_point(|success| *success < reopened)
    }

    fn forget_old(&mut self, now: Instant) {
        let window = self.policy.map(|policy| with_margin(policy.window));
        while let Some(oldest) = self.successes.front() {
            let is_expired = window.is_some_and(|window| *oldest + window <= now);
            if !is_expired && self.successes.len() <= MAX_REMEMBERED {
                break;
            }
            self.successes.pop_front();
        }
    }
}

/// Adds what clocks and timers may differ by to the length of a window.
fn with_margin(window: Duration) -> Duration {
    window + window / 200
}
