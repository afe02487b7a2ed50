//! The times of requests that were not throttled: how many passed, and at which rate.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Maximum number of remembered successes: a window with more requests is not known in full.
const MAX_REMEMBERED: usize = 10_000;

/// The rate is measured over this time, or over this number of successes if they took longer.
const MEASURED_TIME: Duration = Duration::from_secs(1);
const MEASURED: usize = 30;

/// The fewest successes between two refusals that show the rate.
const MIN_BETWEEN: usize = 8;

/// The times of the responses to requests that were not throttled, oldest first.
#[derive(Default)]
pub(super) struct Successes {
    times: VecDeque<Instant>,
    last: Option<Instant>,
    /// The refusal from which on the allowed rate is measured.
    refused: Option<Instant>,
}

impl Successes {
    pub(super) fn add(&mut self, now: Instant) {
        self.times.push_back(now);
        self.last = Some(now);
    }

    /// Returns the time of the last success, even if it was forgotten.
    pub(super) fn last(&self) -> Option<Instant> {
        self.last
    }

    /// Returns the number of successes from this time on.
    pub(super) fn count_since(&self, time: Instant) -> usize {
        self.times.len() - self.times.partition_point(|success| *success < time)
    }

    /// Returns the success after the first `n` from this time on.
    pub(super) fn nth_since(&self, time: Instant, n: usize) -> Option<Instant> {
        let first = self.times.partition_point(|success| *success < time);
        self.times.get(first + n).copied()
    }

    /// Returns the rate per second of the latest successes after this time.
    pub(super) fn rate(&self, since: Instant, now: Instant) -> f64 {
        let recent = now.checked_sub(MEASURED_TIME).unwrap_or(since);
        let count = self.count_since(recent).max(MEASURED);
        let all = self.times.len() - self.times.partition_point(|success| *success <= since);
        let (count, begun) = match self.times.len().checked_sub(count + 1) {
            Some(before) if count < all => (count, self.times[before]),
            _ => (all, since),
        };
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        f64::from(count) / (now - begun).as_secs_f64().max(0.001)
    }

    /// Returns the rate per second of all successes from this time on.
    pub(super) fn rate_since(&self, since: Instant, now: Instant) -> f64 {
        let count = u32::try_from(self.count_since(since)).unwrap_or(u32::MAX);
        let time = now.saturating_duration_since(since);
        f64::from(count) / time.as_secs_f64().max(0.001)
    }

    /// Returns the rate per second that the service allowed since a time, given that it refuses a
    /// request now.
    ///
    /// A bucket that is not empty allows more for a while, so the rate counts from the last refusal,
    /// when the bucket was empty, if that is lower.
    pub(super) fn allowed_rate(&mut self, since: Instant, now: Instant) -> f64 {
        let latest = self.rate(since, now);
        let refused = self.refused.unwrap_or(since);
        if self.count_since(refused) < MIN_BETWEEN {
            return latest;
        }
        self.refused = Some(now);
        self.rate_since(refused, now).min(latest)
    }

    /// Forgets the successes that are older than a window, and the oldest of more than
    /// [`MAX_REMEMBERED`].
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
