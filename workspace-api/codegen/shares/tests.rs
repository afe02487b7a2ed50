//! The client and the diagnostics are the same for any number of shares.

// The benchmark of the generator compiles this without the test harness.
#![allow(dead_code, unused_imports)]

use super::*;
use crate::codegen::patch::Labels;
use crate::codegen::{client_of_shares, generate_blocks};

const CONTRACT: &str = include_str!("../../../tests/growth/25-operations.yaml");

/// The client, or the diagnostics.
fn generated(contract: &str, shares: usize) -> String {
    match client_of_shares(contract, shares) {
        Ok(client) => client.text(),
        Err(diagnostics) => format!("{diagnostics:?}"),
    }
}

fn is_divided(contract: &str) -> bool {
    let document = Document::read(contract).map_err(drop).unwrap();
    let labels = Labels::new(&document);
    generate(&document, 2, |share| generate_blocks(share, &labels)).is_some()
}

#[test]
fn the_client_does_not_depend_on_the_number_of_shares() {
    assert!(is_divided(CONTRACT));
    let whole = generated(CONTRACT, 1);
    assert!(whole.contains("pub struct Client"));
    for shares in [2, 3] {
        assert!(generated(CONTRACT, shares) == whole, "{shares} shares");
    }
}

#[test]
fn what_shares_cannot_agree_on_is_generated_as_a_whole() {
    // Only the share with this request has a builder of errors.
    let property = "\n        desktop_ids:\n";
    let error = "\n        error:\n          $ref: '#/components/schemas/ErrorResponse'";
    let requested = CONTRACT.replacen(property, &format!("{error}{property}"), 1);
    // Only progenitor finds this.
    let mistake = "    Last:
      description: A text or a number.
      default: true
      oneOf:
        - type: string
        - type: integer
";
    let invalid = format!("{CONTRACT}{mistake}");
    for (contract, expected) in [
        (requested, "pub struct ErrorResponseBuilder"),
        (invalid, "the schema `Last`: progenitor cannot"),
    ] {
        assert!(!is_divided(&contract), "{expected}");
        let whole = generated(&contract, 1);
        assert!(whole.contains(expected), "{whole}");
        assert!(generated(&contract, 2) == whole, "{expected}");
    }
}
