//! The summary on stderr after a run: counts, failures by reason, and how to resume.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{self, Write};
use std::path::Path;

use workspace_api::Error;

use crate::cli::ConnectionOptions;
use crate::error::hints;
use crate::error::{ERROR, Exit, HINT};
use crate::output::sanitize::sanitize_for_terminal;
use crate::output::text::{group_digits, list_preview, pluralize};
use crate::plan::Plan;
use crate::plan::outcome::{Entry, Status};
use crate::report::resume_command::resume_command;

/// A run that has ended.
pub struct Summary<'a> {
    pub plan: &'a Plan,
    pub connection_options: &'a ConnectionOptions,
    pub entries: &'a [Entry],
    pub report: Option<&'a Path>,
    pub is_interrupted: bool,
    /// True if the run ended early because of an error that is printed separately.
    pub is_stopped: bool,
    pub quiet: bool,
}

/// Maximum number of groups that are printed.
const MAX_GROUPS: usize = 10;

/// Desktops with the same outcome for the same reason.
struct Group<'a> {
    status: Status,
    reason: String,
    first: &'a Entry,
    ids: Vec<String>,
    request_ids: BTreeSet<&'a str>,
}

impl Summary<'_> {
    /// Prints the summary and returns the exit code.
    pub fn print(&self) -> Exit {
        let exit = self.exit();
        // A closed stderr does not change how the run ended.
        let _ = self.write(exit);
        exit
    }

    fn count(&self, status: Status) -> usize {
        let has_status = |entry: &&Entry| entry.outcome == status;
        self.entries.iter().filter(has_status).count()
    }

    pub fn is_all_done(&self) -> bool {
        self.count(Status::Succeeded) + self.count(Status::Accepted) == self.entries.len()
    }

    fn exit(&self) -> Exit {
        if self.is_interrupted {
            Exit::Interrupted
        } else if self.is_all_done() && !self.is_stopped {
            Exit::Success
        } else if self
            .entries
            .iter()
            .all(|entry| !entry.outcome.is_done() && entry.outcome != Status::Unknown)
        {
            Exit::Failed
        } else {
            Exit::Partial
        }
    }

    fn write(&self, exit: Exit) -> io::Result<()> {
        let mut stderr = anstream::stderr().lock();
        let groups = self.groups();
        let mut hints = HashSet::new();
        for group in groups.iter().take(MAX_GROUPS) {
            write_group(&mut stderr, group, &mut hints)?;
        }
        if groups.len() > MAX_GROUPS {
            let others = pluralize(groups.len() - MAX_GROUPS, "more reason");
            let place = match self.report {
                Some(path) => format!("see the report {}", path.display()),
                None => "see the results".to_owned(),
            };
            let text = format!("{others}: {place}");
            writeln!(stderr, "{}", sanitize_for_terminal(&text))?;
        }
        if self.quiet && exit == Exit::Success {
            return Ok(());
        }
        writeln!(stderr, "{}", self.counts())?;
        if exit != Exit::Success && self.report.is_some() && !self.is_stopped {
            writeln!(stderr, "{HINT}{}{HINT:#}", self.resume_hint())?;
        }
        Ok(())
    }

    fn counts(&self) -> String {
        if self.entries.is_empty() {
            return "Nothing left to do.".to_owned();
        }
        let mut parts = vec![format!(
            "{} of {} {}",
            group_digits(self.count(Status::Succeeded)),
            pluralize(self.entries.len(), "desktop"),
            self.plan.past_participle()
        )];
        let accepted = self.count(Status::Accepted);
        if accepted > 0 {
            let jobs: BTreeSet<_> = self
                .entries
                .iter()
                .filter_map(|entry| entry.job_id.clone())
                .collect();
            let jobs: Vec<_> = jobs.into_iter().collect();
            let noun = if jobs.len() == 1 { "job" } else { "jobs" };
            let accepted = group_digits(accepted);
            parts.push(format!(
                "{accepted} accepted ({noun} {})",
                list_preview(&jobs)
            ));
        }
        for (status, name) in [
            (Status::Failed, "failed"),
            (Status::Unknown, "unknown"),
            (Status::NotSent, "not sent"),
        ] {
            let count = self.count(status);
            if count > 0 {
                parts.push(format!("{} {name}", group_digits(count)));
            }
        }
        format!("{}.", parts.join(", "))
    }

    /// Returns the command that resumes the run, or how to be able to resume the next one.
    pub fn resume_hint(&self) -> String {
        match self.report {
            Some(path) => {
                let command = resume_command(self.plan, self.connection_options, path);
                format!("To resume, run: {command}")
            }
            None => "Use --report to be able to resume a run.".to_owned(),
        }
    }

    /// Returns the desktops that failed or are unknown, by reason, in the order of the run.
    fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut indices = HashMap::new();
        for entry in self.entries {
            if !matches!(entry.outcome, Status::Failed | Status::Unknown) {
                continue;
            }
            let key = (entry.outcome, masked_reason(entry));
            let index = *indices.entry(key).or_insert(groups.len());
            if index == groups.len() {
                groups.push(Group {
                    status: entry.outcome,
                    reason: reason(entry),
                    first: entry,
                    ids: Vec::new(),
                    request_ids: BTreeSet::new(),
                });
            }
            let group = &mut groups[index];
            if group.ids.len() == 1 {
                group.reason = masked_reason(group.first);
            }
            group.ids.push(entry.label());
            group.request_ids.extend(entry.request_id.as_deref());
        }
        groups
    }
}

/// Writes a group, with a hint that has not been written yet.
fn write_group(
    out: &mut impl Write,
    group: &Group<'_>,
    hints: &mut HashSet<String>,
) -> io::Result<()> {
    let status = group.status.name();
    let count = pluralize(group.ids.len(), "desktop");
    let reason = sanitize_for_terminal(&group.reason);
    writeln!(out, "{ERROR}{status}:{ERROR:#} {count}: {reason}")?;
    writeln!(out, "  {}", list_preview(&group.ids))?;
    let request_ids: Vec<_> = group.request_ids.iter().map(ToString::to_string).collect();
    if !request_ids.is_empty() {
        let noun = if request_ids.len() == 1 { "id" } else { "ids" };
        let request_ids = sanitize_for_terminal(&list_preview(&request_ids));
        writeln!(out, "  request {noun} {request_ids}")?;
    }
    if let Some(hint) = group.first.error.as_ref().and_then(hints::hint_for)
        && hints.insert(hint.clone())
    {
        let hint = sanitize_for_terminal(&hint).replace('\n', "\n  ");
        writeln!(out, "  {HINT}{hint}{HINT:#}")?;
    }
    Ok(())
}

/// Returns the HTTP status, error code and message of an entry.
fn reason(entry: &Entry) -> String {
    let mut reason = entry
        .error_msg
        .as_deref()
        .unwrap_or("no reason given")
        .to_owned();
    if let Some(code) = &entry.error_code {
        reason = format!("{code}: {reason}");
    }
    match entry.error.as_ref().and_then(Error::status) {
        Some(status) if !reason.starts_with(&status.to_string()) => format!("{status}: {reason}"),
        _ => reason,
    }
}

/// Returns the reason without the id of the desktop, so that it is the same for many desktops.
fn masked_reason(entry: &Entry) -> String {
    reason(entry).replace(entry.desktop_id.as_str(), "DESKTOP")
}
