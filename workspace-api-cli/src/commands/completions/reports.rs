//! Additions to the generated scripts: reports for `--resume` and `workspace report`, values of
//! arguments, and no files where none are meant.

use std::fmt::Write;

use clap::builder::PossibleValue;
use clap::{Command, ValueHint};

/// Prints the reports of the default folder, one per line. The last column is the path.
const LIST: &str = "workspace report --list --output tsv 2>/dev/null | sed 's/.*\\t//'";

/// Offers reports, and lets bash complete files only where the script says so.
pub fn in_bash(script: &str) -> String {
    let script = script.replace(
        "complete -F _workspace -o",
        "complete -F _workspace_values -o",
    );
    let script = script.replace(" -o bashdefault -o default workspace", " workspace");
    let script = script.replace(
        "complete -F _workspace workspace",
        "complete -F _workspace_values workspace",
    );
    let function = format!(
        "_workspace_values() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
    _workspace \"$1\" \"$2\" \"$3\"
    if [[ $previous == --resume || ( ${{COMP_WORDS[1]}} == report && $previous != -* && $current != -* ) ]]; then
        local IFS=$'\\n'
        COMPREPLY=($(compgen -f -X '!*.jsonl' -- \"$current\"; compgen -d -- \"$current\"
            compgen -W \"$({LIST})\" -- \"$current\"))
        compopt -o filenames
    fi
}}
"
    );
    format!("{function}\n{script}")
}

/// Offers reports.
pub fn in_zsh(script: &str) -> String {
    let mut lines = Vec::new();
    for line in script.lines() {
        let is_of_reports = line.starts_with("'--resume=") || line.contains(":file -- The report");
        lines.push(if is_of_reports {
            line.replace(":_files'", ":_workspace_reports'")
        } else {
            line.to_owned()
        });
    }
    let function = format!(
        "(( $+functions[_workspace_reports] )) ||
_workspace_reports() {{
    local -a reports
    reports=(${{(f)\"$({LIST})\"}})
    compadd -f -a reports
    _files -g '*.jsonl'
}}
"
    );
    let end = "if [ \"$funcstack[1]\" = \"_workspace\" ]";
    lines.join("\n").replace(end, &format!("{function}\n{end}")) + "\n"
}

/// Offers reports and the values of arguments, and files only where they are meant.
pub fn in_fish(script: &str, command: &Command) -> String {
    let mut lines = vec![
        "function __fish_workspace_reports".to_owned(),
        format!("    {LIST}"),
        "    __fish_complete_suffix .jsonl | string match -r '.*(?:\\.jsonl|/)$'".to_owned(),
        "end".to_owned(),
        String::new(),
        "complete -c workspace -f".to_owned(),
    ];
    for line in script.lines() {
        let is_of_reports = line.contains(" -l resume ");
        lines.push(match line.strip_suffix(" -r -F") {
            Some(line) if is_of_reports => {
                format!("{line} -r -f -k -a \"(__fish_workspace_reports)\"")
            }
            _ => line.to_owned(),
        });
    }
    let mut script = lines.join("\n") + "\n";
    for command in command.get_subcommands() {
        let name = command.get_name();
        for argument in command.get_positionals() {
            let values = argument.get_possible_values();
            let values: Vec<_> = values.iter().map(PossibleValue::get_name).collect();
            let joined = values.join(" ");
            let is_report = argument.get_value_hint() == ValueHint::FilePath;
            let (condition, offered) = match (joined.as_str(), is_report) {
                ("", true) => (String::new(), "(__fish_workspace_reports)"),
                ("", false) => continue,
                (offered, _) => {
                    let others = values.iter().filter(|value| **value != name);
                    let others: Vec<_> = others.copied().collect();
                    let first =
                        format!("; and not __fish_seen_subcommand_from {}", others.join(" "));
                    (first, offered)
                }
            };
            // Writing to a string cannot fail.
            let _ = writeln!(
                script,
                "complete -c workspace -n \"__fish_workspace_using_subcommand {name}{condition}\" \
                 -a \"{offered}\""
            );
        }
    }
    script
}
