//! When requests were not throttled: how many passed, and at which rate.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Maximum number of remembered successes: a window with more requests is not known in full.
const MAX_REMEMBERED: usize = 10_000;

/// The rate is measured over this time, or over so many successes if that takes longer.
const MEASURED_TIME: Duration = Duration::from_secs(1);
const MEASURED: usize = 30;

/// The times of the responses to requests that were not throttled, oldest first.
#[derive(Default)]
pub(super) struct Successes {
    times: VecDeque<Instant>,
    last: Option<Instant>,
}

impl Successes {
    pub(super) fn add(&mut self, now: Instant) {
        self.times.push_back(now);
        self.last = Some(now);
    }

    /// Returns the time of the last one, even if it was forgotten.
    pub(super) fn last(&self) -> Option<Instant> {
        self.last
    }

    /// Returns the number of those from this time on.
    pub(super) fn count_since(&self, time: Instant) -> usize {
        self.times.len() - self.times.partition_point(|success| *success < time)
    }

    /// Returns the first one from this time on.
    pub(super) fn first_since(&self, time: Instant) -> Option<Instant> {
        let first = self.times.partition_point(|success| *success < time);
        self.times.get(first).copied()
    }

    /// Returns the rate per second of the latest, from this time on.
    pub(super) fn rate(&self, since: Instant, now: Instant) -> f64 {
        let recent = now.checked_sub(MEASURED_TIME).unwrap_or(since);
        let count = self.count_since(recent).max(MEASURED);
        let all = self.count_since(since);
        let (count, begun) = match self.times.len().checked_sub(count + 1) {
            Some(before) if count < all => (count, self.times[before]),
            _ => (all, since),
        };
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        f64::from(count) / (now - begun).as_secs_f64().max(0.001)
    }

    /// Forgets those that are older than a window, and the oldest of too many.
    pub(super) fn forget_old(&mut self, window: Option<Duration>, now: Instant) {
        while let Some(oldest) = self.times.front() {
            let is_expired = window.is_some_and(|window| *oldest + window <= now);
            if !is_expired && self.times.len() <= MAX_REMEMBERED {
                break;
            }
            self.times.pop_front();
        }
    }
}
