//! Sends long lists in batches. A batch that the service rejects because of some desktops is sent
//! again without them.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::vec;

use futures_util::stream;

use super::batch_operation::{BatchEntry, BatchOperation, BatchResponse, into_ids};
use super::batch_outcomes::BatchOutcomes;
use super::breaker::{Breaker, rejects_desktops};
use super::id_index::is_same;
use super::outcome::{BatchOutcome, DesktopOutcome, Outcome};
use super::paced::send_paced;
use super::rate_limiter::RateLimiter;
use super::stop_handle::StopHandle;
use crate::sync::StopSignal;
use crate::{Error, ErrorKind, RetryPolicy};

/// Maximum number of rejections without a success in between, after which a rejected request is not
/// split any more. This many halve a batch of 100 down to parts of three desktops.
const MAX_REJECTIONS: u32 = 64;

/// Desktops that are sent in batches, one batch at a time.
pub(super) struct Batches<O: BatchOperation> {
    entries: vec::IntoIter<O::Entry>,
    size: usize,
    operation: O,
    limiter: Arc<RateLimiter>,
    stop: Arc<StopSignal>,
    retry: RetryPolicy,
    breaker: Breaker,
    /// Number of rejections since the last success.
    rejections: u32,
    /// The error after which nothing more is sent.
    ended_by: Option<Error>,
}

impl<O: BatchOperation> Batches<O> {
    pub(super) fn new(
        entries: Vec<O::Entry>,
        size: usize,
        retry: RetryPolicy,
        limiter: RateLimiter,
        stop: Arc<StopSignal>,
        operation: O,
    ) -> Self {
        Self {
            entries: entries.into_iter(),
            size,
            operation,
            limiter: Arc::new(limiter),
            stop,
            retry,
            breaker: Breaker::default(),
            rejections: 0,
            ended_by: None,
        }
    }

    /// Sends the next batch and returns its outcome; `None` after the last batch.
    ///
    /// If the service rejects the batch because of some of its desktops, the others are sent again
    /// without them. After an error that the next request would share, the remaining desktops are
    /// not sent.
    pub(super) async fn next(&mut self) -> Option<BatchOutcome> {
        let batch: Vec<_> = if self.entries.len() <= self.size {
            // The whole list is not copied.
            std::mem::take(&mut self.entries).collect()
        } else {
            self.entries.by_ref().take(self.size).collect()
        };
        if batch.is_empty() {
            return None;
        }
        let mut parts = Parts::default();
        let mut outcome = self.send_part(batch, &mut parts).await;
        // The largest part first: most of what can succeed does so in few requests.
        while let Some(part) = parts.unsent.pop_front() {
            let sent = self.send_part(part, &mut parts).await;
            outcome.desktops.extend(sent.desktops);
            outcome.job_ids.extend(sent.job_ids);
        }
        parts.restore_order(&mut outcome);
        Some(outcome)
    }

    /// Sends a part of a batch and returns the outcomes that are final. The desktops that have to
    /// be sent again are added to `parts`.
    async fn send_part(
        &mut self,
        part: Vec<O::Entry>,
        parts: &mut Parts<O::Entry>,
    ) -> BatchOutcome {
        if let Some(error) = &self.ended_by {
            let outcome = Outcome::NotSent(error.clone());
            return BatchOutcome::with_same_outcome(into_ids(part), &outcome);
        }
        let body = self.operation.body(part);
        let send = |_| self.operation.send(&body);
        let paced = send_paced(&self.limiter, self.retry, send).await;
        let part = O::entries(body);
        let Some((sent_at, result)) = paced else {
            // A throttled request was not processed, so its desktops were not sent either.
            let message = "the run was stopped before this desktop was sent";
            let outcome = Outcome::NotSent(Error::new(ErrorKind::Stopped, message));
            return BatchOutcome::with_same_outcome(into_ids(part), &outcome);
        };
        let error = match result {
            Ok(response) => {
                self.rejections = 0;
                self.breaker.on_success();
                return response.into_outcome(part);
            }
            Err(error) => error,
        };
        if let Some(response) = BatchResponse::from_error(&error) {
            self.breaker.on_success();
            return response.into_outcome(part);
        }
        if self.breaker.on_batch_error(&error, sent_at) {
            self.ended_by = Some(error.of_unsent());
        }
        if error.may_have_been_processed() {
            return BatchOutcome::with_same_outcome(into_ids(part), &Outcome::Unknown(error));
        }
        if !rejects_desktops(&error) {
            return BatchOutcome::with_same_outcome(into_ids(part), &Outcome::Failed(error));
        }
        self.rejections += 1;
        if part.len() == 1 {
            return BatchOutcome::with_same_outcome(into_ids(part), &Outcome::Failed(error));
        }
        parts.remember_order(&part);
        let (at_fault, mut others): (Vec<_>, Vec<_>) = part
            .into_iter()
            .partition(|entry| names(&error, entry.id()));
        if at_fault.is_empty() {
            if self.rejections >= MAX_REJECTIONS {
                others.extend(parts.unsent.drain(..).flatten());
                let outcome = Outcome::Failed(rejected_together(error));
                return BatchOutcome::with_same_outcome(into_ids(others), &outcome);
            }
            let second_half = others.split_off(others.len() / 2);
            parts.unsent.extend([others, second_half]);
        } else if !others.is_empty() {
            parts.unsent.push_back(others);
        }
        BatchOutcome::with_same_outcome(into_ids(at_fault), &Outcome::Failed(error))
    }

    /// Returns a stream of the outcomes. A batch is sent when the stream is polled for it.
    pub(super) fn into_outcomes(self) -> BatchOutcomes {
        let stop = StopHandle::new(Arc::clone(&self.limiter), Arc::clone(&self.stop));
        let outcomes = stream::unfold(self, |mut batches| async {
            let outcome = batches.next().await?;
            Some((outcome, batches))
        });
        BatchOutcomes::new(outcomes, stop)
    }
}

/// The parts of a batch that the service rejected as a whole. An accepted batch has none.
struct Parts<E> {
    unsent: VecDeque<Vec<E>>,
    /// The position of each desktop in the batch, once it is split.
    positions: HashMap<String, usize>,
}

impl<E> Default for Parts<E> {
    fn default() -> Self {
        Self {
            unsent: VecDeque::new(),
            positions: HashMap::new(),
        }
    }
}

impl<E: BatchEntry> Parts<E> {
    /// Remembers the order of the batch. The first part that is split is the whole batch.
    fn remember_order(&mut self, part: &[E]) {
        if self.positions.is_empty() {
            let ids = part.iter().map(|entry| entry.id().to_owned());
            self.positions = ids.zip(0..).collect();
        }
    }

    fn restore_order(&self, outcome: &mut BatchOutcome) {
        if self.positions.is_empty() {
            return;
        }
        let position = |desktop: &DesktopOutcome| {
            let id = desktop.desktop_id.as_str();
            self.positions.get(id).copied()
        };
        outcome.desktops.sort_by_key(position);
    }
}

/// Notes in the error of several rejected desktops that not each of them need be at fault.
fn rejected_together(error: Error) -> Error {
    const NOTE: &str = "this desktop was rejected together with others, which may be at fault";
    let detail = match error.detail() {
        Some(detail) => format!("{detail}; {NOTE}"),
        None => NOTE.to_owned(),
    };
    error.with_detail(detail)
}

/// Returns whether the error names the desktop as a whole word.
fn names(error: &Error, desktop_id: &str) -> bool {
    let is_of_an_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    [error.message(), error.detail()]
        .into_iter()
        .flatten()
        .flat_map(|text| text.split(|c| !is_of_an_id(c)))
        .any(|word| is_same(word, desktop_id))
}
