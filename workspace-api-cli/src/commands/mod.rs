//! One file for each command.

mod api;
mod completions;
mod config;
mod detach;
mod detach_info;
mod logoff;
mod man;
mod sandbox;
mod spec;
mod tour;

use tokio::runtime::Builder;

use crate::cli::{Arguments, Command};
use crate::error::{CommandError, Exit};

/// Runs the command that the arguments name.
pub fn run(arguments: Arguments) -> Result<Exit, CommandError> {
    let Arguments {
        connection,
        quiet,
        command,
    } = arguments;
    match command {
        Command::Detach(arguments) => wait(detach::run(&arguments, &connection, quiet)),
        Command::DetachInfo(arguments) => wait(detach_info::run(&arguments, &connection, quiet)),
        Command::Logoff(arguments) => wait(logoff::run(&arguments, &connection, quiet)),
        Command::Api(arguments) => wait(api::run(&arguments, &connection)),
        Command::Spec(arguments) => spec::run(&arguments),
        Command::Sandbox(arguments) => sandbox::run(&arguments),
        Command::Tour => wait(tour::run()),
        Command::Config(arguments) => wait(config::run(&arguments, &connection)),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    }
}

/// Waits for a command that uses the network. One thread is enough: there is one batch at a time.
fn wait(work: impl Future<Output = Result<Exit, CommandError>>) -> Result<Exit, CommandError> {
    Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}
