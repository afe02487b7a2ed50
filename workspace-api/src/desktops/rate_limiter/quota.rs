//! What the service allows in each window, how much of it is used, and when there is room again.

use std::time::Duration;

use tokio::time::Instant;

use super::observed_window::with_margin;
use super::successes::Successes;
use crate::http::ThrottlePolicy;

/// Number of refusals in a row within an observed policy after which it is dropped.
const MAX_SHORT: u32 = 2;

/// The policy of a gate and the successes that count towards it.
pub(super) struct Quota {
    policy: Option<ThrottlePolicy>,
    /// Whether the policy was observed rather than named.
    is_observed: bool,
    successes: Successes,
    started: Instant,
    /// The gate opened at this time although by `successes` it was full: older ones do not count.
    reopened: Option<Instant>,
    /// False once a gate that opened early was not open for a whole window.
    opens_early: bool,
    /// How often in a row the gate closed although the policy had room: others use it, too.
    short: u32,
    /// Until this time, requests are evenly spaced.
    spaced_until: Option<Instant>,
}

impl Quota {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            policy: None,
            is_observed: false,
            successes: Successes::default(),
            started: now,
            reopened: None,
            opens_early: true,
            short: 0,
            spaced_until: None,
        }
    }

    pub(super) fn policy(&self) -> Option<ThrottlePolicy> {
        self.policy
    }

    /// Returns the policy, if it was observed.
    pub(super) fn observed_policy(&self) -> Option<ThrottlePolicy> {
        self.policy.filter(|_| self.is_observed)
    }

    pub(super) fn is_observed(&self) -> bool {
        self.is_observed
    }

    pub(super) fn opens_early(&self) -> bool {
        self.opens_early
    }

    pub(super) fn started(&self) -> Instant {
        self.started
    }

    pub(super) fn successes(&self) -> &Successes {
        &self.successes
    }

    /// Returns the successes per second that the service, which refused a request now, allowed.
    pub(super) fn allowed_rate(&mut self, since: Instant, now: Instant) -> f64 {
        self.successes.allowed_rate(since, now)
    }

    /// Sets the policy that a 429 names.
    pub(super) fn set_named(&mut self, policy: ThrottlePolicy) {
        self.policy = Some(policy);
        self.is_observed = false;
    }

    /// Sets the policy that was observed; `None` if the gate has no window.
    pub(super) fn set_observed(&mut self, policy: Option<ThrottlePolicy>) {
        self.policy = policy;
        self.is_observed = policy.is_some();
    }

    /// Sets the policy of a window that was observed to begin with the request sent at this time.
    pub(super) fn on_window(&mut self, policy: ThrottlePolicy, sent: Instant, now: Instant) {
        self.set_observed(Some(policy));
        self.forget_opening();
        self.on_opened(sent, now);
    }

    /// Forgets how early the gate opened: that was judged by another window.
    pub(super) fn forget_opening(&mut self) {
        self.opens_early = true;
    }

    /// Records that a closed gate let a request pass that was sent at this time.
    pub(super) fn on_opened(&mut self, sent: Instant, now: Instant) {
        // The successes of an observed window before this one are not all remembered.
        if self.opens_early && (self.is_observed || self.is_full(0, now)) {
            self.reopened = Some(sent);
        }
    }

    /// Records that a request was not throttled.
    pub(super) fn on_success(&mut self, now: Instant) {
        self.successes.add(now);
        self.forget_old(now);
    }

    /// Records that the gate closed when the policy was full, or when it had room.
    pub(super) fn on_closed(&mut self, is_full: bool) {
        let counted = u32::try_from(self.counted()).unwrap_or(u32::MAX);
        self.short = if is_full || self.policy.is_none() {
            0
        } else {
            self.short + 1
        };
        if !self.is_observed {
            return;
        }
        if self.short >= MAX_SHORT {
            // There is no such window.
            (self.policy, self.is_observed, self.short) = (None, false, 0);
        } else if let Some(policy) = &mut self.policy
            && is_full
        {
            policy.requests = policy.requests.max(counted);
        }
    }

    /// Records that a request was refused while so many others were in flight.
    pub(super) fn on_refused(&mut self, in_flight: usize, now: Instant) {
        let Some(policy) = self.policy else {
            return;
        };
        if self.is_full(in_flight, now) {
            return;
        }
        if let Some(reopened) = self.reopened.take() {
            self.opens_early &= reopened + policy.window <= now;
        } else if self.short > 1 && !self.is_observed {
            self.spaced_until = Some(now + 2 * policy.window);
        }
    }

    /// The least time between two requests.
    pub(super) fn interval(&self, now: Instant) -> Duration {
        match (self.policy, self.spaced_until) {
            (Some(policy), Some(until)) if now < until => policy.window / policy.requests,
            _ => Duration::ZERO,
        }
    }

    /// Returns whether the last window has room for no more than those in flight.
    pub(super) fn is_full(&mut self, in_flight: usize, now: Instant) -> bool {
        let Some(policy) = self.policy else {
            return false;
        };
        self.forget_old(now);
        self.counted() + in_flight >= policy.requests as usize
    }

    /// Returns when the window has room again, because a request leaves it.
    pub(super) fn next_expiry(&self) -> Option<Instant> {
        let policy = self.policy?;
        let leaves = self.successes.nth_since(self.begun(), self.excess())?;
        Some(leaves + with_margin(policy.window))
    }

    /// Returns when a full window has room again, if that is not until later.
    pub(super) fn full_until(&mut self, in_flight: usize, now: Instant) -> Option<Instant> {
        if !self.is_full(in_flight, now) {
            return None;
        }
        self.next_expiry().filter(|expiry| *expiry > now)
    }

    /// Returns the number of successes that count.
    pub(super) fn counted(&self) -> usize {
        self.successes.count_since(self.begun())
    }

    /// Returns how many more requests than the policy allows have passed.
    pub(super) fn excess(&self) -> usize {
        let allowed = self.policy.map(|policy| policy.requests as usize);
        allowed.map_or(0, |allowed| self.counted().saturating_sub(allowed))
    }

    /// Returns the oldest success that counts.
    pub(super) fn oldest(&self) -> Option<Instant> {
        self.successes.nth_since(self.begun(), 0)
    }

    /// Returns the time from which on successes count.
    fn begun(&self) -> Instant {
        self.reopened.unwrap_or(self.started)
    }

    fn forget_old(&mut self, now: Instant) {
        let window = self.policy.map(|policy| with_margin(policy.window));
        self.successes.forget_old(window, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets a full gate open early, refuse a request after these seconds, and open again. Returns whether
    /// it is full then.
    fn is_full_after_refusal(seconds: u64) -> bool {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut quota = Quota::new(start);
        let window = Duration::from_secs(60);
        quota.set_named(ThrottlePolicy {
            requests: 2,
            window,
        });
        quota.on_success(at(1));
        quota.on_success(at(2));
        assert!(quota.is_full(0, at(3)));
        quota.on_opened(at(3), at(3));
        assert!(!quota.is_full(0, at(3)));
        let (closed, opened) = (at(3 + seconds), at(5 + seconds));
        quota.on_refused(0, closed);
        quota.on_success(closed);
        quota.on_success(closed);
        quota.on_opened(opened, opened);
        quota.is_full(0, opened)
    }

    #[test]
    fn a_gate_that_closes_soon_after_it_opened_early_is_not_taken_for_open() {
        assert!(is_full_after_refusal(59));
        assert!(!is_full_after_refusal(60));
    }
}
