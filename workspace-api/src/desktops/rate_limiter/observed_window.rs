//! The window of a gate whose 429 names none: observed from when it opens again.
//!
//! The gate opens at some time between the last refusal and the first success after it. Several such
//! pairs of times bound the length of the window, and each opening narrows the bounds.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Lengths of windows in seconds at whose ends a closed gate is tried, the likeliest first.
const USUAL: [u64; 9] = [60, 120, 90, 45, 30, 10, 5, 2, 1];

/// The shortest pause that shows a window. A shorter one may come from a rate.
const MIN_CLOSED: Duration = Duration::from_secs(2);

/// The shortest pause at a gate whose window is unknown. Each is as long as the gate has been closed.
const MIN_PAUSE: Duration = Duration::from_millis(250);

/// The longest pause or, if that is more, the longest as a fraction of the time that the gate has
/// been closed: the longer that is, the longer is its window.
const MAX_PAUSE: Duration = Duration::from_secs(10);
const MAX_PAUSES: u32 = 4;

/// Number of requests before a gate closed that afford a shorter pause, and the shortest pause as a
/// fraction of the time that the gate has been closed: each attempt costs a refusal.
const REQUESTS_PER_ATTEMPT: usize = 500;
const MAX_ATTEMPTS: u32 = 4;

/// The fraction of a window within which its length is to be known.
const PRECISION: u32 = 20;

/// The least time within which it is to be known: responses take a while.
const MIN_TOLERANCE: Duration = Duration::from_millis(100);

/// Maximum number of openings from which the length of the window is derived.
const MAX_OPENINGS: usize = 16;

/// The observed openings of a gate, and the bounds of its window that follow from them.
pub(super) struct ObservedWindow {
    /// When the gate was last found open.
    opened: Instant,
    /// When it was last found closed before that opening and the ones before it, latest last. Each
    /// of them began another window.
    closed_before: VecDeque<Instant>,
    /// The last refusal.
    refused: Option<Instant>,
    /// The length of the window is more than the first and at most the second.
    length: (Duration, Option<Duration>),
    /// The length that was last derived from these bounds.
    window: Option<Duration>,
}

impl ObservedWindow {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            opened: now,
            closed_before: VecDeque::new(),
            refused: None,
            length: (Duration::ZERO, None),
            window: None,
        }
    }

    /// When the gate was last found open.
    pub(super) fn opened(&self) -> Instant {
        self.opened
    }

    /// When the last refusal was sent, or when it says that the gate stays closed.
    pub(super) fn refused(&self) -> Option<Instant> {
        self.refused
    }

    /// Records that the present window began at this time, or shortly before: after windows of
    /// this length in which nothing was refused.
    pub(super) fn on_begun(&mut self, time: Instant, window: Duration) {
        if self.opened + MIN_CLOSED.min(window / 2) < time {
            self.opened = time;
            self.closed_before.clear();
        }
    }

    /// Records that a request, sent at this time, was refused. `closed_for` is how long the gate says
    /// that it stays closed at least.
    pub(super) fn on_refused(&mut self, sent: Instant, closed_for: Option<Duration>) {
        self.refused = sent.checked_add(closed_for.unwrap_or_default());
    }

    /// Returns whether a pause is so long that it ends with a window. A shorter one does if the gate
    /// is known to have a short window.
    pub(super) fn is_long(
        sent: Instant,
        last_success: Option<Instant>,
        window: Option<Duration>,
    ) -> bool {
        let min = window.map_or(MIN_CLOSED, |window| MIN_CLOSED.min(tolerance(window)));
        last_success.is_some_and(|success| sent.saturating_duration_since(success) >= min)
    }

    /// Records that a request, sent at this time, found the gate open after a long pause, before
    /// which the last one `passed`, and returns the length of the window.
    pub(super) fn on_opened(&mut self, sent: Instant, passed: Instant) -> Duration {
        let refused = self.refused.unwrap_or(self.opened).min(sent);
        let window = self.measure(passed, refused, sent);
        self.closed_before.push_back(refused);
        if self.closed_before.len() > MAX_OPENINGS {
            self.closed_before.pop_front();
        }
        self.opened = sent;
        window
    }

    /// Returns the length of the window in which the last request `passed`, and which ended between
    /// the other times.
    fn measure(&mut self, passed: Instant, refused: Instant, opened: Instant) -> Duration {
        let at_least = refused.saturating_duration_since(self.begun_until(passed));
        let closed_before = self.closed_before.iter().rev();
        let at_most = closed_before
            .zip(1..)
            .map(|(before, windows)| (opened - *before) / windows)
            .min();
        let (known_min, known_max) = self.length;
        let (min, max) = (known_min.max(at_least), min_of(known_max, at_most));
        // Bounds that contradict each other are those of a gate that counts otherwise now.
        self.length = match max {
            Some(max) if max <= min => {
                self.closed_before.clear();
                (at_least, None)
            }
            _ => (min, max),
        };
        let (min, max) = self.length;
        let longest = max.unwrap_or(opened - self.opened);
        // The length that was found before is kept while it is possible.
        let usual = USUAL.into_iter().map(Duration::from_secs);
        let mut likely = self.window.into_iter().chain(usual);
        // It began with the first request more likely than later.
        let min = min.max(refused.saturating_duration_since(self.opened));
        let window = likely
            .find(|window| (min..=longest).contains(window))
            .unwrap_or(longest);
        self.window = Some(window);
        window
    }

    /// Returns when a gate that let so many requests pass before it closed is tried next, if its
    /// window is not known.
    pub(super) fn next_try(&self, now: Instant, closed_for: Duration, passed: usize) -> Instant {
        let longest = MAX_PAUSE.max(closed_for / MAX_PAUSES);
        let attempts = u32::try_from(passed / REQUESTS_PER_ATTEMPT).unwrap_or(MAX_ATTEMPTS);
        let pause = (closed_for / attempts.clamp(1, MAX_ATTEMPTS)).clamp(MIN_PAUSE, longest);
        let begun = self.begun_until(now - closed_for);
        let likeliest = begun + with_margin(Duration::from_secs(USUAL[0]));
        // The end of a usual window is preferred, unless it is soon after the last attempt. One that
        // is not much later than the pause is worth the wait.
        let end_between = |from: Instant, to: Instant| {
            let usual = self.usual_window(from).map(|window| self.end(window));
            let ends = usual.into_iter().chain([likeliest]);
            ends.filter(|end| (from..to).contains(end)).min()
        };
        let (soon, end) = (now + pause / 4, now + pause);
        end_between(soon, end)
            .or_else(|| end_between(end, end + pause / 3))
            .unwrap_or(end)
    }

    /// Returns when a closed gate is tried next, before the `expected` end of its window.
    ///
    /// A window whose end was found once only is not known to be shorter.
    pub(super) fn early_try(&self, expected: Instant, now: Instant) -> Instant {
        let (min, max) = self.length;
        if max.is_none() {
            return expected;
        }
        self.halfway(min, expected, 1, now)
    }

    /// Returns when a gate whose window has not ended as expected is tried next, and when the next
    /// longer usual window must have ended; `None` if that is longer than the usual ones.
    pub(super) fn longer_window(&self, now: Instant) -> Option<(Instant, Instant)> {
        let window = self.usual_window(now)?;
        let end = self.end(window);
        // The next longer one may be the right one, too.
        Some((self.halfway(window, end, 2, now), end))
    }

    /// Returns the time halfway between the earliest end of a window with at least this length and
    /// the `expected` one, or the latter if both are near, by a number of tolerances.
    fn halfway(
        &self,
        at_least: Duration,
        expected: Instant,
        tolerances: u32,
        now: Instant,
    ) -> Instant {
        let begun = self.closed_before.back().unwrap_or(&self.opened);
        let earliest = now.max(*begun + at_least);
        let left = expected.saturating_duration_since(earliest);
        let length = expected.saturating_duration_since(self.opened);
        if left <= tolerances * tolerance(length) {
            return expected;
        }
        earliest + left / 2
    }

    /// Returns the latest time at which the window may have begun in which the last request `passed`:
    /// the first window may have begun while requests passed.
    fn begun_until(&self, passed: Instant) -> Instant {
        if self.closed_before.is_empty() {
            passed
        } else {
            self.opened
        }
    }

    /// Returns the shortest usual window that ends after a time, if it began when the gate opened.
    fn usual_window(&self, time: Instant) -> Option<Duration> {
        let windows = USUAL.into_iter().map(Duration::from_secs);
        windows
            .filter(|window| *window >= self.length.0 && self.end(*window) > time)
            .min()
    }

    /// Returns when a window has ended that began when the gate opened.
    fn end(&self, window: Duration) -> Instant {
        self.opened + with_margin(window)
    }
}

/// Adds what clocks and timers may differ by to the length of a window.
pub(super) fn with_margin(window: Duration) -> Duration {
    window + window / 200
}

/// Returns the time within which the length of a window is to be known.
pub(super) fn tolerance(window: Duration) -> Duration {
    (window / PRECISION).max(MIN_TOLERANCE)
}

fn min_of(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
