//! Errors come with a hint, and never show a secret.

use std::time::Duration;

use workspace_api_sandbox::{Fault, defaults};

use crate::fixture::{DETACH_TENS, Fixture, iam_action, id};
use crate::{transcript, workspace};

const DETACH: [&str; 4] = ["detach", "d-0001", "--all-users", "--yes"];

#[test]
fn invalid_arguments_are_rejected() {
    for (name, arguments) in [
        ("no_user", vec!["detach", "d-1"]),
        ("no_arguments", vec!["detach"]),
        ("no_desktop", vec!["detach", "--all-users"]),
        (
            "all_users_and_user",
            vec!["detach", "d-1", "--all-users", "--user", "li-na"],
        ),
        ("user_name", vec!["detach", "d-1", "--user", "li na"]),
        ("desktop_id", vec!["detach-info", ".."]),
        ("ids_and_file", vec!["logoff", "d-1", "--from", "list.txt"]),
        ("no_terminal", vec!["--sandbox", "logoff", "d-1"]),
        (
            "missing_file",
            vec!["logoff", "--from", "nowhere.csv", "--yes"],
        ),
        (
            "missing_report",
            vec!["logoff", "--resume", "nowhere.jsonl", "--yes"],
        ),
        (
            "duplicate_id",
            vec!["--sandbox", "detach", "d-1", "D-1", "--all-users", "--yes"],
        ),
        ("no_endpoint", vec!["detach", "d-1", "--all-users", "--yes"]),
        (
            "plain_http",
            vec!["detach-info", "d-1", "--endpoint", "http://service.example"],
        ),
    ] {
        let output = workspace().args(arguments).output().unwrap();
        insta::assert_snapshot!(format!("invalid_arguments_{name}"), transcript(&output));
    }
}

#[test]
fn access_key_without_secret_key_is_rejected() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    let output = fixture
        .workspace(&DETACH)
        .env_remove("HW_AUTH_TOKEN")
        .env("HUAWEICLOUD_SDK_AK", "QTWAOYTTINDUT2QVKYUC")
        .output()
        .unwrap();
    insta::assert_snapshot!(transcript(&output));
}

#[test]
fn invalid_token_stops_the_run_at_the_first_batch() {
    let fixture = Fixture::with_desktops(25, Duration::ZERO);
    fixture.list(25);
    let output = fixture
        .workspace(&[DETACH_TENS.as_slice(), &["--report", "r.jsonl"]].concat())
        .env("HW_AUTH_TOKEN", "invalid-and-secret")
        .stdout(std::process::Stdio::null())
        .output()
        .unwrap();
    let transcript = transcript(&output);
    assert!(!transcript.contains("invalid-and-secret"));
    insta::assert_snapshot!(transcript);
    assert_eq!(fixture.sandbox.requests().len(), 1);
    // With a valid token, the run resumes.
    fixture
        .assert(&["detach", "--yes", "--resume", "r.jsonl"])
        .code(0);
}

#[test]
fn access_keys_sign_requests() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    let signed = |secret: &str| {
        let mut command = fixture.workspace(&DETACH);
        command
            .env_remove("HW_AUTH_TOKEN")
            .env("HUAWEICLOUD_SDK_AK", defaults::ACCESS_KEY)
            .env("HUAWEICLOUD_SDK_SK", secret);
        command.output().unwrap()
    };
    insta::assert_snapshot!(transcript(&signed("invalid-secret-key")));
    assert_eq!(signed(defaults::SECRET_KEY).status.code(), Some(0));
}

#[test]
fn missing_iam_permission_is_named() {
    let action = iam_action("BatchDetachInstances");
    let fixture = Fixture::denying(1, action);
    let output = fixture.workspace(&DETACH).output().unwrap();
    // The encoded message has the action too.
    let transcript = transcript(&output).replace(action, "ACTION");
    let (_, message) = transcript.split_once(r#""encoded_message":""#).unwrap();
    let (message, _) = message.split_once('"').unwrap();
    insta::assert_snapshot!(transcript.replace(message, "MESSAGE"));
}

#[test]
fn lost_response_leaves_the_outcome_unknown() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    fixture.fault(Fault::reset().after().times(1));
    let output = fixture.workspace(&DETACH).output().unwrap();
    // Systems have other words and numbers for the reset.
    let transcript = transcript(&output);
    let (_, cause) = transcript
        .split_once("client error (SendRequest): ")
        .unwrap();
    let (cause, _) = cause.split_once('\t').unwrap();
    insta::assert_snapshot!(transcript.replace(cause, "RESET"));
    assert_eq!(fixture.detachments().len(), 1, "not repeated");
}

#[test]
fn lost_response_to_a_log_off_has_no_record_to_check() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    fixture.fault(Fault::reset().after().times(1));
    let run = fixture.assert(&["logoff", "d-0001", "--yes"]).code(3);
    let stderr = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(
        stderr.contains(
            "  The request may still have been processed, and a log-off leaves no record."
        ),
        "{stderr}"
    );
}

#[test]
fn missing_project_id_names_its_flag() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    let output = fixture
        .workspace(&DETACH)
        .env_remove("HUAWEICLOUD_SDK_PROJECT_ID")
        .output()
        .unwrap();
    insta::assert_snapshot!(transcript(&output));
    assert!(fixture.sandbox.requests().is_empty());
}

#[test]
fn refused_connection_sends_nothing() {
    // The sandbox is dropped, so nothing listens on its port.
    let endpoint = Fixture::with_desktops(1, Duration::ZERO)
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
    for expected in [
        "connection failed; no request was sent",
        "`workspace config` shows where requests go",
    ] {
        assert!(stderr.contains(expected), "{stderr}");
    }
}

#[cfg(unix)]
#[test]
fn closed_stdout_is_not_an_error() {
    let fixture = Fixture::with_desktops(30, Duration::ZERO);
    fixture.list(30);
    let mut run = fixture
        .workspace(&DETACH_TENS)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(run.stdout.take());
    let output = run.wait_with_output().unwrap();
    // The run finishes nevertheless.
    assert_eq!(output.status.code(), Some(0));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.ends_with("\n30 of 30 desktops unbound.\n"),
        "{stderr}"
    );
    assert!(fixture.unbindings().values().all(|count| *count == 1));

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
fn unwritable_results_stop_the_run() {
    let fixture = Fixture::with_desktops(30, Duration::ZERO);
    fixture.list(30);
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = fixture
        .workspace(&DETACH_TENS)
        .stdout(full)
        .output()
        .unwrap();
    insta::assert_snapshot!(transcript(&output));
    assert_eq!(fixture.detachments().len(), 1);
}

#[test]
fn verbose_shows_requests_retries_and_waits_without_secrets() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    fixture.fault(Fault::status(503).times(1));
    let output = fixture
        .assert(&["detach-info", "d-0001", "--verbose"])
        .code(0);
    let stderr = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    for expected in [
        "attempt number=1: sending method=GET",
        "failed status=503",
        "waiting before the next attempt wait=",
        "attempt number=2: succeeded status=200",
    ] {
        assert!(stderr.contains(expected), "{expected}: {stderr}");
    }
    assert!(!stderr.contains(defaults::TOKEN), "{stderr}");
}

#[test]
fn verbose_shows_the_response_to_a_request_of_ones_own() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    for (path, expected) in [
        (
            "/v2/{project_id}/desktops/d-0001/detach-info",
            "succeeded status=200 request_id=",
        ),
        ("/v2/{project_id}/nothing", "failed status=404"),
    ] {
        let output = fixture.assert(&["api", "GET", path, "--verbose"]);
        let stderr = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        assert!(stderr.contains(expected), "{expected}: {stderr}");
    }
}

#[test]
fn timeout_limits_a_request() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    fixture.fault(Fault::stall());
    let started = std::time::Instant::now();
    fixture
        .assert(&["logoff", "d-0001", "-y", "--timeout", "200ms"])
        .code(3);
    assert!(started.elapsed() < Duration::from_secs(20));
    let output = fixture.assert(&["config", "--timeout", "0s"]).code(2);
    let stderr = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(stderr.contains("use a time above zero"), "{stderr}");
}

#[test]
fn retry_time_limits_the_wait_while_the_service_throttles() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    fixture.fault(Fault::status(429).retry_after(3));
    let started = std::time::Instant::now();
    let arguments = [
        "detach",
        "d-0001",
        "--all-users",
        "-y",
        "--retry-time",
        "1s",
    ];
    let report = ["--report", "r.jsonl"];
    let assert = fixture.assert(&[&arguments[..], &report].concat()).code(1);
    assert!(started.elapsed() < Duration::from_secs(3));
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(stderr.contains("429 Too Many Requests"), "{stderr}");
    assert!(
        stderr.contains(" --retry-time 1s --resume r.jsonl"),
        "{stderr}"
    );
}

#[test]
fn settings_are_checked_before_the_first_record_is_read() {
    let fixture = Fixture::with_desktops(3, Duration::ZERO);
    fixture.list(3);
    let output = fixture
        .workspace(&["detach-info", "--from", "list.txt", "-q"])
        .env_remove("HUAWEICLOUD_SDK_PROJECT_ID")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(stderr.matches("error:").count(), 1, "{stderr}");
    assert!(!stderr.contains("d-0001"), "{stderr}");
    assert!(fixture.sandbox.requests().is_empty());
}

#[test]
fn errors_of_many_reads_are_grouped() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    let missing: Vec<_> = (2..=400).map(id).collect();
    fixture.file("list.txt", format!("d-0001\n{}", missing.join("\n")));
    let arguments = ["detach-info", "--from", "list.txt", "-q", "--jobs", "2"];
    let output = fixture.assert(&arguments).code(3);
    let stderr = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(
        stderr.contains("failed: 399 desktops: 404 Not Found: "),
        "{stderr}"
    );
    assert!(stderr.lines().count() < 6, "{stderr}");
    assert!(!stderr.contains("ListDesktopDetachInfo"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn records_are_written_as_they_come() {
    use std::io::{BufRead, BufReader};
    let fixture = Fixture::with_desktops(400, Duration::from_millis(50));
    fixture.list(400);
    fixture
        .assert(&["detach", "-y", "--all-users", "--from", "list.txt", "-q"])
        .code(0);
    let before = fixture.sandbox.requests().len();
    let mut run = fixture
        .workspace(&["detach-info", "--from", "list.txt", "--jobs", "4"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(run.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.starts_with("d-0001\t"), "{first}");
    drop(lines);
    // A closed pipe ends the reads early, and is no error.
    assert_eq!(run.wait().unwrap().code(), Some(0));
    let read = fixture.sandbox.requests().len() - before;
    assert!(read < 100, "{read} reads");
}
