//! Limits the concurrency and the rate of the requests of a run, so that the service seldom
//! throttles (429).
//!
//! There are two kinds of limits. One is a rate, which [`aimd`] finds. The other is a number of
//! requests in each window, which the 429 names or the client observes, and [`gate`] keeps.

mod aimd;
mod answer;
mod closed;
mod excess;
mod gate;
mod in_flight;
mod observed_window;
mod quota;
mod retry_after;
mod successes;
mod trial;

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::{Notify, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use crate::Error;
use crate::http::{MIN_REPORTED_PAUSE, OnThrottled, Throttled};
use crate::sync::lock;
use aimd::AdaptiveRate;
use answer::Admission;
use gate::Gate;
use in_flight::InFlight;

/// Limits the requests of a run.
pub(super) struct RateLimiter {
    in_flight: InFlight,
    limits: Arc<Limits>,
    is_stopped: AtomicBool,
    /// Number of throttled requests that wait to be sent again.
    waiting: AtomicUsize,
    on_throttled: Option<OnThrottled>,
}

/// The learned limits of the service. Runs that share them learn them once.
pub(super) struct Limits {
    state: Mutex<State>,
    /// Wakes those who wait for another request to end.
    changed: Notify,
}

struct State {
    rate: AdaptiveRate,
    gate: Gate,
    /// The end of the pause that was last announced.
    announced: Instant,
}

/// The right to send one request, which is in flight until this is dropped.
pub(super) struct Permit<'a> {
    limiter: &'a RateLimiter,
    /// The number by which the gate knows the request.
    number: u64,
    started: Instant,
    _in_flight: Option<SemaphorePermit<'a>>,
}

impl Limits {
    /// Returns the limits of runs with at most `concurrency` requests in flight and, if it is set,
    /// `max_rate` requests per second.
    pub(super) fn new(concurrency: usize, max_rate: Option<f64>) -> Self {
        let now = Instant::now();
        let state = State {
            rate: AdaptiveRate::new(max_rate, now),
            gate: Gate::new(concurrency, now),
            announced: now,
        };
        Self {
            state: Mutex::new(state),
            changed: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits").finish_non_exhaustive()
    }
}

impl RateLimiter {
    /// Limits the requests of a run, of which at most `concurrency` are in flight.
    pub(super) fn new(
        concurrency: usize,
        limits: Arc<Limits>,
        on_throttled: Option<OnThrottled>,
    ) -> Self {
        Self {
            in_flight: InFlight::new(concurrency),
            limits,
            is_stopped: AtomicBool::new(false),
            waiting: AtomicUsize::new(0),
            on_throttled,
        }
    }

    /// Waits for a permit; `None` if the limiter was stopped.
    pub(super) async fn acquire(&self) -> Option<Permit<'_>> {
        let in_flight = self.in_flight.acquire().await;
        loop {
            let changed = self.limits.changed.notified();
            if self.is_stopped() {
                return None;
            }
            let now = Instant::now();
            let (admission, pause) = self.state().admit(now);
            if let (Some(wait), Some(on_throttled)) = (pause, &self.on_throttled) {
                on_throttled(Throttled { wait });
            }
            match admission {
                Admission::Granted(number) => {
                    return Some(Permit {
                        limiter: self,
                        number,
                        started: now,
                        _in_flight: in_flight,
                    });
                }
                Admission::NotBefore(time) => drop(timeout_at(time, changed).await),
                Admission::AfterAnother => changed.await,
            }
        }
    }

    /// Waits with a throttled request until this time, or until the limiter is stopped.
    pub(super) async fn sleep_until(&self, time: Instant) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        loop {
            let changed = self.limits.changed.notified();
            if self.is_stopped() || timeout_at(time, changed).await.is_err() {
                break;
            }
        }
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    /// Returns the number of throttled requests that wait to be sent again.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Stops the limiter: it gives no further permit.
    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Release);
        self.limits.changed.notify_waiters();
    }

    /// Returns whether the limiter was stopped.
    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Acquire)
    }

    /// Records that the request of this permit was not throttled.
    pub(super) fn on_success(&self, permit: &Permit<'_>) {
        self.in_flight.on_success();
        let mut state = self.state();
        let now = Instant::now();
        let State { rate, gate, .. } = &mut *state;
        let opening = gate.on_success(permit.number, permit.started, now);
        rate.on_success(opening, || gate.latest_rate(now), now);
    }

    /// Records that the request of this permit was throttled with this error.
    pub(super) fn on_throttled(&self, permit: &Permit<'_>, error: &Error) {
        let mut state = self.state();
        let now = Instant::now();
        let observed = state.gate.allowed_rate(now);
        let was_closed = state.gate.pause().is_some();
        let is_adapted = state.rate.is_adapted();
        state
            .gate
            .on_throttled(permit.number, error, permit.started, is_adapted, now);
        // A closed gate says nothing about the rate.
        if !state.gate.has_policy() && !was_closed {
            state.rate.on_throttled(permit.started, observed, now);
        }
    }

    /// Returns the time of the last response to a request that was not throttled.
    pub(super) fn last_success(&self) -> Option<Instant> {
        self.state().gate.last_success()
    }

    /// Returns the time of the next attempt, if everything is throttled.
    pub(super) fn closed_until(&self) -> Option<Instant> {
        self.state().gate.pause().map(|pause| pause.until)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.limits.state()
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.limiter.state().gate.release(self.number);
        self.limiter.limits.changed.notify_waiters();
    }
}

impl State {
    /// Returns whether a request can be sent, and a pause that has not been announced yet.
    fn admit(&mut self, now: Instant) -> (Admission, Option<Duration>) {
        if let Some(start) = self.rate.next_start(now) {
            return (Admission::NotBefore(start), None);
        }
        let admission = self.gate.admit(now);
        if let Admission::Granted(_) = admission {
            self.rate.on_start(self.gate.interval(now), now);
        }
        let mut pause = None;
        if let Admission::NotBefore(time) = admission {
            let opens = self.gate.pause().map_or(time, |pause| pause.expected);
            if opens >= now + MIN_REPORTED_PAUSE && opens >= self.announced + MIN_REPORTED_PAUSE {
                self.announced = opens;
                pause = Some(opens - now);
            }
        }
        (admission, pause)
    }
}

#[cfg(test)]
mod tests;
