//! The outcome of each desktop of a run, as it is printed and reported.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use workspace_api::types::DesktopId;
use workspace_api::{DesktopOutcome, Error, Outcome};

use crate::error::with_causes;
use crate::output::Row;

/// How a run ended for a desktop.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The service carried out the request.
    Succeeded,
    /// The service began a job for a desktop of a pool.
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
    /// The name of the desktop, if the list has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desktop_name: Option<String>,
    pub outcome: Status,
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
            status: None,
            error_code: None,
            error_msg: None,
            request_id: None,
            job_id: None,
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

    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.error_msg = Some(message.into());
        self
    }
}

impl From<&DesktopOutcome> for Entry {
    fn from(desktop: &DesktopOutcome) -> Self {
        let (status, error) = match &desktop.outcome {
            Outcome::Succeeded => (Status::Succeeded, None),
            Outcome::Accepted { job_id } => {
                return Self {
                    job_id: Some(job_id.clone()),
                    ..Self::new(desktop.desktop_id.clone(), Status::Accepted)
                };
            }
            Outcome::Failed(error) => (Status::Failed, Some(error)),
            Outcome::Unknown(error) => (Status::Unknown, Some(error)),
            Outcome::NotSent(error) => {
                let reason = format!(
                    "not sent, because an earlier request of the run failed: {}",
                    with_causes(error)
                );
                return Self::new(desktop.desktop_id.clone(), Status::NotSent).with_message(reason);
            }
        };
        Self {
            status: error.and_then(Error::status).map(|status| status.as_u16()),
            error_code: error.and_then(Error::code).map(str::to_owned),
            error_msg: error.map(reason),
            request_id: error.and_then(Error::request_id).map(str::to_owned),
            error: error.cloned(),
            ..Self::new(desktop.desktop_id.clone(), status)
        }
    }
}

/// Returns the message, detail and causes of an error: what has no field of its own.
fn reason(error: &Error) -> String {
    let mut reason = match (error.message(), error.status()) {
        (Some(message), _) => message.to_owned(),
        (None, Some(status)) => format!("{status}: no reason given"),
        (None, None) => "no reason given".to_owned(),
    };
    if let Some(detail) = error.detail() {
        reason = format!("{reason} ({detail})");
    }
    if let Some(source) = std::error::Error::source(error) {
        reason = format!("{reason}: {}", with_causes(source));
    }
    reason
}

impl Row for Entry {
    const HEADINGS: &'static [&'static str] = &[
        "desktop_id",
        "outcome",
        "error_code",
        "error_msg",
        "request_id",
    ];
    const SHOWN: RangeInclusive<usize> = 4..=5;

    fn cells(&self) -> Vec<Cow<'_, str>> {
        let outcome = match &self.job_id {
            Some(job_id) => format!("{} (job {job_id})", self.outcome.name()).into(),
            None => self.outcome.name().into(),
        };
        vec![
            self.desktop_id.as_str().into(),
            outcome,
            self.error_code.as_deref().unwrap_or_default().into(),
            self.error_msg.as_deref().unwrap_or_default().into(),
            self.request_id.as_deref().unwrap_or_default().into(),
        ]
    }
}
