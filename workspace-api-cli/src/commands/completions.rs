//! `workspace completions`: prints completions for a shell.

use std::io::{self, Write};

use crate::cli::{Completions, global_options};
use crate::error::{CommandError, Exit};

pub fn run(arguments: &Completions) -> Result<Exit, CommandError> {
    let mut command = global_options::command();
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "workspace", &mut text);
    io::stdout().lock().write_all(&text)?;
    Ok(Exit::Success)
}
