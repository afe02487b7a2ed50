//! `workspace config`: the order of the sources that it shows, and `--check`.

use serde_json::Value;
use workspace_api_sandbox::{Fault, defaults};

use crate::fixture::{Fixture, iam_action};

/// Runs `config` with these variables, and returns the exit code, the settings and stderr.
fn config(
    fixture: &Fixture,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> (i32, Vec<Value>, String) {
    let url = fixture.sandbox.base_url();
    let output = fixture
        .workspace(&["config", "--json", "--iam-endpoint", url])
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let settings = serde_json::from_slice(&output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), settings, stderr)
}

/// Returns the value of a setting, or why there is none.
fn value<'a>(settings: &'a [Value], name: &str) -> &'a str {
    let setting = settings.iter().find(|setting| setting["setting"] == name);
    let setting = setting.unwrap_or_else(|| panic!("no {name} in {settings:?}"));
    let texts = [&setting["value"], &setting["error"]];
    texts.into_iter().find_map(Value::as_str).unwrap_or("")
}

#[test]
fn a_check_tries_the_settings_without_effect() {
    let fixture = Fixture::with_desktops(1, std::time::Duration::ZERO);
    let (exit, settings, stderr) = config(&fixture, &["--check"], &[]);
    assert_eq!((exit, stderr.as_str()), (0, ""));
    let source = value(&settings, "check_credentials");
    assert_eq!(source, "environment variable HW_AUTH_TOKEN");
    assert_eq!(
        value(&settings, "check_identity"),
        format!("account sandbox-account (id {})", defaults::LOGIN_DOMAIN_ID)
    );
    assert_eq!(value(&settings, "check_project"), defaults::PROJECT_ID);
    let records = value(&settings, "check_records");
    assert!(
        records.starts_with("can be read at http://127.0.0.1"),
        "{records}"
    );
    assert!(
        records.ends_with("0 records of the desktop d-0001"),
        "{records}"
    );
    assert_eq!(value(&settings, "check_clock"), "the same as the service's");
    for action in ["check_detach", "check_logoff"] {
        assert!(value(&settings, action).contains("without effect"));
    }
    let requests = fixture.sandbox.requests();
    assert!(requests.iter().all(|request| request.method == "GET"));

    // Without --check, no request needs the credentials.
    fixture.sandbox.clear_requests();
    let (exit, settings, _) = config(&fixture, &[], &[]);
    assert!(
        settings
            .iter()
            .all(|s| !s["setting"].as_str().unwrap().starts_with("check_"))
    );
    assert_eq!((exit, fixture.sandbox.requests().len()), (0, 0));
}

#[test]
fn a_check_without_a_desktop_reads_the_records_of_none() {
    let fixture = Fixture::with_desktops(0, std::time::Duration::ZERO);
    let (exit, settings, _) = config(&fixture, &["--check"], &[]);
    assert_eq!(exit, 0);
    let records = value(&settings, "check_records");
    assert!(
        records.ends_with("a desktop that does not exist shows"),
        "{records}"
    );
}

#[test]
fn a_failed_check_says_why() {
    let denied = Fixture::denying(1, iam_action("ListDesktopDetachInfo"));
    let (exit, settings, stderr) = config(&denied, &["--check"], &[]);
    let records = value(&settings, "check_records");
    assert!(exit == 1 && records.contains("403"), "{records}");
    assert!(stderr.contains("check_records"), "{stderr}");
    assert!(!stderr.contains("check_identity"), "{stderr}");

    let fixture = Fixture::with_desktops(1, std::time::Duration::ZERO);
    let (exit, settings, _) = config(&fixture, &["--check", "--project-id", "other"], &[]);
    assert!(exit == 1 && value(&settings, "check_records").contains("404"));

    fixture.fault(Fault::status(503));
    let (exit, settings, _) = config(&fixture, &["--check", "--timeout", "5s"], &[]);
    assert!(exit == 1 && value(&settings, "check_records").contains("503"));
}

#[test]
fn a_check_stops_at_the_first_rejection() {
    let fixture = Fixture::with_desktops(1, std::time::Duration::ZERO);
    let wrong = [
        ("HUAWEICLOUD_SDK_AK", defaults::ACCESS_KEY),
        ("HUAWEICLOUD_SDK_SK", "a-wrong-secret-key"),
    ];
    let (exit, settings, stderr) = config(&fixture, &["--check"], &wrong);
    assert!(exit == 1 && stderr.contains("check_identity"), "{stderr}");
    assert_eq!(settings.last().unwrap()["setting"], "check_identity");
    assert_eq!(fixture.sandbox.requests().len(), 1);
    assert!(!stderr.contains("a-wrong-secret-key"));
}

#[test]
fn a_broken_setting_does_not_hide_the_others() {
    let fixture = Fixture::with_desktops(1, std::time::Duration::ZERO);
    let variables = [
        ("SSL_CERT_FILE", "/nonexistent/ca.pem"),
        ("HTTP_PROXY", "http://someone:a-password@proxy.example:8080"),
        ("HW_ACCESS_KEY", "HALF"),
        ("HW_AUTH_TOKEN", ""),
    ];
    let (exit, settings, stderr) = config(&fixture, &[], &variables);
    assert_eq!(exit, 1);
    // Elsewhere, the certificates are always those of the system.
    if cfg!(not(any(windows, target_os = "macos"))) {
        assert!(stderr.contains("SSL_CERT_FILE"), "{stderr}");
        assert!(value(&settings, "ca_file").contains("/nonexistent/ca.pem cannot be read"));
    }
    assert!(value(&settings, "credentials").contains("`HW_SECRET_KEY` is not"));
    assert_eq!(value(&settings, "project_id"), defaults::PROJECT_ID);
    assert!(!format!("{settings:?}").contains("a-password"));
    let proxy = settings.iter().find(|s| s["setting"] == "proxy").unwrap();
    assert!(
        proxy["skipped"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("this machine")
    );
}

#[cfg(unix)]
#[test]
fn a_file_with_keys_that_others_can_read_is_named() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    let fixture = Fixture::with_desktops(0, std::time::Duration::ZERO);
    let home = fixture.folder.path();
    fs::create_dir(home.join(".huaweicloud")).unwrap();
    let path = home.join(".huaweicloud/credentials");
    fs::write(&path, "[basic]\nak = A\nsk = B\n").unwrap();
    for (mode, is_named) in [(0o644, true), (0o640, true), (0o600, false)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let (exit, settings, _) = config(&fixture, &[], &[("HOME", home.to_str().unwrap())]);
        let warnings = settings.iter().find(|s| s["setting"] == "warnings");
        assert_eq!((exit, warnings.is_some()), (0, is_named), "{mode:o}");
        let text = warnings.map_or("", |s| s["value"].as_str().unwrap());
        assert!(!is_named || text.contains("chmod 600"), "{text}");
    }
}
