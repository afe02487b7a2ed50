#![allow(clippy::unwrap_used)]

use std::fs;

use tempfile::TempDir;
use workspace_api::types::DetachInstancesDesktopInfo;

use super::*;

/// The list as JSON lines, then the remarks, or the failure, as the command would tell it.
fn read(bytes: impl AsRef<[u8]>, whom: Option<Whom>) -> String {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("list.csv");
    fs::write(&path, bytes).unwrap();
    let text = match detachments(&path, whom.as_ref()) {
        Ok(list) => {
            let desktops = list.desktops.iter();
            let desktops = desktops.map(|desktop| serde_json::to_string(desktop).unwrap());
            desktops.chain(list.remarks).collect::<Vec<_>>().join("\n")
        }
        Err(failure) => format!("{failure:?}"),
    };
    text.replace(&folder.path().display().to_string(), "")
        .replace("\\n", "\n")
}

fn desktops(bytes: impl AsRef<[u8]>) -> Vec<DetachInstancesDesktopInfo> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("list.csv");
    fs::write(&path, bytes).unwrap();
    detachments(&path, None)
        .unwrap_or_else(|failure| panic!("{failure:?}"))
        .desktops
}

const PLAIN: &str = "desktop_id,user_name,type\nd-1,li-na,\nd-2,designers,GROUP\nd-1,omar,USER\n";

#[test]
fn rows_of_a_desktop_become_one_entry() {
    insta::assert_snapshot!(read(PLAIN, None), @r#"
    {"desktop_id":"d-1","detach_user_infos":[{"type":"USER","user_name":"li-na"},{"type":"USER","user_name":"omar"}],"is_detach_all_users":false}
    {"desktop_id":"d-2","detach_user_infos":[{"type":"GROUP","user_name":"designers"}],"is_detach_all_users":false}
    "#);
}

#[test]
fn every_column_is_taken() {
    let text = "# a comment\nDesktop ID,user-name,TYPE,user_id,domain,user_group,is_detach_all_users,notes\n\
                d-1,设计部,group,g-1,corp.example.com,users,false,x\nd-2,,,,,,TRUE,\n";
    insta::assert_snapshot!(read(text, None), @r#"
    {"desktop_id":"d-1","detach_user_infos":[{"domain":"corp.example.com","type":"GROUP","user_group":"users","user_id":"g-1","user_name":"设计部"}],"is_detach_all_users":false}
    {"desktop_id":"d-2","is_detach_all_users":true}
    /list.csv: not used: notes
    "#);
}

#[test]
fn spreadsheets_may_write_it_in_their_ways() {
    let expected = format!("{:?}", desktops(PLAIN));
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(PLAIN.replace(',', "\t").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let quoted = "\"desktop_id\";\"user_name\";\"type\"\r\n\"d-1\";\" li-na \";\r\n\r\n\"d-2\";\"designers\";\"GROUP\"\r\n\"d-1\";\"omar\";\"USER\"\r\n;;\r\n";
    for (what, bytes) in [
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
        assert_eq!(format!("{:?}", desktops(bytes)), expected, "{what}");
    }
}

#[test]
fn a_list_of_ids_needs_no_header() {
    let all = Some(Whom::Everyone);
    for text in [
        "d-1\nd-2\n",
        "\u{feff}d-1\r\n\r\n  d-2  ",
        "desktop_id\nd-1\nd-2",
        "\"d-1\"\n#d-9\nd-2",
    ] {
        let read = read(text, all.clone());
        assert_eq!(read.lines().count(), 2, "{read}");
        assert!(
            read.contains(r#"{"desktop_id":"d-2","is_detach_all_users":true}"#),
            "{read}"
        );
    }
}

#[test]
fn all_mistakes_are_told_at_once_with_their_lines() {
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
fn what_is_wrong_in_many_lines_is_told_once() {
    let rows: String = (1..=400).map(|number| format!("d-{number}\n")).collect();
    let told = read(format!("desktop_id\n{rows}a/b\nd-401\n"), None);
    insta::assert_snapshot!(told);
}

#[test]
fn what_says_whom_twice_is_refused() {
    let told = read(
        "desktop_id,user_name\nd-1,\nd-2,omar\n",
        Some(Whom::Everyone),
    );
    let expected =
        "line 3: `user_name` says whom to unbind, and so do the arguments. Leave one out.";
    assert!(told.contains(expected), "{told}");
}

#[test]
fn a_misspelt_heading_is_not_passed_over() {
    for (text, meant) in [
        (
            "desktop_id,user_nmae\nd-1,li-na\n",
            "the column `user_nmae` is not known; is it `user_name`?",
        ),
        (
            "desktopid,user_name\nd-1,li-na\n",
            "there is no column `desktop_id`, only: desktopid, user_name",
        ),
        (
            "Desktops\nd-1\n",
            "there is no column `desktop_id`, only: Desktops",
        ),
        (
            "desktop_id,desktop_id\nd-1,d-2\n",
            "there are two columns `desktop_id`",
        ),
        (
            "d-1,li-na\nd-2,omar\n",
            "there is no column `desktop_id`, only: d-1, li-na",
        ),
    ] {
        let told = read(text, None);
        assert!(told.contains(&format!("line 1: {meant}")), "{told}");
    }
}

#[test]
fn what_is_not_text_is_refused() {
    for (bytes, told) in [
        (
            b"d-1\nd-2\xff\n".as_slice(),
            "/list.csv, line 2: byte 8 is not UTF-8. In Excel, save the file as `CSV UTF-8`.",
        ),
        (
            b"\xff\xfed\x00-",
            "/list.csv is neither UTF-8 nor whole UTF-16",
        ),
        (b"", "/list.csv names no desktop"),
        (b"desktop_id\n", "/list.csv names no desktop"),
    ] {
        let failure = read(bytes, Some(Whom::Everyone));
        assert!(failure.contains(told), "{failure}");
    }
}

#[test]
fn five_hundred_users_of_a_desktop_are_enough() {
    let row = |number| format!("d-1,user-{number}\n");
    let rows = |count| {
        format!(
            "desktop_id,user_name\n{}",
            (0..count).map(row).collect::<String>()
        )
    };
    assert_eq!(desktops(rows(500))[0].detach_user_infos.len(), 500);
    let told = read(rows(502), None);
    assert_eq!(told.matches("line ").count(), 1, "{told}");
    assert!(
        told.contains("line 502: the desktop has more than 500 users to unbind"),
        "{told}"
    );
}

#[test]
fn only_the_ids_are_read_where_nothing_else_matters() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("list.csv");
    fs::write(&path, PLAIN).unwrap();
    let list = desktop_ids(&path).unwrap_or_else(|failure| panic!("{failure:?}"));
    let ids: Vec<_> = list.desktops.iter().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["d-1", "d-2"]);
}
