//! Locking without poison, and a signal that ends waits.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

/// Locks a mutex whose holders never panic, so poisoning can be ignored.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A request to stop, which is made once and stays.
#[derive(Default)]
pub(crate) struct StopSignal {
    is_set: AtomicBool,
    changed: Notify,
}

impl StopSignal {
    /// Ends all waits, now and later.
    pub(crate) fn set(&self) {
        self.is_set.store(true, Ordering::Release);
        self.changed.notify_waiters();
    }

    pub(crate) fn is_set(&self) -> bool {
        self.is_set.load(Ordering::Acquire)
    }

    /// Waits until this time, or until the signal is set.
    pub(crate) async fn sleep_until(&self, time: Instant) {
        let changed = self.changed.notified();
        if !self.is_set() {
            // Both ends of the wait are fine.
            let _ = timeout_at(time, changed).await;
        }
    }
}
