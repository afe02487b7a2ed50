//! The summary of a run on stderr: counts, failures by reason, and how to resume.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

use crate::batch::tally::{Group, MAX_REASONS, Tally};
use crate::cli::ConnectionOptions;
use crate::error::hints;
use crate::error::{ERROR, Exit, HINT};
use crate::output::sanitize::{sanitize_each_line, sanitize_for_terminal};
use crate::output::text::{group_digits, pluralize, preview};
use crate::plan::Plan;
use crate::plan::outcome::Status;
use crate::report::resume_command::resume_command;

/// Maximum number of groups that are printed.
const MAX_GROUPS: usize = 10;

/// A run that has ended.
pub struct Summary<'a> {
    pub plan: &'a Plan,
    pub connection_options: &'a ConnectionOptions,
    pub tally: &'a Tally,
    pub report: Option<&'a Path>,
    pub is_interrupted: bool,
    /// True if the run ended early because of an error that is printed separately.
    pub is_stopped: bool,
    pub quiet: bool,
}

impl Summary<'_> {
    /// Prints the summary and returns the exit code.
    pub fn print(&self) -> Exit {
        let exit = self.exit();
        // A closed stderr does not change how the run ended.
        let _ = self.write(exit);
        exit
    }

    fn exit(&self) -> Exit {
        if self.is_interrupted {
            Exit::Interrupted
        } else if self.tally.is_all_done() && self.tally.unverified == 0 && !self.is_stopped {
            Exit::Success
        } else if self.tally.is_nothing_done() {
            Exit::Failed
        } else {
            Exit::Partial
        }
    }

    fn write(&self, exit: Exit) -> io::Result<()> {
        let mut stderr = anstream::stderr().lock();
        write_groups(&mut stderr, self.tally, self.report)?;
        if self.quiet && exit == Exit::Success {
            return Ok(());
        }
        writeln!(stderr, "{}", counts(self.plan, self.tally))?;
        let hint = if exit == Exit::Success {
            self.verify_hint()
        } else if self.is_stopped || self.report.is_none() {
            None
        } else {
            self.resume_hint()
        };
        if let Some(hint) = hint {
            writeln!(stderr, "{HINT}{}{HINT:#}", sanitize_for_terminal(&hint))?;
        }
        Ok(())
    }

    /// Returns how to find out what became of accepted desktops.
    fn verify_hint(&self) -> Option<String> {
        let is_verified = self.tally.verified + self.tally.unverified > 0;
        if self.tally.count(Status::Accepted) == 0 || is_verified {
            return None;
        }
        let how = match self.report {
            Some(path) => {
                let command = resume_command(self.plan, self.connection_options, path);
                format!("To check, run: {command} --verify")
            }
            None => "--verify checks the unbinding records.".to_owned(),
        };
        Some(format!("A job can still fail. {how}"))
    }

    /// Returns the command that resumes the run, or how to be able to resume the next one; `None`
    /// if there is nothing that another run could do better.
    pub fn resume_hint(&self) -> Option<String> {
        let has_records = matches!(self.plan, Plan::Detach { .. });
        let command = |path| resume_command(self.plan, self.connection_options, path);
        match self.report {
            Some(path) if self.tally.can_resume(has_records) => {
                Some(format!("To resume, run: {}", command(path)))
            }
            Some(path) if self.tally.unverified > 0 => {
                Some(format!("To check again, run: {} --verify", command(path)))
            }
            None if self.tally.can_resume(has_records) => {
                Some("Use --report to be able to resume a run.".to_owned())
            }
            _ => None,
        }
    }
}

/// Returns the counts of a run: `370 of 400 desktops unbound, 30 failed.` Those of a resumed run
/// have all desktops of its report: `390 of 400 desktops unbound (20 of them now), 10 failed.`
pub fn counts(plan: &Plan, tally: &Tally) -> String {
    let mut parts = vec![format!(
        "{} of {} {}{}",
        group_digits(tally.count(Status::Succeeded)),
        pluralize(tally.total(), "desktop"),
        plan.past_participle(),
        in_parentheses(now(tally, Status::Succeeded))
    )];
    let accepted = tally.count(Status::Accepted);
    if accepted > 0 {
        let jobs = match tally.jobs.len() {
            0 => None,
            1 => Some(format!("job {}", tally.jobs.text())),
            _ => Some(format!("jobs {}", tally.jobs.text())),
        };
        let details = now(tally, Status::Accepted).into_iter().chain(jobs);
        parts.push(format!(
            "{} accepted{}",
            group_digits(accepted),
            in_parentheses(details)
        ));
    }
    for (count, name) in [
        (tally.verified, "verified"),
        (tally.unverified, "not verified"),
        (tally.count(Status::Failed), "failed"),
        (tally.count(Status::Unknown), "unknown"),
        (tally.count(Status::NotSent), "not sent"),
    ] {
        if count > 0 {
            parts.push(format!("{} {name}", group_digits(count)));
        }
    }
    let counts = parts.join(", ");
    sanitize_for_terminal(&if tally.is_nothing_left() {
        format!("Nothing left to do: {counts}.")
    } else {
        format!("{counts}.")
    })
}

/// Returns how many desktops this run did, if earlier ones did some of them, too.
fn now(tally: &Tally, status: Status) -> Option<String> {
    let count = tally.count(status) - tally.earlier(status);
    let is_worth_it = tally.earlier(status) > 0 && !tally.is_nothing_left();
    is_worth_it.then(|| format!("{} of them now", group_digits(count)))
}

fn in_parentheses(details: impl IntoIterator<Item = String>) -> String {
    let details: Vec<_> = details.into_iter().collect();
    if details.is_empty() {
        return String::new();
    }
    format!(" ({})", details.join(", "))
}

/// Writes the largest groups of desktops that did not succeed.
pub fn write_groups(out: &mut impl Write, tally: &Tally, report: Option<&Path>) -> io::Result<()> {
    let groups = tally.groups();
    let mut hints = HashSet::new();
    for group in groups.iter().take(MAX_GROUPS) {
        write_group(out, group, &mut hints)?;
    }
    if groups.len() > MAX_GROUPS {
        let others = if tally.has_dropped() {
            let others = group_digits(MAX_REASONS - MAX_GROUPS);
            format!("more than {others} other reasons")
        } else {
            pluralize(groups.len() - MAX_GROUPS, "more reason")
        };
        let place = match report {
            Some(path) => format!("see the report {}", path.display()),
            None => "see the results".to_owned(),
        };
        let text = format!("and {others}: {place}");
        writeln!(out, "{}", sanitize_for_terminal(&text))?;
    }
    Ok(())
}

/// Writes a group, with a hint that has not been written yet.
fn write_group(out: &mut impl Write, group: &Group, hints: &mut HashSet<String>) -> io::Result<()> {
    let label = group.label;
    let mut count = pluralize(group.count, "desktop");
    if !group.is_complete {
        count = format!("at least {count}");
    }
    let reason = sanitize_for_terminal(&group.reason);
    writeln!(out, "{ERROR}{label}:{ERROR:#} {count}: {reason}")?;
    let desktops = preview(&group.first, group.count);
    writeln!(out, "  {}", sanitize_for_terminal(&desktops))?;
    match group.request_ids.len() {
        0 => {}
        1 => writeln!(out, "  request id {}", group.request_ids.text())?,
        _ => writeln!(out, "  request ids {}", group.request_ids.text())?,
    }
    if let Some(hint) = group.error.as_ref().and_then(hints::hint_for)
        && hints.insert(hint.clone())
    {
        let hint = sanitize_each_line(&hint).replace('\n', "\n  ");
        writeln!(out, "  {HINT}{hint}{HINT:#}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
