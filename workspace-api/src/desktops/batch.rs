//! Sends long lists in batches and derives one outcome per desktop from each response.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::vec;

use futures_util::stream;

use super::batch_outcomes::BatchOutcomes;
use super::breaker::{Breaker, rejects_desktops};
use super::outcome::{BatchOutcome, DesktopOutcome, Outcome};
use super::paced::send_paced;
use super::rate_limiter::RateLimiter;
use super::stop_handle::StopHandle;
use crate::sync::StopSignal;
use crate::types::{BatchDetachInstancesResponse, DesktopId, VmOperateResult};
use crate::{Error, ErrorKind, Result, RetryPolicy};

/// Maximum number of rejections without a success in between, after which a rejected request is not
/// split any more. This many halve a batch of 100 down to parts of three desktops.
const MAX_REJECTIONS: u32 = 64;

/// The response to one batch.
#[derive(Default)]
pub(super) struct BatchResponse {
    failures: Vec<VmOperateResult>,
    /// The job that works on the desktops of a pool; `None` for ordinary desktops.
    pool_job: Option<String>,
    job_ids: Vec<String>,
    request_id: Option<Arc<str>>,
}

impl BatchResponse {
    pub(super) fn new(
        response: BatchDetachInstancesResponse,
        request_id: Option<Arc<str>>,
    ) -> Self {
        let mut job_ids = response.success_job_ids;
        let pool_job = response.job_id.filter(|id| !id.is_empty());
        job_ids.extend(pool_job.clone());
        Self {
            failures: response.failed_operation_list,
            pool_job,
            job_ids,
            request_id,
        }
    }

    /// The response of an operation that reports nothing about single desktops.
    pub(super) fn without_report(request_id: Option<Arc<str>>) -> Self {
        Self {
            request_id,
            ..Self::default()
        }
    }

    /// Reads the failures of a success for which the contract promises no body.
    fn from_error(error: &Error) -> Option<Self> {
        let response = serde_json::from_slice(error.batch_report()?).ok()?;
        Some(Self::new(response, error.request_id().map(Arc::from)))
    }

    /// Derives the outcome of each desktop of the batch.
    fn into_outcome<T>(self, batch: Vec<(DesktopId, T)>) -> BatchOutcome {
        let is_anonymous =
            |failure: &VmOperateResult| !batch.iter().any(|(id, _)| concerns(failure, id));
        let without_failure = if self.failures.iter().any(is_anonymous) {
            let message = "the service reported a failure without naming a desktop of the batch; \
                           it may be this one";
            Outcome::Unknown(Error::new(ErrorKind::InvalidResponse, message))
        } else if let Some(job_id) = self.pool_job {
            Outcome::Accepted { job_id }
        } else {
            Outcome::Succeeded
        };
        let mut desktops = Vec::with_capacity(batch.len());
        for (desktop_id, _) in batch {
            let failure = self
                .failures
                .iter()
                .find(|failure| concerns(failure, &desktop_id));
            let outcome = match failure {
                Some(failure) => Outcome::Failed(Error::desktop(
                    failure.error_code.clone(),
                    failure.error_msg.clone(),
                    self.request_id.as_deref().map(str::to_owned),
                )),
                None => without_failure.clone(),
            };
            desktops.push(DesktopOutcome {
                desktop_id,
                desktop_name: failure.and_then(|failure| failure.desktop_name.clone()),
                outcome,
                request_id: self.request_id.clone(),
            });
        }
        BatchOutcome {
            desktops,
            job_ids: self.job_ids,
        }
    }
}

/// Returns whether the failure names this desktop.
fn concerns(failure: &VmOperateResult, desktop_id: &DesktopId) -> bool {
    failure
        .desktop_id
        .as_ref()
        .is_some_and(|failed| failed.eq_ignore_ascii_case(desktop_id.as_str()))
}

/// An operation on a batch of desktops.
pub(super) trait BatchOperation: Send + Sync + 'static {
    /// The content of a request for one desktop, besides its id.
    type Rest: Send + Sync;
    /// The body of a request.
    type Body: Send + Sync;

    /// Makes the body of a request. The desktops are moved into it.
    fn body(&self, desktops: Vec<(DesktopId, Self::Rest)>) -> Self::Body;

    /// Returns the desktops of a body.
    fn desktops(body: Self::Body) -> Vec<(DesktopId, Self::Rest)>;

    /// Sends a request. Throttled requests are not retried, nor any after the run was stopped.
    fn send(&self, body: &Self::Body) -> impl Future<Output = Result<BatchResponse>> + Send;
}

/// Desktops that are sent in batches, one batch at a time.
pub(super) struct Batches<O: BatchOperation> {
    desktops: vec::IntoIter<(DesktopId, O::Rest)>,
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
        desktops: Vec<(DesktopId, O::Rest)>,
        size: usize,
        retry: RetryPolicy,
        limiter: RateLimiter,
        stop: Arc<StopSignal>,
        operation: O,
    ) -> Self {
        Self {
            desktops: desktops.into_iter(),
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
        let batch: Vec<_> = if self.desktops.len() <= self.size {
            // The whole list is not copied.
            std::mem::take(&mut self.desktops).collect()
        } else {
            self.desktops.by_ref().take(self.size).collect()
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
        part: Vec<(DesktopId, O::Rest)>,
        parts: &mut Parts<O::Rest>,
    ) -> BatchOutcome {
        if let Some(error) = &self.ended_by {
            let outcome = Outcome::NotSent(error.clone());
            return BatchOutcome::with_same_outcome(into_ids(part), &outcome);
        }
        let body = self.operation.body(part);
        let send = |_| self.operation.send(&body);
        let paced = send_paced(&self.limiter, self.retry, send).await;
        let part = O::desktops(body);
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
        let (at_fault, mut others): (Vec<_>, Vec<_>) =
            part.into_iter().partition(|(id, _)| names(&error, id));
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
struct Parts<T> {
    unsent: VecDeque<Vec<(DesktopId, T)>>,
    /// The position of each desktop in the batch, once it is split.
    positions: HashMap<DesktopId, usize>,
}

impl<T> Default for Parts<T> {
    fn default() -> Self {
        Self {
            unsent: VecDeque::new(),
            positions: HashMap::new(),
        }
    }
}

impl<T> Parts<T> {
    /// Remembers the order of the batch. The first part that is split is the whole batch.
    fn remember_order(&mut self, part: &[(DesktopId, T)]) {
        if self.positions.is_empty() {
            let ids = part.iter().map(|(id, _)| id.clone());
            self.positions = ids.zip(0..).collect();
        }
    }

    fn restore_order(&self, outcome: &mut BatchOutcome) {
        if self.positions.is_empty() {
            return;
        }
        let position = |desktop: &DesktopOutcome| self.positions.get(&desktop.desktop_id).copied();
        outcome.desktops.sort_by_key(position);
    }
}

fn into_ids<T>(desktops: Vec<(DesktopId, T)>) -> impl Iterator<Item = DesktopId> {
    desktops.into_iter().map(|(id, _)| id)
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
fn names(error: &Error, desktop_id: &DesktopId) -> bool {
    let is_of_an_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    [error.message(), error.detail()]
        .into_iter()
        .flatten()
        .flat_map(|text| text.split(|c| !is_of_an_id(c)))
        .any(|word| word.eq_ignore_ascii_case(desktop_id.as_str()))
}
