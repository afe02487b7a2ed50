//! Successes that report failures, by what the contract documents of them.

use reqwest::header::HeaderMap;

use super::*;
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
