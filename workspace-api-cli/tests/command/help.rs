//! The help of every command, its examples, and the other texts that are generated from it.

#[cfg(unix)]
use std::{path::Path, time::Duration};

use workspace_api::{OPENAPI_YAML, limits};
#[cfg(unix)]
use workspace_api_sandbox::defaults;

#[cfg(unix)]
use crate::fixture::Fixture;
use crate::workspace;

const COMMANDS: [&str; 11] = [
    "detach",
    "detach-info",
    "logoff",
    "report",
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
fn every_command_has_help() {
    insta::assert_snapshot!("help_workspace", stdout(&["--help"]));
    let max = limits::BATCH_DETACH_INSTANCES_REQ_DESKTOPS;
    let max = max.max(limits::LOGOFF_DESKTOPS_REQ_DESKTOP_IDS);
    let batch_size = format!("1 to {max} (default)");
    for command in COMMANDS {
        let help = stdout(&[command, "--help"]).replace(&batch_size, "1 to MAXIMUM (default)");
        insta::assert_snapshot!(format!("help_{command}"), help);
    }
    insta::assert_snapshot!("help_short", stdout(&["-h"]));
}

/// Returns the commands below `Examples:`.
#[cfg(unix)]
fn examples(help: &str) -> Vec<&str> {
    let Some((_, examples)) = help.split_once("\nExamples:\n") else {
        return Vec::new();
    };
    let lines = examples.lines().take_while(|line| !line.is_empty());
    lines.filter(|line| line.contains("workspace ")).collect()
}

#[cfg(unix)]
#[test]
fn every_help_example_runs() {
    let mut count = 0;
    for command in COMMANDS.into_iter().chain([""]) {
        let arguments = [command, "--help"];
        let help = stdout(&arguments[usize::from(command.is_empty())..]).replace("\\\n", "");
        let fixture = Fixture::with_desktops(2, Duration::ZERO);
        fixture.file("friday.csv", "desktop_id\nd-0001\nd-0002\n");
        fixture.file("outcome.tsv", "d-0001\tsucceeded\t\t\t\n");
        fixture.file("logoff.json", r#"{"desktop_ids":["d-0001"]}"#);
        if command == "report" {
            let detach = ["detach", "d-0001", "--all-users", "--yes"];
            let report = ["--report", "friday.jsonl"];
            fixture.assert(&[&detach[..], &report[..]].concat()).code(0);
        }
        for example in examples(&help) {
            let line = runnable(command, example);
            let output = in_shell(&fixture, &line);
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{line}\n{stderr}");
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
}

/// Returns the example in a form that runs in a test.
#[cfg(unix)]
fn runnable(command: &str, example: &str) -> String {
    let mut line = example.trim();
    if command == "completions" || command == "man" {
        // The output is for another shell or program.
        line = &line[line.find("workspace").unwrap()..];
        line = line.split(['>', '|']).next().unwrap();
    }
    let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
    let more = if command == "sandbox" {
        // Prints the sample seed instead of running until a signal; the other arguments are still
        // parsed.
        "--sample-seed"
    } else if has(&["workspace detach ", "workspace logoff "]) && !has(&["--yes", "--dry-run"]) {
        // There is no terminal for a confirmation.
        "--yes"
    } else {
        ""
    };
    format!("{line} {more}")
}

/// Runs a line in an environment that is set up to use this sandbox.
#[cfg(unix)]
pub fn in_shell(fixture: &Fixture, line: &str) -> std::process::Output {
    let program = Path::new(env!("CARGO_BIN_EXE_workspace"));
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    let endpoint = "HUAWEICLOUD_SDK_REGION_WORKSPACE_XX_TEST_1";
    let mut shell = std::process::Command::new("/bin/sh");
    shell
        .args(["-c", line])
        .env_clear()
        .env("PATH", path)
        .env("HW_AUTH_TOKEN", defaults::TOKEN)
        .env("HW_PROJECT_ID", defaults::PROJECT_ID)
        .env("HW_REGION_NAME", "xx-test-1")
        .env(endpoint, fixture.sandbox.base_url())
        .current_dir(&fixture.folder);
    shell.output().unwrap()
}

/// Returns the indented lines after a paragraph of the help of `detach` that begins like this.
#[cfg(unix)]
fn recipe(paragraph: &str) -> String {
    let help = stdout(&["detach", "--help"]);
    let (_, text) = help.split_once(paragraph).unwrap();
    let lines = text.lines().skip_while(|line| !line.starts_with("    "));
    let lines: Vec<_> = lines.take_while(|line| line.starts_with("    ")).collect();
    lines.join("\n")
}

/// Puts a `sleep` on the path of [`in_shell`]'s folder that writes down its argument.
#[cfg(unix)]
pub fn without_sleep(fixture: &Fixture, lines: &str) -> String {
    use std::os::unix::fs::PermissionsExt;

    let sleep = fixture.file("sleep", "#!/bin/sh\necho \"$1\" > slept\n");
    std::fs::set_permissions(sleep, PermissionsExt::from_mode(0o755)).unwrap();
    format!("PATH=$PWD:$PATH XDG_STATE_HOME=$PWD/state\nexport PATH XDG_STATE_HOME\n{lines}")
}

#[cfg(unix)]
#[test]
fn the_evening_of_the_help_runs_as_written() {
    use workspace_api_sandbox::seed::PowerState;

    let fixture = Fixture::with_seed(400, |seed| {
        for desktop in seed.projects[0].desktops.iter_mut().take(30) {
            desktop.state = PowerState::Shutoff;
        }
    });
    let ids: Vec<_> = (1..=400).map(crate::fixture::id).collect();
    fixture.file("friday.csv", format!("desktop_id\n{}\n", ids.join("\n")));
    let lines = recipe("\nAn evening: ");
    assert_eq!(lines.lines().count(), 5, "{lines}");
    // A script that ends at the first error continues, too.
    let lines = format!("set -e\n{lines}");
    let output = in_shell(&fixture, &without_sleep(&fixture, &lines));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    for expected in [
        "370 of 400 desktops logged off, 30 failed.\n",
        "400 of 400 desktops unbound, 400 verified.\n",
    ] {
        assert!(stderr.contains(expected), "{expected}\n{stderr}");
    }
    let stdout = String::from_utf8_lossy(&output.stdout);
    let reports = stdout
        .lines()
        .filter(|line| line.contains("\tcompleted\t400\t"));
    assert_eq!(reports.count(), 2, "{stdout}");
    let slept = std::fs::read_to_string(fixture.folder.path().join("slept")).unwrap();
    assert_eq!(slept, "300\n");
    assert!(fixture.unbindings().values().all(|count| *count == 1));
}

#[cfg(unix)]
#[test]
fn the_ids_of_the_service_can_be_used_as_written() {
    let fixture = Fixture::with_seed(5, |seed| {
        for desktop in seed.projects[0].desktops.iter_mut().take(3) {
            desktop.name = format!("lab-{}", desktop.id);
        }
    });
    let lines = recipe("\nThe ids of desktops come from the service");
    assert!(lines.contains("|\n"), "{lines}");
    let output = in_shell(&fixture, &without_sleep(&fixture, &lines));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(
        stderr.contains("1 request for 3 desktops. Nothing was sent."),
        "{stderr}"
    );
    assert!(
        stderr.contains("3 of 3 desktops unbound, 3 verified.\n"),
        "{stderr}"
    );
    let unbound: Vec<_> = fixture.unbindings().into_values().collect();
    assert_eq!(unbound, [1, 1, 1, 0, 0]);
    assert_eq!(fixture.detachments().len(), 1);
}

#[test]
fn every_command_has_a_manual_page() {
    let root = stdout(&["man"]);
    assert!(root.contains(".TH workspace 1 "), "{root}");
    for command in COMMANDS {
        assert!(root.contains(&format!("\n\\fB{}\\fR\n", command.replace('-', "\\-"))));
        let page = stdout(&["man", command]);
        assert!(
            page.starts_with(&format!(".TH workspace-{command} 1 ")),
            "{page}"
        );
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS"] {
            assert!(
                page.contains(&format!("\n.SH {section}\n")),
                "{section}: {page}"
            );
        }
        // The page has every option of the long help, and its text.
        let help = stdout(&[command, "--help"]);
        for option in help
            .lines()
            .filter_map(|line| line.strip_prefix("      --"))
        {
            let name = option.split([' ', '=']).next().unwrap();
            let name = format!("\\fB\\-\\-{}\\fR", name.replace('-', "\\-"));
            assert!(page.contains(&name), "{command}: {name}");
        }
    }
    let detach = stdout(&["man", "detach"]);
    for section in ["ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO"] {
        assert!(detach.contains(&format!("\n.SH {section}\n")), "{section}");
    }
    assert!(detach.is_ascii());
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
fn local_commands_hide_but_accept_global_options() {
    for command in ["completions", "man", "report", "sandbox", "spec", "tour"] {
        for text in [stdout(&[command, "--help"]), stdout(&["man", command])] {
            for word in ["region", "project", "iam", "plain", "quiet"] {
                assert!(!text.contains(&format!("-{word}")), "{command}: {word}");
            }
        }
    }
    let given = ["--region", "xx-test-1", "--quiet"];
    assert_eq!(stdout(&[&["spec"], &given[..]].concat()), stdout(&["spec"]));
    assert_eq!(stdout(&[&given[..], &["spec"]].concat()), stdout(&["spec"]));
    let conflict = ["spec", "--sandbox", "--region", "xx-test-1"];
    workspace().args(conflict).assert().code(2);
}

#[test]
fn secrets_are_not_arguments() {
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

#[test]
fn version_names_the_contract() {
    let contract: serde_json::Value = serde_saphyr::from_str(workspace_api::OPENAPI_YAML).unwrap();
    let contract = contract["info"]["version"].as_str().unwrap();
    let expected = format!(
        "workspace {} (contract {contract})\n",
        env!("CARGO_PKG_VERSION")
    );
    for arguments in [["--version"], ["-V"], ["version"]] {
        assert_eq!(stdout(&arguments), expected);
    }
}

#[test]
fn usual_words_are_understood() {
    assert_eq!(stdout(&["help", "--help"]), stdout(&["--help"]));
    for alias in ["unbind", "unassign"] {
        assert_eq!(stdout(&[alias, "--help"]), stdout(&["detach", "--help"]));
        assert!(!stdout(&["--help"]).contains(alias));
    }
}

#[test]
fn colors_can_be_chosen() {
    let mut colors = Vec::new();
    for arguments in [
        &["--help"][..],
        &["--color", "auto", "--help"],
        &["--color=never", "--help"],
        &["--color", "always", "--help"],
        &["--help", "--color=always"],
    ] {
        colors.push(stdout(arguments).contains('\u{1b}'));
    }
    assert_eq!(colors, [false, false, false, true, true]);
    let error = |color| {
        let mut command = workspace();
        let output = command
            .args(["detach-info", "d", "--color", color])
            .output();
        String::from_utf8(output.unwrap().stderr).unwrap()
    };
    assert!(!error("never").contains('\u{1b}'));
    assert!(error("always").contains("\u{1b}["));
}

#[test]
fn completions_offer_values_and_only_options_that_apply() {
    let (_, regions) = OPENAPI_YAML.split_once("Known regions: ").unwrap();
    let (region, _) = regions.split_once(',').unwrap();
    for shell in ["bash", "fish", "zsh"] {
        let script = stdout(&["completions", shell]);
        for word in [region, "PATCH", "status=503", "report --list --output tsv"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    let script = stdout(&["completions", "fish"]);
    for command in ["completions", "man", "sandbox", "spec", "tour"] {
        let lines = script.lines();
        let mut lines =
            lines.filter(|line| line.contains(&format!("using_subcommand {command}\"")));
        assert!(lines.all(|line| !line.contains("-l region")), "{command}");
    }
}

#[test]
fn examples_come_before_the_options() {
    for arguments in [["detach", "-h"], ["detach", "--help"], ["api", "--help"]] {
        let help = stdout(&arguments);
        let examples = help.find("\nExamples:\n").unwrap();
        let options = help.find("\nOptions:\n").unwrap();
        assert!(examples < options, "{help}");
        assert_eq!(help.matches("\nExamples:\n").count(), 1, "{help}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_an_error() {
    for argument in ["--help", "--version", "-h"] {
        let full = std::fs::File::options().write(true).open("/dev/full");
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_workspace"));
        let output = command.arg(argument).stdout(full.unwrap()).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(1), "{argument}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains("cannot write the output"), "{stderr}");
    }
}
