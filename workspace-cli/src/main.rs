//! The `workspace` command: reads its arguments, runs what they ask for, and turns the result into an exit code.
//!
//! Nothing is read or started before the arguments are parsed, so `--version` and `--help` answer at once.

mod arguments;
mod commands;
mod failure;
mod output;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match commands::run(arguments) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(),
    }
}
