//! The results of each command as tab-separated values, as JSON and with `--quiet`, and the exit
//! codes, against the default desktops of the sandbox. `terminal.rs` has the tables.

use workspace_api_sandbox::defaults::{
    BUSY_DESKTOP, MULTI_USER_DESKTOP, POOL_DESKTOP, SINGLE_USER_DESKTOP,
};

use crate::{transcript, workspace};

fn run(arguments: &[&str]) -> String {
    transcript(
        &workspace()
            .arg("--sandbox")
            .args(arguments)
            .output()
            .unwrap(),
    )
}

/// Takes a snapshot of each format.
fn assert_formats(name: &str, arguments: &[&str]) {
    for (format, flag) in [
        ("tsv", None),
        ("json", Some("--json")),
        ("quiet", Some("--quiet")),
    ] {
        let arguments: Vec<_> = arguments.iter().copied().chain(flag).collect();
        insta::assert_snapshot!(format!("{name}_{format}"), run(&arguments));
    }
}

#[test]
fn detach_formats() {
    assert_formats(
        "detach_succeeded",
        &[
            "detach",
            POOL_DESKTOP,
            SINGLE_USER_DESKTOP,
            "--all-users",
            "--yes",
        ],
    );
    assert_formats(
        "detach_partial",
        &[
            "detach",
            MULTI_USER_DESKTOP,
            BUSY_DESKTOP,
            "no-such-desktop",
            "--user",
            "li-na",
            "--group",
            "designers",
            "--yes",
        ],
    );
}

#[test]
fn detach_info_formats() {
    assert_formats(
        "detach_info_succeeded",
        &["detach-info", SINGLE_USER_DESKTOP, MULTI_USER_DESKTOP],
    );
    assert_formats(
        "detach_info_partial",
        &["detach-info", SINGLE_USER_DESKTOP, "no-such-desktop"],
    );
    // Without a desktop that was read, there are no records to count.
    assert_formats("detach_info_failed", &["detach-info", "no-such-desktop"]);
}

#[test]
fn logoff_formats() {
    assert_formats(
        "logoff_succeeded",
        &[
            "logoff",
            MULTI_USER_DESKTOP,
            POOL_DESKTOP,
            "--message",
            "Save your work.",
            "-y",
        ],
    );
    // The service rejects a batch as a whole.
    assert_formats(
        "logoff_rejected",
        &["logoff", MULTI_USER_DESKTOP, BUSY_DESKTOP, "--yes"],
    );
}

#[test]
fn dry_run_formats() {
    assert_formats(
        "dry_run_detach",
        &[
            "detach",
            SINGLE_USER_DESKTOP,
            "--user",
            "li-na",
            "--dry-run",
        ],
    );
    assert_formats(
        "dry_run_logoff",
        &[
            "logoff",
            MULTI_USER_DESKTOP,
            "--message",
            "Bye",
            "--dry-run",
        ],
    );
}

#[test]
fn dry_run_notes_missing_credentials_and_project() {
    let stderr = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = workspace();
        command
            .env("HOME", "/nowhere")
            .envs(variables.iter().copied());
        command
            .args(["logoff", SINGLE_USER_DESKTOP, "--dry-run"])
            .args(arguments);
        let output = command.assert().code(0).get_output().stderr.clone();
        String::from_utf8(output).unwrap()
    };
    // Nothing listens there, and nothing is sent.
    let endpoint = ["--endpoint", "http://127.0.0.1:9"];
    insta::assert_snapshot!("dry_run_without_credentials", stderr(&[], &endpoint));
    let half = [
        ("HUAWEICLOUD_SDK_AK", "QTWAOYTTINDUT2QVKYUC"),
        ("HW_REGION_NAME", "xx-test-1"),
    ];
    insta::assert_snapshot!("dry_run_with_half_a_key_pair", stderr(&half, &endpoint));
    let all = [("HW_AUTH_TOKEN", "t"), ("HW_PROJECT_ID", "p")];
    let no_notes = "1 request for 1 desktop. Nothing was sent.\n";
    assert_eq!(stderr(&all, &endpoint), no_notes);
    assert_eq!(stderr(&[], &["--sandbox"]), no_notes);
    assert_eq!(stderr(&[], &["--quiet", endpoint[0], endpoint[1]]), "");
}

#[test]
fn config_formats() {
    assert_formats("config", &["config"]);
}

#[test]
fn config_shows_unset_settings_and_flags() {
    let config = |arguments: &[&str]| {
        let mut command = workspace();
        command
            .env("HW_AUTH_TOKEN", "secret-token")
            .env("HOME", "/nowhere");
        command.arg("config").args(arguments).output().unwrap()
    };
    let transcript = |arguments| transcript(&config(arguments));
    insta::assert_snapshot!("config_unset", transcript(&[]));
    let flags = ["--region", "xx-test-1", "--project-id", "p"];
    insta::assert_snapshot!("config_flags", transcript(&flags));
    let json = ["--json", "--region", "xx-test-1", "--project-id", "p"];
    insta::assert_snapshot!("config_flags_json", transcript(&json));
    insta::assert_snapshot!("config_invalid", transcript(&["--region", "X/"]));
    // Each setting is one line with four values.
    let output = config(&[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.lines().all(|line| line.split('\t').count() == 4),
        "{text}"
    );
    assert!(!text.contains("secret-token"));
}

#[test]
fn api_prints_the_body_unchanged() {
    let path = format!("/v2/{{project_id}}/desktops/{SINGLE_USER_DESKTOP}/detach-info");
    insta::assert_snapshot!("api_get", run(&["api", "get", &path]));
    insta::assert_snapshot!(
        "api_error_response",
        run(&[
            "api",
            "POST",
            "/v2/{project_id}/desktops/logoff",
            "--body",
            "{}"
        ])
    );
    insta::assert_snapshot!(
        "api_invalid_body",
        run(&["api", "POST", "/v2/x", "--body", "{a}"])
    );
    insta::assert_snapshot!("api_invalid_path", run(&["api", "GET", "/v2/../x"]));
    let sent = r#"{"desktop_ids":["4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002"]}"#;
    let logoff = [
        "--sandbox",
        "api",
        "POST",
        "/v2/{project_id}/desktops/logoff",
        "--body",
        "-",
    ];
    workspace()
        .args(logoff)
        .write_stdin(sent)
        .assert()
        .success()
        .stdout("");
}

#[test]
fn every_format_has_the_same_results() {
    let detach = [
        "detach",
        SINGLE_USER_DESKTOP,
        "no-such-desktop",
        "--all-users",
        "-y",
        "-q",
    ];
    let stdout = |more: &[&str]| {
        let mut command = workspace();
        let output = command.arg("--sandbox").args(detach).args(more).output();
        // The times of the results differ.
        crate::scrub::scrub(&String::from_utf8(output.unwrap().stdout).unwrap())
    };
    let tsv = stdout(&[]);
    assert_eq!(stdout(&["--output", "tsv"]), tsv);
    let with_header = stdout(&["-o", "tsv", "--header"]);
    assert!(with_header.starts_with("desktop_id\toutcome\terror_code\t"));
    assert!(with_header.ends_with(&tsv));
    let csv = stdout(&["--output", "csv"]);
    assert!(csv.starts_with("desktop_id,outcome,error_code,"), "{csv}");
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert_eq!(
        stdout(&["--output", "csv", "--bom"]),
        format!("\u{feff}{csv}")
    );
    let table = stdout(&["--output", "table"]);
    assert!(table.starts_with("DESKTOP_ID  "), "{table}");
    let json = stdout(&["--json"]);
    assert_eq!(stdout(&["--output", "json"]), json);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let lines = stdout(&["--output", "jsonl"]);
    let lines: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(serde_json::Value::from(lines), json["desktops"]);
    workspace()
        .args(["--sandbox", "detach-info", "d", "--json", "-o", "csv"])
        .assert()
        .code(2);
}

#[test]
fn columns_variable_sets_the_width_of_a_table() {
    let table = |columns: &str| {
        let mut command = workspace();
        command.env("COLUMNS", columns).arg("--sandbox");
        command.args(["detach-info", SINGLE_USER_DESKTOP, "-q", "-o", "table"]);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(table("200").contains("USER_ID"));
    assert!(!table("100").contains("USER_ID"));
    assert!(table("40").contains("\nuser_name "));
}

#[test]
fn detach_info_shows_some_of_the_records() {
    let shown = |more: &[&str]| {
        let mut command = workspace();
        command.args(["--sandbox", "detach-info", SINGLE_USER_DESKTOP]);
        let output = command.args(more).assert().code(0).get_output().clone();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&output.stdout).lines().count(), text(&output.stderr))
    };
    assert_eq!(shown(&[]), (1, "1 record from 1 desktop.\n".to_owned()));
    let all = "1 record (of 1) from 1 desktop.\n";
    let none = "0 records (of 1) from 1 desktop.\n";
    assert_eq!(shown(&["--latest", "--user", "OMAR"]), (1, all.to_owned()));
    assert_eq!(shown(&["--user", "li-na"]), (0, none.to_owned()));
    assert_eq!(shown(&["--since", "2026-03-10"]), (1, all.to_owned()));
    assert_eq!(shown(&["--since", "2026-03-11"]), (0, none.to_owned()));
    let mut command = workspace();
    command.args(["--sandbox", "detach-info", "d", "--since", "soon"]);
    command.assert().code(2);
}
