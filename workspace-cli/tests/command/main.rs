//! The `workspace` binary as a person or a script runs it.

mod cloud;
mod normal;
mod resume;
#[cfg(unix)]
mod terminal;
mod tour;

use assert_cmd::Command;

/// The command with nothing of this machine's environment.
fn workspace() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workspace"));
    command.env_clear();
    command
}
