//! The plan of a run: the action, its desktops, the requests and their outcomes.

mod description;
pub mod digest;
pub mod entries;
pub mod outcome;

use serde::{Deserialize, Serialize};
use workspace_api::types::{BatchDetachInstancesReq, LogoffDesktopsReq, LogoffDesktopsReqMessage};
use workspace_api::{BatchOutcomes, Client, Desktops, OPERATIONS, Operation, limits};

use crate::desktops::ids::DesktopIds;
use crate::desktops::unbindings::Unbindings;

/// Number of batches that are prepared together, so that a million desktops are not held twice.
pub const PART: usize = 100;

/// The body of a request.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Body {
    Detach(BatchDetachInstancesReq),
    LogOff(LogoffDesktopsReq),
}

/// The work of a run. A report begins with it, so its names are those of the API.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum Plan {
    #[serde(rename = "BatchDetachInstances")]
    Detach { desktops: Unbindings },
    #[serde(rename = "BatchLogoffDesktops")]
    LogOff {
        desktop_ids: DesktopIds,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<LogoffDesktopsReqMessage>,
    },
}

impl Plan {
    /// Returns the desktops in the order in which they are sent.
    pub fn ids(&self) -> &DesktopIds {
        match self {
            Self::Detach { desktops } => desktops.ids(),
            Self::LogOff { desktop_ids, .. } => desktop_ids,
        }
    }

    /// Returns the number of desktops.
    pub fn len(&self) -> usize {
        self.ids().len()
    }

    /// Returns the maximum number of desktops in one request that the contract allows.
    pub fn max_batch_size(&self) -> usize {
        match self {
            Self::Detach { .. } => limits::BATCH_DETACH_INSTANCES_REQ_DESKTOPS,
            Self::LogOff { .. } => limits::LOGOFF_DESKTOPS_REQ_DESKTOP_IDS,
        }
    }

    /// Returns the plan for the desktops at some of the places.
    pub fn part(&self, places: impl IntoIterator<Item = usize>) -> Self {
        match self {
            Self::Detach { desktops } => Self::Detach {
                desktops: desktops.part(places),
            },
            Self::LogOff {
                desktop_ids,
                message,
            } => Self::LogOff {
                desktop_ids: places
                    .into_iter()
                    .map(|place| desktop_ids.text(place))
                    .collect(),
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
    pub fn bodies(&self, size: usize) -> impl Iterator<Item = Body> {
        let starts = (0..self.len()).step_by(size);
        starts.map(move |start| {
            let range = start..self.len().min(start + size);
            match self {
                Self::Detach { desktops } => {
                    let mut body = BatchDetachInstancesReq::default();
                    body.desktops = Some(range.map(|place| desktops.get(place)).collect());
                    Body::Detach(body)
                }
                Self::LogOff {
                    desktop_ids,
                    message,
                } => {
                    let mut body = LogoffDesktopsReq::default();
                    body.desktop_ids = Some(desktop_ids.range(range).collect());
                    body.message.clone_from(message);
                    Body::LogOff(body)
                }
            }
        })
    }

    /// Validates the whole plan. Nothing is sent.
    pub async fn validate(&self, client: &Client, size: usize) -> workspace_api::Result<()> {
        let operations = client.desktops();
        for start in (0..self.len()).step_by(size * PART) {
            // The outcomes are dropped before one is asked for.
            let _ = self.send_from(start, &operations, size).await?;
        }
        Ok(())
    }

    /// Returns the outcomes of the batches from a desktop on, up to the next multiple of [`PART`]
    /// batches. A batch is sent each time an outcome is asked for, and has at most `size` desktops.
    ///
    /// A run has one value of `operations`, which knows the limits of the service.
    pub async fn send_from(
        &self,
        start: usize,
        operations: &Desktops,
        size: usize,
    ) -> workspace_api::Result<BatchOutcomes> {
        let range = start..self.len().min(start.saturating_add(size * PART));
        match self {
            Self::Detach { desktops } => {
                let desktops = range.map(|place| desktops.get(place));
                operations.detach_in_batches(desktops).await
            }
            Self::LogOff {
                desktop_ids,
                message,
            } => {
                let ids = range.map(|place| desktop_ids.text(place));
                let message = message.as_ref().map(AsRef::as_ref);
                operations.log_off_in_batches(ids, message).await
            }
        }
    }
}
