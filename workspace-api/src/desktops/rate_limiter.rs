//! How fast many calls may go: as fast as they are answered, until the service throttles; then a little below what it
//! let through, and slowly up again.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

/// What was let through is counted over this time.
const WINDOW: Duration = Duration::from_secs(1);

/// After a cut, this long passes before the next: calls whose turn was set before it are still on their way.
const SETTLING: Duration = Duration::from_millis(500);

/// The part of what was let through that is tried next.
const STEP_BACK: f64 = 0.97;

/// The most that a few throttled calls take from the rate, because a quiet second lets little through too.
const DEEPEST_CUT: f64 = 0.7;

/// So many throttled calls are no accident: what was let through is all that there is.
const MANY: u32 = 5;

/// By how much the rate grows in a second as long as it is well below where it was last throttled.
const RECOVERY: f64 = 0.25;

/// By how much the rate grows in the first second near that rate; in each further second by as much more, so that it
/// stays near a limit that holds, and is soon far above one that is gone.
const GROWTH: f64 = 0.01;

/// Calls a second, however hard the service throttles.
const SLOWEST: f64 = 0.5;

/// The longest time between two calls, whatever rate is asked for.
const LONGEST_GAP: Duration = Duration::from_secs(24 * 3600);

/// The common pace of many calls.
#[derive(Debug)]
pub(super) struct Pace {
    calls: Semaphore,
    state: Mutex<State>,
}

/// A call's permission to be under way, until it is dropped.
pub(super) struct Turn<'a> {
    at: Instant,
    _permit: Option<SemaphorePermit<'a>>,
}

#[derive(Debug)]
struct State {
    /// Calls a second; none as long as nothing limits them.
    rate: Option<f64>,
    most: Option<f64>,
    /// When the next call may start.
    next: Instant,
    /// The rate that was last throttled.
    ceiling: f64,
    /// When the rate was last cut, and when it last grew.
    cut: Option<Instant>,
    grown: Instant,
    started: Instant,
    stopped: bool,
    /// The calls that were throttled since the last cut.
    throttled: u32,
    /// When the calls of the last window were answered.
    answered: VecDeque<Instant>,
}

impl Pace {
    /// At most `calls` at a time and, if that is given, at most `most` a second.
    pub(super) fn new(calls: usize, most: Option<f64>) -> Self {
        let now = Instant::now();
        let state = State {
            rate: most,
            most,
            next: now,
            ceiling: f64::INFINITY,
            cut: None,
            grown: now,
            started: now,
            stopped: false,
            throttled: 0,
            answered: VecDeque::new(),
        };
        Self {
            calls: Semaphore::new(calls.min(Semaphore::MAX_PERMITS)),
            state: Mutex::new(state),
        }
    }

    /// Waits for a call's turn; none if all was stopped.
    pub(super) async fn turn(&self) -> Option<Turn<'_>> {
        // The semaphore is never closed, so there always is a permit.
        let permit = self.calls.acquire().await.ok();
        let now = Instant::now();
        let at = {
            let mut state = self.state();
            state.grow(now);
            let at = state.next.max(now);
            let gap = state.rate.map_or(Duration::ZERO, |rate| {
                Duration::try_from_secs_f64(rate.recip())
                    .map_or(LONGEST_GAP, |gap| gap.min(LONGEST_GAP))
            });
            state.next = at + gap;
            at
        };
        // Timers count in milliseconds, and one for this very moment would take up to the next.
        if at > now {
            sleep_until(at).await;
        }
        let turn = Turn {
            at,
            _permit: permit,
        };
        (!self.is_stopped()).then_some(turn)
    }

    /// Lets no further call begin.
    pub(super) fn stop(&self) {
        self.state().stopped = true;
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.state().stopped
    }

    /// A call was let through.
    pub(super) fn answered(&self) {
        let mut state = self.state();
        let now = Instant::now();
        state.forget(now);
        state.answered.push_back(now);
    }

    /// The call of this turn was throttled.
    pub(super) fn throttled(&self, turn: Turn<'_>) {
        let mut state = self.state();
        let now = Instant::now();
        state.throttled += 1;
        if state
            .cut
            .is_some_and(|cut| turn.at < cut || now - cut < SETTLING)
        {
            return;
        }
        state.forget(now);
        let counted = (now - state.started)
            .min(WINDOW)
            .max(Duration::from_millis(1));
        let let_through = state.answered.len() as f64 / counted.as_secs_f64();
        let rate = match state.rate {
            Some(rate) => {
                let lowest = if state.throttled < MANY {
                    rate * DEEPEST_CUT
                } else {
                    0.0
                };
                (let_through * STEP_BACK).clamp(lowest, rate * STEP_BACK)
            }
            None => let_through * STEP_BACK,
        };
        state.ceiling = state.rate.unwrap_or(let_through);
        state.rate = Some(rate.max(SLOWEST));
        (state.cut, state.grown, state.throttled) = (Some(now), now, 0);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forget(&mut self, now: Instant) {
        while self
            .answered
            .front()
            .is_some_and(|answered| now - *answered > WINDOW)
        {
            self.answered.pop_front();
        }
    }

    fn grow(&mut self, now: Instant) {
        let Some(rate) = self.rate else { return };
        let seconds = (now - self.grown).as_secs_f64();
        let growth = if rate < self.ceiling * STEP_BACK * STEP_BACK {
            RECOVERY
        } else {
            GROWTH
                * self
                    .cut
                    .map_or(1.0, |cut| (now - cut).as_secs_f64().max(1.0))
        };
        let rate = rate * (1.0 + growth * seconds);
        self.rate = Some(self.most.map_or(rate, |most| rate.min(most)));
        self.grown = now;
    }
}

#[cfg(test)]
mod tests;
