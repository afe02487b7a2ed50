//! An operation on batches of desktops: the requests, and the outcome of each desktop that follows
//! from a response.

use std::sync::Arc;

use super::id_index::IdIndex;
use super::outcome::{BatchOutcome, DesktopOutcome, Outcome};
use crate::types::{BatchDetachInstancesResponse, DesktopId, VmOperateResult};
use crate::{Error, ErrorKind, Result};

/// The content of a request for one desktop.
pub(super) trait BatchEntry: Send + Sync {
    /// Returns the id of the desktop.
    fn id(&self) -> &str;

    /// Returns the id of the desktop, which each entry of a batch has.
    fn into_id(self) -> Option<DesktopId>;
}

/// An operation on a batch of desktops.
pub(super) trait BatchOperation: Send + Sync + 'static {
    /// The content of a request for one desktop.
    type Entry: BatchEntry;
    /// The body of a request.
    type Body: Send + Sync;

    /// Makes the body of a request. The list is moved into it.
    fn body(&self, entries: Vec<Self::Entry>) -> Self::Body;

    /// Returns the list of a body.
    fn entries(body: Self::Body) -> Vec<Self::Entry>;

    /// Sends a request. Throttled requests are not retried, nor any after the run was stopped.
    fn send(&self, body: &Self::Body) -> impl Future<Output = Result<BatchResponse>> + Send;
}

/// Returns the ids of the desktops of a batch.
pub(super) fn into_ids<E: BatchEntry>(entries: Vec<E>) -> impl Iterator<Item = DesktopId> {
    entries.into_iter().filter_map(BatchEntry::into_id)
}

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
    pub(super) fn from_error(error: &Error) -> Option<Self> {
        let response = serde_json::from_slice(error.batch_report()?).ok()?;
        Some(Self::new(response, error.request_id().map(Arc::from)))
    }

    /// Derives the outcome of each desktop of the batch.
    pub(super) fn into_outcome<E: BatchEntry>(self, batch: Vec<E>) -> BatchOutcome {
        let (failures, has_anonymous) = self.failures_of(&batch);
        let without_failure = if has_anonymous {
            let message = "the service reported a failure without naming a desktop of the batch; \
                           it may be this one";
            Outcome::Unknown(Error::new(ErrorKind::InvalidResponse, message))
        } else if let Some(job_id) = &self.pool_job {
            Outcome::Accepted {
                job_id: job_id.clone(),
            }
        } else {
            Outcome::Succeeded
        };
        let mut desktops = Vec::with_capacity(batch.len());
        for entry in batch {
            let Some(desktop_id) = entry.into_id() else {
                continue;
            };
            desktops.push(DesktopOutcome {
                desktop_id,
                desktop_name: None,
                outcome: without_failure.clone(),
                request_id: self.request_id.clone(),
            });
        }
        for (desktop, failure) in desktops.iter_mut().zip(failures) {
            if let Some(failure) = failure {
                desktop.desktop_name.clone_from(&failure.desktop_name);
                desktop.outcome = Outcome::Failed(Error::desktop(
                    failure.error_code.clone(),
                    failure.error_msg.clone(),
                    self.request_id.as_deref().map(str::to_owned),
                ));
            }
        }
        BatchOutcome {
            desktops,
            job_ids: self.job_ids,
        }
    }

    /// Returns the first failure of each entry of the batch, or an empty list without failures, and
    /// whether a failure is of none of them.
    fn failures_of<E: BatchEntry>(&self, batch: &[E]) -> (Vec<Option<&VmOperateResult>>, bool) {
        if self.failures.is_empty() {
            return (Vec::new(), false);
        }
        let id_of = |entry: usize| batch[entry].id();
        let mut index = IdIndex::with_capacity(batch.len());
        for entry in 0..batch.len() {
            index.insert(entry, id_of);
        }
        let mut failures = vec![None; batch.len()];
        let mut has_anonymous = false;
        for failure in &self.failures {
            let id = failure.desktop_id.as_deref();
            match id.and_then(|id| index.find(id, id_of)) {
                Some(entry) => {
                    failures[entry].get_or_insert(failure);
                }
                None => has_anonymous = true,
            }
        }
        (failures, has_anonymous)
    }
}

#[cfg(test)]
mod tests;
