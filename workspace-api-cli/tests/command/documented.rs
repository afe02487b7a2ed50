//! The columns and JSON keys that the help lists are those of the output.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use workspace_api_sandbox::Fault;
use workspace_api_sandbox::defaults::{BUSY_DESKTOP, POOL_DESKTOP, SINGLE_USER_DESKTOP};

use crate::fixture::{DETACH_LIST, Fixture};
use crate::workspace;

/// Returns the words of the first list, indented by two spaces, after this text in the help of a
/// command.
fn listed(command: &str, before: &str) -> Vec<String> {
    let help = workspace().args([command, "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let (_, after) = help.split_once(before).unwrap();
    let is_listed = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
    let lines = after.lines().skip_while(|line| !is_listed(line));
    let words = lines.take_while(is_listed).flat_map(str::split_whitespace);
    words.map(str::to_owned).collect()
}

fn stdout(command: &mut std::process::Command) -> String {
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

fn sandbox(arguments: &[&str]) -> String {
    let output = workspace().arg("--sandbox").args(arguments).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

const COLUMNS: &str = "\nOutput (columns ";

#[test]
fn the_help_lists_the_columns() {
    let header = |text: String| {
        let first = text.lines().next().unwrap_or_default();
        first.split('\t').map(str::to_owned).collect::<Vec<_>>()
    };
    let desktop = SINGLE_USER_DESKTOP;
    let detach = ["detach", desktop, "--all-users", "--yes", "--header"];
    assert_eq!(header(sandbox(&detach)), listed("detach", COLUMNS));
    let log_off = ["logoff", desktop, "--yes", "--header"];
    assert_eq!(header(sandbox(&log_off)), listed("detach", COLUMNS));
    let read = ["detach-info", desktop, "--header"];
    assert_eq!(header(sandbox(&read)), listed("detach-info", COLUMNS));
    let config = ["config", "--header"];
    assert_eq!(header(sandbox(&config)), listed("config", COLUMNS));
    let list = ["report", "--list", "--header"];
    let list = header(stdout(&mut Fixture::with_report().reporting(&list)));
    assert_eq!(list, listed("report", "\nOutput of --list (columns "));
}

/// Returns the keys of these objects.
fn keys<'v>(objects: impl IntoIterator<Item = &'v Value>) -> BTreeSet<String> {
    let objects = objects
        .into_iter()
        .map(|object| object.as_object().unwrap());
    objects.flat_map(|object| object.keys().cloned()).collect()
}

fn set(words: Vec<String>) -> BTreeSet<String> {
    words.into_iter().collect()
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn the_help_lists_the_keys_of_a_desktop() {
    let detach = ["detach", "--all-users", "--yes", "--json"];
    let mut documents = vec![
        parse(&sandbox(
            &[&detach[..], &["--verify", POOL_DESKTOP]].concat(),
        )),
        parse(&sandbox(
            &[&detach[..], &[BUSY_DESKTOP, SINGLE_USER_DESKTOP]].concat(),
        )),
        parse(&sandbox(&["logoff", "--yes", "--json", BUSY_DESKTOP])),
    ];
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    fixture.list(1);
    fixture.fault(Fault::status(404).operation("ListDesktopDetachInfo"));
    let unproven = ["--json", "--verify", "--verify-timeout", "0s"];
    let unproven = [&DETACH_LIST[..], &unproven].concat();
    documents.push(parse(&stdout(&mut fixture.workspace(&unproven))));
    let desktops = documents.iter().flat_map(|document| {
        assert_eq!(
            keys([document]),
            set(vec!["desktops".into(), "job_ids".into()])
        );
        document["desktops"].as_array().unwrap()
    });
    assert_eq!(keys(desktops), set(listed("detach", "\nJSON: {")));
    let lines = sandbox(&["logoff", "--yes", "-o", "jsonl", BUSY_DESKTOP]);
    assert!(keys([&parse(&lines)]).is_subset(&set(listed("detach", "\nJSON: {"))));

    let dry_run = parse(&sandbox(
        &[&detach[..], &["--dry-run", BUSY_DESKTOP]].concat(),
    ));
    let expected = ["method", "url", "body"].map(str::to_owned).to_vec();
    assert_eq!(keys(dry_run.as_array().unwrap()), set(expected));
}

#[test]
fn the_help_lists_the_keys_of_records() {
    let document = parse(&sandbox(&[
        "detach-info",
        "--json",
        SINGLE_USER_DESKTOP,
        "nosuch",
    ]));
    let records = document["desktop_detach_infos"].as_array().unwrap();
    assert_eq!(keys(records), set(listed("detach-info", COLUMNS)));
    let errors = document["errors"].as_array().unwrap();
    assert_eq!(keys(errors), set(listed("detach-info", "\nJSON: {")));
}

#[test]
fn the_help_lists_the_keys_of_settings() {
    let mut command = workspace();
    let invalid = command.args(["config", "--json", "--endpoint", "no url"]);
    let text = String::from_utf8(invalid.output().unwrap().stdout).unwrap();
    let document = parse(&text);
    let settings = document.as_array().unwrap();
    assert_eq!(keys(settings), set(listed("config", "\nJSON: ")));
    let skipped = settings
        .iter()
        .flat_map(|s| s["skipped"].as_array().unwrap());
    let expected = ["reason", "source"].map(str::to_owned).to_vec();
    assert_eq!(keys(skipped), set(expected));
}

#[test]
fn the_help_lists_the_keys_of_reports() {
    let reports = Fixture::with_report();
    let list = parse(&stdout(
        &mut reports.reporting(&["report", "--list", "--json"]),
    ));
    let list = list.as_array().unwrap();
    assert_eq!(keys(list), set(listed("report", "\nJSON of --list")));

    let path = list[0]["report"].as_str().unwrap();
    let resume = ["detach", "--yes", "--resume", path];
    assert!(reports.reporting(&resume).status().unwrap().success());
    let report = parse(&stdout(&mut reports.reporting(&["report", path, "--json"])));
    assert_eq!(keys([&report]), set(listed("report", "\nJSON: who")));
    let expected = ["user", "host", "credentials"].map(str::to_owned).to_vec();
    for author in [&report["by"], &report["resumed_by"]] {
        assert!(keys([author]).is_subset(&set(expected.clone())), "{author}");
    }
    let desktops = report["desktops"].as_array().unwrap();
    assert!(keys(desktops).is_subset(&set(listed("detach", "\nJSON: {"))));
}

impl Fixture {
    /// Returns a sandbox after a run that wrote a report in the default folder.
    fn with_report() -> Self {
        let fixture = Self::with_desktops(1, Duration::ZERO);
        fixture.list(1);
        assert!(fixture.reporting(&DETACH_LIST).status().unwrap().success());
        fixture
    }

    /// Returns the command with reports in the folder of the test.
    fn reporting(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = self.workspace(arguments);
        command.env("XDG_STATE_HOME", self.folder.path().join("state"));
        command
    }
}
