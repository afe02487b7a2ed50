//! Asks for confirmation before people lose their desktops.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use crate::error::{CommandError, Exit};

/// Rejects a run that would have to be confirmed where nobody can answer.
pub fn ensure_possible(yes: bool, from: Option<&Path>) -> Result<(), CommandError> {
    if yes {
        return Ok(());
    }
    let message = if from == Some(Path::new("-")) {
        "the list is read from standard input, so nobody can be asked there, and nothing was sent"
    } else if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        "there is no terminal on which to ask, so nothing was sent"
    } else {
        return Ok(());
    };
    Err(CommandError::usage(message).hint("Add --yes if you are sure, or --dry-run to look first."))
}

/// Shows what will happen and waits for a yes.
pub fn ask(what: &str) -> Result<(), CommandError> {
    let mut stderr = io::stderr();
    write!(stderr, "{what}\nGo on? [y/N] ")?;
    stderr.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(CommandError::new(
            Exit::Failed,
            "you said no, so nothing was sent",
        )),
    }
}
