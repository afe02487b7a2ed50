//! The beginning of a report, compared with a list.

#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use super::*;
use crate::desktops::unbindings::Unbindings;

const HEAD: &str = r#"{"format":1,"version":"0.1.0","started":"2026-03-10T20:00:00.000Z","by":{"user":"li"},"endpoint":"https://e","project_id":"p","plan":{"BatchDetachInstances":{"desktops":[{"desktop_id":"d-1","is_detach_all_users":true},{"desktop_id":"d-2","is_detach_all_users":true},{"desktop_id":"d-3","is_detach_all_users":true},{"desktop_id":"d-4","is_detach_all_users":true}]}}}"#;

/// A plan of the list is compared without that of the report, and its names are known better.
#[test]
fn a_report_is_read_for_a_list() {
    let desktops = r#"[{"desktop_id":"d-1","detach_user_infos":[{"user_name":"li"}]},{"desktop_id":"d-2","is_detach_all_users":true}]"#;
    let start = HEAD.find("\"plan\"").unwrap();
    let names = r#""names":{"d-1":"one","d-2":"two"}"#;
    let head = format!(
        "{}\"plan\":{{\"BatchDetachInstances\":{{\"desktops\":{desktops}}}}},{names}}}\n",
        &HEAD[..start]
    );
    let read = |places: &[usize], name: Option<&str>| {
        let list: Unbindings = serde_json::from_str(desktops).unwrap();
        let desktops = list.part(places.iter().copied());
        let mut names = DesktopNames::default();
        if let Some(name) = name {
            names.insert("d-1", name);
        }
        let plan = Plan::Detach { desktops };
        let start = Start::read_for_list(&mut Cursor::new(&head), plan, names).unwrap();
        assert_eq!(start.length, head.len() as u64);
        let head = start.head.unwrap();
        let names = ["d-1", "d-2"].map(|id| head.names.get(id).map(str::to_owned));
        (
            start.is_same_work,
            head.plan.ids().text(0).into_owned(),
            names,
        )
    };
    let names = |names: [&str; 2]| names.map(|name| Some(name.to_owned()));
    let one = "d-1".to_owned();
    let same = (true, one.clone(), names(["one", "two"]));
    assert_eq!(read(&[0, 1], None), same);
    assert_eq!(read(&[0, 1], Some("one")), same);
    assert_eq!(read(&[1, 0], None), same);
    assert_eq!(
        read(&[0, 1], Some("new")),
        (true, one.clone(), names(["new", "two"]))
    );
    assert_eq!(read(&[0], None), (false, one, names(["one", "two"])));
}

#[test]
fn a_list_with_other_users_is_other_work() {
    let desktops = |user: &str| {
        let list =
            format!(r#"[{{"desktop_id":"d-1","detach_user_infos":[{{"user_name":"{user}"}}]}}]"#);
        serde_json::from_str(&list).unwrap()
    };
    let head = Head {
        plan: Plan::Detach {
            desktops: desktops("li"),
        },
        ..Start::read(&mut format!("{HEAD}\n").as_bytes())
            .unwrap()
            .head
            .unwrap()
    };
    let head = serde_json::to_string(&head).unwrap() + "\n";
    for (user, is_same) in [("li", true), ("LI", false), ("omar", false)] {
        let plan = Plan::Detach {
            desktops: desktops(user),
        };
        let start = Start::read_for_list(&mut Cursor::new(&head), plan, DesktopNames::default());
        assert_eq!(start.unwrap().is_same_work, is_same);
    }
    let ids = ["d-1"].iter().collect();
    let plan = Plan::LogOff {
        desktop_ids: ids,
        message: None,
    };
    let start = Start::read_for_list(&mut Cursor::new(&head), plan, DesktopNames::default());
    assert!(!start.unwrap().is_same_work);
}
