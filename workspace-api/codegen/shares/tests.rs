//! The client and the diagnostics are the same for any number of shares.

// The benchmark of the generator compiles this without the test harness.
#![allow(dead_code, unused_imports)]

use std::fmt::Write as _;

use super::*;
use crate::codegen::patch::Labels;
use crate::codegen::{client_of_shares, generate_blocks};

const CONTRACT: &str = include_str!("../../../tests/contract_diagnostics.yaml");

/// Returns a contract of enough operations, all of which share the schema of a name.
fn contract() -> String {
    let (mut paths, mut schemas) = (String::new(), String::new());
    for number in 0..2 * MIN_PATHS {
        write!(
            paths,
            "
  /rooms-{number}:
    put:
      operationId: ChangeRooms{number}
      description: Changes rooms.
      requestBody:
        description: The rooms.
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Rooms{number}'
      responses:
        '204':
          description: The rooms are changed."
        )
        .unwrap();
        write!(
            schemas,
            "
    Rooms{number}:
      type: object
      description: Rooms to change.
      required: [name]
      properties:
        name:
          $ref: '#/components/schemas/RoomName'
        is_dark:
          type: boolean
          description: Whether the rooms are dark.
          default: true"
        )
        .unwrap();
    }
    schemas += "
    RoomName:
      type: string
      description: The name of a room.
      maxLength: 64";
    let contract = CONTRACT.replacen("\npaths:", &format!("\npaths:{paths}"), 1);
    contract.replacen("\n  schemas:", &format!("\n  schemas:{schemas}"), 1)
}

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
    let contract = contract();
    assert!(is_divided(&contract));
    let whole = generated(&contract, 1);
    assert!(whole.contains("pub struct Client"), "{whole}");
    assert!(generated(&contract, 2) == whole);
}

#[test]
fn what_shares_cannot_agree_on_is_generated_as_a_whole() {
    let contract = contract();
    // Only the share with this request has a builder of errors.
    let property = "\n        name:\n";
    let error = "\n        error:\n          $ref: '#/components/schemas/ErrorResponse'";
    let requested = contract.replacen(property, &format!("{error}{property}"), 1);
    // Only progenitor finds this.
    let start = "\n  schemas:\n";
    let mistake = "    Last:
      description: A text or a number.
      default: true
      oneOf:
        - type: string
        - type: integer
";
    let invalid = contract.replacen(start, &format!("{start}{mistake}"), 1);
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
