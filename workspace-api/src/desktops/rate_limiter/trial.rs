//! Whether a gate that opened after a short pause has a window, or a bucket that refills evenly.
//!
//! The time in which a bucket refills by one request is longer than the time from the last success
//! to a refusal, so only so many requests can pass in the time after it. If more pass, a window has
//! ended. The number in flight doubles meanwhile, so that few are refused if it is a bucket.

use std::time::Duration;

use tokio::time::Instant;

/// How many times more requests than from a bucket must pass, because the times at the service
/// differ from those here.
const MORE: u32 = 2;

/// The trials of a gate.
#[derive(Default)]
pub(super) struct Trials {
    current: Option<Trial>,
    /// Whether another one is pointless.
    are_over: bool,
}

/// The requests since a gate opened.
pub(super) struct Trial {
    /// The last success before the gate closed.
    pub(super) before: Instant,
    /// A bucket takes longer than this to refill by one request.
    refill: Duration,
    /// When the request was sent that found the gate open.
    pub(super) opened: Instant,
    /// Number of requests that passed before the gate closed.
    pub(super) requests: u32,
    passed: u32,
}

impl Trials {
    /// Begins a trial with a request that found the gate open after the last `refused` one. Returns
    /// false if it would show nothing, even if as many requests passed as before the gate closed.
    pub(super) fn begin(
        &mut self,
        before: Option<Instant>,
        refused: Option<Instant>,
        opened: Instant,
        requests: u32,
    ) -> bool {
        if self.are_over {
            return false;
        }
        let trial = Trial::new(before, refused, opened, requests);
        self.current = trial.filter(|trial| trial.bucket_limit(opened) < requests);
        self.current.is_some()
    }

    /// Returns whether so many requests are in flight that no other may be sent.
    pub(super) fn are_limited(&self, in_flight: usize) -> bool {
        self.current
            .as_ref()
            .is_some_and(|trial| in_flight >= trial.passed.max(1) as usize)
    }

    /// Records a success, and returns the trial if it shows that a window has ended.
    pub(super) fn on_success(&mut self, now: Instant) -> Option<Trial> {
        let trial = self.current.as_mut()?;
        trial.passed += 1;
        let is_window = trial.passed > trial.bucket_limit(now);
        self.current.take_if(|_| is_window)
    }

    /// Records that the gate closed: if that ends a trial, it is a bucket.
    pub(super) fn on_closed(&mut self) {
        self.are_over |= self.current.take().is_some();
    }
}

impl Trial {
    fn new(
        before: Option<Instant>,
        refused: Option<Instant>,
        opened: Instant,
        requests: u32,
    ) -> Option<Self> {
        let (before, refused) = (before?, refused?);
        Some(Self {
            before,
            refill: refused.saturating_duration_since(before),
            opened,
            requests,
            passed: 0,
        })
    }

    /// Returns a number of requests of which fewer pass until a time if it is a bucket.
    fn bucket_limit(&self, now: Instant) -> u32 {
        let time = now.saturating_duration_since(self.before);
        time.as_nanos()
            .checked_div(self.refill.as_nanos())
            .and_then(|refilled| u32::try_from(refilled + 1).ok())
            .map_or(u32::MAX, |refilled| refilled.saturating_mul(MORE))
    }
}
