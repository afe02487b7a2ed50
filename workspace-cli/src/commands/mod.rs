//! One file for each command.

mod tour;

use crate::arguments::{Arguments, Command};
use crate::failure::{Exit, Failure};

/// Runs the command that the arguments name.
pub fn run(arguments: Arguments) -> Result<Exit, Failure> {
    match arguments.command {
        Command::Tour => tour::run(),
    }
}
