//! `workspace completions`: prints completions for a shell.

mod offered;
mod reports;

use std::io::{self, Write};

use clap_complete::Shell;

use crate::cli::Completions;
use crate::error::{CommandError, Exit};

pub fn run(arguments: &Completions) -> Result<Exit, CommandError> {
    let mut command = offered::command();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "workspace", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    let script = match arguments.shell {
        Shell::Bash => reports::in_bash(&script),
        Shell::Zsh => reports::in_zsh(&script),
        Shell::Fish => reports::in_fish(&script, &command),
        _ => script,
    };
    io::stdout().lock().write_all(script.as_bytes())?;
    Ok(Exit::Success)
}
