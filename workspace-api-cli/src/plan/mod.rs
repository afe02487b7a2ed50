//! The plan of a run: the action, its desktops, the requests and their outcomes.

mod description;
pub mod outcome;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use workspace_api::types::{
    BatchDetachInstancesReq, DesktopId, DetachInstancesDesktopInfo, LogoffDesktopsReq,
    LogoffDesktopsReqMessage,
};
use workspace_api::{BatchOutcomes, Client, OPERATIONS, Operation, limits};

/// The work of a run. A report begins with it, so its names are those of the API.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum Plan {
    #[serde(rename = "BatchDetachInstances")]
    Detach {
        desktops: Vec<DetachInstancesDesktopInfo>,
    },
    #[serde(rename = "BatchLogoffDesktops")]
    LogOff {
        desktop_ids: Vec<DesktopId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<LogoffDesktopsReqMessage>,
    },
}

impl Plan {
    /// Returns the desktops in the order in which they are sent.
    pub fn desktop_ids(&self) -> Vec<DesktopId> {
        match self {
            Self::Detach { desktops } => desktops
                .iter()
                .filter_map(|desktop| desktop.desktop_id.clone())
                .collect(),
            Self::LogOff { desktop_ids, .. } => desktop_ids.clone(),
        }
    }

    /// Returns the maximum number of desktops in one request that the contract allows.
    pub fn max_batch_size(&self) -> usize {
        match self {
            Self::Detach { .. } => limits::BATCH_DETACH_INSTANCES_REQ_DESKTOPS,
            Self::LogOff { .. } => limits::LOGOFF_DESKTOPS_REQ_DESKTOP_IDS,
        }
    }

    /// Returns the part of the plan for the desktops that `keep` accepts.
    pub fn filter(&self, keep: impl Fn(&DesktopId) -> bool) -> Self {
        let mut plan = self.clone();
        match &mut plan {
            Self::Detach { desktops } => {
                desktops.retain(|desktop| desktop.desktop_id.as_ref().is_some_and(&keep));
            }
            Self::LogOff { desktop_ids, .. } => desktop_ids.retain(|id| keep(id)),
        }
        plan
    }

    /// Returns the operation of the contract.
    pub fn operation(&self) -> Option<&'static Operation> {
        let id = match self {
            Self::Detach { .. } => "BatchDetachInstances",
            Self::LogOff { .. } => "BatchLogoffDesktops",
        };
        OPERATIONS.iter().find(|operation| operation.id == id)
    }

    /// Returns the name of the command that runs the plan.
    pub fn command(&self) -> &'static str {
        match self {
            Self::Detach { .. } => "detach",
            Self::LogOff { .. } => "logoff",
        }
    }

    /// Returns the bodies of the requests in the order in which they are sent, each for at most
    /// `size` desktops.
    pub fn bodies(&self, size: usize) -> serde_json::Result<Vec<Value>> {
        match self {
            Self::Detach { desktops } => desktops
                .chunks(size)
                .map(|batch| {
                    let mut body = BatchDetachInstancesReq::default();
                    body.desktops = batch.to_vec();
                    serde_json::to_value(body)
                })
                .collect(),
            Self::LogOff {
                desktop_ids,
                message,
            } => desktop_ids
                .chunks(size)
                .map(|batch| {
                    let mut body = LogoffDesktopsReq::default();
                    body.desktop_ids = batch.to_vec();
                    body.message.clone_from(message);
                    serde_json::to_value(body)
                })
                .collect(),
        }
    }

    /// Validates the whole plan and returns a stream that sends one batch each time it is polled
    /// for an outcome. A batch has at most `size` desktops.
    pub async fn send_in_batches(
        &self,
        client: &Client,
        size: usize,
    ) -> workspace_api::Result<BatchOutcomes> {
        let operations = client.desktops().batch_size(size);
        match self {
            Self::Detach { desktops } => operations.detach_in_batches(desktops.clone()).await,
            Self::LogOff {
                desktop_ids,
                message,
            } => {
                let message = message.as_ref().map(AsRef::as_ref);
                operations
                    .log_off_in_batches(desktop_ids.clone(), message)
                    .await
            }
        }
    }

    /// Returns true if the other plan does the same to the same desktops, in any order.
    pub fn same_work_as(&self, other: &Self) -> serde_json::Result<bool> {
        Ok(self.work_items()? == other.work_items()?)
    }

    /// Returns one text for each desktop, which has everything that is done to it.
    fn work_items(&self) -> serde_json::Result<BTreeSet<String>> {
        match self {
            Self::Detach { desktops } => desktops.iter().map(serde_json::to_string).collect(),
            Self::LogOff { desktop_ids, .. } => {
                Ok(desktop_ids.iter().map(ToString::to_string).collect())
            }
        }
    }
}
