//! The high-level API: one method per task.

mod batch;
mod batch_operation;
mod batch_outcomes;
mod breaker;
mod detach_infos;
mod id;
mod id_index;
mod outcome;
mod paced;
mod rate_limiter;
mod readers;
mod requests;
mod stop_handle;
mod unbinding;
mod validate;

use std::sync::{Arc, OnceLock};

use crate::sync::StopSignal;
use crate::types::{
    DesktopDetachInfo, DesktopId, DetachInstancesDesktopInfo, LogoffDesktopsReqMessage, ProjectId,
};
use crate::{Client, Error, Result, limits};
use batch::Batches;
use batch_operation::BatchOperation;
pub use batch_outcomes::BatchOutcomes;
pub use detach_infos::{DetachInfoStream, DetachInfos};
pub use id::AsDesktopId;
pub use outcome::{BatchOutcome, DesktopOutcome, Outcome};
use rate_limiter::{Limits, RateLimiter};
use requests::{Detach, LogOff, project_id, records};
pub use stop_handle::StopHandle;
pub use unbinding::Unbinding;

/// The operations on desktops; returned by [`Client::desktops`].
///
/// The project id is filled in, long lists are sent in batches, and a 200 response that lists
/// failures is reported as a partial failure.
///
/// It owns a clone of the client, which is cheap, so it can be stored and moved to another task.
/// To send a list in parts, keep it: what [`detach`](Self::detach) or [`log_off`](Self::log_off)
/// learns about the limits of a service that throttles (429), the next call need not learn again.
#[derive(Clone, Debug)]
pub struct Desktops {
    client: Client,
    /// Maximum number of desktops in a request.
    batch_size: usize,
    /// The limits of the service for each operation, from the first run on.
    detach_limits: OnceLock<Arc<Limits>>,
    log_off_limits: OnceLock<Arc<Limits>>,
}

impl Client {
    /// Returns the operations on the desktops of the client's project.
    pub fn desktops(&self) -> Desktops {
        Desktops {
            client: self.clone(),
            batch_size: usize::MAX,
            detach_limits: OnceLock::new(),
            log_off_limits: OnceLock::new(),
        }
    }
}

impl Desktops {
    /// Sends at most this many desktops in one request. The default is the contract's maximum,
    /// which is also the upper limit; the lower limit is 1.
    #[must_use]
    pub fn batch_size(self, desktops: usize) -> Self {
        Self {
            batch_size: desktops.max(1),
            ..self
        }
    }

    /// Unbinds users from desktops. A single-user desktop shuts down immediately, even while it is
    /// in use.
    ///
    /// Any number of desktops is sent in batches, one batch at a time. A request is retried only if
    /// it cannot have been processed. If the service rejects a whole batch because of some
    /// desktops, the others are sent again without them. After an error that the next batch would
    /// share, such as a 401, and after three equal errors of the service in a row, the remaining
    /// desktops are not sent.
    ///
    /// While the service throttles (429), the run waits: until the window has ended that the
    /// response names, at most [`RetryPolicy::total_time`](crate::RetryPolicy::total_time) without
    /// a success.
    /// [`ClientBuilder::on_throttled`](crate::ClientBuilder::on_throttled) reports long pauses.
    ///
    /// ```no_run
    /// # async fn example(client: &workspace_api::Client) -> workspace_api::Result<()> {
    /// use workspace_api::Unbinding;
    /// use workspace_api::types::DetachInstancesUserInfo;
    ///
    /// let outcome = client
    ///     .desktops()
    ///     .detach([
    ///         Unbinding::all_users("4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001")?,
    ///         Unbinding::users(
    ///             "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002",
    ///             [
    ///                 DetachInstancesUserInfo::user("li-na")?,
    ///                 DetachInstancesUserInfo::group("designers")?,
    ///             ],
    ///         )?,
    ///     ])
    ///     .await?;
    /// for desktop in outcome.failed() {
    ///     eprintln!("{desktop}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Nothing was sent if this returns an error. Its kind is
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for an invalid entry, and
    /// [`Configuration`](crate::ErrorKind::Configuration),
    /// [`Credentials`](crate::ErrorKind::Credentials) or a kind of a failed request if the project
    /// id has to be looked up. Later errors are in the outcome, desktop by desktop;
    /// [`BatchOutcome::into_result`] turns them into one error.
    pub async fn detach(
        &self,
        desktops: impl IntoIterator<Item: TryInto<Unbinding, Error: Into<Error>>>,
    ) -> Result<BatchOutcome> {
        Ok(self.detach_in_batches(desktops).await?.collect().await)
    }

    /// Like [`detach`](Self::detach), but yields each batch's outcome as soon as it is known.
    ///
    /// ```no_run
    /// # async fn example(client: &workspace_api::Client) -> workspace_api::Result<()> {
    /// # let desktops: Vec<workspace_api::Unbinding> = Vec::new();
    /// let mut outcomes = client.desktops().detach_in_batches(desktops).await?;
    /// while let Some(outcome) = outcomes.next().await {
    ///     println!("{} desktops are done", outcome.desktops.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [`BatchOutcomes`] says when a batch is sent.
    ///
    /// # Errors
    ///
    /// Same as [`detach`](Self::detach).
    pub async fn detach_in_batches(
        &self,
        desktops: impl IntoIterator<Item: TryInto<Unbinding, Error: Into<Error>>>,
    ) -> Result<BatchOutcomes> {
        let desktops = desktops.into_iter().map(|desktop| {
            let unbinding: Unbinding = desktop.try_into().map_err(Into::into)?;
            Ok(DetachInstancesDesktopInfo::from(unbinding))
        });
        self.detach_entries(desktops.collect::<Result<Vec<_>>>()?)
            .await
    }

    /// The part of [`detach_in_batches`](Self::detach_in_batches) that is compiled once, here,
    /// instead of in each program that calls it.
    async fn detach_entries(
        &self,
        desktops: Vec<DetachInstancesDesktopInfo>,
    ) -> Result<BatchOutcomes> {
        validate::ensure_distinct(&desktops)?;
        let stop = Arc::new(StopSignal::default());
        let client = self.throttled_client().with_stop(Arc::clone(&stop));
        let project_id = self.project_id().await?;
        let detach = Detach { client, project_id };
        let size = limits::BATCH_DETACH_INSTANCES_REQ_DESKTOPS.min(self.batch_size);
        let limits = &self.detach_limits;
        let batches = self.batches(desktops, size, limits, stop, detach);
        Ok(batches.into_outcomes())
    }

    /// Reads the unbinding records of a desktop: one for each unbound user or user group, in the
    /// order of the service.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for an invalid id,
    /// [`NotFound`](crate::ErrorKind::NotFound) or [`BadRequest`](crate::ErrorKind::BadRequest) for
    /// an unknown desktop, and every other kind that a call can fail with.
    pub async fn detach_info(
        &self,
        desktop_id: impl AsDesktopId,
    ) -> Result<Vec<DesktopDetachInfo>> {
        let desktop_id = desktop_id.to_desktop_id()?;
        records(&self.client, desktop_id).await
    }

    /// Reads the unbinding records of many desktops concurrently. See [`DetachInfos`].
    ///
    /// The ids are taken from the iterator one by one, so their number is not limited by memory.
    /// The records of an id that is not valid are
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput).
    pub fn detach_infos<I>(&self, desktop_ids: I) -> DetachInfos<I::IntoIter>
    where
        I: IntoIterator<Item: AsDesktopId>,
    {
        DetachInfos::new(self.client.clone(), desktop_ids.into_iter())
    }

    /// Logs desktops off, and shows their users a message. Unsaved work is lost.
    ///
    /// Any number of desktops is sent in batches, one batch at a time. The service accepts or
    /// rejects a request as a whole. After a rejection because of some desktops, the others are
    /// sent again without them.
    ///
    /// # Errors
    ///
    /// Same as [`detach`](Self::detach).
    pub async fn log_off(
        &self,
        desktop_ids: impl IntoIterator<Item: AsDesktopId>,
        message: Option<&str>,
    ) -> Result<BatchOutcome> {
        let outcomes = self.log_off_in_batches(desktop_ids, message).await?;
        Ok(outcomes.collect().await)
    }

    /// Like [`log_off`](Self::log_off), but yields each batch's outcome as soon as it is known.
    ///
    /// # Errors
    ///
    /// Same as [`detach`](Self::detach).
    pub async fn log_off_in_batches(
        &self,
        desktop_ids: impl IntoIterator<Item: AsDesktopId>,
        message: Option<&str>,
    ) -> Result<BatchOutcomes> {
        let message = message.map(validate::message).transpose()?;
        let desktops = desktop_ids.into_iter().map(|id| id.to_desktop_id());
        self.log_off_desktops(desktops.collect::<Result<Vec<_>>>()?, message)
            .await
    }

    /// Like [`detach_entries`](Self::detach_entries).
    async fn log_off_desktops(
        &self,
        desktops: Vec<DesktopId>,
        message: Option<LogoffDesktopsReqMessage>,
    ) -> Result<BatchOutcomes> {
        validate::ensure_distinct(&desktops)?;
        let stop = Arc::new(StopSignal::default());
        let client = self.throttled_client().with_stop(Arc::clone(&stop));
        let project_id = self.project_id().await?;
        let log_off = LogOff {
            client,
            project_id,
            message,
        };
        let size = limits::LOGOFF_DESKTOPS_REQ_DESKTOP_IDS.min(self.batch_size);
        let limits = &self.log_off_limits;
        let batches = self.batches(desktops, size, limits, stop, log_off);
        Ok(batches.into_outcomes())
    }

    /// Returns a client that leaves the wait after a 429 to the rate limiter of a run.
    fn throttled_client(&self) -> Client {
        let retry = self.client.retry().without_throttle_retry();
        self.client.with_retry(retry)
    }

    fn batches<O: BatchOperation>(
        &self,
        entries: Vec<O::Entry>,
        size: usize,
        limits: &OnceLock<Arc<Limits>>,
        stop: Arc<StopSignal>,
        operation: O,
    ) -> Batches<O> {
        let limits = limits.get_or_init(|| Arc::new(Limits::new(1, None)));
        let on_throttled = self.client.shared().on_throttled();
        let limiter = RateLimiter::new(1, Arc::clone(limits), on_throttled);
        let retry = self.client.retry();
        Batches::new(entries, size, retry, limiter, stop, operation)
    }

    /// Returns the id of the project. If none is configured, it is looked up in IAM, once.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) if there is neither a project id nor a
    /// region, and every kind that a request to IAM can fail with.
    pub async fn project_id(&self) -> Result<ProjectId> {
        project_id(&self.client).await
    }
}

#[cfg(test)]
mod throttling_tests;
