//! Reads a report back: which desktops are done, which are not, and which are unknown.

use std::io::BufRead;
use std::time::SystemTime;

use humantime::parse_rfc3339;

use crate::plan::Plan;
use crate::plan::outcome::Status;
use crate::report::author::Author;
use crate::report::line::{Head, Line, RunResult};
use crate::report::read_lines;
use crate::report::sent_times::SentTimes;
use crate::report::start::Start;

/// The state of a run, as its report shows it.
pub struct Replay {
    pub head: Head,
    pub started: SystemTime,
    /// The author of the last resumption.
    pub resumed_by: Option<Author>,
    /// How the run ended; `None` if it was killed or is still running.
    pub ended: Option<RunResult>,
    /// The latest time in the report.
    pub latest: SystemTime,
    /// The state of each desktop in the order of the plan; `None` if it was not sent.
    sent: Vec<Option<Sent>>,
    times: SentTimes,
    /// The desktops of the last batch that had failed before it.
    before_batch: Vec<FailedBefore>,
}

/// A desktop that had failed before it was sent again.
struct FailedBefore {
    place: usize,
    state: Sent,
    time: u32,
}

/// The state of a desktop that was sent.
#[derive(Clone, Copy)]
struct Sent {
    status: Status,
    is_verified: bool,
}

/// Why a report without a complete line cannot be read.
pub const NO_LINE: &str = "it has no complete line: the run ended before anything was sent. Start a new \
                       run with a new report";

fn parse_time(time: &str) -> Result<SystemTime, String> {
    parse_rfc3339(time).map_err(|error| format!("has an invalid time {time:?}: {error}"))
}

impl Replay {
    /// Reads the lines after the first one and passes each to a visitor, with the state so far.
    ///
    /// Returns the state of the run and the offset of the end of the last complete line. A report
    /// without a complete line has no state.
    pub fn read(
        start: Start,
        input: &mut impl BufRead,
        visit: &mut dyn FnMut(&Self, Line),
    ) -> Result<(Option<Self>, u64), String> {
        let Start {
            head,
            length,
            lines,
            ..
        } = start;
        let Some(head) = head else {
            return Ok((None, 0));
        };
        let mut replay = Self::new(head, lines)?;
        let rest = read_lines(input, lines + 1, |number, line| {
            let line = line.trim_end();
            // An editor may have added empty lines.
            if line.is_empty() {
                return Ok(());
            }
            let in_line = |reason: String| format!("line {number} {reason}");
            match Line::parse(line, replay.head.format).map_err(in_line)? {
                Some(line) => replay.apply(line, visit).map_err(in_line),
                None => Ok(()),
            }
        })?;
        Ok((Some(replay), length + rest))
    }

    fn new(head: Head, line: usize) -> Result<Self, String> {
        let started = parse_time(&head.started);
        let started = started.map_err(|reason| format!("line {line} {reason}"))?;
        let desktops = head.plan.len();
        Ok(Self {
            sent: vec![None; desktops],
            times: SentTimes::new(desktops),
            before_batch: Vec::new(),
            head,
            started,
            latest: started,
            resumed_by: None,
            ended: None,
        })
    }

    fn apply(&mut self, line: Line, visit: &mut dyn FnMut(&Self, Line)) -> Result<(), String> {
        match &line {
            Line::Batch(batch) => {
                let time = parse_time(&batch.time)?;
                self.latest = time;
                self.ended = None;
                self.times.begin_batch(time);
                self.before_batch.clear();
                for id in &batch.sending {
                    let Some(place) = self.place(id.as_str()) else {
                        return Err(format!("sends {}, which is not in the plan", id.as_str()));
                    };
                    if let Some(state) = self.sent[place]
                        && state.status == Status::Failed
                    {
                        let time = self.times.number(place);
                        self.before_batch.push(FailedBefore { place, state, time });
                    }
                    self.times.set(place);
                    self.sent[place] = Some(Sent {
                        status: Status::Unknown,
                        is_verified: false,
                    });
                }
            }
            Line::Outcome(entry) if entry.outcome == Status::NotSent => {
                let id = entry.desktop_id.as_str();
                self.sent(id)?.status = Status::NotSent;
                self.restore_failure(id);
            }
            Line::Outcome(entry) => {
                let sent = self.sent(entry.desktop_id.as_str())?;
                sent.status = entry.outcome;
                // The records that showed an unknown outcome are the proof of it.
                sent.is_verified = entry.verified == Some(true);
            }
            Line::Checked(checked) => {
                self.sent(checked.desktop_id.as_str())?.is_verified = checked.verified;
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
        visit(self, line);
        Ok(())
    }

    fn sent(&mut self, id: &str) -> Result<&mut Sent, String> {
        let place = self.place(id);
        match place.and_then(|place| self.sent[place].as_mut()) {
            Some(sent) => Ok(sent),
            None => Err(format!("has an outcome for {id}, which was not sent")),
        }
    }

    /// Lets a desktop that had failed before the last batch be failed again: it was not sent.
    fn restore_failure(&mut self, id: &str) {
        let place = self.place(id);
        let mut before = self.before_batch.iter();
        if let Some(before) = before.find(|before| Some(before.place) == place) {
            self.sent[before.place] = Some(before.state);
            self.times.restore(before.place, before.time);
        }
    }

    /// Returns the place of a desktop in the plan.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.plan().ids().place(id)
    }

    pub fn plan(&self) -> &Plan {
        &self.head.plan
    }

    /// Returns the status of the desktop at a place of the plan.
    pub fn status(&self, place: usize) -> Status {
        match self.sent.get(place) {
            Some(Some(sent)) => sent.status,
            _ => Status::NotSent,
        }
    }

    /// Replaces the status of a desktop that was sent.
    pub fn set_status(&mut self, place: usize, status: Status) {
        if let Some(Some(sent)) = self.sent.get_mut(place) {
            sent.status = status;
        }
    }

    /// Returns when the desktops were sent.
    pub fn times(&self) -> &SentTimes {
        &self.times
    }

    /// Returns the number of desktops that were sent and have this status.
    pub fn count(&self, status: Status) -> usize {
        let sent = self.sent.iter().flatten();
        sent.filter(|sent| sent.status == status).count()
    }

    /// Returns the number of desktops that are done and verified.
    pub fn verified(&self) -> usize {
        let is_verified = |sent: &&Sent| sent.status.is_done() && sent.is_verified;
        self.sent.iter().flatten().filter(is_verified).count()
    }

    /// Returns true if the resumed run may send desktops.
    pub fn can_send(&self) -> bool {
        let is_done = |sent: &Option<Sent>| sent.is_some_and(|sent| sent.status.is_done());
        !self.sent.iter().all(is_done)
    }

    /// Returns the places in the plan of the desktops with this status.
    pub fn with_status(&self, status: Status) -> impl Iterator<Item = usize> + Clone {
        let places = 0..self.sent.len();
        places.filter(move |place| self.status(*place) == status)
    }

    /// Returns the places in the plan of the desktops that are done but not verified.
    pub fn unverified(&self) -> impl Iterator<Item = usize> {
        let places = 0..self.sent.len();
        places.filter(|place| {
            self.sent[*place].is_some_and(|sent| sent.status.is_done() && !sent.is_verified)
        })
    }

    /// Returns the plan for the desktops that are still to be sent: those that were not sent, and
    /// those that failed.
    pub fn remaining(&self) -> Plan {
        let places = 0..self.sent.len();
        let remaining =
            places.filter(|place| matches!(self.status(*place), Status::NotSent | Status::Failed));
        self.plan().part(remaining)
    }
}

#[cfg(test)]
mod tests;
