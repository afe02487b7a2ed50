//! The plan of a run: the action, its desktops, the requests and their outcomes.

mod description;
pub mod outcome;

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use workspace_api::types::{
    BatchDetachInstancesReq, DesktopId, DetachInstancesDesktopInfo, LogoffDesktopsReq,
    LogoffDesktopsReqMessage,
};
use workspace_api::{BatchOutcomes, Client, OPERATIONS, Operation, limits};

/// Number of batches that are prepared at a time. A million desktops need not be there twice.
pub const PART: usize = 100;

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
    /// Returns the number of desktops.
    pub fn len(&self) -> usize {
        match self {
            Self::Detach { desktops } => desktops.len(),
            Self::LogOff { desktop_ids, .. } => desktop_ids.len(),
        }
    }

    /// Returns the desktop at a place in the order in which they are sent.
    pub fn id(&self, index: usize) -> Option<&DesktopId> {
        match self {
            Self::Detach { desktops } => desktops.get(index)?.desktop_id.as_ref(),
            Self::LogOff { desktop_ids, .. } => desktop_ids.get(index),
        }
    }

    /// Returns the desktops in the order in which they are sent.
    pub fn desktop_ids(&self) -> impl Iterator<Item = &DesktopId> {
        self.ids_in(0..self.len())
    }

    /// Returns some of the desktops.
    pub fn ids_in(&self, range: Range<usize>) -> impl Iterator<Item = &DesktopId> {
        range.filter_map(|index| self.id(index))
    }

    /// Returns the plan for some of the desktops.
    fn part(&self, range: Range<usize>) -> Self {
        match self {
            Self::Detach { desktops } => Self::Detach {
                desktops: desktops.get(range).unwrap_or_default().to_vec(),
            },
            Self::LogOff {
                desktop_ids,
                message,
            } => Self::LogOff {
                desktop_ids: desktop_ids.get(range).unwrap_or_default().to_vec(),
                message: message.clone(),
            },
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
        match self {
            Self::Detach { desktops } => {
                let kept = desktops.iter();
                let kept = kept.filter(|desktop| desktop.desktop_id.as_ref().is_some_and(&keep));
                Self::Detach {
                    desktops: kept.cloned().collect(),
                }
            }
            Self::LogOff {
                desktop_ids,
                message,
            } => Self::LogOff {
                desktop_ids: desktop_ids.iter().filter(|id| keep(id)).cloned().collect(),
                message: message.clone(),
            },
        }
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
    pub fn bodies(&self, size: usize) -> impl Iterator<Item = serde_json::Result<Value>> {
        let starts = (0..self.len()).step_by(size);
        starts.map(
            move |start| match self.part(start..self.len().min(start + size)) {
                Self::Detach { desktops } => {
                    let mut body = BatchDetachInstancesReq::default();
                    body.desktops = desktops;
                    serde_json::to_value(body)
                }
                Self::LogOff {
                    desktop_ids,
                    message,
                } => {
                    let mut body = LogoffDesktopsReq::default();
                    body.desktop_ids = desktop_ids;
                    body.message = message;
                    serde_json::to_value(body)
                }
            },
        )
    }

    /// Validates the whole plan. Nothing is sent.
    pub async fn validate(&self, client: &Client, size: usize) -> workspace_api::Result<()> {
        for start in (0..self.len()).step_by(size * PART) {
            // The outcomes are dropped before one is asked for.
            let _ = self.send_from(start, client, size).await?;
        }
        Ok(())
    }

    /// Returns the outcomes of the batches from a desktop on, up to the next multiple of [`PART`]
    /// batches. A batch is sent each time an outcome is asked for, and has at most `size` desktops.
    pub async fn send_from(
        &self,
        start: usize,
        client: &Client,
        size: usize,
    ) -> workspace_api::Result<BatchOutcomes> {
        let operations = client.desktops().batch_size(size);
        let end = self.len().min(start.saturating_add(size * PART));
        match self.part(start..end) {
            Self::Detach { desktops } => operations.detach_in_batches(desktops).await,
            Self::LogOff {
                desktop_ids,
                message,
            } => {
                let message = message.as_ref().map(AsRef::as_ref);
                operations.log_off_in_batches(desktop_ids, message).await
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
