//! Which command offers which global options. Every command accepts them; the help, the manual page
//! and the completions of a command that has no use for them do not show them.

use std::env;
use std::ffi::OsString;
use std::sync::LazyLock;

use clap::{ColorChoice, CommandFactory, FromArgMatches};
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
    let mut command = Arguments::command().version(VERSION.as_str());
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
