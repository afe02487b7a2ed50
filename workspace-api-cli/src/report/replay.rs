//! Reads a report to go on from: what is done, what is not, and what nobody knows.

use std::collections::HashMap;
use std::path::Path;
use std::time::SystemTime;

use humantime::parse_rfc3339;
use workspace_api::types::{DesktopId, ProjectId};

use crate::error::Failure;
use crate::plan::Plan;
use crate::plan::outcome::Status;
use crate::report::{Line, Report};

/// How far a run came.
pub struct Resumed {
    pub plan: Plan,
    pub endpoint: String,
    pub project_id: ProjectId,
    known: HashMap<DesktopId, Known>,
}

/// What a report says of a desktop that was sent.
#[derive(Clone, Copy)]
struct Known {
    status: Status,
    sent: SystemTime,
}

/// Opens a report and reads it.
pub fn resume(path: &Path) -> Result<(Report, Resumed), Failure> {
    let (report, text) = Report::reopen(path)?;
    let resumed = read(&text).map_err(|what| {
        Failure::usage(format!(
            "the report {} cannot be resumed: {what}",
            path.display()
        ))
    })?;
    Ok((report, resumed))
}

fn read(text: &str) -> Result<Resumed, String> {
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
    let mut known: HashMap<DesktopId, Known> = HashMap::new();
    for line in lines {
        match line? {
            Line::Sending { sending, time } => {
                let sent = parse_rfc3339(&time)
                    .map_err(|error| format!("the time {time:?} of a batch: {error}"))?;
                let status = Status::Unknown;
                known.extend(sending.into_iter().map(|id| (id, Known { status, sent })));
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
    Ok(Resumed {
        plan,
        endpoint,
        project_id,
        known,
    })
}

impl Resumed {
    fn status(&self, id: &DesktopId) -> Status {
        self.known
            .get(id)
            .map_or(Status::NotSent, |known| known.status)
    }

    /// How many desktops are done.
    pub fn succeeded(&self) -> usize {
        self.known
            .values()
            .filter(|known| known.status == Status::Succeeded)
            .count()
    }

    /// The desktops of which it is unknown, in the order of the plan, and when they were sent.
    pub fn unknown(&self) -> Vec<(DesktopId, SystemTime)> {
        let unknown = |id: DesktopId| {
            let known = self.known.get(&id)?;
            (known.status == Status::Unknown).then_some((id, known.sent))
        };
        self.plan
            .desktop_ids()
            .into_iter()
            .filter_map(unknown)
            .collect()
    }

    /// The desktops that are still to be sent: those that were not, and those on which it failed.
    pub fn rest(&self) -> Plan {
        self.plan
            .only(|id| matches!(self.status(id), Status::NotSent | Status::Failed))
    }

    /// Takes down what has been found out about a desktop.
    pub fn settle(&mut self, id: &DesktopId, status: Status) {
        if let Some(known) = self.known.get_mut(id) {
            known.status = status;
        }
    }
}

#[cfg(test)]
mod tests;
