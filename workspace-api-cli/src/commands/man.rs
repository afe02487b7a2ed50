//! `workspace man`: prints manual pages.

mod page;
mod reference;
mod roff;

use std::io::{self, Write};

use crate::cli::{Man, global_options};
use crate::error::{CommandError, Exit};

pub fn run(arguments: &Man) -> Result<Exit, CommandError> {
    let mut root = global_options::command();
    root.build();
    let command = match &arguments.command {
        None => &root,
        Some(name) => root
            .find_subcommand(name)
            .ok_or_else(|| CommandError::usage(format!("unknown command `{name}`")))?,
    };
    let page = page::render(&root, command);
    io::stdout().lock().write_all(page.as_bytes())?;
    Ok(Exit::Success)
}
