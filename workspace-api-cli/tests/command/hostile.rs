//! Servers and files that try to write to the terminal, to turn text around and to forge a line of
//! this command: every command, in every format.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;

use serde_json::json;
use tempfile::TempDir;

use crate::workspace;

/// A line that the command prints itself.
const FORGED: &str = "300 of 300 desktops unbound.";

/// A message with a line break, sequences for terminals, in seven and in eight bits, and characters
/// that change the direction or separate lines.
fn hostile() -> String {
    format!(
        "no\n{FORGED}\r\n\x1b]0;title\x07\x1b[2J\u{9b}31m\u{85}\u{202e}\u{200f}\u{2028}\u{2066}end"
    )
}

/// Starts a server whose responses are hostile in all their parts.
fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            while let Some(request) = read_request(&mut stream) {
                let response = response_to(&request);
                if stream.write_all(&response).is_err() {
                    break;
                }
            }
        }
    });
    url
}

fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut received = Vec::new();
    loop {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).ok()?;
        received.extend_from_slice(&bytes[..count]);
        let text = String::from_utf8_lossy(&received).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if count == 0 {
                return None;
            }
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return Some(text);
        }
    }
}

fn response_to(request: &str) -> Vec<u8> {
    let text = hostile();
    let error = json!({
        "error_code": text, "error_msg": text, "error_detail": text, "request_id": text,
        "encoded_authorization_message": text,
    });
    let (status, body) = if request.contains("/d-1/detach-info") {
        let record = json!({
            "desktop_id": text, "user_name": text, "type": text, "detach_time": text,
            "desktop_name": text, "user_group": text, "user_id": text,
        });
        (200, json!({ "desktop_detach_infos": [record] }).to_string())
    } else if request.contains("/desktops/batch-detach") && request.contains("d-1") {
        let failure = json!({ "desktop_id": "d-2", "error_code": text, "error_msg": text });
        let body = json!({
            "failed_operation_list": [failure], "job_id": text, "success_job_ids": [text],
        });
        (200, body.to_string())
    } else if request.contains("/desktops/logoff") {
        (500, format!("<html><title>{text}</title>{text}"))
    } else if request.starts_with("get /text") {
        (200, text)
    } else {
        (403, error.to_string())
    };
    let mut response = format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nX-Evil: \u{9b}31m\u{202e}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    response.extend_from_slice(body.as_bytes());
    response
}

/// Fails if a text has a control character or a forged line.
fn check(what: &str, text: &str) {
    let is_hostile = |c: char| {
        let is_direction = matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}')
            || ('\u{2028}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c);
        is_direction || c.is_control() && c != '\n' && c != '\t'
    };
    assert!(!text.contains(is_hostile), "{what}: {text:?}");
    assert!(
        !text.lines().any(|line| line.starts_with(FORGED)),
        "{what}: {text}"
    );
}

fn run(folder: &Path, endpoint: &str, arguments: &[&str]) -> String {
    let output = workspace()
        .args(arguments)
        .args(["--endpoint", endpoint, "--project-id", "p"])
        .env("HW_AUTH_TOKEN", "a-token")
        .env("HOME", folder)
        .current_dir(folder)
        .output()
        .unwrap();
    let what = format!("{arguments:?}");
    // CSV has this line end.
    let stdout = String::from_utf8(output.stdout)
        .unwrap()
        .replace("\r\n", "\n");
    let stderr = String::from_utf8(output.stderr).unwrap();
    check(&what, &stdout);
    check(&what, &stderr);
    stdout + &stderr
}

#[test]
fn text_of_a_server_is_harmless_in_every_output() {
    let folder = TempDir::new().unwrap();
    let url = start();
    let run = |arguments: &[&str]| run(folder.path(), &url, arguments);
    let detach = ["detach", "--yes", "--all-users"];
    for (number, ids) in [&["d-1", "d-2"][..], &["d-3"]].into_iter().enumerate() {
        for format in ["tsv", "csv", "json", "jsonl"] {
            let report = format!("{number}-{format}.jsonl");
            let options = ["--report", &report, "--output", format];
            let arguments = [&detach[..], ids, &options].concat();
            let printed = run(&arguments);
            assert!(printed.contains("end"), "{printed}");
            let written = fs::read_to_string(folder.path().join(&report)).unwrap();
            check(&report, &written);
            assert!(written.contains("\\u001b[2J\\u009b31m"), "{written}");
            run(&["detach", "--yes", "--resume", &report]);
            let output = workspace()
                .args(["report", &report])
                .current_dir(&folder)
                .output()
                .unwrap();
            check("report", &String::from_utf8(output.stdout).unwrap());
            check("report", &String::from_utf8(output.stderr).unwrap());
        }
    }
    for arguments in [
        &["logoff", "--yes", "d-1"][..],
        &["logoff", "--yes", "d-1", "--json"],
        &["detach-info", "d-1"],
        &["detach-info", "d-1", "d-2"],
        &["detach-info", "d-1", "d-2", "--json"],
        &["detach-info", "d-1", "d-2", "--output", "csv"],
        &["detach-info", "d-1", "d-2", "--output", "jsonl"],
        &["api", "GET", "/json"],
        &["api", "GET", "/json", "-i"],
    ] {
        let printed = run(arguments);
        assert!(printed.contains("end"), "{printed}");
    }
    // A document has lines of its own.
    let document = workspace()
        .args(["api", "GET", "/text", "--endpoint", &url])
        .env("HW_AUTH_TOKEN", "a-token")
        .output()
        .unwrap();
    let document = String::from_utf8(document.stdout).unwrap();
    let expected = format!(
        "no\n{FORGED}\r\n\\x1b]0;title\\x07\\x1b[2J\\x9b31m\\x85\\u{{202e}}\\u{{200f}}\\u{{2028}}\\u{{2066}}end"
    );
    assert_eq!(document, expected);
}

/// IAM is a server too.
#[test]
fn text_of_iam_is_harmless() {
    let folder = TempDir::new().unwrap();
    let url = start();
    for arguments in [
        &["detach-info", "d-1"][..],
        &["detach", "d-1", "--all-users", "--yes"],
    ] {
        let output = workspace()
            .args(arguments)
            .args([
                "--endpoint",
                &url,
                "--iam-endpoint",
                &url,
                "--region",
                "xx-test-1",
            ])
            .env("HW_AUTH_TOKEN", "a-token")
            .env("HOME", folder.path())
            .current_dir(&folder)
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        check("stderr", &stderr);
        assert!(stderr.contains("end"), "{stderr}");
    }
}

#[test]
fn text_of_files_is_harmless() {
    let folder = TempDir::new().unwrap();
    let url = start();
    let text = hostile();
    let list = folder.path().join("list.csv");
    let name = text.replace('"', "");
    fs::write(
        &list,
        format!("desktop_id,name,\"{name}\"\nd-1,\"{name}\",\"{name}\"\n"),
    )
    .unwrap();
    run(
        folder.path(),
        &url,
        &["detach", "--yes", "--all-users", "--from", "list.csv"],
    );
    run(
        folder.path(),
        &url,
        &["detach", "--dry-run", "--all-users", "--from", "list.csv"],
    );
    fs::write(
        &list,
        format!("desktop_id,is_detach_all_users\n\"{name}\",\"{name}\"\n"),
    )
    .unwrap();
    run(
        folder.path(),
        &url,
        &["detach", "--yes", "--from", "list.csv"],
    );
    run(
        folder.path(),
        &url,
        &["logoff", "--yes", "--message", &text, "d-1"],
    );
    run(folder.path(), &url, &["detach-info", &text]);
    let profile = folder.path().join("profile");
    fs::write(&profile, format!("[basic]\nak = {name}\nsk = {name}\n")).unwrap();
    for variable in [
        "HUAWEICLOUD_SDK_CREDENTIALS_FILE",
        "HUAWEICLOUD_SDK_REGIONS_FILE",
    ] {
        for path in [
            profile.as_path(),
            Path::new("/no\n300 of 300 desktops unbound.\x1b[2J"),
        ] {
            for format in [None, Some("--json")] {
                let output = workspace()
                    .args(["config", "--region", "xx-test-1"])
                    .args(format)
                    .env(variable, path)
                    .env("HW_CLOUD", "example.com\u{202e}")
                    .output()
                    .unwrap();
                check("stdout", &String::from_utf8(output.stdout).unwrap());
                check("stderr", &String::from_utf8(output.stderr).unwrap());
            }
        }
    }
}
