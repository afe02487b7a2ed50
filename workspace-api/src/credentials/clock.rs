//! The time of day as a value, so that expiry can be tested without waiting.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

/// A clock. The default is the system's.
///
/// ```
/// use std::time::UNIX_EPOCH;
/// use workspace_api::credentials::Clock;
///
/// let stopped = Clock::new(|| UNIX_EPOCH);
/// assert_eq!(stopped.now(), UNIX_EPOCH);
/// ```
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    /// A clock that returns the time of `now`.
    pub fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Returns the current time.
    pub fn now(&self) -> SystemTime {
        (self.0)()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(SystemTime::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
