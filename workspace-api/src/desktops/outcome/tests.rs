//! Outcomes as text, as data and as one error.

#![allow(clippy::unwrap_used)]

use std::io;

use reqwest::StatusCode;

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
    let id: DesktopId = "d".parse().unwrap();
    let desktops = outcomes.into_iter();
    let outcome =
        BatchOutcome::new(desktops.map(|outcome| DesktopOutcome::new(id.clone(), outcome)));
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

/// The serialized form has everything that the command prints, and nothing of another request.
#[test]
fn outcomes_serialize() {
    let source = io::Error::other("handshake failed");
    let refused = Error::builder(ErrorKind::Connect)
        .message("connection failed")
        .source(source);
    let refused = refused.build();
    let conflict = Error::builder(ErrorKind::Conflict)
        .status(StatusCode::CONFLICT)
        .code("WKS.00010032")
        .detail("SHUTOFF")
        .request_id("r-1")
        .build();
    let accepted = Outcome::Accepted {
        job_id: "j-1".to_owned(),
    };
    let lines: Vec<_> = [
        Outcome::Succeeded,
        accepted,
        Outcome::Failed(conflict.clone()),
        Outcome::Unknown(refused),
        Outcome::NotSent(conflict),
    ]
    .into_iter()
    .map(|outcome| {
        let desktop = DesktopOutcome::new("d".parse().unwrap(), outcome);
        serde_json::to_string(&desktop).unwrap()
    })
    .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"desktop_id":"d","outcome":"succeeded"}
    {"desktop_id":"d","outcome":"accepted","job_id":"j-1"}
    {"desktop_id":"d","outcome":"failed","error_kind":"conflict","status":409,"error_code":"WKS.00010032","error_msg":"409 Conflict: no reason given (SHUTOFF)","request_id":"r-1"}
    {"desktop_id":"d","outcome":"unknown","error_kind":"connect","error_msg":"connection failed: handshake failed"}
    {"desktop_id":"d","outcome":"not_sent","error_kind":"conflict","error_msg":"not sent, because an earlier request failed: 409 Conflict: WKS.00010032 (SHUTOFF) [request id r-1]"}
    "#);
}

#[test]
fn equal_errors_have_equal_parts_and_causes() {
    let error = |message: &str, source: &str| {
        Error::builder(ErrorKind::Connect)
            .message(message)
            .source(source)
            .build()
    };
    assert_eq!(error("a", "b"), error("a", "b"));
    assert_ne!(error("a", "b"), error("a", "c"));
    assert_ne!(error("a", "b"), error("b", "b"));
    let id: DesktopId = "d".parse().unwrap();
    let failed = Outcome::Failed(error("a", "b"));
    assert_eq!(
        BatchOutcome::new([DesktopOutcome::new(id.clone(), failed.clone())]),
        BatchOutcome::new([DesktopOutcome::new(id, failed)])
    );
}

#[test]
fn debug_has_the_words_and_the_causes() {
    let error = Error::builder(ErrorKind::Connect)
        .message("connection failed; no request was sent")
        .source(io::Error::other("unknown host"))
        .build();
    assert_eq!(
        format!("{error:?}"),
        "connection failed; no request was sent\n  caused by: unknown host"
    );
    assert!(format!("{error:#?}").contains("kind: Connect"));
}
