//! Rules of signing that no single vector covers.

use std::time::{Duration, UNIX_EPOCH};

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use workspace_api::signing::{self, AccessKey, Authorization, Request, SecretKey, SecurityToken};

use crate::sign;

#[test]
fn a_request_can_be_signed_again() {
    let first = sign("/p", "", &[("host", "h")], b"{}");
    let stale = [
        ("host", "h"),
        ("authorization", "old"),
        ("x-sdk-date", "19700101T000000Z"),
    ];
    assert_eq!(sign("/p", "", &stale, b"{}"), first);
    assert!(first[AUTHORIZATION].is_sensitive());
}

#[test]
fn headers_with_an_underscore_are_not_signed() {
    let with = sign("/p", "", &[("host", "h"), ("x_y", "z")], b"");
    assert_eq!(with, sign("/p", "", &[("host", "h")], b""));
}

#[test]
fn every_part_of_a_request_is_signed() {
    let headers = [("host", "h"), ("x-a", "1")];
    let base = sign("/p", "a=1", &headers, b"{}");
    assert_ne!(base, sign("/q", "a=1", &headers, b"{}"));
    assert_ne!(base, sign("/p", "a=2", &headers, b"{}"));
    assert_ne!(base, sign("/p", "a=1", &headers, b"{ }"));
    assert_ne!(
        base,
        sign("/p", "a=1", &[("host", "h"), ("x-a", "2")], b"{}")
    );
    assert_ne!(base, sign("/p", "a=1", &headers[..1], b"{}"));
}

#[test]
fn a_declared_hash_replaces_the_hash_of_a_body_that_is_not_empty() {
    let declared = [("x-sdk-content-sha256", "UNSIGNED-PAYLOAD")];
    assert_eq!(
        sign("/p", "", &declared, b"a"),
        sign("/p", "", &declared, b"b")
    );
    assert_ne!(
        sign("/p", "", &declared, b"a"),
        sign("/p", "", &declared, b"")
    );
}

#[test]
fn dates_round_trip_and_invalid_ones_are_not_parsed() {
    let formatted = |seconds| signing::format_date(UNIX_EPOCH + Duration::from_secs(seconds));
    assert_eq!(formatted(1_709_210_096), "20240229T123456Z");
    assert_eq!(
        signing::format_date(UNIX_EPOCH - Duration::from_secs(1)),
        "19700101T000000Z"
    );
    // The year 20000. Windows knows no times after the year 30827.
    assert_eq!(formatted(568_971_820_800), "99991231T235959Z");
    let parsed = signing::parse_date("20240229T123456Z");
    assert_eq!(
        parsed,
        Some(UNIX_EPOCH + Duration::from_secs(1_709_210_096))
    );
    for invalid in [
        "",
        "20240229T123456",
        "20230229T123456Z",
        "20240229 123456Z",
        "2024-229T123456Z",
        "20240229T123456ZZ",
    ] {
        assert_eq!(signing::parse_date(invalid), None, "{invalid}");
    }
}

#[test]
fn only_complete_authorization_headers_are_parsed() {
    let complete = "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=00ff";
    let expected = Authorization {
        access_key: "AK",
        signed_headers: "host;x-sdk-date",
        signature: "00ff",
    };
    assert_eq!(Authorization::parse(complete), Some(expected));
    for invalid in [
        "",
        "Bearer x",
        "SDK-HMAC-SHA256",
        "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host",
        &format!("{complete}, X=1"),
    ] {
        assert_eq!(Authorization::parse(invalid), None, "{invalid}");
    }
}

#[test]
fn invalid_keys_are_rejected_without_being_printed() {
    let marked = |suffix| format!("MARKED-SECRET{suffix}");
    let errors = [
        AccessKey::new("").unwrap_err(),
        AccessKey::new(marked(" x")).unwrap_err(),
        AccessKey::new(marked(",x")).unwrap_err(),
        AccessKey::new(marked("é")).unwrap_err(),
        SecretKey::new("").unwrap_err(),
        SecretKey::new(marked("\n")).unwrap_err(),
        SecurityToken::new("").unwrap_err(),
        SecurityToken::new(marked("\r\nx: y")).unwrap_err(),
    ];
    for error in errors {
        assert!(!format!("{error} {error:?}").contains("MARKED"), "{error}");
    }
    let access_key = AccessKey::new(marked("")).unwrap();
    let secret_key = SecretKey::new(marked("")).unwrap();
    let token = SecurityToken::new(marked("")).unwrap();
    let headers = HeaderMap::from_iter([(
        HeaderName::from_static("x-security-token"),
        HeaderValue::from_static("MARKED"),
    )]);
    let request = Request {
        method: "GET",
        path: "/",
        query: "",
        headers: &headers,
        body: b"",
    };
    let canonical = signing::canonical_request(&request, "x-security-token");
    let printed = format!("{access_key} {access_key:?} {secret_key:?} {token:?} {canonical:?}");
    assert!(!printed.contains("MARKED"), "{printed}");
}
