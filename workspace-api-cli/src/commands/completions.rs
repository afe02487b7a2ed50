//! `workspace completions`: prints completions for a shell.

use std::io::{self, Write};

use crate::cli::{Arguments, Completions};
use crate::error::{Exit, Failure};

pub fn run(arguments: &Completions) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::described(),
        "workspace",
        &mut text,
    );
    io::stdout().lock().write_all(&text)?;
    Ok(Exit::Done)
}
