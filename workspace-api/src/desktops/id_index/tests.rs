//! The spellings of an id, and the work of the index.

use std::cell::Cell;

use super::*;

const UUID: &str = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f00ab";

#[test]
fn each_spelling_of_an_id_finds_its_entry() {
    let without_hyphens = UUID.replace('-', "");
    let spellings = [
        UUID.to_owned(),
        UUID.to_uppercase(),
        without_hyphens.to_uppercase(),
        without_hyphens,
    ];
    for stored in &spellings {
        let ids = ["lab-01", stored];
        let mut index = IdIndex::with_capacity(ids.len());
        assert_eq!(index.insert(0, |entry| ids[entry]), 0);
        assert_eq!(index.insert(1, |entry| ids[entry]), 1);
        for spelling in &spellings {
            assert_eq!(index.find(spelling, |entry| ids[entry]), Some(1));
            assert!(is_same(stored, spelling), "{stored} {spelling}");
        }
        assert_eq!(index.find("LAB-01", |entry| ids[entry]), Some(0));
        assert_eq!(index.find("lab01", |entry| ids[entry]), None);
    }
}

#[test]
fn other_ids_with_the_same_characters_are_different() {
    // Hyphens in other places, and letters that are no digits.
    let other_hyphens = "4f6f0a1e0-c1d-4f0b-9c57-2a3f8f6f00ab";
    let name = "workshop-room-desk-1234-inthelibrary";
    for [one, other] in [
        [UUID, other_hyphens],
        [UUID, &UUID.replace('-', "")[1..]],
        [name, &name.replace('-', "")],
        ["lab-01", "lab01"],
    ] {
        assert!(
            !is_same(one, other) && !is_same(other, one),
            "{one} {other}"
        );
    }
    assert_eq!(name.len(), UUID.len());
}

#[test]
fn the_work_of_an_index_grows_with_the_list() {
    let ids: Vec<_> = (0..10_000)
        .map(|number| format!("4f6f0a1e-0c1d-4f0b-9c57-{number:012x}"))
        .collect();
    let read = Cell::new(0);
    let id_of = |entry: usize| {
        read.set(read.get() + 1);
        ids[entry].as_str()
    };
    let mut index = IdIndex::with_capacity(ids.len());
    for entry in 0..ids.len() {
        assert_eq!(index.insert(entry, id_of), entry);
    }
    for (entry, id) in ids.iter().enumerate() {
        assert_eq!(index.find(&id.replace('-', ""), id_of), Some(entry));
    }
    assert!(read.get() < 4 * ids.len(), "{}", read.get());
}

#[test]
fn ids_that_differ_in_a_digit_have_different_places() {
    const PLACES: usize = 256;
    let id = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";
    for position in 0..id.len() - 1 {
        let mut places = std::collections::HashSet::new();
        for number in 0..100 {
            let mut id = id.to_owned();
            id.replace_range(position..position + 2, &format!("{number:02}"));
            places.insert(hash(&id) % PLACES);
        }
        // As many as of random numbers: 83 on average.
        assert!(places.len() > 65, "{position}: {}", places.len());
    }
}
