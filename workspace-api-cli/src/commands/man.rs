//! `workspace man`: prints manual pages.

use std::io::{self, Write};

use crate::cli::{Man, global_options};
use crate::error::{CommandError, Exit};

pub fn run(arguments: &Man) -> Result<Exit, CommandError> {
    let mut root = global_options::command();
    root.build();
    let command = match &arguments.command {
        None => root,
        Some(name) => match root.find_subcommand(name) {
            Some(command) => command.clone(),
            None => return Err(CommandError::usage(format!("unknown command `{name}`"))),
        },
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    io::stdout().lock().write_all(&page)?;
    Ok(Exit::Success)
}
