//! The exit codes, as the help documents them.

use std::time::Duration;

use workspace_api_sandbox::Fault;

use crate::fixture::{DETACH_LIST, DETACH_TENS, Fixture};

/// Starts a sandbox with 15 desktops and writes a list of some of them and some that do not exist.
/// 15 desktops are two batches of [`DETACH_TENS`].
fn fixture(existing: usize, missing: usize) -> Fixture {
    let fixture = Fixture::with_desktops(15, Duration::ZERO);
    let ids: Vec<_> = (1..=existing)
        .chain(1001..=1000 + missing)
        .map(crate::fixture::id)
        .collect();
    fixture.file("list.txt", ids.join("\n"));
    fixture
}

/// Runs the command and returns the exit code and the number of unbindings.
fn run(fixture: &Fixture) -> (i32, usize) {
    let output = fixture.workspace(&DETACH_TENS).output().unwrap();
    let unbound = fixture.unbindings().values().sum();
    (output.status.code().unwrap(), unbound)
}

#[test]
fn code_0_if_every_desktop_succeeded() {
    assert_eq!(run(&fixture(15, 0)), (0, 15));
}

#[test]
fn code_1_if_every_desktop_failed() {
    assert_eq!(run(&fixture(0, 15)), (1, 0));
}

#[test]
fn code_1_if_every_batch_was_rejected() {
    let fixture = fixture(15, 0);
    fixture.fault(Fault::status(400));
    assert_eq!(run(&fixture), (1, 0));
    assert_eq!(fixture.detachments().len(), 2);
}

#[test]
fn code_1_if_desktops_failed_and_other_batches_were_rejected() {
    let fixture = fixture(0, 15);
    fixture.fault(Fault::status(400).times(1));
    assert_eq!(run(&fixture), (1, 0));
}

#[test]
fn code_3_if_some_desktops_failed() {
    assert_eq!(run(&fixture(14, 1)), (3, 14));
    assert_eq!(run(&fixture(1, 14)), (3, 1));
}

#[test]
fn code_3_if_every_outcome_is_unknown() {
    for (fault, unbound) in [(Fault::reset(), 0), (Fault::reset().after(), 15)] {
        let fixture = fixture(15, 0);
        fixture.fault(fault);
        assert_eq!(run(&fixture), (3, unbound));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn code_3_if_results_cannot_be_written_after_a_success() {
    let full = || {
        std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    // Lines are written after each batch, JSON at the end.
    for (arguments, unbound) in [(vec![], 10), (vec!["--json"], 15)] {
        let fixture = fixture(15, 0);
        let mut run = fixture.workspace(&[&DETACH_TENS[..], &arguments].concat());
        let output = run.stdout(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(3));
        assert_eq!(fixture.unbindings().values().sum::<usize>(), unbound);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let has_hint = stderr.contains("--report");
        assert_eq!(has_hint, unbound < 15, "{stderr}");
    }
    let fixture = fixture(0, 1);
    let mut run = fixture.workspace(&DETACH_TENS);
    let output = run.stdout(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "no desktop was unbound");
}

#[test]
fn detach_info_code_depends_on_how_many_desktops_were_read() {
    for (existing, missing, code) in [(2, 0, 0), (1, 1, 3), (0, 2, 1)] {
        fixture(existing, missing)
            .assert(&["detach-info", "--from", "list.txt"])
            .code(code);
    }
}

#[test]
fn one_desktop_does_not_keep_the_others_from_being_logged_off() {
    let fixture = Fixture::with_desktops(15, std::time::Duration::ZERO);
    fixture.file("list.txt", "d-0001\nnosuch\nd-0002\n");
    let assert = fixture
        .assert(&["logoff", "--yes", "--from", "list.txt"])
        .code(3);
    let stdout = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    let outcomes: Vec<_> = stdout
        .lines()
        .map(|line| line.split('\t').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        outcomes,
        ["d-0001 succeeded", "nosuch failed", "d-0002 succeeded"]
    );
}

#[test]
fn batch_size_is_a_limit() {
    let fixture = Fixture::with_desktops(5, std::time::Duration::ZERO);
    fixture.list(5);
    let arguments = [
        "detach",
        "-y",
        "--all-users",
        "--from",
        "list.txt",
        "--batch-size",
        "2",
    ];
    fixture.assert(&arguments).code(0);
    assert_eq!(fixture.detachments().len(), 3);
}

#[test]
fn failures_are_grouped_without_ids_and_show_the_http_status() {
    let fixture = Fixture::with_desktops(1, std::time::Duration::ZERO);
    let lines: Vec<_> = (1..=30).map(|number| format!("gone-{number:02}")).collect();
    fixture.file("list.txt", lines.join("\n"));
    let arguments = ["logoff", "-y", "--from", "list.txt", "--json"];
    let output = fixture.workspace(&arguments).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(stderr.matches("failed: ").count(), 1, "{stderr}");
    assert!(
        stderr.contains("failed: 30 desktops: 404 Not Found: "),
        "{stderr}"
    );
    assert!(stderr.contains("(DESKTOP)\n"), "{stderr}");
    assert!(stderr.contains("request ids "), "{stderr}");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["desktops"][0]["status"], 404);
}

#[test]
fn throttled_run_waits_and_says_so() {
    let fixture = Fixture::with_rate_limit(31, "30/m");
    fixture.list(31);
    let arguments = [DETACH_LIST.as_slice(), &["--batch-size", "1"]].concat();
    let result = fixture.assert(&arguments).code(0);
    let stderr = String::from_utf8_lossy(&result.get_output().stderr);
    assert!(
        stderr.contains("Throttled, continuing in 2 s …"),
        "{stderr}"
    );
    assert!(fixture.unbindings().values().all(|count| *count == 1));
}

#[test]
fn rejected_token_in_the_last_batch_of_a_part_is_not_sent_again() {
    // A list is sent in parts of 100 batches.
    let fixture = Fixture::with_desktops(102, Duration::ZERO);
    fixture.list(102);
    // Errors that differ from the one before do not end a run.
    for number in 1..100 {
        let status = if number % 2 == 0 { 500 } else { 501 };
        fixture.fault(Fault::status(status).times(1));
    }
    fixture.fault(Fault::status(401));
    let arguments = [DETACH_LIST.as_slice(), &["--batch-size", "1", "--json"]].concat();
    let result = fixture.assert(&arguments).failure();
    let sent = fixture.detachments();
    assert_eq!((sent.len(), sent[99].status), (100, Some(401)));
    let json: serde_json::Value = serde_json::from_slice(&result.get_output().stdout).unwrap();
    let last = &json["desktops"][101];
    assert_eq!(
        (&last["outcome"], &last["error_msg"]),
        (&"not_sent".into(), &json["desktops"][99]["error_msg"])
    );
}
