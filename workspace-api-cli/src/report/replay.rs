//! Reads a report back: which desktops are done, which are not, and which are unknown.

use std::collections::HashMap;
use std::path::Path;
use std::time::SystemTime;

use humantime::parse_rfc3339;
use workspace_api::types::{DesktopId, ProjectId};

use crate::error::CommandError;
use crate::plan::Plan;
use crate::plan::outcome::Status;
use crate::report::{Line, Report};

/// The state of a run, as its report shows it.
pub struct Replay {
    pub plan: Plan,
    pub endpoint: String,
    pub project_id: ProjectId,
    sent: HashMap<DesktopId, Sent>,
}

/// The state of a desktop that was sent.
#[derive(Clone, Copy)]
struct Sent {
    status: Status,
    time: SystemTime,
}

/// Opens a report and reads it.
pub fn open(path: &Path) -> Result<(Report, Replay), CommandError> {
    let (report, text) = Report::reopen(path)?;
    match read(&text) {
        Ok(replay) => Ok((report, replay)),
        Err(reason) => Err(CommandError::usage(format!(
            "cannot resume the report {}: {reason}",
            path.display()
        ))),
    }
}

fn read(text: &str) -> Result<Replay, String> {
    let mut lines = text.lines().zip(1..);
    let Some((first, _)) = lines.next() else {
        let reason = "it has no complete line: the run ended before anything was sent. Start a \
                      new run with a new report.";
        return Err(reason.to_owned());
    };
    let Line::Plan {
        plan,
        endpoint,
        project_id,
        ..
    } = parse(first, 1)?
    else {
        return Err("line 1 is not a plan".to_owned());
    };
    let mut sent = HashMap::new();
    for (line, number) in lines {
        match parse(line, number)? {
            Line::Batch { sending, time } => {
                let time = parse_rfc3339(&time).map_err(|error| {
                    format!("line {number} has an invalid time {time:?}: {error}")
                })?;
                for id in sending {
                    let status = Status::Unknown;
                    sent.insert(id, Sent { status, time });
                }
            }
            Line::Outcome(entry) => {
                let id = &entry.desktop_id;
                let Some(sent) = sent.get_mut(id) else {
                    return Err(format!(
                        "it has an outcome for {}, which was not sent",
                        id.as_str()
                    ));
                };
                sent.status = entry.outcome;
            }
            Line::Jobs { .. } => {}
            Line::Plan { .. } => return Err("it contains two plans".to_owned()),
        }
    }
    Ok(Replay {
        plan,
        endpoint,
        project_id,
        sent,
    })
}

fn parse(line: &str, number: usize) -> Result<Line, String> {
    serde_json::from_str(line).map_err(|_| match number {
        1 => "the file is not a report of this command".to_owned(),
        _ => format!("line {number} is not a report entry"),
    })
}

impl Replay {
    fn status(&self, id: &DesktopId) -> Status {
        match self.sent.get(id) {
            Some(sent) => sent.status,
            None => Status::NotSent,
        }
    }

    /// Returns the number of desktops that succeeded or were accepted.
    pub fn succeeded(&self) -> usize {
        let is_done = |sent: &&Sent| sent.status.is_done();
        self.sent.values().filter(is_done).count()
    }

    /// Returns the unknown desktops in the order of the plan, each with the time when it was sent.
    pub fn unknown(&self) -> Vec<(DesktopId, SystemTime)> {
        self.sent_with(Status::Unknown)
    }

    /// Returns the desktops that failed in the order of the plan, each with the time when it was
    /// sent.
    pub fn failed(&self) -> Vec<(DesktopId, SystemTime)> {
        self.sent_with(Status::Failed)
    }

    fn sent_with(&self, status: Status) -> Vec<(DesktopId, SystemTime)> {
        let mut unknown = Vec::new();
        for id in self.plan.desktop_ids() {
            if let Some(sent) = self.sent.get(&id)
                && sent.status == status
            {
                unknown.push((id, sent.time));
            }
        }
        unknown
    }

    /// Returns the plan for the desktops that are still to be sent: those that were not sent, and
    /// those that failed.
    pub fn remaining(&self) -> Plan {
        self.plan
            .filter(|id| matches!(self.status(id), Status::NotSent | Status::Failed))
    }

    /// Replaces the status of a desktop that was sent.
    pub fn set_status(&mut self, id: &DesktopId, status: Status) {
        if let Some(sent) = self.sent.get_mut(id) {
            sent.status = status;
        }
    }
}

#[cfg(test)]
mod tests;
