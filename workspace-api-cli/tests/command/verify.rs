//! `detach --verify`: the unbinding records prove what the run did, or the command names what is
//! missing.

use std::time::{Duration, Instant};

use serde_json::Value;
use workspace_api_sandbox::Fault;
use workspace_api_sandbox::defaults::{POOL_DESKTOP, SINGLE_USER_DESKTOP};

use crate::fixture::{DETACH_LIST, Fixture, id};
use crate::workspace;

const RESUME: [&str; 4] = ["detach", "--yes", "--resume", "r.jsonl"];
const READ: &str = "ListDesktopDetachInfo";

fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [arguments, more].concat()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn desktops_with_a_record_are_verified() {
    let fixture = Fixture::with_desktops(150, Duration::ZERO);
    fixture.file("list.txt", format!("{}\nnosuch\n{}", id(1), id(2)));
    let arguments = with(&DETACH_LIST, &["--verify", "--report", "r.jsonl"]);
    let output = fixture.workspace(&arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let rows: Vec<_> = text(&output.stdout)
        .lines()
        .map(|row| {
            let cells: Vec<_> = row.split('\t').collect();
            [cells[0], cells[1], cells[8]].join(" ")
        })
        .collect();
    assert_eq!(
        rows,
        [
            "d-0001 succeeded yes",
            "nosuch failed ",
            "d-0002 succeeded yes"
        ]
    );
    let stderr = text(&output.stderr);
    assert!(
        stderr.contains("2 of 3 desktops unbound, 2 verified, 1 failed."),
        "{stderr}"
    );

    // The report has the proof, and shows it.
    let output = fixture
        .workspace(&["report", "r.jsonl", "--json"])
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["desktops"][0]["verified"], true);
    assert_eq!(report["desktops"][1]["verified"], Value::Null);
}

#[test]
fn jobs_of_pool_desktops_are_verified() {
    let mut command = workspace();
    let pool = ["--sandbox", "detach", POOL_DESKTOP, SINGLE_USER_DESKTOP];
    let output = command
        .args(with(&pool, &["--all-users", "--yes", "--verify", "--json"]))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    for desktop in json["desktops"].as_array().unwrap() {
        assert_eq!(desktop["outcome"], "accepted");
        assert_eq!(desktop["verified"], true);
    }
}

#[test]
fn a_missing_record_is_said_and_can_be_looked_for_again() {
    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    fixture.list(2);
    fixture
        .assert(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .code(0);
    fixture.sandbox.reset();
    let verify = with(&RESUME, &["--verify", "--verify-timeout", "1s"]);
    let output = fixture.workspace(&verify).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let stdout = text(&output.stdout);
    assert_eq!(
        stdout
            .matches("\tno: no unbinding record of this request yet\n")
            .count(),
        2,
        "{stdout}"
    );
    let stderr = text(&output.stderr);
    let group = "not verified: 2 desktops: no unbinding record of this request yet\n  d-000";
    assert!(stderr.contains(group), "{stderr}");
    assert!(
        stderr.contains("2 not verified.\nTo check again, run: workspace detach"),
        "{stderr}"
    );
    assert!(stderr.contains("--resume r.jsonl --verify\n"), "{stderr}");
    assert_eq!(fixture.detachments().len(), 1, "nothing is sent again");
    // A resumed run without the flag verifies nothing.
    fixture.assert(&RESUME).code(0).stdout("");
}

#[test]
fn records_that_come_late_are_waited_for() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    fixture.list(1);
    fixture.fault(Fault::status(404).operation(READ).times(2));
    let started = Instant::now();
    let output = fixture
        .workspace(&with(&DETACH_LIST, &["--verify"]))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(started.elapsed() > Duration::from_secs(2));
    assert!(text(&output.stderr).contains("1 of 1 desktop unbound, 1 verified."));
}

#[test]
fn unreadable_records_and_rejected_credentials_verify_nothing() {
    for (status, reason) in [
        (403, "cannot read its unbinding records: "),
        (401, "cannot read its records: "),
    ] {
        let fixture = Fixture::with_desktops(2, Duration::ZERO);
        fixture.list(2);
        fixture.fault(Fault::status(status).operation(READ));
        let verify = with(&DETACH_LIST, &["--verify", "--verify-timeout", "0s"]);
        let output = fixture.workspace(&verify).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        let stderr = text(&output.stderr);
        assert!(
            stderr.contains(&format!("not verified: 2 desktops: {reason}")),
            "{stderr}"
        );
        if status == 401 {
            let reads = fixture.sandbox.requests();
            let reads = reads
                .iter()
                .filter(|read| read.operation.as_deref() == Some(READ));
            assert_eq!(reads.count(), 1, "another one could lock the access key");
        }
    }
}

#[test]
fn jobs_limits_the_concurrent_reads() {
    let fixture = Fixture::with_desktops(12, Duration::from_millis(50));
    fixture.list(12);
    let verify = |jobs| {
        let started = Instant::now();
        fixture.sandbox.reset();
        fixture
            .assert(&with(&DETACH_LIST, &["--verify", "--jobs", jobs]))
            .code(0);
        started.elapsed()
    };
    let one_by_one = verify("1");
    assert!(one_by_one > Duration::from_millis(12 * 50));
    assert!(verify("12") < one_by_one);
    fixture
        .assert(&with(&DETACH_LIST, &["--jobs", "0"]))
        .code(2);
}

#[test]
fn log_off_has_no_proof() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    fixture
        .assert(&["logoff", "--yes", "--verify", &id(1)])
        .code(2);
}
