//! The messages of rejected entries, as the library prints them.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::Unbinding;

fn entry(desktop_id: &str, users: &[&str]) -> DetachInstancesDesktopInfo {
    let users = users
        .iter()
        .map(|name| DetachInstancesUserInfo::user(name).unwrap());
    DetachInstancesDesktopInfo {
        desktop_id: Some(desktop_id.parse().unwrap()),
        detach_user_infos: Some(users.collect()),
        ..DetachInstancesDesktopInfo::default()
    }
}

fn validate(
    entries: impl IntoIterator<Item = DetachInstancesDesktopInfo>,
) -> Result<Vec<DetachInstancesDesktopInfo>> {
    let mut validated = Vec::new();
    for entry in entries {
        validated.push(Unbinding::try_from(entry)?.into());
    }
    ensure_distinct(&validated)?;
    Ok(validated)
}

fn rejection(entries: impl IntoIterator<Item = DetachInstancesDesktopInfo>) -> String {
    let error = validate(entries).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    error.to_string()
}

#[test]
fn valid_entries_keep_their_order() {
    let group = DetachInstancesUserInfo::group("设计部-1_a").unwrap();
    let validated = validate([
        entry("b", &["li-na", "0_x"]),
        DetachInstancesDesktopInfo::all_users("a").unwrap(),
        DetachInstancesDesktopInfo::users("c", [group]).unwrap(),
    ]);
    let ids = validated
        .unwrap()
        .into_iter()
        .map(|entry| entry.id().to_owned());
    assert_eq!(ids.collect::<Vec<_>>(), ["b", "a", "c"]);
}

#[test]
fn an_entry_that_could_be_misunderstood_is_rejected() {
    let everyone_and_one = DetachInstancesDesktopInfo {
        is_detach_all_users: true,
        ..entry("d", &["li-na"])
    };
    assert_eq!(
        rejection([everyone_and_one]),
        "desktop d: `is_detach_all_users` is true, but 1 user is listed. \
         Set it to false or remove the users."
    );
    let everyone_and_two = DetachInstancesDesktopInfo {
        is_detach_all_users: true,
        ..entry("d", &["li-na", "omar"])
    };
    assert_eq!(
        rejection([everyone_and_two]),
        "desktop d: `is_detach_all_users` is true, but 2 users are listed. \
         Set it to false or remove the users."
    );
    assert_eq!(
        rejection([entry("d", &[])]),
        "desktop d: no users given. List users or set `is_detach_all_users`."
    );
    assert_eq!(
        rejection([DetachInstancesDesktopInfo::default()]),
        "an entry has no `desktop_id`"
    );
}

#[test]
fn duplicates_are_rejected_in_every_spelling() {
    let expected = "desktop D is listed twice, first as d. Use one entry for each desktop.";
    let mut many: Vec<_> = (0..1000).map(|n| entry(&format!("x{n}"), &["a"])).collect();
    assert!(validate(many.clone()).is_ok());
    many.extend([entry("d", &["a"]), entry("D", &["b"]), entry("X7", &["b"])]);
    assert_eq!(rejection(many), expected);
    assert_eq!(
        rejection([entry("d", &["a"]), entry("D", &["b"])]),
        expected
    );
    assert_eq!(
        rejection([entry("d", &["a"]), entry("d", &["b"])]),
        "desktop d is listed twice. Use one entry for each desktop."
    );
    let uuid = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";
    let without_hyphens = uuid.replace('-', "");
    assert_eq!(
        rejection([entry(uuid, &["a"]), entry(&without_hyphens, &["b"])]),
        format!(
            "desktop {without_hyphens} is listed twice, first as {uuid}. Use one entry for each \
             desktop."
        )
    );
}

#[test]
fn more_users_than_the_maximum_are_rejected() {
    let user = DetachInstancesUserInfo::user("li-na").unwrap();
    let users = |count| {
        let mut entry = entry("d", &[]);
        entry.detach_user_infos = Some(vec![user.clone(); count]);
        entry
    };
    let max = limits::DETACH_INSTANCES_DESKTOP_INFO_DETACH_USER_INFOS;
    assert!(validate([users(max)]).is_ok());
    let more = max + 1;
    assert_eq!(
        rejection([users(more)]),
        format!("desktop d: {more} users are listed, but at most {max} are allowed")
    );
}

#[test]
fn invalid_names_are_rejected() {
    let user = |name| DetachInstancesUserInfo::user(name).unwrap_err().to_string();
    let group = |name| {
        DetachInstancesUserInfo::group(name)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        user("li na"),
        "invalid user name \"li na\": ' ' is not allowed. \
         Allowed: letters (A to Z), digits, `-` and `_`."
    );
    assert_eq!(
        user("-x"),
        "invalid user name \"-x\": it must begin with a letter or a digit"
    );
    assert_eq!(
        group("a/b"),
        "invalid user group name \"a/b\": '/' is not allowed. \
         Allowed: letters, digits, `-` and `_`."
    );
    // An entry can be made without its constructor.
    let mut entry = entry("d", &["x"]);
    let users = entry.detach_user_infos.as_mut().unwrap();
    users[0].user_name = UserName::try_from("li na").unwrap();
    assert_eq!(
        rejection([entry]),
        "desktop d: invalid user name \"li na\": ' ' is not allowed. \
         Allowed: letters (A to Z), digits, `-` and `_`."
    );
}
