//! The offers of completions: the options that apply to a command, and values for options that
//! accept others, too.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, ValueHint};
use workspace_api::OPENAPI_YAML;

use crate::cli::global_options;

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
const FAULTS: &[&str] = &[
    "status=429",
    "status=500",
    "status=503",
    "reset",
    "truncate",
    "stall",
];

/// Returns the command line for completions. Arguments are not parsed with it.
pub fn command() -> Command {
    let command = global_options::for_completions();
    let names = command
        .get_subcommands()
        .map(|command| command.get_name().to_owned());
    let names: Vec<_> = names.collect();
    let with_names = |argument: Arg| argument.value_parser(PossibleValuesParser::new(&names));
    let regions = regions();
    let offer = |command: Command| {
        command.mut_args(|argument| match argument.get_id().as_str() {
            "region" => with_values(argument, &regions),
            "method" => with_values(argument, METHODS),
            "faults" => with_values(argument, FAULTS),
            _ => without_files(argument),
        })
    };
    let command = command.mut_subcommand("man", |man| man.mut_arg("command", with_names));
    offer(command).mut_subcommands(offer)
}

fn with_values(argument: Arg, values: &[&'static str]) -> Arg {
    argument.value_parser(PossibleValuesParser::new(values.to_vec()))
}

/// Shells complete files unless they know better.
fn without_files(argument: Arg) -> Arg {
    if argument.get_value_hint() == ValueHint::Unknown && argument.get_action().takes_values() {
        argument.value_hint(ValueHint::Other)
    } else {
        argument
    }
}

/// Returns the regions that the contract names.
fn regions() -> Vec<&'static str> {
    let (_, list) = OPENAPI_YAML
        .split_once("Known regions:")
        .unwrap_or_default();
    let (list, _) = list.split_once('.').unwrap_or_default();
    let regions = list.split([',', '\n']).map(str::trim);
    regions.filter(|region| !region.is_empty()).collect()
}
