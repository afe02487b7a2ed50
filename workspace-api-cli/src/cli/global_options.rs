//! Which command offers which options. The common ones are read with every command; the help, the manual and the
//! completions of one that has no use for them do not show them.

use clap::{CommandFactory, FromArgMatches};

use crate::cli::Arguments;

/// The commands that send nothing to a service and tell nothing but results.
const ALONE: [&str; 5] = ["completions", "man", "sandbox", "spec", "tour"];

impl Arguments {
    /// Reads the arguments of this process. What cannot be meant ends it, and so does `--help`.
    pub fn read() -> Self {
        let read = Self::from_arg_matches(&Self::described().get_matches());
        read.unwrap_or_else(|error| error.format(&mut Self::described()).exit())
    }

    /// The command line, each command with the options that it uses. The others are taken nevertheless, so that an
    /// alias like `workspace --region …` works with all.
    pub fn described() -> clap::Command {
        let command = Self::command();
        let global: Vec<_> = command
            .get_arguments()
            .filter(|argument| argument.is_global_set())
            .map(|argument| argument.clone().hide(true))
            .collect();
        ALONE.iter().fold(command, |command, name| {
            command.mut_subcommand(name, |alone| alone.args(&global))
        })
    }
}
