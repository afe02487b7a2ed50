//! Lists from files and from standard input, up to the requests.

use std::time::Duration;

use workspace_api::limits;

use crate::fixture::{Fixture, id};
use crate::transcript;

#[test]
fn spreadsheet_csv_is_sent_in_batches() {
    let fixture = Fixture::with_desktops(1000, Duration::ZERO);
    let rows: Vec<_> = (1..=1000)
        .map(|number| format!("\"{}\";\"li-na\";USER\r\n", id(number)))
        .collect();
    // Two of the rows fail: one desktop does not exist, one user is not bound.
    let rows = rows
        .concat()
        .replace("d-0500", "d-9999")
        .replace("\"d-0700\";\"li-na\"", "\"d-0700\";\"omar\"");
    fixture.file(
        "friday.csv",
        format!("\u{feff}Desktop_ID;User_Name;Type\r\n{rows}"),
    );
    let assert = fixture
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
        stderr.contains("998 of 1,000 desktops unbound, 2 failed."),
        "{stderr}"
    );
    assert!(
        stderr.contains("d-9999") && stderr.contains("d-0700"),
        "{stderr}"
    );
    let batches = 1000_usize.div_ceil(limits::BATCH_DETACH_INSTANCES_REQ_DESKTOPS);
    assert_eq!(fixture.detachments().len(), batches);
    assert_eq!(fixture.unbindings().values().sum::<usize>(), 998);
}

#[test]
fn standard_input_can_be_the_list() {
    let fixture = Fixture::with_desktops(3, Duration::ZERO);
    let arguments = ["detach", "--from", "-", "--all-users"];
    let mut command = assert_cmd::Command::from_std(fixture.workspace(&arguments));
    let output = command.write_stdin("d-0001\n").output().unwrap();
    insta::assert_snapshot!(transcript(&output));
    let mut command = assert_cmd::Command::from_std(fixture.workspace(&arguments));
    command
        .arg("--yes")
        .write_stdin("d-0001\r\nd-0003\r\n")
        .assert()
        .code(0);
    assert_eq!(
        fixture.unbindings().into_values().collect::<Vec<_>>(),
        [1, 0, 1]
    );
}

#[test]
fn one_invalid_row_prevents_the_run() {
    let fixture = Fixture::with_desktops(3, Duration::ZERO);
    fixture.file(
        "invalid.csv",
        "desktop_id,user_name\nd-0001,li-na\nd-0002,\nd-0003,li na\n",
    );
    let output = fixture
        .workspace(&["detach", "--from", "invalid.csv", "--yes"])
        .output()
        .unwrap();
    insta::assert_snapshot!(transcript(&output));
    assert!(fixture.sandbox.requests().is_empty());
}

#[test]
fn dry_run_shows_the_requests_that_a_run_sends() {
    let fixture = Fixture::with_desktops(15, Duration::ZERO);
    fixture.list(15);
    let arguments = [
        "detach",
        "--from",
        "list.txt",
        "--user",
        "li-na",
        "--json",
        "--batch-size",
        "10",
    ];
    let shown = fixture
        .workspace(&arguments)
        .arg("--dry-run")
        .output()
        .unwrap();
    assert!(fixture.sandbox.requests().is_empty());
    fixture
        .assert(
            &arguments
                .iter()
                .copied()
                .chain(["--yes"])
                .collect::<Vec<_>>(),
        )
        .code(0);
    let shown: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap();
    let sent: Vec<_> = fixture.sandbox.requests();
    assert_eq!(sent.len(), 2);
    for (shown, sent) in shown.as_array().unwrap().iter().zip(&sent) {
        assert_eq!(shown["method"], sent.method);
        assert_eq!(
            shown["url"],
            format!("{}{}", fixture.sandbox.base_url(), sent.path)
        );
        assert_eq!(
            shown["body"],
            serde_json::from_str::<serde_json::Value>(&sent.body).unwrap()
        );
    }
}

#[test]
fn output_ids_keep_the_input_order() {
    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    let unbound = fixture
        .assert(&["detach", "d-0001", "d-0002", "--all-users", "-y", "-q"])
        .code(0);
    let read = fixture.assert(&["detach-info", "d-0002", "d-0001"]).code(0);
    let first = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let ids = text
            .lines()
            .map(|line| line.split('\t').next().unwrap_or_default().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(first(&unbound.get_output().stdout), ["d-0001", "d-0002"]);
    // Results of `detach-info` are sorted back into this order.
    assert_eq!(first(&read.get_output().stdout), ["d-0002", "d-0001"]);
}

#[test]
fn quiet_run_names_ignored_columns_and_rejects_columns_of_people() {
    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    fixture.file("people.csv", "desktop_id,user\nd-0001,li-na\n");
    let detach = ["detach", "--all-users", "-y", "-q", "--from"];
    fixture
        .assert(&[&detach[..], &["people.csv"]].concat())
        .code(2);
    fixture
        .assert(&["logoff", "-y", "--from", "people.csv"])
        .code(2);
    assert!(fixture.sandbox.requests().is_empty());
    fixture.file("notes.csv", "desktop_id,notes\nd-0001,old\n");
    fixture
        .assert(&[&detach[..], &["notes.csv"]].concat())
        .code(0)
        .stderr(
            "notes.csv: ignored columns: notes\n\
             1 of 1 id does not look like a desktop id (a UUID): is it a name?\n",
        );
}

#[test]
fn list_of_the_service_is_read_with_its_names() {
    let fixture = Fixture::with_desktops(3, Duration::ZERO);
    let list = r#"{"desktops":[
        {"desktop_id":"d-0001","computer_name":"design-01","status":"ACTIVE","user_name":"omar"},
        {"desktop_id":"d-9999","computer_name":"design-99","status":"SHUTOFF"}],"total_count":5}"#;
    let arguments = ["detach", "-y", "-q", "--all-users", "--from", "-", "--json"];
    let mut command = assert_cmd::Command::from_std(fixture.workspace(&arguments));
    let output = command.write_stdin(list).assert().code(3);
    let stderr = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    for expected in [
        "only 2 of 5 desktops are in this list (total_count)",
        "the desktops in this list are bound to omar",
        "ignored columns: status",
        "design-99 (d-9999)",
    ] {
        assert!(stderr.contains(expected), "{expected}: {stderr}");
    }
    let json: serde_json::Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
    assert_eq!(json["desktops"][0]["desktop_name"], "design-01");
    assert_eq!(
        fixture.unbindings().into_values().collect::<Vec<_>>(),
        [1, 0, 0]
    );

    let lines = "{\"desktop_id\":\"d-0002\",\"name\":\"a\"}\n{\"desktop_id\":\"d-0003\"}\n";
    let mut command = assert_cmd::Command::from_std(fixture.workspace(&arguments));
    command.write_stdin(lines).assert().code(0);
    assert_eq!(
        fixture.unbindings().into_values().collect::<Vec<_>>(),
        [1, 1, 1]
    );
}

#[test]
fn keys_of_people_are_never_ignored() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    for list in [
        r#"[{"desktop_id":"d-0001","user_name":"omar"}]"#,
        r#"{"desktop_id":"d-0001","owner":"omar"}"#,
        r#"{"desktops":[{"desktop_id":"d-0001","detach_user_infos":[{"user_name":"omar"}]}]}"#,
    ] {
        for command in [&["detach", "--all-users"][..], &["logoff"]] {
            let arguments = [command, &["-y", "--from", "-"]].concat();
            let mut command = assert_cmd::Command::from_std(fixture.workspace(&arguments));
            command.write_stdin(list).assert().code(2);
        }
    }
    assert!(fixture.sandbox.requests().is_empty());
}

#[test]
fn a_hyphen_is_neither_an_id_nor_a_report() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    for (arguments, expected) in [
        (["detach", "-", "--all-users", "-y"], "use --from -"),
        (
            ["logoff", "d-0001", "-y", "--report=-"],
            "a report must be a file",
        ),
        (["logoff", "--resume", "-", "-y"], "a report must be a file"),
    ] {
        let output = fixture.assert(&arguments).code(2);
        let stderr = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        assert!(stderr.contains(expected), "{stderr}");
    }
    assert!(fixture.sandbox.requests().is_empty());
}
