//! Opens a report to resume its run: its state, and the outcomes of the desktops that failed.

use std::io::BufReader;
use std::path::Path;

use crate::desktops::names::DesktopNames;
use crate::error::CommandError;
use crate::plan::Plan;
use crate::plan::outcome::Status;
use crate::report::line::Line;
use crate::report::outcomes::Outcomes;
use crate::report::replay::{NO_LINE, Replay, Start};
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
pub fn reopen(
    path: &Path,
    plan: Option<Plan>,
    names: DesktopNames,
) -> Result<Opened, CommandError> {
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
