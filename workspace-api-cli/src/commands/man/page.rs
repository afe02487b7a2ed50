//! A manual page with the standard sections, from a command and its help.

use clap::{Arg, ArgAction, Command};

use crate::commands::man::reference::{ENVIRONMENT, FILES, TERMINAL};
use crate::commands::man::roff::{Page, bold, escape, italic, sentence};

/// Date of the release. `release/prepare` sets it.
const DATE: &str = "2026-11-26";

/// Returns the page of a command, which is `root` itself or one of its commands.
pub fn render(root: &Command, command: &Command) -> String {
    let mut page = Page::default();
    let name = page_name(command);
    let version = root.get_version().unwrap_or_default();
    page.request(&format!(
        ".TH {name} 1 {DATE} \"workspace {version}\" \"User Commands\""
    ));
    // Justified lines of long words have gaps, and a hyphenated name cannot be copied.
    page.request(".ad l");
    page.request(".nh");
    page.section("NAME");
    let about = command.get_about().map(ToString::to_string);
    let about = about.unwrap_or_default();
    page.line(&format!(
        "{} \\- {}",
        escape(&name),
        escape(&lower_first(about.trim_end_matches('.')))
    ));
    page.section("SYNOPSIS");
    page.line(&synopsis(command));
    let help = Help::of(root, command);
    page.section("DESCRIPTION");
    let long_about = command.get_long_about().map(ToString::to_string);
    for paragraph in long_about
        .unwrap_or(format!("{}.", about.trim_end_matches('.')))
        .split("\n\n")
    {
        page.text(paragraph);
    }
    for block in &help.description {
        page.text(block);
    }
    commands(&mut page, command);
    options(&mut page, command);
    let contacts_service = has_option(command, "endpoint");
    page.section("EXIT STATUS");
    let local = "  0    success\n  1    failure\n  2    invalid arguments";
    let codes = if contacts_service {
        help.exit_codes.as_str()
    } else {
        local
    };
    for (code, meaning) in definitions(codes) {
        page.entry(&bold(&code), &sentence(&meaning));
    }
    page.section("ENVIRONMENT");
    let service = if contacts_service { ENVIRONMENT } else { &[] };
    for (name, text) in service.iter().chain(TERMINAL) {
        page.entry(&bold(name), &sentence(text));
    }
    if contacts_service {
        page.section("FILES");
        for (name, text) in FILES {
            page.entry(&italic(name), &sentence(text));
        }
    }
    if !help.examples.is_empty() {
        page.section("EXAMPLES");
        for block in &help.examples {
            page.text(block);
        }
    }
    page.section("SEE ALSO");
    let others = [root].into_iter().chain(shown_commands(root));
    let others: Vec<_> = others
        .map(page_name)
        .filter(|other| *other != name)
        .map(|other| format!("{}(1)", bold(&other)))
        .collect();
    page.line(&others.join(", "));
    page.finish()
}

fn page_name(command: &Command) -> String {
    match command.get_name() {
        "workspace" => "workspace".to_owned(),
        name => format!("workspace-{name}"),
    }
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}

fn shown_commands(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && command.get_name() != "help")
}

fn shown_arguments(command: &Command) -> impl Iterator<Item = &Arg> {
    command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
}

fn has_option(command: &Command, id: &str) -> bool {
    shown_arguments(command).any(|argument| argument.get_id() == id)
}

/// Returns the command with its arguments; those that every command has are `options`.
fn synopsis(command: &Command) -> String {
    let mut words = vec![bold(&page_name(command).replacen('-', " ", 1))];
    for argument in shown_arguments(command) {
        let is_everywhere = argument.is_global_set()
            || matches!(
                argument.get_action(),
                ArgAction::Help | ArgAction::HelpLong | ArgAction::HelpShort | ArgAction::Version
            );
        if is_everywhere || argument.is_positional() {
            continue;
        }
        let repeated = if is_repeated(argument) { "..." } else { "" };
        words.push(format!("[{}]{repeated}", usage(argument)));
    }
    words.push(format!("[{}]", italic("options")));
    for argument in shown_arguments(command).filter(|argument| argument.is_positional()) {
        let repeated = if is_repeated(argument) { "..." } else { "" };
        let name = italic(&value_names(argument));
        words.push(if argument.is_required_set() {
            format!("{name}{repeated}")
        } else {
            format!("[{name}]{repeated}")
        });
    }
    if command.has_subcommands() {
        words.push(italic("COMMAND"));
    }
    words.join(" ")
}

fn is_repeated(argument: &Arg) -> bool {
    matches!(argument.get_action(), ArgAction::Append)
}

fn value_names(argument: &Arg) -> String {
    let names = argument.get_value_names().unwrap_or_default();
    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
    names.join(" ")
}

/// Returns the long form of an option with its value, or the short one if there is no long one.
fn usage(argument: &Arg) -> String {
    let name = match (argument.get_long(), argument.get_short()) {
        (Some(long), _) => format!("--{long}"),
        (None, Some(short)) => format!("-{short}"),
        (None, None) => String::new(),
    };
    match value(argument) {
        Some(value) => format!("{} {value}", bold(&name)),
        None => bold(&name),
    }
}

fn value(argument: &Arg) -> Option<String> {
    let takes_value = argument.get_action().takes_values();
    takes_value.then(|| italic(&value_names(argument)))
}

fn commands(page: &mut Page, command: &Command) {
    if !command.has_subcommands() {
        return;
    }
    page.section("COMMANDS");
    for command in shown_commands(command) {
        let about = command.get_about().map(ToString::to_string);
        let about = format!("{}.", about.unwrap_or_default().trim_end_matches('.'));
        page.entry(&bold(command.get_name()), &sentence(&about));
    }
}

/// Adds the arguments and options with their long help, by heading.
fn options(page: &mut Page, command: &Command) {
    page.section("OPTIONS");
    let mut headings = vec![None];
    for argument in shown_arguments(command) {
        let heading = argument.get_help_heading();
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    for heading in headings {
        if let Some(heading) = heading {
            page.request(&format!(".SS {}", escape(heading)));
        }
        let arguments = shown_arguments(command);
        for argument in arguments.filter(|argument| argument.get_help_heading() == heading) {
            option(page, argument);
        }
    }
}

fn option(page: &mut Page, argument: &Arg) {
    let short = argument.get_short().map(|short| bold(&format!("-{short}")));
    let long = argument.get_long().map(|long| bold(&format!("--{long}")));
    let names: Vec<_> = short.into_iter().chain(long).collect();
    let name = match (names.as_slice(), value(argument)) {
        ([], value) => value.unwrap_or_default(),
        (names, Some(value)) => format!("{} {value}", names.join(", ")),
        (names, None) => names.join(", "),
    };
    let help = argument.get_long_help().or(argument.get_help());
    let help = help.map(ToString::to_string).unwrap_or_default();
    let mut paragraphs = help.split("\n\n");
    let first = paragraphs.next().unwrap_or_default();
    let mut first = first.split_whitespace().collect::<Vec<_>>().join(" ");
    if !first.ends_with('.') {
        first.push('.');
    }
    let default: Vec<_> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    if !default.is_empty() && argument.get_action().takes_values() {
        first = format!("{first} The default is {}.", default.join(","));
    }
    page.entry(&name, &sentence(&first));
    for paragraph in paragraphs {
        page.request(".IP");
        page.line(&sentence(paragraph));
    }
    let values = argument.get_possible_values();
    let values = values.iter().filter(|value| !value.is_hide_set());
    if !argument.get_action().takes_values() {
        return;
    }
    for value in values {
        let help = value.get_help().map(ToString::to_string);
        let text = match help {
            Some(help) => format!("{}: {}", bold(value.get_name()), sentence(&help)),
            None => bold(value.get_name()),
        };
        page.request(".br");
        page.line(&text);
    }
}

/// The text after the options of a help, by section.
struct Help {
    examples: Vec<String>,
    description: Vec<String>,
    exit_codes: String,
}

impl Help {
    fn of(root: &Command, command: &Command) -> Self {
        let text = |command: &Command| {
            let text = command.get_after_long_help().map(ToString::to_string);
            text.unwrap_or_default()
        };
        let mut help = Self {
            examples: Vec::new(),
            description: Vec::new(),
            exit_codes: String::new(),
        };
        let exit_codes = "Exit codes:\n";
        for block in text(root).split("\n\n") {
            if let Some(codes) = block.strip_prefix(exit_codes) {
                codes.clone_into(&mut help.exit_codes);
            }
        }
        for block in text(command).split("\n\n") {
            if block.is_empty() || block.starts_with(exit_codes) {
                continue;
            }
            if let Some(examples) = block.strip_prefix("Examples:\n") {
                help.examples.push(examples.to_owned());
            } else if block.contains("\n    workspace ") {
                help.examples.push(block.to_owned());
            } else {
                help.description.push(block.to_owned());
            }
        }
        help
    }
}

/// Reads lines such as `  0    everything was done`; a line that is indented further continues the
/// one before it.
fn definitions(text: &str) -> Vec<(String, String)> {
    let mut definitions: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let words = line.trim();
        match (words.split_once(' '), definitions.last_mut()) {
            (_, Some((_, meaning))) if line.starts_with("     ") => {
                *meaning = format!("{meaning} {words}");
            }
            (Some((name, meaning)), _) => {
                definitions.push((name.to_owned(), meaning.trim().to_owned()));
            }
            (None, _) => {}
        }
    }
    definitions
}
