//! Output of progenitor that does not fit must stop the build. Each case plants a change in what progenitor generates.

#![allow(dead_code, unused_imports)] // The benchmark of the generator compiles this without the test harness.

use super::super::document::Document;
use super::super::generate;
use super::super::normalize::normalize;
use super::patch;

const CONTRACT: &str = include_str!("../../../tests/contract_diagnostics.yaml");

/// The text to replace in the generated client, what to put in its place, and the reason that the diagnostic must give.
const PLANTED: &[(&str, &str, &str)] = &[
    (
        "OperationInfo {",
        "CallInfo {",
        "a `send` makes no `OperationInfo`",
    ),
    (
        "async fn send",
        "async fn run",
        "0 of 2 methods `send` were found",
    ),
    (
        "let info",
        "drop (& request) ; let info",
        "`send` of ListLamps does not build its request last",
    ),
    (
        "Error :: InvalidRequest",
        "Error :: Custom",
        "`send` of SwitchLamp does not check each of its parameters once",
    ),
    (
        "\"api-version\"",
        "\"version\"",
        "`send` of ListLamps does not set the header `api-version`",
    ),
    (
        "-> Result < ResponseValue",
        "-> Answer < ResponseValue",
        "`send` of ListLamps does not return",
    ),
    (
        "let Self {",
        "drop (()) ; let Self {",
        "`send` of ListLamps does not take its builder apart first",
    ),
    (
        "operation_id : \"switch_lamp\"",
        "operation_id : \"switch\"",
        "`switch` is not an operation of the contract",
    ),
    (
        "fn new_with_client",
        "fn with_client",
        "the constructors of `Client` expected once, found 0 times",
    ),
    (
        "impl ClientInfo <",
        "impl Info <",
        "the impl of `ClientInfo` expected once, found 0 times",
    ),
    (
        "fn assert_client_hooks",
        "fn assert_hooks",
        "the assertion of `ClientHooks` expected once, found 0 times",
    ),
    (
        ":: std :: vec :: Vec <",
        ":: std :: collections :: VecDeque <",
        "no field with a list was found",
    ),
    (
        ". map_err (| _ |",
        ". or_else (| _ |",
        "the error message of `SwitchLamp::lamp_id` was not found",
    ),
    (
        "return Err (",
        "return fail (",
        "the error message of `SwitchLampLampId::from_str` was not found",
    ),
];

#[test]
fn unexpected_output_stops_the_build() {
    let document = Document::read(CONTRACT).map_err(drop).unwrap();
    let contract = normalize(document.parse().unwrap());
    let client = generate::client(&contract).unwrap().to_string();
    patch(&document, syn::parse_str(&client).unwrap()).unwrap();
    for (text, planted, reason) in PLANTED {
        assert!(client.contains(text), "cannot be planted: {text}");
        let client = syn::parse_str(&client.replace(text, planted)).unwrap();
        let Err(diagnostic) = patch(&document, client) else {
            panic!("nobody noticed {planted}");
        };
        assert!(
            diagnostic.to_string().contains(reason),
            "{planted}: {diagnostic}"
        );
    }
}
