//! The requests of the high-level API: how the desktops of a batch become a body, and are read from
//! it again after it was sent. None of them is copied.

use std::sync::Arc;

use super::batch_operation::{BatchEntry, BatchOperation, BatchResponse};
use crate::http::request_id;
use crate::types::{
    BatchDetachInstancesReq, DesktopDetachInfo, DesktopId, DetachInstancesDesktopInfo,
    LogoffDesktopsReq, LogoffDesktopsReqMessage, ProjectId,
};
use crate::{Client, Result};

/// The entry of an [`Unbinding`](super::Unbinding), so it has an id.
impl BatchEntry for DetachInstancesDesktopInfo {
    #[inline]
    fn id(&self) -> &str {
        self.desktop_id.as_ref().map_or("", DesktopId::as_str)
    }

    #[inline]
    fn into_id(self) -> Option<DesktopId> {
        self.desktop_id
    }
}

impl BatchEntry for DesktopId {
    fn id(&self) -> &str {
        self.as_str()
    }

    fn into_id(self) -> Option<DesktopId> {
        Some(self)
    }
}

/// Returns the id of the client's project.
pub(super) async fn project_id(client: &Client) -> Result<ProjectId> {
    let shared = client.shared();
    let time = client.retry().total_time;
    shared.project.id(&shared.credentials, time).await
}

/// Reads the unbinding records of a desktop.
pub(super) async fn records(
    client: &Client,
    desktop_id: DesktopId,
) -> Result<Vec<DesktopDetachInfo>> {
    let call = client
        .list_desktop_detach_info()
        .project_id(project_id(client).await?)
        .desktop_id(desktop_id);
    Ok(call.send().await?.into_inner().desktop_detach_infos)
}

/// Unbinds users from desktops.
pub(super) struct Detach {
    pub(super) client: Client,
    pub(super) project_id: ProjectId,
}

impl BatchOperation for Detach {
    type Entry = DetachInstancesDesktopInfo;
    type Body = BatchDetachInstancesReq;

    #[expect(
        clippy::field_reassign_with_default,
        reason = "the contract may get more properties"
    )]
    fn body(&self, entries: Vec<Self::Entry>) -> Self::Body {
        let mut body = Self::Body::default();
        body.desktops = Some(entries);
        body
    }

    fn entries(body: Self::Body) -> Vec<Self::Entry> {
        body.desktops.unwrap_or_default()
    }

    async fn send(&self, body: &Self::Body) -> Result<BatchResponse> {
        let call = self
            .client
            .batch_detach_instances()
            .project_id(self.project_id.clone());
        let response = call.send_body(body).await?;
        let request_id = request_id(response.headers()).map(Arc::from);
        Ok(BatchResponse::new(response.into_inner(), request_id))
    }
}

/// Logs users off from desktops.
pub(super) struct LogOff {
    pub(super) client: Client,
    pub(super) project_id: ProjectId,
    pub(super) message: Option<LogoffDesktopsReqMessage>,
}

impl BatchOperation for LogOff {
    type Entry = DesktopId;
    type Body = LogoffDesktopsReq;

    fn body(&self, entries: Vec<DesktopId>) -> Self::Body {
        let mut body = Self::Body::default();
        body.message.clone_from(&self.message);
        body.desktop_ids = Some(entries);
        body
    }

    fn entries(body: Self::Body) -> Vec<DesktopId> {
        body.desktop_ids.unwrap_or_default()
    }

    async fn send(&self, body: &Self::Body) -> Result<BatchResponse> {
        let call = self
            .client
            .batch_logoff_desktops()
            .project_id(self.project_id.clone());
        let response = call.send_body(body).await?;
        let request_id = request_id(response.headers()).map(Arc::from);
        Ok(BatchResponse::without_report(request_id))
    }
}
