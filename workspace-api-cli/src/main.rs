//! The `workspace` command: parses its arguments, runs the command that they name, and turns the
//! result into an exit code.
//!
//! Nothing is read or started before the arguments are parsed, so `--version` and `--help` respond
//! immediately.

mod batch;
mod cli;
mod commands;
mod connection;
mod desktops;
mod error;
mod input;
mod output;
mod plan;
mod report;
mod signals;
mod verbose;

use std::process::ExitCode;

use cli::global_options;

fn main() -> ExitCode {
    match commands::run(global_options::parse()) {
        Ok(exit) => exit.into(),
        Err(error) => error.print(),
    }
}
