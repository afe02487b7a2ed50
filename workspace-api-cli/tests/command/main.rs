//! The `workspace` binary as a person or a script runs it.

#![allow(clippy::unwrap_used)]

mod cloud;
mod errors;
mod exit;
mod forms;
mod help;
mod input;
mod normal;
mod report;
mod resume;
mod sandbox;
#[cfg(unix)]
mod terminal;
mod tour;

use std::process::Output;

use assert_cmd::Command;

use normal::normal;

/// The command with nothing of this machine's environment.
fn workspace() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workspace"));
    command.env_clear();
    command
}

/// What a script sees: exit code, stdout and stderr.
fn seen(output: &Output) -> String {
    let text = |bytes: &[u8]| normal(&String::from_utf8_lossy(bytes));
    format!(
        "exit code {}\n--- stdout\n{}--- stderr\n{}",
        output
            .status
            .code()
            .map_or("none".to_owned(), |code| code.to_string()),
        text(&output.stdout),
        text(&output.stderr)
    )
}
