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
use std::{panic, process};

use cli::global_options;

/// The exit code after a panic, as Rust's own.
const PANICKED: i32 = 101;

fn main() -> ExitCode {
    exit_after_panic();
    match commands::run(global_options::parse()) {
        Ok(exit) => exit.into(),
        Err(error) => error.print(),
    }
}

/// Lets a panic in any thread end the process. The release build would abort instead, and where the
/// system keeps core dumps, the memory with the credentials would be written to a file.
fn exit_after_panic() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        print(panic);
        process::exit(PANICKED);
    }));
}
