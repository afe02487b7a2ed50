//! Successes that report failures, by what the contract documents of them.

use reqwest::header::HeaderMap;

use super::*;
use crate::generated::RESPONSES;
use crate::http::Shape;

const SHAPES: Shapes = Shapes {
    bodies: &[
        ("Results", Shape::Object(&[("results", Shape::Any)], None)),
        ("List", Shape::List(&Shape::Text)),
        ("Failures", Shape::Schema("Failures")),
    ],
    schemas: &[(
        "Failures",
        Shape::Object(
            &[("failed_ids", Shape::Any), ("error_code", Shape::Text)],
            None,
        ),
    )],
    multi_status: &["Results", "List", "Failures"],
};

/// Returns whether a response to the operation is a success.
fn is_success(id: &'static str, status: u16, body: &'static str) -> bool {
    let response = Response {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::from_static(body.as_bytes()),
    };
    let operation = Operation {
        id,
        method: "POST",
        path: "/lamps",
        iam_action: None,
        response_body: ResponseBody::Json,
    };
    response.check_body(&operation, &SHAPES).is_ok()
}

#[test]
fn a_partial_success_is_one_only_if_the_contract_documents_how_it_reports_failures() {
    for (id, body, is_partial_success) in [
        ("Results", "{}", true),
        ("Results", r#"{"failed_ids":["a"]}"#, false),
        ("List", "[]", true),
        // It says that something failed, and not what.
        ("Failures", "{}", false),
        ("Failures", r#"{"failed_ids":["a"]}"#, true),
        ("Failures", r#"{"error_code":"WKS.1"}"#, true),
        ("Undocumented", "{}", false),
    ] {
        assert_eq!(is_success(id, 207, body), is_partial_success, "{id} {body}");
    }
    assert!(is_success("Failures", 200, "{}"));
    assert!(!is_success(
        "Undocumented",
        200,
        r#"{"error_code":"WKS.1"}"#
    ));
}

/// The high-level API would take a failure that it does not read for a success.
#[test]
fn the_high_level_api_reads_all_failures_of_the_contract() {
    for (id, read) in [
        ("BatchDetachInstances", &["failed_operation_list"][..]),
        ("BatchLogoffDesktops", &[]),
    ] {
        let names = RESPONSES.properties(id).iter().map(|(name, _)| *name);
        let documented: Vec<_> = names.filter(|name| speaks_of_failure(name)).collect();
        assert_eq!(
            documented, read,
            "{id}: read it in workspace-api/src/desktops/requests.rs, and add it here"
        );
    }
}
