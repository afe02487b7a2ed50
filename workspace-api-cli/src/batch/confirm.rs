//! Asks for confirmation before people lose their desktops.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;
use std::thread;
use std::time::SystemTime;

use tokio::sync::oneshot;

use crate::desktops::names::DesktopNames;
use crate::error::{CommandError, Exit};
use crate::output::sanitize::{sanitize_each_line, sanitize_lines};
use crate::output::time::{age, rounded};
use crate::plan::Plan;
use crate::signals::StopRequest;

const CANCELLED: &str = "Cancelled. Nothing was sent.";

/// Rejects a run that would have to be confirmed where nobody can answer.
pub fn ensure_possible(yes: bool, from: Option<&Path>) -> Result<(), CommandError> {
    if yes {
        return Ok(());
    }
    let message = if from == Some(Path::new("-")) {
        "cannot ask for confirmation while standard input is the list; nothing was sent"
    } else if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        "cannot ask for confirmation without a terminal; nothing was sent"
    } else {
        return Ok(());
    };
    Err(CommandError::usage(message)
        .hint("Use --yes to skip the confirmation, or --dry-run to see the requests."))
}

/// Returns why an old report is not resumed without a question.
pub fn age_warning(plan: &Plan, written: SystemTime) -> String {
    let age = rounded(age(written));
    let change = match plan {
        Plan::Detach { .. } => "other users may have been bound since",
        Plan::LogOff { .. } => "other users may be logged on by now",
    };
    format!("{age} old, and {change}")
}

/// Rejects `--yes` for an old report where nobody can be asked.
pub fn ensure_old_report_is_confirmed(path: &Path, warning: &str) -> Result<(), CommandError> {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        return Ok(());
    }
    let path = path.display();
    let message = format!("the report {path} is {warning}; nothing was sent");
    let hint = "Resume it on a terminal, which asks, or allow its age with --max-age, such as \
                --max-age 30d.";
    Err(CommandError::usage(message).hint(hint))
}

/// The question to the user. Its text is made when it is asked, because it takes memory for each
/// different user.
pub struct Question<'a> {
    pub plan: &'a Plan,
    /// The names of the desktops.
    pub names: &'a DesktopNames,
    /// Follows the description of the plan.
    pub note: String,
    /// Notes about the list.
    pub notes: &'a [String],
    pub project: &'a str,
    pub endpoint: &'a str,
}

impl Question<'_> {
    fn text(&self) -> String {
        let mut lines = vec![self.plan.describe(self.names) + &self.note];
        lines.extend(self.notes.iter().map(|note| sanitize_lines(note)));
        lines.push(format!("Project {} at {}.", self.project, self.endpoint));
        lines.join("\n")
    }
}

/// Asks the user, and returns the exit code of an answer that ends the command. A signal is no
/// answer.
pub async fn ask(
    question: &Question<'_>,
    stop: &mut StopRequest,
) -> Result<Option<Exit>, CommandError> {
    stop.set_note(CANCELLED);
    let mut stderr = io::stderr();
    let text = sanitize_each_line(&question.text());
    write!(stderr, "{text}\nContinue? [y/N] ")?;
    stderr.flush()?;
    // Reading blocks, and nothing can end it but the user. The thread ends with the process.
    let (sender, answered) = oneshot::channel();
    thread::spawn(move || {
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer);
        // Nobody waits for the answer after a signal.
        let _ = sender.send(read.map(|_| answer));
    });
    let answer = tokio::select! {
        answer = answered => answer.map_err(io::Error::other)??,
        () = stop.received() => return Ok(Some(Exit::Interrupted)),
    };
    if answer.is_empty() {
        // Ctrl-D leaves the cursor after the question.
        writeln!(stderr)?;
    }
    let is_confirmed = matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes");
    if !is_confirmed {
        writeln!(stderr, "{CANCELLED}")?;
    }
    Ok(if stop.is_received() {
        Some(Exit::Interrupted)
    } else if is_confirmed {
        None
    } else {
        Some(Exit::Failed)
    })
}
