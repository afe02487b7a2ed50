//! The results of a run agree with its report, also about desktops that it did not send again.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use serde_json::Value;
use workspace_api_sandbox::Fault;

use crate::fixture::{DETACH_LIST, Fixture};

const DESKTOPS: usize = 5;

/// Returns the desktops of a list by id, each with what is the same in every output.
fn by_id(desktops: &Value) -> BTreeMap<String, Value> {
    let mut by_id = BTreeMap::new();
    for desktop in desktops.as_array().unwrap() {
        let id = desktop["desktop_id"].as_str().unwrap().to_owned();
        let mut result = desktop.clone();
        if desktop["outcome"] == "not_sent" {
            // Only the run itself knows why.
            for key in ["error_kind", "error_msg"] {
                result.as_object_mut().unwrap().remove(key);
            }
        }
        by_id.insert(id, result);
    }
    by_id
}

/// Returns the line with the counts of all runs.
fn counts(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text).into_owned();
    let mut lines = text.lines().rev();
    let line =
        lines.find(|line| line.contains(" desktops unbound") && !line.starts_with("Report:"));
    let line = line.unwrap_or_else(|| panic!("{text}"));
    // A resumed run also counts the desktops that it did itself.
    match line.split_once(" (") {
        Some((before, after)) => before.to_owned() + after.split_once(')').unwrap().1,
        None => line.to_owned(),
    }
}

/// Runs a command, and compares its results with its report. Returns the number of desktops by
/// outcome.
fn run(fixture: &Fixture, arguments: &[&str], code: i32) -> BTreeMap<String, usize> {
    let arguments = [arguments, &["--json", "--batch-size", "1"]].concat();
    let assert = fixture.assert(&arguments).code(code);
    let output = assert.get_output();
    let results: Value = serde_json::from_slice(&output.stdout).unwrap();
    let json = fixture.assert(&["report", "r.jsonl", "--json"]).code(0);
    let report: Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
    let of_report = by_id(&report["desktops"]);
    assert_eq!(of_report.len(), DESKTOPS);
    for (id, desktop) in by_id(&results["desktops"]) {
        assert_eq!(desktop, of_report[&id]);
    }
    let table = fixture.assert(&["report", "r.jsonl", "--output", "table"]);
    let of_run = counts(&output.stderr);
    assert_eq!(of_run, counts(&table.get_output().stdout));
    let mut numbers = BTreeMap::new();
    for desktop in of_report.values() {
        let outcome = desktop["outcome"].as_str().unwrap();
        *numbers.entry(outcome.to_owned()).or_default() += 1;
    }
    numbers
}

fn numbers<const N: usize>(numbers: [(&str, usize); N]) -> BTreeMap<String, usize> {
    let numbers = numbers.map(|(outcome, number)| (outcome.to_owned(), number));
    numbers.into()
}

#[test]
fn failed_desktops_stay_failed_until_they_are_sent_again() {
    let fixture = Fixture::with_desktops(DESKTOPS, Duration::ZERO);
    fixture.list(DESKTOPS);
    let fault = |status| Fault::status(status).operation("BatchDetachInstances");
    fixture.fault(fault(400).times(3));
    let start = [DETACH_LIST.as_slice(), &["--report", "r.jsonl"]].concat();
    let few = ["--max-failures", "3"];
    let found = run(&fixture, &[start.as_slice(), &few].concat(), 1);
    assert_eq!(found, numbers([("failed", 3), ("not_sent", 2)]));

    let resume = ["detach", "--yes", "--resume", "r.jsonl"];
    // The first one fails again, and the run stops.
    fixture.fault(fault(400).times(1));
    let found = run(
        &fixture,
        &[resume.as_slice(), &["--max-failures", "1"]].concat(),
        1,
    );
    assert_eq!(found, numbers([("failed", 3), ("not_sent", 2)]));
    let report = fixture.folder.path().join("r.jsonl");
    let stopped = fs::read_to_string(&report).unwrap();
    assert!(
        stopped.trim_end().ends_with(r#""result":"stopped"}"#),
        "{stopped}"
    );

    // The first one gets a 401, which ends the run: the second one is announced but not sent.
    fixture.fault(fault(401).times(1));
    let found = run(&fixture, &resume, 1);
    assert_eq!(found, numbers([("failed", 3), ("not_sent", 2)]));
    let stopped = fs::read_to_string(&report).unwrap();
    let lines: Vec<_> = stopped.lines().rev().take(2).collect();
    assert!(
        lines[1].contains(r#""desktop_id":"d-0002","outcome":"not_sent""#),
        "{lines:?}"
    );
    assert!(lines[0].ends_with(r#""result":"stopped"}"#), "{lines:?}");

    fixture.sandbox.clear_faults();
    let found = run(&fixture, &resume, 0);
    assert_eq!(found, numbers([("succeeded", 5)]));
}
