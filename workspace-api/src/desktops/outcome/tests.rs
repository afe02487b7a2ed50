//! The counts of an error are a sentence in every combination.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::ErrorKind;

/// Returns the message for these counts of succeeded, failed, unknown and unsent desktops.
fn message(counts: [usize; 4]) -> String {
    let error = || Error::new(ErrorKind::Desktop, "busy");
    let outcomes = [
        Outcome::Succeeded,
        Outcome::Failed(error()),
        Outcome::Unknown(error()),
        Outcome::NotSent(error()),
    ];
    let mut all = BatchOutcome::default();
    for (count, outcome) in counts.into_iter().zip(outcomes) {
        let ids = vec!["d".parse().unwrap(); count];
        let part = BatchOutcome::with_same_outcome(ids, &outcome);
        all.desktops.extend(part.desktops);
    }
    all.into_result().unwrap_err().to_string()
}

#[test]
fn the_counts_make_a_sentence_in_every_combination() {
    for (counts, expected) in [
        ([0, 1, 0, 0], "1 of 1 desktop failed: busy"),
        (
            [1, 1, 0, 0],
            "1 of 2 desktops failed; first: d: failed: busy",
        ),
        ([0, 0, 1, 0], "1 of 1 desktop is unknown: busy"),
        (
            [9, 0, 2, 0],
            "2 of 11 desktops are unknown; first: d: unknown: busy",
        ),
        (
            [0, 1, 1, 1],
            "1 of 3 desktops failed, 1 is unknown and 1 was not sent: busy",
        ),
        (
            [1_000, 100, 200, 11_000],
            "100 of 12,300 desktops failed, 200 are unknown and 11,000 were not sent; \
             first: d: failed: busy",
        ),
        (
            [0, 0, 100, 50],
            "100 of 150 desktops are unknown and 50 were not sent: busy",
        ),
    ] {
        assert_eq!(message(counts), expected);
    }
}

#[test]
fn large_numbers_are_grouped() {
    for (number, expected) in [
        (0, "0"),
        (999, "999"),
        (1_000, "1,000"),
        (12_345, "12,345"),
        (1_234_567, "1,234,567"),
    ] {
        assert_eq!(with_thousands_separators(number), expected);
    }
}

/// Returns the error of desktops with these outcomes.
fn error_of(outcomes: impl IntoIterator<Item = Outcome>) -> Error {
    let desktops = outcomes.into_iter().map(|outcome| DesktopOutcome {
        desktop_id: "d".parse().unwrap(),
        desktop_name: None,
        outcome,
        request_id: None,
    });
    let outcome = BatchOutcome {
        desktops: desktops.collect(),
        job_ids: Vec::new(),
    };
    outcome.into_result().unwrap_err()
}

#[test]
fn the_only_reason_is_kept() {
    let sealed = Error::with_source(ErrorKind::Credentials, "no credentials", "vault is sealed");
    let error = error_of([
        Outcome::Failed(sealed.clone()),
        Outcome::NotSent(sealed.clone()),
    ]);
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(!error.may_have_been_processed());
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "vault is sealed");
    assert_eq!(
        error.to_string(),
        "1 of 2 desktops failed and 1 was not sent: no credentials"
    );
}

#[test]
fn an_aggregate_may_have_been_processed_only_if_a_part_was() {
    let busy = || Error::new(ErrorKind::Desktop, "busy");
    let off = || Error::new(ErrorKind::Desktop, "off");
    let lost = || Error::new(ErrorKind::ConnectionLost, "lost");
    let job_id = "j".to_owned();
    for (outcomes, expected) in [
        (vec![Outcome::Failed(busy()), Outcome::Failed(off())], false),
        (
            vec![Outcome::Failed(busy()), Outcome::NotSent(off())],
            false,
        ),
        (
            vec![Outcome::Failed(busy()), Outcome::Unknown(lost())],
            true,
        ),
        (vec![Outcome::Failed(busy()), Outcome::Succeeded], true),
        (
            vec![Outcome::Failed(busy()), Outcome::Accepted { job_id }],
            true,
        ),
        (vec![Outcome::Unknown(lost())], true),
    ] {
        let shown = format!("{outcomes:?}");
        assert_eq!(
            error_of(outcomes).may_have_been_processed(),
            expected,
            "{shown}"
        );
    }
}
