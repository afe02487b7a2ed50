//! Which command offers which global options. Every command accepts them; the help, the manual page
//! and the completions of a command that has no use for them do not show them.

use std::env;
use std::ffi::OsString;
use std::sync::LazyLock;

use clap::{Arg, ColorChoice, CommandFactory, FromArgMatches};
use workspace_api::OPENAPI_YAML;

use crate::cli::Arguments;

/// Commands that never contact the service.
const LOCAL_COMMANDS: [&str; 6] = ["completions", "man", "report", "sandbox", "spec", "tour"];

/// The version of the command and of its contract.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut lines = OPENAPI_YAML.lines();
    let contract = lines.find_map(|line| line.strip_prefix("  version: "));
    format!(
        "{} (contract {})",
        env!("CARGO_PKG_VERSION"),
        contract.unwrap_or_default()
    )
});

/// Parses the arguments of this process. Exits on invalid arguments and on `--help`.
pub fn parse() -> Arguments {
    let words = with_usual_words(env::args_os().collect());
    let color = color(&words);
    let command = || command().color(color);
    let matches = command().get_matches_from(words);
    let parsed = Arguments::from_arg_matches(&matches);
    let arguments = parsed.unwrap_or_else(|error| error.format(&mut command()).exit());
    match arguments.color {
        ColorChoice::Auto => {}
        ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
        ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
    }
    arguments
}

/// Replaces `version` and `help --help`, which other commands have, by the options.
fn with_usual_words(mut words: Vec<OsString>) -> Vec<OsString> {
    match words.get(1).and_then(|word| word.to_str()) {
        Some("version") if words.len() == 2 => words[1] = "--version".into(),
        Some("help")
            if words
                .iter()
                .skip(2)
                .any(|word| word == "--help" || word == "-h") =>
        {
            words.retain(|word| word != "--help" && word != "-h");
        }
        _ => {}
    }
    words
}

/// Returns the color of help and of invalid arguments, which are printed before all arguments are
/// known.
fn color(words: &[OsString]) -> ColorChoice {
    let mut words = words.iter().map(|word| word.to_string_lossy());
    let mut color = ColorChoice::Auto;
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--color") {
            Some("") => words.next(),
            Some(value) => value.strip_prefix('=').map(|value| value.to_owned().into()),
            None => None,
        };
        color = match value.as_deref() {
            Some("always") => ColorChoice::Always,
            Some("never") => ColorChoice::Never,
            _ => color,
        };
    }
    color
}

/// Returns the command line, in which each command shows the options that it uses. The others are
/// accepted too, so that an alias such as `workspace --region …` works with every command.
pub fn command() -> clap::Command {
    let mut command = bare();
    let hidden = globals(&command).map(|argument| argument.hide(true));
    let hidden: Vec<_> = hidden.collect();
    for name in LOCAL_COMMANDS {
        command = command.mut_subcommand(name, |local| local.args(&hidden));
    }
    command
}

/// Returns the command line for completions, in which each command has only the options that it
/// uses. Completions offer hidden options, too.
pub fn for_completions() -> clap::Command {
    let mut command = bare();
    let globals: Vec<_> = globals(&command)
        .map(|argument| argument.global(false))
        .collect();
    for global in &globals {
        command = command.mut_arg(global.get_id(), |argument| argument.global(false));
    }
    let names = command
        .get_subcommands()
        .map(|command| command.get_name().to_owned());
    for name in names.collect::<Vec<_>>() {
        if !LOCAL_COMMANDS.contains(&name.as_str()) {
            command = command.mut_subcommand(name, |command| command.args(&globals));
        }
    }
    command
}

fn bare() -> clap::Command {
    Arguments::command().version(VERSION.as_str())
}

fn globals(command: &clap::Command) -> impl Iterator<Item = Arg> + '_ {
    let arguments = command.get_arguments();
    arguments
        .filter(|argument| argument.is_global_set())
        .cloned()
}
