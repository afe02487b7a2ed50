//! Secrets in every form in which a server may repeat them.

use reqwest::header::{HeaderMap, HeaderValue};

use super::*;

fn redacted(secret: &str, body: &'static str) -> String {
    let body = redact_body(Bytes::from_static(body.as_bytes()), &Secret::new(secret));
    String::from_utf8(body.to_vec()).unwrap()
}

#[test]
fn a_secret_is_replaced_wherever_it_occurs() {
    for (secret, body, expected) in [
        ("token-of-1", "token-of-1", "[redacted]"),
        (
            "token-of-1",
            "a token-of-1 token-of-1.",
            "a [redacted] [redacted].",
        ),
        ("token-of-1", "token-of-2", "token-of-2"),
        ("token-of-1", "token-of-", "token-of-"),
        // The beginning of a long secret occurs in itself.
        (
            "aaaaaaaaaaaaaaaaab",
            "aaaaaaaaaaaaaaaaaaaab",
            "aaa[redacted]",
        ),
        // Short secrets are placeholders.
        ("secret", "a secret", "a secret"),
    ] {
        assert_eq!(redacted(secret, body), expected, "{body}");
    }
}

#[test]
fn a_secret_is_replaced_in_json_whatever_its_escapes() {
    for (secret, body, expected) in [
        (
            "MIIF/token",
            r#"{"a":["MIIF\/token"]}"#,
            r#"{"a":["[redacted]"]}"#,
        ),
        (
            "MIIF/token",
            r#"{"\u004dIIF/token":1}"#,
            r#"{"[redacted]":1}"#,
        ),
        (
            "pass\"word",
            r#"{"a":"pass\"word"}"#,
            r#"{"a":"[redacted]"}"#,
        ),
        (
            "pass\"word",
            r#"{"a":"{\"b\":\"pass\\\"word\"}"}"#,
            r#"{"a":"{\"b\":\"[redacted]\"}"}"#,
        ),
        // This is not JSON, because it ends early.
        ("pass\"word", r#"{"a":"pass\"word"#, r#"{"a":"[redacted]"#),
        // Nothing to redact: the body stays as it came.
        ("MIIF/token", r#"{ "a": "\u00e9" }"#, r#"{ "a": "\u00e9" }"#),
    ] {
        assert_eq!(redacted(secret, body), expected, "{body}");
    }
}

#[test]
fn a_body_without_a_secret_is_not_copied() {
    let body = Bytes::from_static(b"{\"desktop_detach_infos\":[]}");
    let same = redact_body(body.clone(), &Secret::new("token-of-1"));
    assert_eq!(body.as_ptr(), same.as_ptr());
}

#[test]
fn headers_are_redacted() {
    let mut headers = HeaderMap::new();
    headers.insert("x-echo", HeaderValue::from_static("Bearer token-of-1"));
    headers.insert("x-other", HeaderValue::from_static("token"));
    redact_headers(&mut headers, &Secret::new("token-of-1"));
    assert_eq!(headers["x-echo"], "Bearer [redacted]");
    assert_eq!(headers["x-other"], "token");
}
