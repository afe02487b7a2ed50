//! Runs the `workspace` binary as a user or a script does.

#![allow(clippy::unwrap_used)]

mod agreement;
mod config_check;
mod documented;
mod errors;
mod exit_codes;
mod fixture;
mod formats;
mod help;
mod hostile;
mod input;
#[cfg(unix)]
mod interrupts;
#[cfg(unix)]
mod readme;
mod report;
mod report_command;
mod resume;
mod sandbox;
mod scrub;
mod spec;
#[cfg(unix)]
mod terminal;
mod tour;
mod verify;

use std::env;
use std::ffi::OsString;
use std::process::Output;

use assert_cmd::Command;

use scrub::scrub;

/// Returns the command with an empty environment.
fn workspace() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workspace"));
    command.env_clear().envs(needed_by_windows());
    command
}

/// Returns the only variable of an otherwise empty environment: without it, Windows opens no
/// socket.
fn needed_by_windows() -> Option<(&'static str, OsString)> {
    env::var_os("SystemRoot").map(|folder| ("SystemRoot", folder))
}

/// Returns what a script sees: exit code, stdout and stderr.
fn transcript(output: &Output) -> String {
    let text = |bytes: &[u8]| scrub(&String::from_utf8_lossy(bytes));
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
