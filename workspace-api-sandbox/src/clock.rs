//! The sandbox's clock, in one place so that a test can set it: records, skew of signatures, locks and limits follow it.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

#[derive(Clone)]
pub(crate) struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    pub(crate) fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(crate) fn now(&self) -> SystemTime {
        (self.0)()
    }

    /// Now as `2026-03-10T12:02:11Z`, one of the forms that the service's sibling operations use.
    pub(crate) fn timestamp(&self) -> String {
        timestamp(self.now())
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(SystemTime::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.timestamp())
    }
}

pub(crate) fn timestamp(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string()
}
