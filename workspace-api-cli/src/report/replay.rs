//! Reads a report back: which desktops are done, which are not, and which are unknown.

use std::fs::File;
use std::path::Path;
use std::time::SystemTime;

use humantime::parse_rfc3339;
use workspace_api::types::DesktopId;

use crate::error::CommandError;
use crate::plan::Plan;
use crate::plan::outcome::Status;
use crate::report::author::Author;
use crate::report::line::{Head, Line, RunResult};
use crate::report::{Report, cannot_read, read_lines};

/// The state of a run, as its report shows it.
pub struct Replay {
    pub head: Head<'static>,
    pub started: SystemTime,
    /// Who resumed the run the last time.
    pub resumed_by: Option<Author>,
    /// How the run ended; `None` if it was killed or is still running.
    pub ended: Option<RunResult>,
    /// The latest time in the report.
    pub latest: SystemTime,
    /// The state of each desktop in the order of the plan; `None` if it was not sent.
    sent: Vec<Option<Sent>>,
    /// The time of each batch.
    batches: Vec<SystemTime>,
    /// The places of the desktops in the plan, sorted by id.
    by_id: Vec<usize>,
}

/// The state of a desktop that was sent.
#[derive(Clone, Copy)]
struct Sent {
    status: Status,
    is_verified: bool,
    /// The last batch with the desktop.
    batch: u32,
}

/// Opens a report to resume it, and reads it.
pub fn open(path: &Path) -> Result<(Report, Replay), CommandError> {
    let mut reader = Reader::default();
    let report = Report::reopen(path, |line| reader.read(line, &mut |_| {}))?;
    let replay = reader
        .finish()
        .map_err(|reason| cannot_read(path, &format!("{reason}; nothing was sent")))?;
    Ok((report, replay))
}

/// Reads a report without locking it, and passes every line after the first to a visitor.
pub fn read(path: &Path, mut visit: impl FnMut(Line)) -> Result<Replay, CommandError> {
    let file = File::open(path).map_err(|error| cannot_read(path, &error.to_string()))?;
    let mut reader = Reader::default();
    read_lines(&file, |line| reader.read(line, &mut visit))
        .and_then(|_| reader.finish())
        .map_err(|reason| cannot_read(path, &reason))
}

/// Reads a report line by line.
#[derive(Default)]
struct Reader {
    lines: usize,
    replay: Option<Replay>,
}

impl Reader {
    fn read(&mut self, line: &str, visit: &mut dyn FnMut(Line)) -> Result<(), String> {
        self.lines += 1;
        let number = self.lines;
        // An editor may have added a byte order mark or empty lines.
        let line = line.trim_start_matches('\u{feff}').trim_end();
        if line.is_empty() {
            return Ok(());
        }
        let in_line = |reason: String| format!("line {number} {reason}");
        let Some(replay) = &mut self.replay else {
            let head = Head::parse(line)?;
            let started = parse_time(&head.started).map_err(in_line)?;
            let mut by_id: Vec<_> = (0..head.plan.len()).collect();
            by_id.sort_unstable_by_key(|place| head.plan.id(*place).map(DesktopId::as_str));
            self.replay = Some(Replay {
                sent: vec![None; head.plan.len()],
                batches: Vec::new(),
                by_id,
                head,
                started,
                latest: started,
                resumed_by: None,
                ended: None,
            });
            return Ok(());
        };
        let Some(line) = Line::parse(line, replay.head.format).map_err(in_line)? else {
            return Ok(());
        };
        replay.apply(line, visit).map_err(in_line)
    }

    fn finish(self) -> Result<Replay, String> {
        self.replay.ok_or_else(|| {
            "it has no complete line: the run ended before anything was sent. Start a new run with \
             a new report"
                .to_owned()
        })
    }
}

fn parse_time(time: &str) -> Result<SystemTime, String> {
    parse_rfc3339(time).map_err(|error| format!("has an invalid time {time:?}: {error}"))
}

impl Replay {
    fn apply(&mut self, line: Line, visit: &mut dyn FnMut(Line)) -> Result<(), String> {
        match &line {
            Line::Batch(batch) => {
                let time = parse_time(&batch.time)?;
                self.latest = time;
                self.ended = None;
                let sent = Sent {
                    status: Status::Unknown,
                    is_verified: false,
                    batch: u32::try_from(self.batches.len()).unwrap_or(u32::MAX),
                };
                self.batches.push(time);
                for id in &batch.sending {
                    let Some(place) = self.place(id) else {
                        return Err(format!("sends {}, which is not in the plan", id.as_str()));
                    };
                    self.sent[place] = Some(sent);
                }
            }
            Line::Outcome(entry) => self.sent(&entry.desktop_id)?.status = entry.outcome,
            Line::Checked(checked) => {
                self.sent(&checked.desktop_id)?.is_verified = checked.verified;
            }
            Line::Jobs(_) => {}
            Line::Resumed(resumed) => {
                self.latest = parse_time(&resumed.time)?;
                self.ended = None;
                self.resumed_by = Some(resumed.by.clone());
            }
            Line::Ended(ended) => {
                self.latest = parse_time(&ended.ended)?;
                self.ended = Some(ended.result);
            }
        }
        visit(line);
        Ok(())
    }

    fn sent(&mut self, id: &DesktopId) -> Result<&mut Sent, String> {
        let place = self.place(id);
        match place.and_then(|place| self.sent[place].as_mut()) {
            Some(sent) => Ok(sent),
            None => Err(format!(
                "has an outcome for {}, which was not sent",
                id.as_str()
            )),
        }
    }

    /// Returns the place of a desktop in the plan.
    fn place(&self, id: &DesktopId) -> Option<usize> {
        let id_at = |place: &usize| self.plan().id(*place).map(DesktopId::as_str);
        let found = self.by_id.binary_search_by_key(&Some(id.as_str()), id_at);
        Some(self.by_id[found.ok()?])
    }

    pub fn plan(&self) -> &Plan {
        &self.head.plan
    }

    pub fn status(&self, id: &DesktopId) -> Status {
        match self.place(id).and_then(|place| self.sent[place]) {
            Some(sent) => sent.status,
            None => Status::NotSent,
        }
    }

    /// Returns the number of desktops that succeeded or were accepted.
    pub fn succeeded(&self) -> usize {
        let is_done = |sent: &&Sent| sent.status.is_done();
        self.sent.iter().flatten().filter(is_done).count()
    }

    /// Returns true if the resumed run may send desktops.
    pub fn can_send(&self) -> bool {
        let is_done = |sent: &Option<Sent>| sent.is_some_and(|sent| sent.status.is_done());
        !self.sent.iter().all(is_done)
    }

    /// Returns the unknown desktops in the order of the plan, each with the time when it was sent.
    pub fn unknown(&self) -> Vec<(DesktopId, SystemTime)> {
        self.sent_with(|sent| sent.status == Status::Unknown)
    }

    /// Returns the desktops that failed in the order of the plan, each with the time when it was
    /// sent.
    pub fn failed(&self) -> Vec<(DesktopId, SystemTime)> {
        self.sent_with(|sent| sent.status == Status::Failed)
    }

    /// Returns the desktops that are done but not verified, each with the time when it was sent.
    pub fn unverified(&self) -> Vec<(DesktopId, SystemTime)> {
        self.sent_with(|sent| sent.status.is_done() && !sent.is_verified)
    }

    fn sent_with(&self, matches: impl Fn(&Sent) -> bool) -> Vec<(DesktopId, SystemTime)> {
        let mut found = Vec::new();
        for (place, sent) in self.sent.iter().enumerate() {
            if let Some(sent) = sent
                && matches(sent)
                && let Some(id) = self.plan().id(place)
            {
                let time = self.batches.get(sent.batch as usize).copied();
                found.push((id.clone(), time.unwrap_or(self.started)));
            }
        }
        found
    }

    /// Returns the plan for the desktops that are still to be sent: those that were not sent, and
    /// those that failed.
    pub fn remaining(&self) -> Plan {
        self.plan()
            .filter(|id| matches!(self.status(id), Status::NotSent | Status::Failed))
    }

    /// Replaces the status of a desktop that was sent.
    pub fn set_status(&mut self, id: &DesktopId, status: Status) {
        if let Ok(sent) = self.sent(id) {
            sent.status = status;
        }
    }
}

#[cfg(test)]
mod tests;
