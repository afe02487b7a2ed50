//! Unexpected output of progenitor must stop the build. Each case plants a change in this output.

// The benchmark of the generator compiles this without the test harness.
#![allow(dead_code, unused_imports)]

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::{Labels, patch, read};
use crate::codegen::document::Document;
use crate::codegen::generate::generate;
use crate::codegen::normalize::normalize;
use crate::codegen::requested;

const CONTRACT: &str = include_str!("../../../tests/contract_diagnostics.yaml");

/// Text to replace in the generated client, its replacement, and the reason in the diagnostic.
const PLANTED: &[(&str, &str, &str)] = &[
    (
        "OperationInfo {",
        "CallInfo {",
        "a `send` has no `OperationInfo`",
    ),
    (
        "async fn send",
        "async fn run",
        "0 of 2 `send` methods were found",
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
        "`send` of ListLamps does not destructure its builder first",
    ),
    (
        "operation_id : \"switch_lamp\"",
        "operation_id : \"switch\"",
        "`switch` is not an operation of the contract",
    ),
    (
        "fn new_with_client",
        "fn with_client",
        "the constructors of `Client`: expected once, found 0 times",
    ),
    (
        "impl ClientInfo <",
        "impl Info <",
        "the impl of `ClientInfo`: expected once, found 0 times",
    ),
    (
        "fn assert_client_hooks",
        "fn assert_hooks",
        "the assertion of `ClientHooks`: expected once, found 0 times",
    ),
    (
        "pub (crate) baseurl : String",
        "pub (crate) baseurl : Box < str >",
        "the base URL of `Client`: expected once, found 0 times",
    ),
    (
        "use progenitor_client :: { encode_path ,",
        "use progenitor_client :: { encode_path as encode ,",
        "the import of `encode_path`: expected once, found 0 times",
    ),
    (
        ". client . get (url)",
        ". http . get (url)",
        "`send` of ListLamps does not begin its request with the URL",
    ),
    (
        ":: std :: vec :: Vec <",
        ":: std :: collections :: VecDeque <",
        "no list field was found",
    ),
    (
        ":: regress :: Regex >",
        ":: regress :: Regexp >",
        "the match of a pattern was not found",
    ),
    (
        "PATTERN . find (value)",
        "PATTERN . find_at (value , 0)",
        "the match of a pattern was not found",
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
    (
        "struct LampList { lamps : :: std :: result :: Result <",
        "struct LampList { lamps : :: std :: result :: Answer <",
        "the generated types cannot be refined: the builder of `LampList`",
    ),
    (
        "impl :: std :: default :: Default for LampList",
        "impl :: core :: default :: Default for LampList",
        "the generated types cannot be refined: the builder of `LampList`",
    ),
    // A value or a name that is where none is expected.
    (
        "# [serde (rename =",
        "# [serde (alias =",
        "a value of an enum was not found",
    ),
    (
        ". header (",
        ". query (\"url-parameter\u{e100}\u{e075}\u{e072}\u{e06c}\") . header (",
        "the name of a parameter was not found",
    ),
];

fn document() -> Document {
    let pattern = "minLength: 1\n            pattern: '^[a-z]+$'";
    let contract = CONTRACT.replace("minLength: 1", pattern);
    // A parameter and values that are generated from other texts.
    let renamed = "- name: url\n          in: query\n          description: An order.\n          \
                   schema:\n            type: string\n            enum: [asc, ASC]\n        \
                   - name: lamp_id\n";
    let contract = contract.replace("- name: lamp_id\n", renamed);
    Document::read(&contract).map_err(drop).unwrap()
}

fn generated(document: &Document) -> TokenStream {
    let contract = normalize(document.parse().unwrap(), &requested::names(document));
    generate(&contract).unwrap()
}

#[test]
fn unexpected_output_stops_the_build() {
    let document = document();
    let client = generated(&document).to_string();
    let parse = |client: &str| read::client(client.parse().unwrap()).unwrap();
    let labels = Labels::new(&document);
    patch(&document, &labels, parse(&client)).unwrap();
    for (text, planted, reason) in PLANTED {
        assert!(
            client.contains(text),
            "the generated client has no {text:?}"
        );
        let client = parse(&client.replace(text, planted));
        let Err(diagnostics) = patch(&document, &labels, client) else {
            panic!("{planted:?} is not reported");
        };
        assert!(
            diagnostics[0].message.contains(reason),
            "{planted}: {}",
            diagnostics[0]
        );
    }
}

/// Reads code whose `send` methods have no end to leave out.
#[test]
fn the_code_that_is_read_is_that_which_was_generated() {
    let client = generated(&document())
        .to_string()
        .replace("OperationInfo", "CallInfo");
    let read = read::client(client.parse().unwrap()).unwrap();
    let parsed: syn::File = syn::parse_str(&client).unwrap();
    assert_eq!(
        read.to_token_stream().to_string(),
        parsed.to_token_stream().to_string()
    );
}
