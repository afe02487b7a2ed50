//! Lists from files and from standard input, through to what is sent.

use std::time::Duration;

use crate::cloud::{Cloud, id};
use crate::seen;

#[test]
fn a_list_of_a_spreadsheet_is_sent_in_batches() {
    let cloud = Cloud::with_desktops(1000, Duration::ZERO);
    let rows: String = (1..=1000)
        .map(|number| format!("\"{}\";\"li-na\";USER\r\n", id(number)))
        .collect();
    // A desktop that does not exist and a user who is not bound are among them.
    let rows = rows
        .replace("d-0500", "d-9999")
        .replace("\"d-0700\";\"li-na\"", "\"d-0700\";\"omar\"");
    cloud.file(
        "friday.csv",
        format!("\u{feff}Desktop_ID;User_Name;Type\r\n{rows}"),
    );
    let assert = cloud
        .assert(&[
            "detach",
            "--from",
            "friday.csv",
            "--yes",
            "--report",
            "r.jsonl",
        ])
        .code(3);
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(
        stderr.contains("998 of 1000 desktops unbound, 2 failed."),
        "{stderr}"
    );
    assert!(
        stderr.contains("d-9999") && stderr.contains("d-0700"),
        "{stderr}"
    );
    assert_eq!(cloud.detachments().len(), 10);
    assert_eq!(cloud.unbindings().values().sum::<usize>(), 998);
}

#[test]
fn standard_input_is_a_list_too() {
    let cloud = Cloud::with_desktops(3, Duration::ZERO);
    let arguments = ["detach", "--from", "-", "--all-users"];
    let mut command = assert_cmd::Command::from_std(cloud.workspace(&arguments));
    let output = command.write_stdin("d-0001\n").output().unwrap();
    insta::assert_snapshot!(seen(&output));
    let mut command = assert_cmd::Command::from_std(cloud.workspace(&arguments));
    command
        .arg("--yes")
        .write_stdin("d-0001\r\nd-0003\r\n")
        .assert()
        .code(0);
    assert_eq!(
        cloud.unbindings().into_values().collect::<Vec<_>>(),
        [1, 0, 1]
    );
}

#[test]
fn nothing_is_sent_if_one_line_is_wrong() {
    let cloud = Cloud::with_desktops(3, Duration::ZERO);
    cloud.file(
        "wrong.csv",
        "desktop_id,user_name\nd-0001,li-na\nd-0002,\nd-0003,li na\n",
    );
    let output = cloud
        .workspace(&["detach", "--from", "wrong.csv", "--yes"])
        .output()
        .unwrap();
    insta::assert_snapshot!(seen(&output));
    assert!(cloud.sandbox.requests().is_empty());
}

#[test]
fn dry_run_shows_exactly_what_is_sent() {
    let cloud = Cloud::with_desktops(150, Duration::ZERO);
    cloud.list(150);
    let arguments = ["detach", "--from", "list.txt", "--user", "li-na", "--json"];
    let shown = cloud
        .workspace(&arguments)
        .arg("--dry-run")
        .output()
        .unwrap();
    assert!(cloud.sandbox.requests().is_empty());
    cloud
        .assert(
            &arguments
                .iter()
                .copied()
                .chain(["--yes"])
                .collect::<Vec<_>>(),
        )
        .code(0);
    let shown: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap();
    let sent: Vec<_> = cloud.sandbox.requests();
    assert_eq!(sent.len(), 2);
    for (shown, sent) in shown.as_array().unwrap().iter().zip(&sent) {
        assert_eq!(shown["method"], sent.method);
        assert_eq!(
            shown["url"],
            format!("{}{}", cloud.sandbox.base_url(), sent.path)
        );
        assert_eq!(
            shown["body"],
            serde_json::from_str::<serde_json::Value>(&sent.body).unwrap()
        );
    }
}

#[test]
fn ids_of_the_output_are_a_list_again() {
    let cloud = Cloud::with_desktops(2, Duration::ZERO);
    let unbound = cloud
        .assert(&["detach", "d-0001", "d-0002", "--all-users", "-y", "-q"])
        .code(0);
    let read = cloud.assert(&["detach-info", "d-0002", "d-0001"]).code(0);
    let first = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let ids = text
            .lines()
            .map(|line| line.split('\t').next().unwrap_or_default().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(first(&unbound.get_output().stdout), ["d-0001", "d-0002"]);
    // In the order in which they were named.
    assert_eq!(first(&read.get_output().stdout), ["d-0002", "d-0001"]);
}
