//! What goes wrong is told with the next step, and never shows a secret.

use std::time::Duration;

use workspace_api_sandbox::{Fault, defaults};

use crate::cloud::{Cloud, DETACH_LIST};
use crate::{seen, workspace};

const DETACH: [&str; 4] = ["detach", "d-0001", "--all-users", "--yes"];

#[test]
fn arguments_that_cannot_be_meant() {
    for (name, arguments) in [
        ("nobody", vec!["detach", "d-1"]),
        ("nothing", vec!["detach"]),
        ("no_desktop", vec!["detach", "--all-users"]),
        (
            "everyone_and_somebody",
            vec!["detach", "d-1", "--all-users", "--user", "li-na"],
        ),
        ("odd_name", vec!["detach", "d-1", "--user", "li na"]),
        ("odd_id", vec!["detach-info", ".."]),
        ("two_lists", vec!["logoff", "d-1", "--from", "list.txt"]),
        ("no_terminal", vec!["--sandbox", "logoff", "d-1"]),
        ("no_file", vec!["logoff", "--from", "nowhere.csv", "--yes"]),
        (
            "no_report",
            vec!["logoff", "--resume", "nowhere.jsonl", "--yes"],
        ),
        (
            "twice",
            vec!["--sandbox", "detach", "d-1", "D-1", "--all-users", "--yes"],
        ),
        ("no_place", vec!["detach", "d-1", "--all-users", "--yes"]),
        (
            "plain_http",
            vec!["detach-info", "d-1", "--endpoint", "http://service.example"],
        ),
    ] {
        let output = workspace().args(arguments).output().unwrap();
        insta::assert_snapshot!(format!("arguments_{name}"), seen(&output));
    }
}

#[test]
fn half_a_pair_of_keys() {
    let cloud = Cloud::with_desktops(1, Duration::ZERO);
    let output = cloud
        .workspace(&DETACH)
        .env_remove("HW_AUTH_TOKEN")
        .env("HUAWEICLOUD_SDK_AK", "QTWAOYTTINDUT2QVKYUC")
        .output()
        .unwrap();
    insta::assert_snapshot!(seen(&output));
}

#[test]
fn a_wrong_token_ends_the_run_at_the_first_batch() {
    let cloud = Cloud::with_desktops(250, Duration::ZERO);
    cloud.list(250);
    let output = cloud
        .workspace(&[DETACH_LIST.as_slice(), &["--report", "r.jsonl"]].concat())
        .env("HW_AUTH_TOKEN", "wrong-and-secret")
        .stdout(std::process::Stdio::null())
        .output()
        .unwrap();
    let seen = seen(&output);
    assert!(!seen.contains("wrong-and-secret"));
    insta::assert_snapshot!(seen);
    assert_eq!(cloud.sandbox.requests().len(), 1);
    // With the right one it goes on.
    cloud
        .assert(&["detach", "--yes", "--resume", "r.jsonl"])
        .code(0);
}

#[test]
fn keys_sign() {
    let cloud = Cloud::with_desktops(1, Duration::ZERO);
    let signed = |secret: &str| {
        let mut command = cloud.workspace(&DETACH);
        command
            .env_remove("HW_AUTH_TOKEN")
            .env("HUAWEICLOUD_SDK_AK", defaults::ACCESS_KEY)
            .env("HUAWEICLOUD_SDK_SK", secret);
        command.output().unwrap()
    };
    insta::assert_snapshot!(seen(&signed("wrong-secret-key")));
    assert_eq!(signed(defaults::SECRET_KEY).status.code(), Some(0));
}

#[test]
fn a_permission_that_is_missing_is_named() {
    let cloud = Cloud::denying(1, "workspace:desktops:batchDetach");
    let output = cloud.workspace(&DETACH).output().unwrap();
    insta::assert_snapshot!(seen(&output));
}

#[test]
fn an_answer_that_is_lost_leaves_it_unknown() {
    let cloud = Cloud::with_desktops(1, Duration::ZERO);
    cloud.fault(Fault::reset().after().times(1));
    let output = cloud.workspace(&DETACH).output().unwrap();
    insta::assert_snapshot!(seen(&output));
    assert_eq!(cloud.detachments().len(), 1, "not repeated");
}

#[test]
fn a_project_that_cannot_be_found_is_asked_for_by_flag() {
    let cloud = Cloud::with_desktops(1, Duration::ZERO);
    let output = cloud
        .workspace(&DETACH)
        .env_remove("HUAWEICLOUD_SDK_PROJECT_ID")
        .output()
        .unwrap();
    insta::assert_snapshot!(seen(&output));
    assert!(cloud.sandbox.requests().is_empty());
}

#[test]
fn nobody_there() {
    // Nobody listens on the port of a sandbox that has gone.
    let endpoint = Cloud::with_desktops(1, Duration::ZERO)
        .sandbox
        .base_url()
        .to_owned();
    let output = workspace()
        .args([
            "api",
            "GET",
            "/",
            "--endpoint",
            &endpoint,
            "--project-id",
            "p",
        ])
        .env("HW_AUTH_TOKEN", "t")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    for told in [
        "no connection to the service, so nothing was sent",
        "`workspace config` shows where requests go",
    ] {
        assert!(stderr.contains(told), "{stderr}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let cloud = Cloud::with_desktops(300, Duration::ZERO);
    cloud.list(300);
    let mut run = cloud
        .workspace(&DETACH_LIST)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(run.stdout.take());
    let output = run.wait_with_output().unwrap();
    // What was begun is finished all the same.
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "300 of 300 desktops unbound.\n"
    );
    assert!(cloud.unbindings().values().all(|count| *count == 1));

    for arguments in [
        vec!["spec", "--json"],
        vec!["tour"],
        vec!["man"],
        vec!["completions", "zsh"],
    ] {
        let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_workspace"))
            .args(&arguments)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(run.stdout.take());
        let output = run.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn results_that_cannot_be_written_stop_the_run() {
    let cloud = Cloud::with_desktops(300, Duration::ZERO);
    cloud.list(300);
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = cloud.workspace(&DETACH_LIST).stdout(full).output().unwrap();
    insta::assert_snapshot!(seen(&output));
    assert_eq!(cloud.detachments().len(), 1);
}
