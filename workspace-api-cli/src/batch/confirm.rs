//! Asks before people are thrown off their desktops.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use crate::error::{CommandError, Exit};

/// Refuses early if it would have to be asked and nobody can answer.
pub fn ensure_possible(yes: bool, from: Option<&Path>) -> Result<(), CommandError> {
    if yes {
        return Ok(());
    }
    if from == Some(Path::new("-")) {
        let message = "the list is read from standard input, so nobody can be asked there, and nothing was sent";
        return Err(CommandError::usage(message)
            .hint("Add --yes if you are sure, or --dry-run to look first."));
    }
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        return Ok(());
    }
    let message = "there is no terminal on which to ask, so nothing was sent";
    Err(CommandError::usage(message).hint("Add --yes if you are sure, or --dry-run to look first."))
}

/// Says what will happen and waits for a yes.
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
