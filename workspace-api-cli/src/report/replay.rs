//! Reads a report to go on from: what is done, what is not, and what nobody knows.

use std::collections::HashMap;
use std::path::Path;
use std::time::SystemTime;

use humantime::parse_rfc3339;
use workspace_api::types::{DesktopId, ProjectId};

use crate::error::CommandError;
use crate::plan::Plan;
use crate::plan::outcome::Status;
use crate::report::{Line, Report};

/// How far a run came.
pub struct Replay {
    pub plan: Plan,
    pub endpoint: String,
    pub project_id: ProjectId,
    sent: HashMap<DesktopId, SentDesktop>,
}

/// What a report says of a desktop that was sent.
#[derive(Clone, Copy)]
struct SentDesktop {
    status: Status,
    sent: SystemTime,
}

/// Opens a report and reads it.
pub fn open(path: &Path) -> Result<(Report, Replay), CommandError> {
    let (report, text) = Report::reopen(path)?;
    let replay = read(&text).map_err(|what| {
        CommandError::usage(format!(
            "the report {} cannot be resumed: {what}",
            path.display()
        ))
    })?;
    Ok((report, replay))
}

fn read(text: &str) -> Result<Replay, String> {
    let mut lines = text.lines().enumerate().map(|(at, line)| {
        serde_json::from_str::<Line>(line)
            .map_err(|_| format!("line {} is not of a report", at + 1))
    });
    let first = lines.next().ok_or(
        "it has no whole line, so the run ended before anything was sent. Start again, with a new report.",
    )??;
    let Line::Plan {
        plan,
        endpoint,
        project_id,
        ..
    } = first
    else {
        return Err("line 1 does not say what is to be done".to_owned());
    };
    let mut known: HashMap<DesktopId, SentDesktop> = HashMap::new();
    for line in lines {
        match line? {
            Line::Batch { sending, time } => {
                let sent = parse_rfc3339(&time)
                    .map_err(|error| format!("the time {time:?} of a batch: {error}"))?;
                let status = Status::Unknown;
                known.extend(
                    sending
                        .into_iter()
                        .map(|id| (id, SentDesktop { status, sent })),
                );
            }
            Line::Outcome(entry) => {
                let id = &entry.desktop_id;
                let known = known
                    .get_mut(id)
                    .ok_or_else(|| format!("it tells of {}, which was not sent", id.as_str()))?;
                known.status = entry.outcome;
            }
            Line::Jobs { .. } => {}
            Line::Plan { .. } => return Err("it says twice what is to be done".to_owned()),
        }
    }
    Ok(Replay {
        plan,
        endpoint,
        project_id,
        sent: known,
    })
}

impl Replay {
    fn status(&self, id: &DesktopId) -> Status {
        self.sent
            .get(id)
            .map_or(Status::NotSent, |known| known.status)
    }

    /// How many desktops are done.
    pub fn succeeded(&self) -> usize {
        self.sent
            .values()
            .filter(|known| known.status == Status::Succeeded)
            .count()
    }

    /// The desktops of which it is unknown, in the order of the plan, and when they were sent.
    pub fn unknown(&self) -> Vec<(DesktopId, SystemTime)> {
        let unknown = |id: DesktopId| {
            let known = self.sent.get(&id)?;
            (known.status == Status::Unknown).then_some((id, known.sent))
        };
        self.plan
            .desktop_ids()
            .into_iter()
            .filter_map(unknown)
            .collect()
    }

    /// The desktops that are still to be sent: those that were not, and those on which it failed.
    pub fn remaining(&self) -> Plan {
        self.plan
            .filter(|id| matches!(self.status(id), Status::NotSent | Status::Failed))
    }

    /// Takes down what has been found out about a desktop.
    pub fn set_status(&mut self, id: &DesktopId, status: Status) {
        if let Some(known) = self.sent.get_mut(id) {
            known.status = status;
        }
    }
}

#[cfg(test)]
mod tests;
