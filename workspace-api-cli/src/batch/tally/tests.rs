//! The groups of desktops with one reason, and how many are kept.

#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use super::*;

fn failed(id: &str, message: &str) -> Entry {
    Entry::new(id.parse().unwrap(), Status::Failed).with_message(message)
}

#[test]
fn desktops_that_differ_in_ids_only_are_one_group() {
    let mut tally = Tally::default();
    let uuid = |number: usize| format!("4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f{number:04}");
    for number in 1..=7 {
        let id = uuid(number);
        let message = format!(
            "{} is locked by {} of {}.",
            id.to_uppercase(),
            uuid(number + 100),
            uuid(number + 200).replace('-', "")
        );
        let mut entry = failed(&id, &message);
        entry.request_id = Some(format!("r-{number}"));
        tally.add(&entry);
    }
    // A word that has the id in it is another one.
    tally.add(&failed("d-1", "d-10 is locked by x of y."));
    let groups = tally.groups();
    assert_eq!(groups.len(), 2);
    assert_eq!(groups[0].reason, "DESKTOP is locked by ID of ID.");
    assert_eq!(groups[1].reason, "d-10 is locked by x of y.");
    assert_eq!((groups[0].count, groups[0].first.len()), (7, 5));
    assert_eq!(groups[0].request_ids.len(), 7);
}

#[test]
fn a_single_desktop_has_its_own_reason() {
    let mut tally = Tally::default();
    tally.add(&failed("d-1", "d-1 is busy"));
    assert_eq!(tally.groups()[0].reason, "d-1 is busy");
    tally.add(&failed("d-2", "d-2 is busy"));
    assert_eq!(tally.groups()[0].reason, "DESKTOP is busy");
}

#[test]
fn many_reasons_are_counted_in_linear_time() {
    let mut tally = Tally::default();
    let started = Instant::now();
    for number in 0..100_000 {
        let id = format!("d-{number:06}");
        tally.add(&failed(&id, &format!("reason {}", number % 10_000)));
    }
    assert_eq!(tally.groups().len(), 10_000);
    // A quadratic loop takes minutes.
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn resuming_helps_unless_every_failure_is_final() {
    let mut tally = Tally::default();
    let mut entry = failed("d-1", "The desktop does not exist.");
    entry.error_code = Some("WKS.0202".to_owned());
    tally.add(&entry);
    assert!(!tally.can_resume(true));
    let unknown = Entry::new("d-2".parse().unwrap(), Status::Unknown);
    tally.add(&unknown);
    assert!(tally.can_resume(true) && !tally.can_resume(false));
    tally.add(&failed("d-3", "The desktop is restarting."));
    assert!(tally.can_resume(false));
}

#[test]
fn rare_reasons_are_dropped_but_frequent_ones_stay() {
    let mut tally = Tally::default();
    for number in 0..3 * MAX_REASONS {
        let id = format!("d-{number}");
        tally.add(&failed(&id, &format!("reason {number}")));
        if number.is_multiple_of(100) {
            tally.add(&failed(&id, "always the same"));
        }
    }
    assert!(tally.has_dropped());
    let groups = tally.groups();
    assert!(groups.len() <= MAX_REASONS);
    assert_eq!(
        (groups[0].reason.as_str(), groups[0].count),
        ("always the same", 300)
    );
    assert!(groups[0].is_complete && !groups.last().unwrap().is_complete);
    assert_eq!(tally.count(Status::Failed), 3 * MAX_REASONS + 300);
}
