//! Runs the command that the arguments name. Each command has a file.

mod api;
mod check;
mod completions;
mod config;
mod detach;
mod detach_info;
mod logoff;
mod man;
mod report;
mod sandbox;
mod spec;
mod tour;

use tokio::runtime::Builder;

use crate::cli::{Arguments, Command};
use crate::error::{CommandError, Exit};
use crate::verbose;

/// Runs a command and returns the exit code.
pub fn run(arguments: Arguments) -> Result<Exit, CommandError> {
    let Arguments {
        connection,
        quiet,
        verbose,
        color: _,
        command,
    } = arguments;
    if verbose {
        verbose::start();
    }
    match command {
        Command::Detach(arguments) => block_on(detach::run(&arguments, &connection, quiet)),
        Command::DetachInfo(arguments) => {
            block_on(detach_info::run(&arguments, &connection, quiet))
        }
        Command::Logoff(arguments) => block_on(logoff::run(&arguments, &connection, quiet)),
        Command::Api(arguments) => block_on(api::run(&arguments, &connection)),
        Command::Report(arguments) => report::run(&arguments, &connection),
        Command::Spec(arguments) => spec::run(&arguments),
        Command::Sandbox(arguments) => sandbox::run(&arguments),
        Command::Tour => block_on(tour::run()),
        Command::Config(arguments) => block_on(config::run(&arguments, &connection)),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    }
}

/// Waits for a command that uses the network. One thread is enough, because batches are sent one
/// after the other.
fn block_on(
    command: impl Future<Output = Result<Exit, CommandError>>,
) -> Result<Exit, CommandError> {
    Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(command)
}
