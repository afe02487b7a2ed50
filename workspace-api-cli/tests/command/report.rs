//! The report: its lines, and that nothing is sent that is not in it.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use workspace_api_sandbox::Fault;

use crate::fixture::{DETACH_LIST, DETACH_TENS, Fixture, id, outcomes};
use crate::transcript;

fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    arguments.iter().chain(more).copied().collect()
}

#[test]
fn report_has_plan_batch_and_outcomes() {
    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    fixture.file("list.txt", "d-0001\nd-0002\nd-9999\n");
    fixture
        .assert(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .code(3);
    let report = fs::read_to_string(fixture.folder.path().join("r.jsonl")).unwrap();
    let head: Value = serde_json::from_str(report.lines().next().unwrap()).unwrap();
    let host = head["by"]["host"].as_str().unwrap_or_default();
    let report = report.replace(&format!("\"host\":\"{host}\","), "");
    let version = concat!("\"version\":\"", env!("CARGO_PKG_VERSION"));
    assert!(report.contains(version), "{report}");
    let report = report.replace(version, "\"version\":\"VERSION");
    insta::assert_snapshot!(crate::scrub::scrub(&report));
}

#[test]
fn existing_report_is_never_overwritten() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    fixture.list(1);
    fixture.file("r.jsonl", "precious\n");
    let output = fixture
        .workspace(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .output()
        .unwrap();
    insta::assert_snapshot!(transcript(&output));
    assert_eq!(
        fs::read_to_string(fixture.folder.path().join("r.jsonl")).unwrap(),
        "precious\n"
    );
    assert!(fixture.sandbox.requests().is_empty());
    // An empty file, as `mktemp` creates it, is not a report.
    fixture.file("empty.jsonl", "");
    fixture
        .assert(&with(&DETACH_LIST, &["--report", "empty.jsonl"]))
        .code(0);
}

#[cfg(target_os = "linux")]
#[test]
fn full_disk_prevents_sending() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    fixture.list(1);
    let output = fixture
        .workspace(&with(&DETACH_LIST, &["--report", "/dev/full"]))
        .output()
        .unwrap();
    insta::assert_snapshot!(transcript(&output));
    assert!(fixture.sandbox.requests().is_empty());
}

/// Runs the command with a file-size limit in blocks of 512 bytes.
#[cfg(unix)]
fn with_blocks(fixture: &Fixture, blocks: usize, arguments: &[&str]) -> std::process::Output {
    let workspace = fixture.workspace(arguments);
    let mut shell = std::process::Command::new("/bin/sh");
    shell
        .args(["-c", "ulimit -f \"$0\" && exec \"$@\"", &blocks.to_string()])
        .arg(workspace.get_program())
        .args(workspace.get_args())
        .env_clear()
        .env("POSIXLY_CORRECT", "1")
        .current_dir(&fixture.folder);
    for (name, value) in workspace.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    shell.output().unwrap()
}

/// Starts a sandbox with 30 desktops and writes a list of them. Ten of the ids need more than a block
/// of 512 bytes.
#[cfg(unix)]
fn with_long_ids() -> Fixture {
    let long = |number| format!("{}{}", "d".repeat(90), id(number));
    let fixture = Fixture::with_seed(30, |seed| {
        for (desktop, number) in seed.projects[0].desktops.iter_mut().zip(1..) {
            desktop.id = long(number);
        }
    });
    let ids: Vec<_> = (1..=30).map(long).collect();
    fixture.file("list.txt", ids.join("\n"));
    fixture
}

#[cfg(unix)]
#[test]
fn disk_that_fills_up_stops_before_the_next_batch() {
    let arguments = with(&DETACH_TENS, &["--report", "r.jsonl", "--quiet"]);
    let roomy = with_long_ids();
    roomy.assert(&arguments).code(0);
    let whole = fs::read_to_string(roomy.folder.path().join("r.jsonl")).unwrap();
    let second = whole.match_indices("{\"sending\"").nth(1).unwrap().0;
    // The limit is reached in the line of the second batch, or in the outcomes of the first one.
    for blocks in [second / 512 + 1, second / 512 - 1] {
        let fixture = with_long_ids();
        let output = with_blocks(&fixture, blocks, &arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{stderr}");
        assert!(
            stderr.contains("cannot write the report r.jsonl: "),
            "{stderr}"
        );
        assert!(
            stderr.contains(&format!(
                "To resume, run: workspace detach --endpoint {} --resume r.jsonl",
                fixture.sandbox.base_url()
            )),
            "{stderr}"
        );
        assert_eq!(fixture.detachments().len(), 1);
        // The results are printed nevertheless.
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert_eq!(stdout.matches("\tsucceeded\t").count(), 10);
        assert_eq!(stdout.matches("\tnot_sent\t").count(), 20);

        // Without the limit, the run resumes, and no batch is sent twice.
        fixture
            .assert(&[
                "detach",
                "--yes",
                "--resume",
                "r.jsonl",
                "--batch-size",
                "10",
            ])
            .code(0);
        assert!(fixture.unbindings().values().all(|count| *count == 1));
        assert_eq!(fixture.detachments().len(), 3);
    }
    // The limit is reached in the plan.
    let fixture = with_long_ids();
    let output = with_blocks(&fixture, 2, &arguments);
    assert_eq!(output.status.code(), Some(1));
    assert!(fixture.detachments().is_empty());
}

#[test]
fn report_is_locked_by_its_run() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    fixture.list(1);
    fixture.fault(Fault::stall());
    let mut run = fixture
        .workspace(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    fixture.wait_until(|fixture| fixture.detachments().len() == 1);
    let assert = fixture
        .assert(&["detach", "--yes", "--resume", "r.jsonl"])
        .code(2);
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(
        stderr.contains("another `workspace` is writing the report r.jsonl"),
        "{stderr}"
    );
    assert_eq!(fixture.detachments().len(), 1);
}

#[test]
fn partial_last_line_is_ignored() {
    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    fixture.list(2);
    fixture
        .assert(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .code(0);
    let path = fixture.folder.path().join("r.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let torn = text.find(r#"{"desktop_id":"d-0002","outcome""#).unwrap() + 20;
    fs::write(&path, &text[..torn]).unwrap();
    fixture
        .assert(&["detach", "--yes", "--resume", "r.jsonl"])
        .code(0)
        .stdout("d-0002\tsucceeded\t\t\t\td-0002\t\t\tyes\n");
    assert_eq!(fixture.detachments().len(), 1);
    for line in fs::read_to_string(&path).unwrap().lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
    assert_eq!(outcomes(&path).len(), 2);
}

#[test]
fn resume_rejects_other_desktops_and_users() {
    let fixture = Fixture::with_desktops(3, Duration::ZERO);
    fixture.list(2);
    fixture.fault(
        Fault::status(400)
            .operation("BatchDetachInstances")
            .times(1),
    );
    fixture
        .assert(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .code(1);
    // The same arguments are accepted, others are not.
    let resume = with(&DETACH_LIST, &["--resume", "r.jsonl"]);
    let mut users = resume.clone();
    users[2] = "--user=omar";
    fixture.assert(&users).code(2);
    fixture.list(3);
    let output = fixture.workspace(&resume).output().unwrap();
    insta::assert_snapshot!(transcript(&output));
    fixture.list(2);
    fixture.assert(&resume).code(0);
    assert_eq!(
        fixture.unbindings().into_values().collect::<Vec<_>>(),
        [1, 1, 0]
    );
    // Nothing is left to send.
    fixture
        .assert(&["detach", "--yes", "--resume", "r.jsonl"])
        .code(0)
        .stdout("");
    // A report of `detach` cannot be resumed by `logoff`.
    let assert = fixture
        .assert(&["logoff", "--yes", "--resume", "r.jsonl"])
        .code(2);
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    let expected = "r.jsonl is a report of `workspace detach`, not of `workspace logoff`; \
                    nothing was sent\nTo resume, run: workspace detach";
    assert!(stderr.contains(expected), "{stderr}");
}

#[test]
fn resume_rejects_another_endpoint_or_project() {
    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    fixture.list(2);
    let rejection = Fault::status(400).operation("BatchDetachInstances");
    fixture.fault(rejection.times(1));
    fixture
        .assert(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .code(1);
    let resume = ["detach", "--yes", "--resume", "r.jsonl"];
    // The other sandbox has desktops with the same ids.
    let elsewhere = Fixture::with_desktops(2, Duration::ZERO);
    let report = fixture.folder.path().join("r.jsonl");
    fs::copy(&report, elsewhere.folder.path().join("r.jsonl")).unwrap();
    let output = elsewhere.workspace(&resume).output().unwrap();
    let both = transcript(&output)
        .replacen("127.0.0.1:PORT", "HERE", 1)
        .replacen("127.0.0.1:PORT", "ELSEWHERE", 1);
    insta::assert_snapshot!("resume_at_another_endpoint", both);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains(&format!(
        "belongs to endpoint {}, but the settings use endpoint {};",
        fixture.sandbox.base_url(),
        elsewhere.sandbox.base_url()
    )));
    let other_project = with(&resume, &["--project-id", "other"]);
    let output = fixture.workspace(&other_project).output().unwrap();
    insta::assert_snapshot!("resume_in_another_project", transcript(&output));
    // A dry run shows what a run would send, so it is rejected too.
    elsewhere.assert(&with(&resume, &["--dry-run"])).code(2);
    fixture
        .assert(&with(&other_project, &["--dry-run"]))
        .code(2);
    let mut sandbox = crate::workspace();
    sandbox.current_dir(&fixture.folder).arg("--sandbox");
    sandbox.args(resume).assert().code(2);

    assert!(elsewhere.sandbox.requests().is_empty());
    assert_eq!(fixture.sandbox.requests().len(), 1);
    fixture.assert(&resume).code(0);
}

#[test]
fn resumed_log_off_leaves_outcomes_unknown() {
    let fixture = Fixture::with_desktops(15, Duration::ZERO);
    fixture.list(15);
    fixture.fault(Fault::stall().operation("BatchLogoffDesktops").times(1));
    let mut run = fixture
        .workspace(&[
            "logoff",
            "--yes",
            "--from",
            "list.txt",
            "--message",
            "Bye",
            "--report",
            "r.jsonl",
            "--batch-size",
            "10",
        ])
        .spawn()
        .unwrap();
    fixture.wait_until(|fixture| fixture.sandbox.requests().len() == 1);
    run.kill().unwrap();
    run.wait().unwrap();
    let assert = fixture
        .assert(&["logoff", "--yes", "--resume", "r.jsonl"])
        .code(3);
    let stdout = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    assert_eq!(stdout.matches("\tunknown\t").count(), 10);
    let requests = fixture.sandbox.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[1].body.contains("Bye") && requests[1].body.contains(&id(11)));
    assert!(!requests[1].body.contains(&id(10)));
}

#[cfg(unix)]
#[test]
fn run_writes_a_private_report_by_default() {
    use std::os::unix::fs::PermissionsExt;

    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    fixture.list(2);
    let state = fixture.folder.path().join("state");
    let reports = || fs::read_dir(state.join("workspace")).map_or(0, Iterator::count);
    let output = fixture
        .workspace(&["logoff", "--yes", "--from", "list.txt", "--no-report"])
        .env("XDG_STATE_HOME", &state)
        .output()
        .unwrap();
    assert_eq!((output.status.code(), reports()), (Some(0), 0));
    let output = fixture
        .workspace(&DETACH_LIST)
        .env("XDG_STATE_HOME", &state)
        .output()
        .unwrap();
    assert_eq!((output.status.code(), reports()), (Some(0), 1));
    let report = fs::read_dir(state.join("workspace")).unwrap().next();
    let path = report.unwrap().unwrap().path();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let expected = format!("\nReport: {}\n", path.display());
    assert!(stderr.contains(&expected), "{stderr}");
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let folder = path.parent().unwrap();
    assert_eq!(
        fs::metadata(folder).unwrap().permissions().mode() & 0o777,
        0o700
    );
    assert_eq!(outcomes(&path).len(), 2);
}

#[test]
fn report_cut_inside_a_character_resumes() {
    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    fixture.list(2);
    fixture
        .assert(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .code(0);
    let path = fixture.folder.path().join("r.jsonl");
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend(&"{\"error_msg\":\"桌".as_bytes()[..15]);
    fs::write(&path, bytes).unwrap();
    fixture
        .assert(&["detach", "--yes", "--resume", "r.jsonl"])
        .code(0);
    let assert = fixture
        .assert(&["detach", "--yes", "--resume", "r.jsonl", "--user", "omar"])
        .code(2);
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(stderr.contains("cannot be used with --resume"), "{stderr}");
}
