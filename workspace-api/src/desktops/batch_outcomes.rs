//! The stream of the outcomes of batches.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt};

use super::outcome::BatchOutcome;
use super::stop_handle::StopHandle;

/// The outcomes of batches, each as soon as it is known; from
/// [`Desktops::detach_in_batches`](super::Desktops::detach_in_batches) and
/// [`Desktops::log_off_in_batches`](super::Desktops::log_off_in_batches).
///
/// A batch is sent when its outcome is asked for. If this is dropped between two batches, the
/// remaining desktops are not sent. If it is dropped while a batch is in flight, that batch's
/// outcome is lost: use a [`StopHandle`] to stop at any moment.
///
/// [`next`](Self::next) needs no other crate. It is also a [`Stream`] that is `Send`, `Unpin` and
/// `'static`: it borrows nothing, so it can be returned, stored and moved to another task.
#[must_use = "nothing is sent before an outcome is asked for"]
pub struct BatchOutcomes {
    outcomes: BoxStream<'static, BatchOutcome>,
    stop: StopHandle,
}

impl BatchOutcomes {
    pub(super) fn new(
        outcomes: impl Stream<Item = BatchOutcome> + Send + 'static,
        stop: StopHandle,
    ) -> Self {
        Self {
            outcomes: outcomes.boxed(),
            stop,
        }
    }

    /// Returns a handle that stops the run, also while an outcome is awaited.
    pub fn stop_handle(&self) -> StopHandle {
        self.stop.clone()
    }

    /// Sends the next batch and returns its outcome; `None` after the last one.
    pub async fn next(&mut self) -> Option<BatchOutcome> {
        self.outcomes.next().await
    }

    /// Sends all batches and joins their outcomes.
    pub(super) async fn collect(mut self) -> BatchOutcome {
        let mut all = self.next().await.unwrap_or_default();
        while let Some(batch) = self.next().await {
            all.desktops.extend(batch.desktops);
            all.job_ids.extend(batch.job_ids);
        }
        all
    }
}

impl Stream for BatchOutcomes {
    type Item = BatchOutcome;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.outcomes.poll_next_unpin(context)
    }
}

impl fmt::Debug for BatchOutcomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchOutcomes").finish_non_exhaustive()
    }
}
