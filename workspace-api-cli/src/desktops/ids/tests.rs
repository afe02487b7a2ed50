//! Ids are returned as they were given, and found in each spelling.

#![allow(clippy::unwrap_used)]

use super::*;

const UUID: &str = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";

#[test]
fn ids_are_returned_as_they_were_given() {
    let upper = UUID.to_uppercase();
    let all_bits = "ffffffff-ffff-ffff-ffff-ffffffffffff";
    let without_hyphens = UUID.replace('-', "");
    let given = ["d-1", &without_hyphens, all_bits, "桌面", &"a".repeat(36)];
    let ids: DesktopIds = given.into_iter().collect();
    let texts: Vec<_> = ids.texts().collect();
    assert_eq!(texts, given);
    let ids: DesktopIds = [UUID].into_iter().collect();
    assert_eq!(ids.text(0), UUID);
    let ids: DesktopIds = [&upper].into_iter().collect();
    assert_eq!(ids.text(0), upper);
    assert_eq!(ids.get(1), None);
}

#[test]
fn each_spelling_of_an_id_is_the_same_id() {
    let upper = UUID.to_uppercase();
    let without_hyphens = UUID.replace('-', "");
    let plain_upper = without_hyphens.to_uppercase();
    for [first, second] in [
        [UUID, &upper],
        [&upper, UUID],
        [UUID, &without_hyphens],
        [&without_hyphens, UUID],
        [&plain_upper, &without_hyphens],
        ["d-1", "D-1"],
    ] {
        let mut ids = DesktopIds::default();
        assert_eq!(ids.insert(first), (0, true));
        assert_eq!(ids.insert("d-2"), (1, true));
        assert_eq!(ids.insert(second), (0, false));
        assert_eq!(ids.place(second), Some(0));
        assert_eq!(ids.place("d-3"), None);
        assert_eq!(ids.place("d1"), None);
    }
}

#[test]
fn many_ids_are_found_at_their_places() {
    let id = |number: usize| match number % 3 {
        0 => format!("d-{number}"),
        _ => format!("4f6f0a1e-0c1d-4f0b-9c57-{number:012x}"),
    };
    let ids: DesktopIds = (0..10_000).map(id).collect();
    for number in 0..10_000 {
        assert_eq!(ids.place(&id(number)), Some(number));
    }
    assert_eq!(ids.place(&id(10_000)), None);
}

#[test]
fn a_list_with_an_id_twice_is_rejected() {
    let error = serde_json::from_str::<DesktopIds>(r#"["d-1","D-1"]"#).unwrap_err();
    assert!(error.to_string().starts_with("D-1 is listed twice"));
}
