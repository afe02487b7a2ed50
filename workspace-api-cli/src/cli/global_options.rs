//! Which command offers which options. The common ones are read with every command; the help, the manual and the
//! completions of one that has no use for them do not show them.

use clap::{CommandFactory, FromArgMatches};

use crate::cli::Arguments;

/// The commands that send nothing to a service and tell nothing but results.
const LOCAL_COMMANDS: [&str; 5] = ["completions", "man", "sandbox", "spec", "tour"];

/// Reads the arguments of this process. What cannot be meant ends it, and so does `--help`.
pub fn parse() -> Arguments {
    let parsed = Arguments::from_arg_matches(&command().get_matches());
    parsed.unwrap_or_else(|error| error.format(&mut command()).exit())
}

/// The command line, each command with the options that it uses. The others are taken nevertheless, so that an
/// alias like `workspace --region …` works with all.
pub fn command() -> clap::Command {
    let command = Arguments::command();
    let global: Vec<_> = command
        .get_arguments()
        .filter(|argument| argument.is_global_set())
        .map(|argument| argument.clone().hide(true))
        .collect();
    LOCAL_COMMANDS.iter().fold(command, |command, name| {
        command.mut_subcommand(name, |local| local.args(&global))
    })
}
