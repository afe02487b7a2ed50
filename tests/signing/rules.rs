//! The rules of signing that the vectors do not single out.

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
fn names_with_an_underscore_are_not_signed() {
    let with = sign("/p", "", &[("host", "h"), ("x_y", "z")], b"");
    assert_eq!(with, sign("/p", "", &[("host", "h")], b""));
}

#[test]
fn every_part_counts() {
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
fn a_declared_hash_replaces_that_of_a_body_but_not_of_no_body() {
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
fn dates_are_read_as_they_are_written_and_never_fail() {
    let written = |seconds| signing::format_date(UNIX_EPOCH + Duration::from_secs(seconds));
    assert_eq!(written(1_709_210_096), "20240229T123456Z");
    assert_eq!(
        signing::format_date(UNIX_EPOCH - Duration::from_secs(1)),
        "19700101T000000Z"
    );
    assert_eq!(written(u64::from(u32::MAX) * 1000), "99991231T235959Z");
    let parsed = signing::parse_date("20240229T123456Z");
    assert_eq!(
        parsed,
        Some(UNIX_EPOCH + Duration::from_secs(1_709_210_096))
    );
    for bad in [
        "",
        "20240229T123456",
        "20230229T123456Z",
        "20240229 123456Z",
        "2024-229T123456Z",
        "20240229T123456ZZ",
    ] {
        assert_eq!(signing::parse_date(bad), None, "{bad}");
    }
}

#[test]
fn only_whole_authorization_headers_are_read() {
    let whole = "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=00ff";
    let expected = Authorization {
        access_key: "AK",
        signed_headers: "host;x-sdk-date",
        signature: "00ff",
    };
    assert_eq!(Authorization::parse(whole), Some(expected));
    for bad in [
        "",
        "Bearer x",
        "SDK-HMAC-SHA256",
        "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host",
        &format!("{whole}, X=1"),
    ] {
        assert_eq!(Authorization::parse(bad), None, "{bad}");
    }
}

#[test]
fn unusable_keys_are_refused_without_being_shown() {
    let marked = |suffix| format!("MARKED-SECRET{suffix}");
    let refused = [
        AccessKey::new("").unwrap_err(),
        AccessKey::new(marked(" x")).unwrap_err(),
        AccessKey::new(marked(",x")).unwrap_err(),
        AccessKey::new(marked("é")).unwrap_err(),
        SecretKey::new("").unwrap_err(),
        SecretKey::new(marked("\n")).unwrap_err(),
        SecurityToken::new("").unwrap_err(),
        SecurityToken::new(marked("\r\nx: y")).unwrap_err(),
    ];
    for error in refused {
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
    let shown = format!("{access_key} {access_key:?} {secret_key:?} {token:?} {canonical:?}");
    assert!(!shown.contains("MARKED"), "{shown}");
}
