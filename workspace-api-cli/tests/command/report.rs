//! The report: what is in it, and that nothing is sent that it does not say.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use workspace_api_sandbox::Fault;

use crate::cloud::{Cloud, DETACH_LIST, id, outcomes};
use crate::seen;

fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    arguments.iter().chain(more).copied().collect()
}

#[test]
fn says_what_is_to_be_done_what_is_sent_and_what_became_of_it() {
    let cloud = Cloud::with_desktops(2, Duration::ZERO);
    cloud.file("list.txt", "d-0001\nd-0002\nd-9999\n");
    cloud
        .assert(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .code(3);
    let report = fs::read_to_string(cloud.folder.path().join("r.jsonl")).unwrap();
    insta::assert_snapshot!(crate::normal::normal(&report));
}

#[test]
fn is_never_written_over() {
    let cloud = Cloud::with_desktops(1, Duration::ZERO);
    cloud.list(1);
    cloud.file("r.jsonl", "precious\n");
    let output = cloud
        .workspace(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .output()
        .unwrap();
    insta::assert_snapshot!(seen(&output));
    assert_eq!(
        fs::read_to_string(cloud.folder.path().join("r.jsonl")).unwrap(),
        "precious\n"
    );
    assert!(cloud.sandbox.requests().is_empty());
    // What `mktemp` leaves is no report.
    cloud.file("empty.jsonl", "");
    cloud
        .assert(&with(&DETACH_LIST, &["--report", "empty.jsonl"]))
        .code(0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_before_anything_is_sent() {
    let cloud = Cloud::with_desktops(1, Duration::ZERO);
    cloud.list(1);
    let output = cloud
        .workspace(&with(&DETACH_LIST, &["--report", "/dev/full"]))
        .output()
        .unwrap();
    insta::assert_snapshot!(seen(&output));
    assert!(cloud.sandbox.requests().is_empty());
}

/// Runs the command with files that may grow to so many blocks of 512 bytes.
#[cfg(unix)]
fn with_blocks(cloud: &Cloud, blocks: usize, arguments: &[&str]) -> std::process::Output {
    let workspace = cloud.workspace(arguments);
    let mut shell = std::process::Command::new("/bin/sh");
    shell
        .args(["-c", "ulimit -f \"$0\" && exec \"$@\"", &blocks.to_string()])
        .arg(workspace.get_program())
        .args(workspace.get_args())
        .env_clear()
        .env("POSIXLY_CORRECT", "1")
        .current_dir(&cloud.folder);
    for (name, value) in workspace.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    shell.output().unwrap()
}

#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_stops_before_the_next_batch() {
    let arguments = with(&DETACH_LIST, &["--report", "r.jsonl", "--quiet"]);
    let roomy = Cloud::with_desktops(300, Duration::ZERO);
    roomy.list(300);
    roomy.assert(&arguments).code(0);
    let whole = fs::read_to_string(roomy.folder.path().join("r.jsonl")).unwrap();
    let second = whole.match_indices("{\"sending\"").nth(1).unwrap().0;
    // There is room for the beginning of the line about the second batch; or there was none for the end of the
    // outcomes of the first one.
    for blocks in [second / 512 + 1, second / 512 - 1] {
        let cloud = Cloud::with_desktops(300, Duration::ZERO);
        cloud.list(300);
        let output = with_blocks(&cloud, blocks, &arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{stderr}");
        assert!(
            stderr.contains("the report r.jsonl cannot be written: "),
            "{stderr}"
        );
        assert!(
            stderr.contains(&format!(
                "Go on with: workspace detach --endpoint {} --resume r.jsonl",
                cloud.sandbox.base_url()
            )),
            "{stderr}"
        );
        assert_eq!(cloud.detachments().len(), 1);
        // What became of the desktops is told all the same.
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert_eq!(stdout.matches("\tsucceeded\t").count(), 100);
        assert_eq!(stdout.matches("\tnot_sent\t").count(), 200);

        // With room again, the run goes on, and no batch is sent twice.
        cloud
            .assert(&["detach", "--yes", "--resume", "r.jsonl"])
            .code(0);
        assert!(cloud.unbindings().values().all(|count| *count == 1));
        assert_eq!(cloud.detachments().len(), 3);
    }
    // There is none for what is to be done.
    let cloud = Cloud::with_desktops(300, Duration::ZERO);
    cloud.list(300);
    let output = with_blocks(&cloud, 2, &arguments);
    assert_eq!(output.status.code(), Some(1));
    assert!(cloud.detachments().is_empty());
}

#[test]
fn only_one_run_at_a_time_writes_it() {
    let cloud = Cloud::with_desktops(1, Duration::ZERO);
    cloud.list(1);
    cloud.fault(Fault::stall());
    let mut run = cloud
        .workspace(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    cloud.wait_until(|cloud| cloud.detachments().len() == 1);
    let assert = cloud
        .assert(&["detach", "--yes", "--resume", "r.jsonl"])
        .code(2);
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(
        stderr.contains("another `workspace` is writing the report r.jsonl"),
        "{stderr}"
    );
    assert_eq!(cloud.detachments().len(), 1);
}

#[test]
fn a_line_that_was_cut_off_is_taken_for_nothing() {
    let cloud = Cloud::with_desktops(2, Duration::ZERO);
    cloud.list(2);
    cloud
        .assert(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .code(0);
    let path = cloud.folder.path().join("r.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let torn = text.find(r#"{"desktop_id":"d-0002","outcome""#).unwrap() + 20;
    fs::write(&path, &text[..torn]).unwrap();
    cloud
        .assert(&["detach", "--yes", "--resume", "r.jsonl"])
        .code(0)
        .stdout("d-0002\tsucceeded\t\tits unbinding records show it\t\n");
    assert_eq!(cloud.detachments().len(), 1);
    for line in fs::read_to_string(&path).unwrap().lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
    assert_eq!(outcomes(&path).len(), 2);
}

#[test]
fn goes_on_with_the_same_desktops_only() {
    let cloud = Cloud::with_desktops(3, Duration::ZERO);
    cloud.list(2);
    cloud.fault(
        Fault::status(400)
            .operation("BatchDetachInstances")
            .times(1),
    );
    cloud
        .assert(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .code(1);
    // The same arguments do no harm, others do.
    let go_on = with(&DETACH_LIST, &["--resume", "r.jsonl"]);
    let mut users = go_on.clone();
    users[2] = "--user=omar";
    cloud.assert(&users).code(2);
    cloud.list(3);
    let output = cloud.workspace(&go_on).output().unwrap();
    insta::assert_snapshot!(seen(&output));
    cloud.list(2);
    cloud.assert(&go_on).code(0);
    assert_eq!(
        cloud.unbindings().into_values().collect::<Vec<_>>(),
        [1, 1, 0]
    );
    // Nothing is left to do, and nothing is asked.
    cloud
        .assert(&["detach", "--yes", "--resume", "r.jsonl"])
        .code(0)
        .stdout("");
    // It is no report of a log-off.
    cloud
        .assert(&["logoff", "--yes", "--resume", "r.jsonl"])
        .code(2);
}

#[test]
fn goes_on_at_the_same_endpoint_and_in_the_same_project_only() {
    let cloud = Cloud::with_desktops(2, Duration::ZERO);
    cloud.list(2);
    let refused = Fault::status(400).operation("BatchDetachInstances");
    cloud.fault(refused.times(1));
    cloud
        .assert(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .code(1);
    let go_on = ["detach", "--yes", "--resume", "r.jsonl"];
    // The same desktops are there too.
    let elsewhere = Cloud::with_desktops(2, Duration::ZERO);
    let report = cloud.folder.path().join("r.jsonl");
    fs::copy(&report, elsewhere.folder.path().join("r.jsonl")).unwrap();
    let output = elsewhere.workspace(&go_on).output().unwrap();
    let both = seen(&output)
        .replacen("127.0.0.1:PORT", "HERE", 1)
        .replacen("127.0.0.1:PORT", "ELSEWHERE", 1);
    insta::assert_snapshot!("is_of_another_endpoint", both);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains(&format!(
        "is of the endpoint {}, but the settings name the endpoint {},",
        cloud.sandbox.base_url(),
        elsewhere.sandbox.base_url()
    )));
    let other_project = with(&go_on, &["--project-id", "other"]);
    let output = cloud.workspace(&other_project).output().unwrap();
    insta::assert_snapshot!("is_of_another_project", seen(&output));
    // A dry run shows what would be sent, so it must not show this.
    elsewhere.assert(&with(&go_on, &["--dry-run"])).code(2);
    cloud.assert(&with(&other_project, &["--dry-run"])).code(2);
    let mut sandbox = crate::workspace();
    sandbox.current_dir(&cloud.folder).arg("--sandbox");
    sandbox.args(go_on).assert().code(2);

    assert!(elsewhere.sandbox.requests().is_empty());
    assert_eq!(cloud.sandbox.requests().len(), 1);
    cloud.assert(&go_on).code(0);
}

#[test]
fn a_log_off_goes_on_too_but_cannot_be_settled() {
    let cloud = Cloud::with_desktops(150, Duration::ZERO);
    cloud.list(150);
    cloud.fault(Fault::stall().operation("BatchLogoffDesktops").times(1));
    let mut run = cloud
        .workspace(&[
            "logoff",
            "--yes",
            "--from",
            "list.txt",
            "--message",
            "Bye",
            "--report",
            "r.jsonl",
        ])
        .spawn()
        .unwrap();
    cloud.wait_until(|cloud| cloud.sandbox.requests().len() == 1);
    run.kill().unwrap();
    run.wait().unwrap();
    let assert = cloud
        .assert(&["logoff", "--yes", "--resume", "r.jsonl"])
        .code(3);
    let stdout = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    assert_eq!(stdout.matches("\tunknown\t").count(), 100);
    let requests = cloud.sandbox.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[1].body.contains("Bye") && requests[1].body.contains(&id(101)));
    assert!(!requests[1].body.contains(&id(100)));
}
