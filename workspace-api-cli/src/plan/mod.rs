//! What is to be done to which desktops: as requests, as a stream of outcomes, and in words.

pub mod outcome;

use std::collections::BTreeMap;

use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use workspace_api::types::{
    BatchDetachInstancesReq, DesktopId, DetachInstancesDesktopInfo, DetachInstancesUserInfoType,
    LogoffDesktopsReq, LogoffDesktopsReqMessage,
};
use workspace_api::{BatchOutcome, Client, OPERATIONS, Operation, limits};

use crate::error::CommandError;
use crate::output::text::{list_preview, pluralize};

/// The operation that unbinds.
pub const DETACH: &str = "BatchDetachInstances";
/// The operation that logs off.
pub const LOG_OFF: &str = "BatchLogoffDesktops";

/// What is to be done. It is written at the head of a report, in the words of the API.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "operation")]
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
    /// The desktops, in the order in which they are sent.
    pub fn desktop_ids(&self) -> Vec<DesktopId> {
        match self {
            Self::Detach { desktops } => desktops
                .iter()
                .filter_map(|desktop| desktop.desktop_id.clone())
                .collect(),
            Self::LogOff { desktop_ids, .. } => desktop_ids.clone(),
        }
    }

    /// The most desktops of one request.
    pub fn batch_size(&self) -> usize {
        match self {
            Self::Detach { .. } => limits::BATCH_DETACH_INSTANCES_REQ_DESKTOPS,
            Self::LogOff { .. } => limits::LOGOFF_DESKTOPS_REQ_DESKTOP_IDS,
        }
    }

    /// The part of the plan that is about desktops of which `wanted` is true.
    pub fn filter(&self, wanted: impl Fn(&DesktopId) -> bool) -> Self {
        match self {
            Self::Detach { desktops } => Self::Detach {
                desktops: desktops
                    .iter()
                    .filter(|desktop| desktop.desktop_id.as_ref().is_some_and(&wanted))
                    .cloned()
                    .collect(),
            },
            Self::LogOff {
                desktop_ids,
                message,
            } => Self::LogOff {
                desktop_ids: desktop_ids
                    .iter()
                    .filter(|id| wanted(id))
                    .cloned()
                    .collect(),
                message: message.clone(),
            },
        }
    }

    /// The operation's id in the contract.
    pub fn operation_id(&self) -> &'static str {
        match self {
            Self::Detach { .. } => DETACH,
            Self::LogOff { .. } => LOG_OFF,
        }
    }

    /// The operation of the contract.
    pub fn operation(&self) -> Option<&'static Operation> {
        let id = self.operation_id();
        OPERATIONS.iter().find(|operation| operation.id == id)
    }

    /// The command that carries it out.
    pub fn command(&self) -> &'static str {
        match self {
            Self::Detach { .. } => "detach",
            Self::LogOff { .. } => "logoff",
        }
    }

    /// The bodies of the requests, in the order in which they are sent.
    pub fn bodies(&self) -> serde_json::Result<Vec<Value>> {
        match self {
            Self::Detach { desktops } => desktops
                .chunks(self.batch_size())
                .map(|desktops| {
                    let desktops = desktops.to_vec();
                    serde_json::to_value(BatchDetachInstancesReq { desktops })
                })
                .collect(),
            Self::LogOff {
                desktop_ids,
                message,
            } => desktop_ids
                .chunks(self.batch_size())
                .map(|desktop_ids| {
                    serde_json::to_value(LogoffDesktopsReq {
                        desktop_ids: desktop_ids.to_vec(),
                        message: message.clone(),
                    })
                })
                .collect(),
        }
    }

    /// Checks the whole plan. A batch is sent each time the stream is polled for one.
    pub async fn send_in_batches<'c>(
        &self,
        client: &'c Client,
    ) -> workspace_api::Result<BoxStream<'c, BatchOutcome>> {
        match self {
            Self::Detach { desktops } => {
                client.desktops().detach_in_batches(desktops.clone()).await
            }
            Self::LogOff {
                desktop_ids,
                message,
            } => {
                let message = message.as_deref().map(String::as_str);
                client
                    .desktops()
                    .log_off_in_batches(desktop_ids.clone(), message)
                    .await
            }
        }
    }

    /// Whether the other plan does the same to the same desktops.
    pub fn same_work_as(&self, other: &Self) -> Result<bool, CommandError> {
        let by_desktop = |plan: &Self| -> serde_json::Result<_> {
            let entries = match plan {
                Self::Detach { desktops } => desktops
                    .iter()
                    .map(serde_json::to_string)
                    .collect::<Result<Vec<_>, _>>()?,
                Self::LogOff { desktop_ids, .. } => {
                    desktop_ids.iter().map(|id| id.to_string()).collect()
                }
            };
            Ok(entries
                .into_iter()
                .collect::<std::collections::BTreeSet<_>>())
        };
        Ok(by_desktop(self)? == by_desktop(other)?)
    }

    /// What has been done to a desktop that succeeded.
    pub fn past_participle(&self) -> &'static str {
        match self {
            Self::Detach { .. } => "unbound",
            Self::LogOff { .. } => "logged off",
        }
    }

    /// What will happen, for whoever has to agree to it.
    pub fn describe(&self) -> String {
        let ids = self.desktop_ids();
        let desktops = pluralize(ids.len(), "desktop");
        let mut text = match self {
            Self::Detach { .. } => format!("Users will be unbound from {desktops}:"),
            Self::LogOff {
                message: Some(message),
                ..
            } => format!(
                "{desktops} will be logged off, with the message {:?}:",
                message.as_str()
            ),
            Self::LogOff { message: None, .. } => {
                format!("{desktops} will be logged off, without a message:")
            }
        };
        let names: Vec<_> = ids.iter().map(|id| id.to_string()).collect();
        text += &format!("\n  {}", list_preview(&names, "more"));
        if let Self::Detach { desktops } = self {
            for line in target_lines(desktops) {
                text += &format!("\n  {line}");
            }
            text += "\nSingle-user desktops among them shut down at once, under the hands of whoever uses them.";
        } else {
            text += "\nWhat people have not saved is lost.";
        }
        text
    }
}

/// Who is unbound from how many desktops.
fn target_lines(desktops: &[DetachInstancesDesktopInfo]) -> Vec<String> {
    let everyone = desktops
        .iter()
        .filter(|desktop| desktop.is_detach_all_users)
        .count();
    let mut lines = Vec::new();
    if everyone > 0 {
        lines.push(format!("all users of {}", pluralize(everyone, "desktop")));
    }
    for (type_, what) in [
        (DetachInstancesUserInfoType::User, "user"),
        (DetachInstancesUserInfoType::Group, "user group"),
    ] {
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for user in desktops
            .iter()
            .flat_map(|desktop| &desktop.detach_user_infos)
        {
            if user.type_ == type_ {
                *names.entry(user.user_name.as_str()).or_default() += 1;
            }
        }
        let names: Vec<_> = names
            .iter()
            .map(|(name, desktops)| format!("{name} ({})", pluralize(*desktops, "desktop")))
            .collect();
        match names.len() {
            0 => {}
            1 => lines.push(format!("{what} {}", names[0])),
            count => lines.push(format!("{count} {what}s: {}", list_preview(&names, "more"))),
        }
    }
    lines
}
