//! The window of a gate whose 429 names none: observed from when it opens again.
//!
//! The gate opened at some time between the last refusal and the first success after it. One window
//! before, it had opened between such a pair of times, too. So the length of the window lies in an
//! interval that each opening makes smaller.

use std::time::Duration;

use tokio::time::Instant;

/// Lengths in seconds at which a closed gate is tried, a minute first, which is the likeliest.
const USUAL: [u64; 9] = [60, 120, 90, 45, 30, 10, 5, 2, 1];

/// The shortest pause that shows a window. A shorter one is that of a rate.
const MIN_CLOSED: Duration = Duration::from_secs(2);

/// The range of a pause whose end is unknown: as long again as the gate has been closed.
const PAUSE: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(30)];

/// The observed openings of a gate, and the bounds of its window that follow from them.
pub(super) struct ObservedWindow {
    /// When the gate was last found open.
    opened: Instant,
    /// When it was last found closed before that.
    closed_before: Option<Instant>,
    /// The last refusal.
    refused: Option<Instant>,
    /// The length is more than the first and at most the second.
    length: (Duration, Option<Duration>),
    /// The length that was last derived from them.
    window: Option<Duration>,
}

impl ObservedWindow {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            opened: now,
            closed_before: None,
            refused: None,
            length: (Duration::ZERO, None),
            window: None,
        }
    }

    /// When the gate was last found open.
    pub(super) fn opened(&self) -> Instant {
        self.opened
    }

    /// Records that the present window began at this time, or shortly before: after windows in which
    /// nothing was refused.
    pub(super) fn on_begun(&mut self, time: Instant) {
        if self.opened + MIN_CLOSED < time {
            self.opened = time;
            self.closed_before = None;
        }
    }

    /// Records that a request, sent at this time, was refused.
    pub(super) fn on_refused(&mut self, sent: Instant) {
        self.refused = Some(sent);
    }

    /// Returns whether a pause is so long that it ends with a window.
    pub(super) fn is_long(sent: Instant, last_success: Option<Instant>) -> bool {
        last_success.is_some_and(|success| sent.saturating_duration_since(success) >= MIN_CLOSED)
    }

    /// Records that a request, sent at this time, found the gate open after a long pause, and
    /// returns the length of the window.
    pub(super) fn on_opened(&mut self, sent: Instant) -> Duration {
        let refused = self.refused.unwrap_or(self.opened);
        let window = self.measure(refused, sent);
        self.closed_before = Some(refused);
        self.opened = sent;
        window
    }

    /// Returns the length of the window that ended between these times.
    fn measure(&mut self, refused: Instant, opened: Instant) -> Duration {
        let at_least = refused.saturating_duration_since(self.opened);
        let at_most = self.closed_before.map(|before| opened - before);
        let (known_min, known_max) = self.length;
        let (min, max) = (known_min.max(at_least), min_of(known_max, at_most));
        // Without a contradiction, the observations add up.
        self.length = match max {
            Some(max) if max <= min => (at_least, at_most),
            _ => (min, max),
        };
        let (min, max) = self.length;
        let longest = max.unwrap_or(opened - self.opened);
        // What was found before is kept as long as it can be true.
        let usual = USUAL.into_iter().map(Duration::from_secs);
        let mut likely = self.window.into_iter().chain(usual);
        let window = likely
            .find(|window| (min..=longest).contains(window))
            .unwrap_or(longest);
        self.window = Some(window);
        window
    }

    /// Returns when a closed gate is tried next, if its window is not known.
    pub(super) fn next_try(&self, now: Instant, closed_for: Duration) -> Instant {
        let [shortest, longest] = PAUSE;
        let pause = closed_for.clamp(shortest, longest);
        // The end of a usual window, unless that would be soon after the last attempt. One that is
        // not much later than the pause is worth the wait.
        let end_between = |from: Instant, to: Instant| {
            let mut usual = USUAL.into_iter().map(|seconds| {
                let window = Duration::from_secs(seconds);
                self.opened + window + window / 200
            });
            usual.find(|end| *end > from && *end < to)
        };
        let (soon, end) = (now + pause / 3, now + pause);
        end_between(soon, end)
            .or_else(|| end_between(end, end + pause / 2))
            .unwrap_or(end)
    }

    /// Returns when a closed gate with this window is tried next, before `expected`: once where it
    /// may have opened, given when it was closed one window before.
    pub(super) fn early_try(&self, window: Duration, expected: Instant, now: Instant) -> Instant {
        let Some(closed_before) = self.closed_before else {
            return expected;
        };
        let earliest = closed_before + window;
        let left = expected.saturating_duration_since(earliest);
        if earliest <= now || left <= window / 20 {
            return expected;
        }
        earliest + left / 2
    }
}

fn min_of(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
