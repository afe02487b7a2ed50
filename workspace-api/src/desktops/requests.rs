//! The requests of the bulk methods: how the desktops of a batch become a body, and are read from
//! it again after it was sent. None of them is copied.

use std::sync::Arc;

use super::batch::{BatchOperation, BatchResponse};
use crate::http::request_id;
use crate::types::{
    BatchDetachInstancesReq, DesktopId, DetachInstancesDesktopInfo, LogoffDesktopsReq,
    LogoffDesktopsReqMessage, ProjectId,
};
use crate::{Client, Result};

/// Unbinds users from desktops.
pub(super) struct Detach {
    pub(super) client: Client,
    pub(super) project_id: ProjectId,
}

impl BatchOperation for Detach {
    /// The entry of a request, without its desktop.
    type Rest = DetachInstancesDesktopInfo;
    type Body = BatchDetachInstancesReq;

    fn body(&self, desktops: Vec<(DesktopId, Self::Rest)>) -> Self::Body {
        let mut body = Self::Body::default();
        let mut entries = Vec::with_capacity(desktops.len());
        let desktops = desktops.into_iter();
        entries.extend(desktops.map(|(id, rest)| DetachInstancesDesktopInfo {
            desktop_id: Some(id),
            ..rest
        }));
        body.desktops = Some(entries);
        body
    }

    fn desktops(body: Self::Body) -> Vec<(DesktopId, Self::Rest)> {
        let entries = body.desktops.unwrap_or_default();
        let mut desktops = Vec::with_capacity(entries.len());
        for mut entry in entries {
            // Each has one.
            if let Some(id) = entry.desktop_id.take() {
                desktops.push((id, entry));
            }
        }
        desktops
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
    type Rest = ();
    type Body = LogoffDesktopsReq;

    fn body(&self, desktops: Vec<(DesktopId, ())>) -> Self::Body {
        let mut body = Self::Body::default();
        let mut desktop_ids = Vec::with_capacity(desktops.len());
        desktop_ids.extend(desktops.into_iter().map(|(id, ())| id));
        body.desktop_ids = Some(desktop_ids);
        body.message.clone_from(&self.message);
        body
    }

    fn desktops(body: Self::Body) -> Vec<(DesktopId, ())> {
        let desktop_ids = body.desktop_ids.unwrap_or_default();
        desktop_ids.into_iter().map(|id| (id, ())).collect()
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
