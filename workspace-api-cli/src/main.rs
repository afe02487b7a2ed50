//! The `workspace` command: reads its arguments, runs what they ask for, and turns the result into an exit code.
//!
//! Nothing is read or started before the arguments are parsed, so `--version` and `--help` answer at once.

mod advice;
mod arguments;
mod batches;
mod commands;
mod confirm;
mod dry_run;
mod failure;
mod go_on;
mod help;
mod input;
mod interrupt;
mod offered;
mod outcome;
mod output;
mod plan;
mod printer;
mod progress;
mod report;
mod resume;
mod settings;
mod settle;
mod summary;

use std::process::ExitCode;

use arguments::Arguments;

fn main() -> ExitCode {
    match commands::run(Arguments::read()) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(),
    }
}
