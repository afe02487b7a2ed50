//! `Retry-After`: how long a closed gate says that it stays closed.
//!
//! It counts whole seconds, rounded up, so the gate opens within the last of them. No request is sent
//! before the delay has passed; but a short one may come from a rate, so that it does not show alone
//! when the gate opens.

use std::time::Duration;

use tokio::time::Instant;

use super::closed::Pause;
use crate::Error;

/// The gate may open up to this much earlier than it says.
const ROUNDED_BY: Duration = Duration::from_secs(1);

/// The longest delay that may come from a rate or a short window.
const MAX_SHORT: Duration = Duration::from_secs(2);

/// Bounds of the time until a gate opens.
#[derive(Clone, Copy)]
pub(super) struct RetryAfter(Duration);

impl RetryAfter {
    /// Reads the header of a 429.
    pub(super) fn of(error: &Error) -> Option<Self> {
        error.retry_after().map(Self)
    }

    /// How long the gate stays closed at least.
    pub(super) fn at_least(self) -> Duration {
        self.0.saturating_sub(ROUNDED_BY)
    }

    pub(super) fn is_long(self) -> bool {
        self.0 > MAX_SHORT
    }

    /// Returns a pause that ends with the delay, or later if that is short; `None` if never.
    pub(super) fn bound(self, pause: Pause, now: Instant) -> Option<Pause> {
        let end = now.checked_add(self.0)?;
        if self.is_long() {
            return Some(Pause::until(end));
        }
        Some(pause.not_before(end))
    }
}
