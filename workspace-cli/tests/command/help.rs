//! The help of every command, since people learn from it; and what it promises to programs.

use crate::workspace;

const COMMANDS: [&str; 10] = [
    "detach",
    "detach-info",
    "logoff",
    "api",
    "spec",
    "sandbox",
    "tour",
    "config",
    "completions",
    "man",
];

fn stdout(arguments: &[&str]) -> String {
    let output = workspace().args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    assert!(output.stderr.is_empty(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_command_explains_itself() {
    insta::assert_snapshot!("help_workspace", stdout(&["--help"]));
    for command in COMMANDS {
        insta::assert_snapshot!(format!("help_{command}"), stdout(&[command, "--help"]));
    }
    insta::assert_snapshot!("help_short", stdout(&["-h"]));
}

#[test]
fn every_command_has_a_manual_page() {
    assert!(stdout(&["man"]).contains(".TH workspace 1"));
    for command in COMMANDS {
        let page = stdout(&["man", command]);
        assert!(
            page.contains(&format!(".TH workspace-{command} 1")),
            "{page}"
        );
    }
    workspace().args(["man", "nothing"]).assert().code(2);
}

#[test]
fn every_shell_has_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let completions = stdout(&["completions", shell]);
        for word in COMMANDS.into_iter().chain(["all-users", "dry-run"]) {
            assert!(completions.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn the_contract_is_printed_as_it_is_and_as_json() {
    let yaml = include_str!("../../../openapi/workspace.yaml");
    assert_eq!(stdout(&["spec"]), yaml);
    let json: serde_json::Value = serde_json::from_str(&stdout(&["spec", "--json"])).unwrap();
    let expected: serde_json::Value = serde_saphyr::from_str(yaml).unwrap();
    assert_eq!(json, expected);
}

#[test]
fn secrets_are_no_arguments() {
    let help = COMMANDS
        .into_iter()
        .map(|command| stdout(&[command, "--help"]))
        .collect::<String>();
    for word in [
        "--token",
        "--ak",
        "--sk",
        "--access-key",
        "--secret-key",
        "--password",
    ] {
        assert!(!help.contains(word), "{word}");
        workspace().args(["config", word, "x"]).assert().code(2);
    }
}
