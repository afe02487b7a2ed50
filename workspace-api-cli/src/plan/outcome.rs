//! The outcome of each desktop of a run, as it is printed and reported.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use workspace_api::types::DesktopId;
use workspace_api::{DesktopOutcome, Error, Outcome};

use crate::error::with_causes;
use crate::output::Row;

/// The service's codes for a desktop, user or group that does not exist, and for an invalid request
/// such as one to unbind users that are not bound.
const FINAL_CODES: [&str; 5] = [
    "WKS.0001",
    "WKS.0202",
    "WKS.00170117",
    "WKS.00170208",
    "WKS.00170312",
];

/// How a run ended for a desktop.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The service carried out the request.
    Succeeded,
    /// The service began a job, which can still fail, for this desktop or another one of its batch.
    Accepted,
    /// The desktop was not processed.
    Failed,
    /// The desktop was sent, and may have been processed.
    Unknown,
    /// The run ended before the desktop was sent.
    NotSent,
}

impl Status {
    /// Returns true if nothing is left to do for the desktop.
    pub fn is_done(self) -> bool {
        matches!(self, Self::Succeeded | Self::Accepted)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Accepted => "accepted",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::NotSent => "not_sent",
        }
    }
}

/// A desktop and its outcome.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Entry {
    pub desktop_id: DesktopId,
    /// The name of the desktop, if the list or the service has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desktop_name: Option<String>,
    pub outcome: Status,
    /// The kind of the error, as the crate names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_kind: Option<String>,
    /// The HTTP status of the response, if the request failed as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_msg: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The job of a desktop that was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_id: Option<String>,
    /// True if the unbinding records prove the unbinding; `None` if they were not read for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// The missing part of a proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// When the outcome was recorded; `None` if the desktop was not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The error itself; `None` in an entry that was read from a report.
    #[serde(skip)]
    pub error: Option<Error>,
}

impl Entry {
    pub fn new(desktop_id: DesktopId, outcome: Status) -> Self {
        Self {
            desktop_id,
            desktop_name: None,
            outcome,
            error_kind: None,
            status: None,
            error_code: None,
            error_msg: None,
            request_id: None,
            job_id: None,
            verified: None,
            missing: None,
            time: None,
            error: None,
        }
    }

    /// Returns the id, after the name if there is one.
    pub fn label(&self) -> String {
        let id = self.desktop_id.as_str();
        match &self.desktop_name {
            Some(name) => format!("{name} ({id})"),
            None => id.to_owned(),
        }
    }

    /// Returns true if the desktop is done, and nothing is missing for a proof that was asked for.
    pub fn is_as_intended(&self) -> bool {
        self.outcome.is_done() && self.verified != Some(false)
    }

    /// Returns true if a repeated request would fail in the same way: the desktop does not exist,
    /// or nobody is bound to it.
    pub fn is_final(&self) -> bool {
        let code = self.error_code.as_deref();
        self.outcome == Status::Failed && code.is_some_and(|code| FINAL_CODES.contains(&code))
    }

    pub fn with_error(mut self, error: &Error) -> Self {
        self.error_kind = Some(error.kind().to_string());
        self.status = error.status().map(|status| status.as_u16());
        self.error_code = error.code().map(str::to_owned);
        self.error_msg = Some(error.reason());
        self.error = Some(error.clone());
        self
    }

    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.error_msg = Some(message.into());
        self
    }
}

/// Has the fields of the crate's serialized form.
impl From<&DesktopOutcome> for Entry {
    fn from(desktop: &DesktopOutcome) -> Self {
        let entry = |status| Self {
            desktop_name: desktop.desktop_name.clone(),
            request_id: desktop.request_id.as_deref().map(str::to_owned),
            ..Self::new(desktop.desktop_id.clone(), status)
        };
        match &desktop.outcome {
            Outcome::Succeeded => entry(Status::Succeeded),
            Outcome::Accepted { job_id } => Self {
                job_id: Some(job_id.clone()),
                ..entry(Status::Accepted)
            },
            Outcome::Failed(error) => entry(Status::Failed).with_error(error),
            Outcome::Unknown(error) => entry(Status::Unknown).with_error(error),
            Outcome::NotSent(error) => Self {
                error_kind: Some(error.kind().to_string()),
                error_msg: Some(format!(
                    "not sent, because an earlier request failed: {}",
                    with_causes(error)
                )),
                ..entry(Status::NotSent)
            },
            // A later version of the crate may report other outcomes.
            outcome => match outcome.error() {
                Some(error) => entry(Status::Unknown).with_error(error),
                None => entry(Status::Unknown),
            },
        }
    }
}

impl Row for Entry {
    const HEADINGS: &'static [&'static str] = &[
        "desktop_id",
        "outcome",
        "error_code",
        "error_msg",
        "request_id",
        "desktop_name",
        "status",
        "job_id",
        "verified",
    ];
    const SHOWN: RangeInclusive<usize> = 4..=6;

    fn cells(&self) -> Vec<Cow<'_, str>> {
        let text = |value: &'_ Option<String>| -> Cow<'_, str> {
            value.clone().unwrap_or_default().into()
        };
        let status = self.status.map(|status| status.to_string());
        let verified = match (self.verified, &self.missing) {
            (None, _) => Cow::default(),
            (Some(true), _) => "yes".into(),
            (Some(false), None) => "no".into(),
            (Some(false), Some(missing)) => format!("no: {missing}").into(),
        };
        vec![
            self.desktop_id.as_str().into(),
            self.outcome.name().into(),
            text(&self.error_code),
            text(&self.error_msg),
            text(&self.request_id),
            text(&self.desktop_name),
            status.unwrap_or_default().into(),
            text(&self.job_id),
            verified,
        ]
    }
}

#[cfg(test)]
mod tests;
