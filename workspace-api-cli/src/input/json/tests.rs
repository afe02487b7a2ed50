//! JSON documents, JSON lines, and the service's list of desktops.

#![allow(clippy::unwrap_used)]

use super::*;

/// Returns the id and name of each desktop, and the ignored keys and notes; or the errors.
fn read_list(text: &str) -> String {
    let mut errors = InputErrors::of_lines();
    let mut lines = Vec::new();
    let table = read(text, &mut errors, |row, _| {
        let (id, name) = (row.cell(Column::DesktopId), row.cell(Column::DesktopName));
        lines.push(format!("{} {id} {name}", row.line).trim_end().to_owned());
    });
    if let Err(error) = errors.into_result("list") {
        return anstream::adapter::strip_str(&error.to_string()).to_string();
    }
    if !table.unknown.is_empty() {
        lines.push(format!("ignored: {}", table.unknown.join(", ")));
    }
    lines.extend(table.notes);
    lines.join("\n")
}

#[test]
fn lines_and_documents_are_read() {
    let expected = "1 d-1 design-01\n2 d-2";
    for text in [
        "{\"desktop_id\":\"d-1\",\"name\":\"design-01\"}\n{\"desktop_id\":\"d-2\"}\n",
        r#"[{"desktop_id":"d-1","computer_name":"design-01"},"d-2"]"#,
        r#"{"desktops":[{"desktop_id":"d-1","desktop_name":"design-01"},{"desktop_id":"d-2"}]}"#,
        r#"{"result":[{"desktop_id":"d-1","name":"design-01"},{"desktop_id":"d-2"}]}"#,
    ] {
        assert_eq!(read_list(text), expected, "{text}");
    }
    assert_eq!(
        read_list(r#"{"desktop_ids":["d-1","d-2"]}"#),
        "1 d-1\n2 d-2"
    );
    assert_eq!(
        read_list("\n {\n\"desktop_id\":\"d-1\"}\n{\"desktop_id\":\"d-2\"}"),
        "2 d-1\n4 d-2"
    );
}

#[test]
fn list_of_the_service_shows_who_is_bound_and_what_is_missing() {
    let text = r#"{"desktops":[{"desktop_id":"d-1","computer_name":"design-01","os_host_name":"x",
        "status":"ACTIVE","login_status":"UNREGISTER","user_name":"li-na","user_group":"sudo",
        "attach_user_infos":[{"user_id":"u-2","user_name":"omar"}],"tags":[],"sid":"S-1"}],
        "total_count":1500}"#;
    insta::assert_snapshot!(read_list(text), @r"
    1 d-1 design-01
    ignored: os_host_name, status
    only 1 of 1,500 desktops are in this list (total_count)
    the desktops in this list are bound to li-na, omar
    ");
}

#[test]
fn invalid_json_names_its_line() {
    let error = read_list("{\"desktop_id\":\"d-1\"}\n{\"desktop_id\":}\n");
    assert!(error.contains("line 2: invalid JSON: "), "{error}");
    let error = read_list("{\"error_code\":\"WKS.1\"}");
    assert!(error.contains("no `desktop_id` in this object"), "{error}");
    let error = read_list("[\"d-1\",7]");
    assert!(
        error.contains("entry 2: `7` is neither a desktop nor an id"),
        "{error}"
    );
}
