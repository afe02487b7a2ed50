//! Lists of desktops in every format, and the errors in them.

#![allow(clippy::unwrap_used)]

use std::fs;

use tempfile::TempDir;
use workspace_api::limits;
use workspace_api::types::DetachInstancesDesktopInfo;

use super::*;

/// Returns the list as JSON lines and the notes, or the error as the command prints it.
fn read(bytes: impl AsRef<[u8]>, target: Option<&Target>) -> String {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("list.csv");
    fs::write(&path, bytes).unwrap();
    let text = match read_detachments(&path, target) {
        Ok(list) => {
            let desktops = list.desktops.iter();
            let desktops = desktops.map(|desktop| serde_json::to_string(&desktop).unwrap());
            // Ids such as `d-1` are no UUIDs, and shorter.
            let is_about_file = |note: &String| !note.contains(" look like ");
            let notes = list.notes.into_iter().filter(is_about_file);
            desktops.chain(notes).collect::<Vec<_>>().join("\n")
        }
        Err(error) => anstream::adapter::strip_str(&error.to_string()).to_string(),
    };
    text.replace(&path.display().to_string(), "/list.csv")
}

fn desktops(bytes: impl AsRef<[u8]>) -> Vec<DetachInstancesDesktopInfo> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("list.csv");
    fs::write(&path, bytes).unwrap();
    read_detachments(&path, None)
        .unwrap_or_else(|error| panic!("{error}"))
        .desktops
        .iter()
        .collect()
}

const PLAIN: &str = "desktop_id,user_name,type\nd-1,li-na,\nd-2,designers,GROUP\nd-1,omar,USER\n";

#[test]
fn rows_of_one_desktop_become_one_entry() {
    insta::assert_snapshot!(read(PLAIN, None), @r#"
    {"desktop_id":"d-1","is_detach_all_users":false,"detach_user_infos":[{"user_name":"li-na","type":"USER"},{"user_name":"omar","type":"USER"}]}
    {"desktop_id":"d-2","is_detach_all_users":false,"detach_user_infos":[{"user_name":"designers","type":"GROUP"}]}
    "#);
}

#[test]
fn every_column_is_read() {
    let text = "# a comment\nDesktop ID,user-name,TYPE,user_id,domain,user_group,is_detach_all_users,notes\n\
                d-1,设计部,group,g-1,corp.example.com,users,false,x\nd-2,,,,,,TRUE,\n";
    insta::assert_snapshot!(read(text, None), @r#"
    {"desktop_id":"d-1","is_detach_all_users":false,"detach_user_infos":[{"user_id":"g-1","user_name":"设计部","domain":"corp.example.com","user_group":"users","type":"GROUP"}]}
    {"desktop_id":"d-2","is_detach_all_users":true}
    /list.csv: ignored columns: notes
    "#);
}

#[test]
fn spreadsheet_variants_give_the_same_list() {
    let expected = format!("{:?}", desktops(PLAIN));
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(PLAIN.replace(',', "\t").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let quoted = "\"desktop_id\";\"user_name\";\"type\"\r\n\"d-1\";\" li-na \";\r\n\r\n\"d-2\";\"designers\";\"GROUP\"\r\n\"d-1\";\"omar\";\"USER\"\r\n;;\r\n";
    for (variant, bytes) in [
        ("carriage returns", PLAIN.replace('\n', "\r\n").into_bytes()),
        ("byte order mark", format!("\u{feff}{PLAIN}").into_bytes()),
        ("semicolons", PLAIN.replace(',', ";").into_bytes()),
        (
            "Excel's first line",
            format!("sep=;\r\n{}", PLAIN.replace(',', ";")).into_bytes(),
        ),
        ("tabs", PLAIN.replace(',', "\t").into_bytes()),
        ("UTF-16", utf16),
        ("quotes, blanks and empty rows", quoted.as_bytes().to_vec()),
        (
            "no line end at the end",
            PLAIN.trim_end().as_bytes().to_vec(),
        ),
    ] {
        assert_eq!(format!("{:?}", desktops(bytes)), expected, "{variant}");
    }
}

#[test]
fn id_list_needs_no_header() {
    let all = Some(&Target::AllUsers);
    for text in [
        "d-1\nd-2\n",
        "\u{feff}d-1\r\n\r\n  d-2  ",
        "desktop_id\nd-1\nd-2",
        "\"d-1\"\n#d-9\nd-2",
    ] {
        let read = read(text, all);
        assert_eq!(read.lines().count(), 2, "{read}");
        assert!(
            read.contains(r#"{"desktop_id":"d-2","is_detach_all_users":true}"#),
            "{read}"
        );
    }
}

#[test]
fn all_errors_are_reported_at_once_with_lines() {
    let text = "desktop_id,user_name,type,is_detach_all_users\n\
                d-1,li-na,,\n\
                ,omar,,\n\
                \n\
                # comment\n\
                d-2,,,\n\
                d-3,li na,,\n\
                d-4,li-na,ROBOT,\n\
                d-5,li-na,,true\n\
                a/b,li-na,,\n\
                D-1,LI-NA,,\n\
                d-6,,,true\n\
                d-6,omar,,\n\
                d-6,,,yes\n\
                d-7,,,perhaps\n\
                d-8,omar,,,extra\n\
                \"d-9\n\",omar,,\n\
                d-10,omar,X,\n";
    insta::assert_snapshot!(read(text, None));
}

#[test]
fn identical_errors_are_grouped() {
    let rows: Vec<_> = (1..=400).map(|number| format!("d-{number}")).collect();
    let text = format!("desktop_id\n{}\na/b\nd-401\n", rows.join("\n"));
    insta::assert_snapshot!(read(text, None));
}

#[test]
fn users_in_file_and_arguments_are_rejected() {
    let error = read(
        "desktop_id,user_name\nd-1,\nd-2,omar\n",
        Some(&Target::AllUsers),
    );
    let expected = "line 3: the arguments name the users, so `user_name` must be empty";
    assert!(error.contains(expected), "{error}");
}

#[test]
fn misspelt_headings_are_rejected() {
    for (text, expected) in [
        (
            "desktop_id,user_nmae\nd-1,li-na\n",
            "unknown column `user_nmae`; did you mean `user_name`?",
        ),
        (
            "desktopid,user_name\nd-1,li-na\n",
            "no column `desktop_id`; found: desktopid, user_name; is `desktopid` meant? Rename it",
        ),
        ("Desktops\nd-1\n", "no column `desktop_id`; found: Desktops"),
        (
            "desktop_id,desktop_id\nd-1,d-2\n",
            "duplicate column `desktop_id`",
        ),
        (
            "d-1,li-na\nd-2,omar\n",
            "no column `desktop_id`; found: d-1, li-na",
        ),
    ] {
        let error = read(text, None);
        assert!(error.contains(&format!("line 1: {expected}")), "{error}");
    }
}

#[test]
fn invalid_text_and_empty_lists_are_rejected() {
    for (bytes, expected) in [
        (
            b"d-1\nd-2\xff\n".as_slice(),
            "/list.csv, line 2: byte 8 is not UTF-8. In Excel, save the file as `CSV UTF-8`.",
        ),
        (
            b"\xff\xfed\x00-",
            "/list.csv is neither UTF-8 nor complete UTF-16",
        ),
        (b"", "/list.csv contains no desktops"),
        (b"desktop_id\n", "/list.csv contains no desktops"),
    ] {
        let error = read(bytes, Some(&Target::AllUsers));
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_desktop_has_at_most_as_many_users_as_a_request() {
    let max = limits::DETACH_INSTANCES_DESKTOP_INFO_DETACH_USER_INFOS;
    let row = |number| format!("d-1,user-{number}\n");
    let rows = |count| {
        format!(
            "desktop_id,user_name\n{}",
            (0..count).map(row).collect::<String>()
        )
    };
    let users = desktops(rows(max))[0]
        .detach_user_infos
        .as_ref()
        .map(Vec::len);
    assert_eq!(users, Some(max));
    let error = read(rows(max + 2), None);
    assert_eq!(error.matches("line ").count(), 1, "{error}");
    let expected = format!(
        "line {}: more than {max} users to unbind from this desktop",
        max + 2
    );
    assert!(error.contains(&expected), "{error}");
}

#[test]
fn other_commands_read_only_the_ids() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("list.csv");
    fs::write(&path, PLAIN).unwrap();
    let list = read_desktop_ids(&path, Purpose::Read).unwrap_or_else(|error| panic!("{error}"));
    let ids: Vec<_> = list.desktops.texts().collect();
    assert_eq!(ids, ["d-1", "d-2"]);
    let note = format!("{}: ignored columns: user_name, type", path.display());
    assert_eq!(list.notes[0], note);
}

#[test]
fn columns_of_people_are_never_ignored() {
    for heading in ["user", "Login", "owner", "name", "email", "用户"] {
        let text = format!("# comment\ndesktop_id,{heading},notes\nd-1,li-na,x\n");
        let expected = format!(
            "line 2: column `{heading}` may name the users to unbind, but is not read; call it \
             `user_name`, or remove it"
        );
        let error = read(&text, Some(&Target::AllUsers));
        assert!(error.contains(&expected), "{error}");
        // The same holds if the file itself unbinds everyone.
        let text = text
            .replace("notes", "is_detach_all_users")
            .replace(",x", ",true");
        let error = read(&text, None);
        assert!(error.contains(&expected), "{error}");
    }
    // Here, each row names its user.
    let list = read("desktop_id,user_name,email\nd-1,li-na,a@b.example\n", None);
    assert!(list.contains("ignored columns: email"), "{list}");
}

#[test]
fn log_off_rejects_columns_of_people() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("list.csv");
    fs::write(
        &path,
        "Desktop ID;User Name;Type;owner\nd-1;li-na;USER;omar\n",
    )
    .unwrap();
    let Err(error) = read_desktop_ids(&path, Purpose::LogOff) else {
        panic!("the columns are ignored");
    };
    let error = error.to_string();
    for column in ["user_name", "owner"] {
        let expected = format!(
            "a log-off affects everyone on a desktop, so `{column}` cannot be honored; remove the \
             column"
        );
        assert!(error.contains(&expected), "{error}");
    }
    fs::write(&path, "desktop_id,site\nd-1,Lyon\n").unwrap();
    let list = read_desktop_ids(&path, Purpose::LogOff).unwrap_or_else(|error| panic!("{error}"));
    assert!(
        list.notes[0].ends_with("ignored columns: site"),
        "{:?}",
        list.notes
    );
}

#[test]
fn a_quotation_mark_that_is_not_closed_is_found_on_its_line() {
    let header = "desktop_id,user_name,site\n";
    for (rows, expected) in [
        (
            "d-1,omar,A\nd-2,\"li-na,B\nd-3,wang,C\n",
            "line 3: the quotation mark before `li-na,B`",
        ),
        (
            "d-1,omar,A\nd-2,\"li-na",
            "line 3: the quotation mark before `li-na`",
        ),
        (
            "d-1,\"omar\",\"A \"\"1\"\"\"\n\nd-2,li-na,\"B\nd-3,wang,\"\"\"C\n",
            "line 4: the quotation mark before `B`",
        ),
        (
            "d-1,\"omar\",\"two\nlines\"\n\"d-2,li-na,B\n",
            "line 4: the quotation mark before `d-2,li-na,B`",
        ),
        // Another quotation mark ends the value, some lines later.
        (
            "d-1,\"omar,A\nd-2,\"li-na\",B\n",
            "line 2: the quotation mark before `omar,A`",
        ),
    ] {
        let error = read(format!("{header}{rows}"), None);
        let expected = format!(
            "error: /list.csv has an error; nothing was sent:\n  {expected} is not closed on this line\n"
        );
        assert!(error.starts_with(&expected), "{rows}{error}");
    }
    let ids = "d-1\n\"d-2\nd-3\n";
    let error = read(ids, Some(&Target::AllUsers));
    assert!(
        error.contains("line 2: the quotation mark before `d-2` is not"),
        "{error}"
    );
}

#[test]
fn quotation_marks_are_read_as_spreadsheets_write_them() {
    let text = "desktop_id,user_name,site\n\
                d-1,\"omar\",\"two\nlines, and \"\"a quotation\"\"\"\n\
                \"d-2\",li-na,a 19\" screen\n\
                d-3,wang,\"\"\n";
    let read = read(text, None);
    assert_eq!(read.lines().count(), 4, "{read}");
    assert!(read.ends_with("/list.csv: ignored columns: site"), "{read}");
}

#[test]
fn columns_without_a_heading_must_be_empty() {
    let error = read("desktop_id,\nd-1,\nd-2,li-na\n", Some(&Target::AllUsers));
    let expected = "line 3: column 2 has a value but no heading";
    assert!(error.contains(expected), "{error}");
}

#[test]
fn identical_rows_are_merged_with_a_note() {
    let note = "/list.csv: 2 duplicate rows ignored";
    for (text, target) in [
        ("d-1\nd-2\nD-1\nd-2\n", Some(&Target::AllUsers)),
        (
            "desktop_id,user_name\nd-1,li-na\nd-1,LI-NA\nd-2,omar\nd-1,li-na\n",
            None,
        ),
    ] {
        let list = read(text, target);
        assert!(list.ends_with(note), "{list}");
        assert_eq!(list.lines().count(), 3, "{list}");
    }
}

#[test]
fn contradictory_rows_are_named_with_both_meanings() {
    let header = "desktop_id,desktop_name,user_name,domain,is_detach_all_users\n";
    for (rows, expected) in [
        (
            "d-1,,li-na,,\nd-1,,,,true\n",
            "line 3: unbinds all users of d-1, but line 2 unbinds only li-na",
        ),
        (
            "d-1,,,,true\nd-1,,li-na,,\n",
            "line 3: unbinds only li-na from d-1, but line 2 unbinds all users",
        ),
        (
            "d-1,,li-na,a.example,\nd-1,,li-na,b.example,\n",
            "line 3: unbinds li-na, domain b.example, but line 2 unbinds li-na, domain a.example",
        ),
        (
            "d-1,design-01,li-na,,\nd-1,design-02,omar,,\n",
            "line 3: calls d-1 `design-02`, but line 2 calls it `design-01`",
        ),
    ] {
        let error = read(format!("{header}{rows}"), None);
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_line_has_one_id() {
    let uuid = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";
    for (text, expected) in [
        (
            format!("{uuid}, {uuid}\n"),
            "line 1: 2 ids in one line; write one id per line",
        ),
        (
            format!("{uuid}\n{uuid},{uuid}\n"),
            "follows the id; write one id per line",
        ),
        (
            "d-1 d-2\n".to_owned(),
            "line 1: `d-1 d-2` is not one id; write one id per line",
        ),
        (
            "d-1\nd-2;d-3\n".to_owned(),
            "line 2: `d-2;d-3` is not one id",
        ),
        (
            "d-1\n\"d-2,d-3\"\n".to_owned(),
            "line 2: `d-2,d-3` is not one id",
        ),
        ("d-1\n-\n".to_owned(), "line 2: `-` is not an id"),
    ] {
        let error = read(text, Some(&Target::AllUsers));
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn comments_after_an_id_are_ignored() {
    let text = "# list\nd-1 # Lyon, second floor\n  # spare\nd-2\t# old\n";
    let list = read(text, Some(&Target::AllUsers));
    assert_eq!(list.lines().count(), 2, "{list}");
    for id in ["\"d-1\"", "\"d-2\""] {
        assert!(list.contains(id), "{list}");
    }
}

#[test]
fn ids_that_look_like_names_are_noted() {
    let uuid = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";
    let notes = |ids: &[&str]| {
        let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
        let list = of_arguments(&ids).unwrap_or_else(|error| panic!("{error}"));
        list.notes.join("\n")
    };
    assert_eq!(notes(&[uuid]), "");
    assert_eq!(notes(&[&uuid.replace('-', "")]), "");
    assert_eq!(
        notes(&[uuid, &uuid.replace('-', "")]),
        "1 duplicate id ignored"
    );
    assert_eq!(
        notes(&[uuid, "design-01"]),
        "1 of 2 ids does not look like a desktop id (a UUID): is it a name?"
    );
    assert_eq!(
        notes(&["design-01", "design-02", "design-01"]),
        "1 duplicate id ignored\n\
         2 of 2 ids do not look like desktop ids (UUIDs): are they names?"
    );
}

#[test]
fn other_formats_are_named() {
    let utf16: Vec<u8> = PLAIN.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, expected) in [
        (
            b"PK\x03\x04....xl/workbook.xml".as_slice(),
            "is an Excel workbook",
        ),
        (
            b"\xd0\xcf\x11\xe0....",
            "is an Excel workbook in the old format",
        ),
        (b"%PDF-1.7", "is a PDF file"),
        (&utf16, "is UTF-16 without a byte order mark"),
    ] {
        let error = read(bytes, Some(&Target::AllUsers));
        assert!(
            error.contains(&format!("/list.csv {expected}. Save")),
            "{error}"
        );
    }
}

#[test]
fn long_values_are_cut_in_messages() {
    let long = "a".repeat(100_000);
    for text in [
        format!("{long}\n"),
        format!("{long},{long}\n"),
        format!("d-1\n{long} {long}\n"),
        format!("desktop_id,type,user_name\nd-1,{long},li-na\n"),
        format!("[\"{long}\"]"),
    ] {
        let error = read(text, None);
        assert!(error.len() < 1000, "{} bytes", error.len());
    }
}

#[test]
fn misspelt_headings_of_ids_are_recognized() {
    for heading in ["id", "Desktop", "desktopid", "UUID", "desktop_ids"] {
        let error = read(format!("{heading},user_name\nd-1,li-na\n"), None);
        let expected = format!("is `{heading}` meant? Rename it");
        assert!(error.contains(&expected), "{error}");
    }
    let error = read("desktop_id,user_id\nd-1,u-1\n", None);
    assert!(error.contains("user_id alone is not enough"), "{error}");
}
