//! What is said on stderr when a run has ended: how many, what went wrong with which, and how to go on.

use std::io::Write;
use std::path::Path;

use crate::cli::ConnectionOptions;
use crate::error::hints;
use crate::error::{ERROR, Exit, HINT};
use crate::output::sanitize::sanitize_for_terminal;
use crate::output::text::{list_preview, pluralize};
use crate::plan::Plan;
use crate::plan::outcome::{Entry, Status};
use crate::report::resume_command;

/// A run that has ended.
pub struct Summary<'a> {
    pub plan: &'a Plan,
    pub connection: &'a ConnectionOptions,
    pub entries: &'a [Entry],
    pub report: Option<&'a Path>,
    pub is_interrupted: bool,
    /// Whether it ended early for a reason that is told apart.
    pub is_stopped: bool,
    pub quiet: bool,
}

/// Desktops with the same reason.
struct Group<'a> {
    status: Status,
    first: &'a Entry,
    ids: Vec<String>,
}

impl Summary<'_> {
    /// Tells it and gives the exit code.
    pub fn print(&self) -> Exit {
        let exit = self.exit();
        // Nobody may be there to read it any more.
        let _ = self.write(exit);
        exit
    }

    fn count(&self, status: Status) -> usize {
        self.entries
            .iter()
            .filter(|entry| entry.outcome == status)
            .count()
    }

    pub fn is_all_done(&self) -> bool {
        self.count(Status::Succeeded) == self.entries.len()
    }

    fn exit(&self) -> Exit {
        let is_untouched = |entry: &Entry| match entry.outcome {
            Status::Failed | Status::NotSent => true,
            Status::Succeeded | Status::Unknown => false,
        };
        if self.is_interrupted {
            Exit::Interrupted
        } else if self.is_all_done() && !self.is_stopped {
            Exit::Success
        } else if self.entries.iter().all(is_untouched) {
            Exit::Failed
        } else {
            Exit::Partial
        }
    }

    fn write(&self, exit: Exit) -> std::io::Result<()> {
        let mut stderr = anstream::stderr().lock();
        for group in self.groups() {
            let reason = reason(group.first);
            writeln!(
                stderr,
                "{ERROR}{}:{ERROR:#} {}: {}",
                group.status.name(),
                pluralize(group.ids.len(), "desktop"),
                sanitize_for_terminal(&reason)
            )?;
            writeln!(stderr, "  {}", list_preview(&group.ids, "more"))?;
            if let Some(step) = group.first.error.as_ref().and_then(hints::hint_for) {
                writeln!(
                    stderr,
                    "  {HINT}{}{HINT:#}",
                    sanitize_for_terminal(&step).replace('\n', "\n  ")
                )?;
            }
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
            return "Nothing is left to do.".to_owned();
        }
        let mut text = format!(
            "{} of {} {}",
            self.count(Status::Succeeded),
            pluralize(self.entries.len(), "desktop"),
            self.plan.past_participle()
        );
        for (status, what) in [
            (Status::Failed, "failed"),
            (Status::Unknown, "unknown"),
            (Status::NotSent, "not sent"),
        ] {
            match self.count(status) {
                0 => {}
                count => text += &format!(", {count} {what}"),
            }
        }
        text + "."
    }

    /// The command that goes on from here.
    pub fn resume_hint(&self) -> String {
        match self.report {
            Some(path) => format!(
                "Go on with: {}",
                resume_command::resume_command(self.plan, self.connection, path)
            ),
            None => "Write a report with --report to be able to go on from where a run stopped."
                .to_owned(),
        }
    }

    /// What did not succeed, by reason, in the order in which the reasons came.
    fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for entry in self.entries {
            if !matches!(entry.outcome, Status::Failed | Status::Unknown) {
                continue;
            }
            let id = entry.desktop_id.to_string();
            let same = |group: &&mut Group<'_>| {
                group.status == entry.outcome && reason(group.first) == reason(entry)
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.ids.push(id),
                None => groups.push(Group {
                    status: entry.outcome,
                    first: entry,
                    ids: vec![id],
                }),
            }
        }
        groups
    }
}

fn reason(entry: &Entry) -> String {
    let mut reason = String::new();
    if let Some(code) = &entry.error_code {
        reason += &format!("{code}: ");
    }
    reason += entry.error_msg.as_deref().unwrap_or("no reason was given");
    if let Some(request_id) = &entry.request_id {
        reason += &format!(" [request id {request_id}]");
    }
    reason
}
