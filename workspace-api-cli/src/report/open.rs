//! Opens a report, to resume its run or to show it.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::desktops::names::DesktopNames;
use crate::error::CommandError;
use crate::plan::Plan;
use crate::plan::outcome::Status;
use crate::report::line::Line;
use crate::report::outcomes::Outcomes;
use crate::report::replay::{NO_LINE, Replay};
use crate::report::start::Start;
use crate::report::{BUFFER, Report, cannot_read};

/// A report that was opened to resume it.
pub struct Opened {
    pub report: Report,
    pub replay: Replay,
    /// The outcomes of the desktops that failed.
    pub failures: Outcomes,
    /// False if the list has another plan.
    pub is_same_work: bool,
}

/// Opens a report to resume it, and reads it. A plan of the list is compared with that of the
/// report; names of the list replace those of the report.
pub fn open(path: &Path, plan: Option<Plan>, names: DesktopNames) -> Result<Opened, CommandError> {
    let mut replay = None;
    let mut failures = Outcomes::default();
    let mut is_same_work = true;
    let report = Report::reopen(path, |file| {
        let mut input = BufReader::with_capacity(BUFFER, file);
        let start = match plan {
            Some(plan) => {
                let start = Start::read_for_list(&mut input, plan, names)?;
                is_same_work = start.is_same_work;
                start
            }
            None => Start::read(&mut input)?,
        };
        let (read, end) = Replay::read(start, &mut input, &mut |replay, line| {
            if let Line::Outcome(entry) = &line
                && entry.outcome == Status::Failed
            {
                failures.add(replay, line);
            }
        })?;
        replay = read;
        Ok(end)
    })?;
    match replay {
        Some(replay) => Ok(Opened {
            report,
            replay,
            failures,
            is_same_work,
        }),
        None => Err(cannot_read(path, &format!("{NO_LINE}; nothing was sent"))),
    }
}

/// Reads a report without locking it, and passes every line after the first to a visitor, with what
/// is known by then.
pub fn read(path: &Path, mut visit: impl FnMut(&Replay, Line)) -> Result<Replay, CommandError> {
    let file = File::open(path).map_err(|error| cannot_read(path, &error.to_string()))?;
    let mut input = BufReader::with_capacity(BUFFER, &file);
    let read = Start::read(&mut input);
    match read.and_then(|start| Replay::read(start, &mut input, &mut visit)) {
        Ok((Some(replay), _)) => Ok(replay),
        Ok((None, _)) => Err(cannot_read(path, NO_LINE)),
        Err(reason) => Err(cannot_read(path, &reason)),
    }
}
