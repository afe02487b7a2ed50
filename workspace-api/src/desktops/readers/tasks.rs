//! Tasks of the runtime that end with the stream that started them.
//!
//! An aborted task is dropped when the runtime comes to it, and until then its connection may send a
//! request that waits. So the future of each task is dropped with the set.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, TryLockError};
use std::task::{Context, Poll};

use tokio::task::{JoinError, JoinSet};
use tracing::Instrument;
use tracing::dispatcher::has_been_set;
use tracing::instrument::WithSubscriber;

use crate::sync::lock;

/// The future of a task, which is `None` once it has ended.
type Slot = Arc<Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>>;

/// A set of tasks.
#[derive(Default)]
pub(super) struct Tasks {
    running: JoinSet<()>,
    slots: Vec<Slot>,
}

impl Tasks {
    /// Returns the number of tasks that have not ended.
    pub(super) fn len(&self) -> usize {
        self.running.len()
    }

    /// Starts a task in the present span.
    ///
    /// # Panics
    ///
    /// Outside of a runtime.
    pub(super) fn start(&mut self, future: impl Future<Output = ()> + Send + 'static) {
        let future: Pin<Box<dyn Future<Output = ()> + Send>> = if has_been_set() {
            Box::pin(future.in_current_span().with_current_subscriber())
        } else {
            Box::pin(future)
        };
        let slot = Arc::new(Mutex::new(Some(future)));
        self.slots.push(Arc::clone(&slot));
        self.running.spawn(poll_fn(move |context| {
            let mut slot = lock(&slot);
            let Some(future) = &mut *slot else {
                return Poll::Ready(());
            };
            let polled = future.as_mut().poll(context);
            if polled.is_ready() {
                *slot = None;
            }
            polled
        }));
    }

    /// Polls for a task that has ended; `None` if there is none any more.
    pub(super) fn poll_ended(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<(), JoinError>>> {
        self.running.poll_join_next(context)
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        self.running.abort_all();
        for slot in &self.slots {
            let future = match slot.try_lock() {
                Ok(mut slot) => slot.take(),
                Err(TryLockError::Poisoned(slot)) => slot.into_inner().take(),
                // Another thread runs the task, which is aborted at its next await. To wait for it
                // could be a deadlock, because a task calls functions of the program.
                Err(TryLockError::WouldBlock) => None,
            };
            drop(future);
        }
    }
}
