//! Which command offers which global options. Every command accepts them; the help, the manual page
//! and the completions of a command that has no use for them do not show them.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process;
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
    let command = || with_examples_first(command()).color(color);
    let matches = command().try_get_matches_from(words);
    let parsed = matches.and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = parsed.unwrap_or_else(|error| exit(&error.format(&mut command())));
    match arguments.color {
        ColorChoice::Auto => {}
        ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
        ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
    }
    arguments
}

/// Prints help, a version or an error, and exits. Unlike clap, a help that cannot be written is an
/// error, unless its reader closed the pipe.
fn exit(error: &clap::Error) -> ! {
    let mut code = error.exit_code();
    if let Err(cause) = error.print()
        && cause.kind() != io::ErrorKind::BrokenPipe
        && code == 0
    {
        // Without a stderr, the exit code alone reports the error.
        let _ = writeln!(io::stderr(), "error: cannot write the output: {cause}");
        code = 1;
    }
    process::exit(code)
}

/// Moves the examples of each help from its end to the place before the options.
fn with_examples_first(command: clap::Command) -> clap::Command {
    move_examples(command).mut_subcommands(move_examples)
}

fn move_examples(command: clap::Command) -> clap::Command {
    let text = command.get_after_long_help().map(ToString::to_string);
    let text = text.unwrap_or_default();
    if !text.starts_with("Examples:\n") {
        return command;
    }
    let (examples, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{examples}\n\n\
         {{all-args}}{{after-help}}"
    );
    command
        .help_template(template)
        .after_long_help(rest.to_owned())
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
