//! Unbindings are the same after they were kept in little memory.

#![allow(clippy::unwrap_used)]

use super::*;

const LIST: &str = r#"[{"desktop_id":"d-1","is_detach_all_users":false,"detach_user_infos":[{"user_name":"li-na","type":"USER"},{"user_id":"g-1","user_name":"设计部","domain":"corp\u0001\"}","user_group":"users","type":"GROUP"},{"user_name":"omar","type":"USER"}]},{"desktop_id":"d-2","is_detach_all_users":true},{"desktop_id":"d-3","is_detach_all_users":false,"detach_user_infos":[{"user_name":"omar","type":"USER"}]},{"desktop_id":"d-4","is_detach_all_users":false}]"#;

fn list() -> Unbindings {
    serde_json::from_str(LIST).unwrap()
}

#[test]
fn a_list_stays_the_same() {
    assert_eq!(serde_json::to_string(&list()).unwrap(), LIST);
    let original: Vec<DetachInstancesDesktopInfo> = serde_json::from_str(LIST).unwrap();
    assert!(list().iter().eq(original));
}

#[test]
fn users_of_several_desktops_are_added_in_any_order() {
    let mut desktops = list();
    desktops.add_user(3, &DetachInstancesUserInfo::user("omar").unwrap());
    desktops.add_user(0, &DetachInstancesUserInfo::group("sales").unwrap());
    desktops.add_user(3, &DetachInstancesUserInfo::user("ana").unwrap());
    let names = |place| {
        let users = desktops.user_numbers(place);
        let users = users.map(|number| desktops.user(number).unwrap());
        users
            .map(|user| user.user_name.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(0), ["li-na", "设计部", "omar", "sales"]);
    assert_eq!(names(1), [""; 0]);
    assert_eq!(names(3), ["omar", "ana"]);
    let omar = desktops.different_users();
    let mut omar = omar.filter(|(user, _)| user.user_name.as_str() == "omar");
    assert_eq!(omar.next().unwrap().1, 3);
}

#[test]
fn a_part_has_its_desktops_and_users() {
    let all = list();
    let part = all.part([0, 3]);
    assert_eq!(part.get(0), all.get(0));
    assert_eq!(part.get(1), all.get(3));
    assert_eq!(part.len(), 2);
    assert_eq!(part.different_users().count(), 3);
}

#[test]
fn lists_that_contradict_themselves_are_rejected() {
    for (list, expected) in [
        ("[{}]", "a desktop has no id"),
        (
            r#"[{"desktop_id":"d-1","is_detach_all_users":true},{"desktop_id":"D-1"}]"#,
            "the desktop D-1 is listed twice",
        ),
        (
            r#"[{"desktop_id":"d-1","is_detach_all_users":true,"detach_user_infos":[{"user_name":"li"}]}]"#,
            "the desktop d-1 has all users and also some",
        ),
    ] {
        let error = serde_json::from_str::<Unbindings>(list).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}
