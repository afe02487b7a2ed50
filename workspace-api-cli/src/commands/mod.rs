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
use crate::error::{Exit, Failure};

/// Runs the command that the arguments name.
pub fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let Arguments {
        settings,
        quiet,
        command,
    } = arguments;
    match command {
        Command::Detach(arguments) => wait(detach::run(&arguments, &settings, quiet)),
        Command::DetachInfo(arguments) => wait(detach_info::run(&arguments, &settings, quiet)),
        Command::Logoff(arguments) => wait(logoff::run(&arguments, &settings, quiet)),
        Command::Api(arguments) => wait(api::run(&arguments, &settings)),
        Command::Spec(arguments) => spec::run(&arguments),
        Command::Sandbox(arguments) => sandbox::run(&arguments),
        Command::Tour => wait(tour::run()),
        Command::Config(arguments) => wait(config::run(&arguments, &settings)),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    }
}

/// Waits for a command that uses the network. One thread is enough: there is one batch at a time.
fn wait(work: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}
