//! The face of the client: what a person wants to do with desktops, in one call each.

mod batch;
mod detach;
mod detach_infos;
mod outcome;
mod rate_limiter;
mod validate;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use crate::client::response::request_id;
use crate::types::{
    DesktopDetachInfo, DesktopId, DetachInstancesDesktopInfo, LogoffDesktopsReq,
    LogoffDesktopsReqMessage, ProjectId,
};
use crate::{Client, Error, ErrorKind, Result, limits};
use batch::{Answer, in_batches};
pub use detach_infos::DetachInfos;
pub use outcome::{BatchOutcome, DesktopOutcome, Outcome};

/// The operations on desktops, from [`Client::desktops`]. The project id is filled in, long lists are sent in batches,
/// and a success with failures in it is told as what it is.
#[derive(Clone, Copy, Debug)]
pub struct Desktops<'a> {
    client: &'a Client,
}

impl Client {
    /// The operations on desktops of the client's project.
    pub fn desktops(&self) -> Desktops<'_> {
        Desktops { client: self }
    }
}

impl<'a> Desktops<'a> {
    /// Unbinds users from desktops. A single-user desktop shuts down at once, under the hands of whoever uses it.
    ///
    /// Any number of desktops is sent, one batch of 100 after the other. Nothing is sent twice unless it cannot have
    /// been processed.
    ///
    /// ```no_run
    /// # async fn example(client: &workspace_api::Client) -> workspace_api::Result<()> {
    /// use workspace_api::types::{DetachInstancesDesktopInfo, DetachInstancesUserInfo};
    ///
    /// let outcome = client
    ///     .desktops()
    ///     .detach([
    ///         DetachInstancesDesktopInfo::all_users("4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001")?,
    ///         DetachInstancesDesktopInfo::users(
    ///             "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002",
    ///             [DetachInstancesUserInfo::user("li-na")?, DetachInstancesUserInfo::group("designers")?],
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
    /// [`ErrorKind::InvalidInput`], or [`ErrorKind::Configuration`] or [`ErrorKind::Credentials`] where the project has to
    /// be asked for; then nothing was sent. Whatever happens later
    /// is in the outcome, desktop by desktop; [`BatchOutcome::into_result`] makes an error of it.
    pub async fn detach(
        &self,
        desktops: impl IntoIterator<Item = DetachInstancesDesktopInfo>,
    ) -> Result<BatchOutcome> {
        Ok(BatchOutcome::collect(self.detach_in_batches(desktops).await?).await)
    }

    /// Like [`detach`](Self::detach), but tells the outcome of each batch as soon as it is known. A batch is sent when
    /// the stream is polled for it; dropping the stream between two batches leaves the rest unsent.
    ///
    /// # Errors
    ///
    /// As of [`detach`](Self::detach).
    pub async fn detach_in_batches(
        &self,
        desktops: impl IntoIterator<Item = DetachInstancesDesktopInfo>,
    ) -> Result<BoxStream<'a, BatchOutcome>> {
        let desktops = validate::checked(desktops)?;
        let (client, project_id) = (self.client, self.project_id().await?);
        Ok(in_batches(
            desktops,
            limits::BATCH_DETACH_INSTANCES_REQ_DESKTOPS,
            move |desktops| {
                let call = client
                    .batch_detach_instances()
                    .project_id(project_id.clone())
                    .body_map(|body| body.desktops(desktops));
                async move {
                    let response = call.send().await?;
                    // The call has succeeded, so credentials that cannot be had any more must not make a failure of it.
                    let credentials = client.settings().credentials.get().await.ok();
                    let redact = |text: &str| match &credentials {
                        Some(credentials) => credentials.redact(text),
                        None => text.to_owned(),
                    };
                    let request_id = request_id(response.headers()).map(str::to_owned);
                    Ok(Answer::new(
                        response.into_inner(),
                        request_id.as_deref(),
                        &redact,
                    ))
                }
            },
        )
        .boxed())
    }

    /// Who was unbound from a desktop: one record for each user or user group, in the order of the service.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for an id that cannot be one, [`ErrorKind::NotFound`] or [`ErrorKind::BadRequest`]
    /// for an unknown desktop, and everything else that can go wrong with a call.
    pub async fn detach_info(&self, desktop_id: impl AsRef<str>) -> Result<Vec<DesktopDetachInfo>> {
        self.records(validate::desktop_id(desktop_id.as_ref())?).await
    }

    async fn records(&self, desktop_id: DesktopId) -> Result<Vec<DesktopDetachInfo>> {
        let call = self
            .client
            .list_desktop_detach_info()
            .project_id(self.project_id().await?)
            .desktop_id(desktop_id);
        Ok(call.send().await?.into_inner().desktop_detach_infos)
    }

    /// Who was unbound from each of many desktops, several calls at a time. See [`DetachInfos`].
    pub fn detach_infos<I>(&self, desktop_ids: I) -> DetachInfos<'a, I::IntoIter>
    where
        I: IntoIterator<Item = DesktopId>,
        I::IntoIter: Send + 'a,
    {
        DetachInfos::new(self.client, desktop_ids.into_iter())
    }

    /// Logs desktops off, with a message of at most 255 characters to the people who use them. What they have not saved
    /// is lost.
    ///
    /// Any number of desktops is sent, one batch of 100 after the other. The service accepts or refuses a batch as a
    /// whole.
    ///
    /// # Errors
    ///
    /// As of [`detach`](Self::detach).
    pub async fn log_off(
        &self,
        desktop_ids: impl IntoIterator<Item = DesktopId>,
        message: Option<&str>,
    ) -> Result<BatchOutcome> {
        Ok(BatchOutcome::collect(self.log_off_in_batches(desktop_ids, message).await?).await)
    }

    /// Like [`log_off`](Self::log_off), but tells the outcome of each batch as soon as it is known.
    ///
    /// # Errors
    ///
    /// As of [`detach`](Self::detach).
    pub async fn log_off_in_batches(
        &self,
        desktop_ids: impl IntoIterator<Item = DesktopId>,
        message: Option<&str>,
    ) -> Result<BoxStream<'a, BatchOutcome>> {
        let message = message
            .map(|message| {
                LogoffDesktopsReqMessage::try_from(message).map_err(|error| {
                    Error::new(ErrorKind::InvalidInput, format!("the message is {error}"))
                })
            })
            .transpose()?;
        let desktop_ids = desktop_ids.into_iter().map(|id| (id.clone(), id)).collect();
        let desktop_ids = validate::distinct(desktop_ids)?;
        let (client, project_id) = (self.client, self.project_id().await?);
        Ok(in_batches(
            desktop_ids,
            limits::LOGOFF_DESKTOPS_REQ_DESKTOP_IDS,
            move |desktop_ids| {
                let body = LogoffDesktopsReq {
                    desktop_ids,
                    message: message.clone(),
                };
                let call = client
                    .batch_logoff_desktops()
                    .project_id(project_id.clone())
                    .body(body);
                async move {
                    call.send().await?;
                    Ok(Answer::default())
                }
            },
        )
        .boxed())
    }

    /// The id of the project. Where none was found in the settings, IAM is asked for it, once.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if there is neither a project id nor a region, and everything that can go wrong with
    /// asking IAM.
    pub async fn project_id(&self) -> Result<ProjectId> {
        let settings = self.client.settings();
        let time = self.client.retry().total_time;
        settings.project.id(&settings.credentials, time).await
    }
}
