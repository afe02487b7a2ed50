//! `workspace man`: prints manual pages.

use std::io::{self, Write};

use crate::cli::{Arguments, Man};
use crate::error::{Exit, Failure};

pub fn run(arguments: &Man) -> Result<Exit, Failure> {
    let mut root = Arguments::described();
    root.build();
    let command = match &arguments.command {
        None => root,
        Some(name) => root
            .find_subcommand(name)
            .cloned()
            .ok_or_else(|| Failure::usage(format!("there is no command `{name}`")))?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    io::stdout().lock().write_all(&page)?;
    Ok(Exit::Done)
}
