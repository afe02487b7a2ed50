//! Which command offers which global options. Every command accepts them; the help, the manual page
//! and the completions of a command that has no use for them do not show them.

use clap::{CommandFactory, FromArgMatches};

use crate::cli::Arguments;

/// Commands that never contact the service.
const LOCAL_COMMANDS: [&str; 6] = ["completions", "man", "report", "sandbox", "spec", "tour"];

/// Parses the arguments of this process. Exits on invalid arguments and on `--help`.
pub fn parse() -> Arguments {
    let parsed = Arguments::from_arg_matches(&command().get_matches());
    parsed.unwrap_or_else(|error| error.format(&mut command()).exit())
}

/// Returns the command line, in which each command shows the options that it uses. The others are
/// accepted too, so that an alias such as `workspace --region …` works with every command.
pub fn command() -> clap::Command {
    let mut command = Arguments::command();
    let hidden: Vec<_> = command
        .get_arguments()
        .filter(|argument| argument.is_global_set())
        .map(|argument| argument.clone().hide(true))
        .collect();
    for name in LOCAL_COMMANDS {
        command = command.mut_subcommand(name, |local| local.args(&hidden));
    }
    command
}
