//! Reads the beginning of a report: the plan and where the run came from.

use std::io::{BufRead, Seek};

use crate::desktops::names::{DesktopNames, UnplacedNames};
use crate::plan::Plan;
use crate::plan::digest::{NamesDigest, PlanDigest};
use crate::report::head_line::HeadLine;
use crate::report::line::Head;

/// The beginning of a report.
pub struct Start {
    /// The first line; `None` if it is not complete.
    pub head: Option<Head>,
    /// Length of the line and of empty lines before it, in bytes.
    pub length: u64,
    /// The number of these lines.
    pub lines: usize,
    /// False if the list has another plan.
    pub is_same_work: bool,
}

impl Start {
    pub fn read(input: &mut impl BufRead) -> Result<Self, String> {
        let line = HeadLine::<Plan, UnplacedNames>::read(input);
        let line = line.map_err(|error| error.to_string())?;
        let head = line.head.transpose()?;
        Ok(Self {
            head: head.map(with_placed_names),
            length: line.length,
            lines: line.lines,
            is_same_work: true,
        })
    }

    /// Reads the report of a list. If the report is for the same work, its plan is not held.
    pub fn read_for_list(
        input: &mut (impl BufRead + Seek),
        plan: Plan,
        names: DesktopNames,
    ) -> Result<Self, String> {
        let line = HeadLine::<PlanDigest, NamesDigest>::read(input);
        let line = line.map_err(|error| error.to_string())?;
        let Some(head) = line.head.transpose()? else {
            return Ok(Self {
                head: None,
                length: 0,
                lines: 0,
                is_same_work: true,
            });
        };
        let (head, digest, names_of_report) = head.replace((), ());
        let plan = digest.plan(plan);
        let is_same_work = plan.is_some();
        if let Some(plan) = plan
            && (names_of_report.is_empty() || names_of_report == NamesDigest::of(&names))
        {
            let (head, (), ()) = head.replace(plan, names);
            return Ok(Self {
                head: Some(head),
                length: line.length,
                lines: line.lines,
                is_same_work,
            });
        }
        input.rewind().map_err(|error| error.to_string())?;
        let mut start = Self::read(input)?;
        if let Some(head) = &mut start.head {
            let of_report = std::mem::take(&mut head.names);
            head.names = names.or(of_report);
        }
        Ok(Self {
            is_same_work,
            ..start
        })
    }
}

fn with_placed_names(head: Head<Plan, UnplacedNames>) -> Head {
    let (head, plan, names) = head.replace((), ());
    let names = names.of(plan.ids());
    let (head, (), ()) = head.replace(plan, names);
    head
}

#[cfg(test)]
mod tests;
