//! Signed requests, and the lock-out of access keys.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{HOST, HeaderMap, HeaderValue};
use serde_json::json;
use workspace_api::signing::{AccessKey, Request, SecretKey, SecurityToken, sign};
use workspace_api_sandbox::Sandbox;
use workspace_api_sandbox::defaults::{self, PROJECT_ID, SINGLE_USER_DESKTOP};

use crate::{client, send, success};

/// A clock that a test advances, in seconds since the epoch.
#[derive(Clone)]
pub(crate) struct TestClock(Arc<AtomicU64>);

impl TestClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicU64::new(1_800_000_000)))
    }

    pub(crate) fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0.load(Ordering::Relaxed))
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) async fn sandbox(&self) -> Sandbox {
        let clock = self.clone();
        Sandbox::builder()
            .clock(move || clock.now())
            .start()
            .await
            .unwrap()
    }
}

pub(crate) struct Keys<'k> {
    pub(crate) access: &'k str,
    pub(crate) secret: &'k str,
    pub(crate) token: Option<&'k str>,
}

pub(crate) const VALID: Keys<'static> = Keys {
    access: defaults::ACCESS_KEY,
    secret: defaults::SECRET_KEY,
    token: None,
};
pub(crate) const INVALID: Keys<'static> = Keys {
    access: defaults::ACCESS_KEY,
    secret: "guess",
    token: None,
};
pub(crate) const TEMPORARY: Keys<'static> = Keys {
    access: defaults::TEMPORARY_ACCESS_KEY,
    secret: defaults::TEMPORARY_SECRET_KEY,
    token: Some(defaults::SECURITY_TOKEN),
};

/// The headers of a signed request.
pub(crate) fn signed(
    sandbox: &Sandbox,
    keys: &Keys<'_>,
    method: &str,
    path: &str,
    query: &str,
    body: &str,
    time: SystemTime,
) -> HeaderMap {
    let host = HeaderValue::from_str(&sandbox.address().to_string()).unwrap();
    let headers = HeaderMap::from_iter([(HOST, host)]);
    let request = Request {
        method,
        path,
        query,
        headers: &headers,
        body: body.as_bytes(),
    };
    let token = keys
        .token
        .map(|token| SecurityToken::new(token.to_owned()).unwrap());
    let access = AccessKey::new(keys.access.to_owned()).unwrap();
    let secret = SecretKey::new(keys.secret.to_owned()).unwrap();
    sign(&request, &access, &secret, token.as_ref(), time)
}

pub(crate) fn records_path() -> String {
    format!("/v2/{PROJECT_ID}/desktops/{SINGLE_USER_DESKTOP}/detach-info")
}

pub(crate) async fn read(sandbox: &Sandbox, headers: HeaderMap) -> (StatusCode, String) {
    let url = format!("{}{}", sandbox.base_url(), records_path());
    let (status, body) = send(client().get(url).headers(headers)).await;
    (
        status,
        body["error_msg"].as_str().unwrap_or_default().to_owned(),
    )
}

pub(crate) async fn read_signed(
    sandbox: &Sandbox,
    keys: &Keys<'_>,
    time: SystemTime,
) -> (StatusCode, String) {
    read(
        sandbox,
        signed(sandbox, keys, "GET", &records_path(), "", "", time),
    )
    .await
}

#[tokio::test]
async fn a_valid_signature_is_accepted_and_covers_the_body() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    assert_eq!(
        read_signed(&sandbox, &VALID, clock.now()).await.0,
        StatusCode::OK
    );
    let path = format!("/v2/{PROJECT_ID}/desktops/logoff");
    let url = format!("{}{path}", sandbox.base_url());
    let body = json!({ "desktop_ids": [SINGLE_USER_DESKTOP] }).to_string();
    for (signed_body, expected) in [
        (body.as_str(), success("BatchLogoffDesktops")),
        ("{}", StatusCode::UNAUTHORIZED),
    ] {
        let headers = signed(
            &sandbox,
            &VALID,
            "POST",
            &path,
            "",
            signed_body,
            clock.now(),
        );
        let (status, _) = send(client().post(&url).headers(headers).body(body.clone())).await;
        assert_eq!(status, expected);
    }
}

#[tokio::test]
async fn a_declared_body_hash_must_match_the_body() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    let path = format!("/v2/{PROJECT_ID}/desktops/logoff");
    // The signature is valid because it covers the header instead of the body, but the header has
    // the hash of an empty body.
    let host = HeaderValue::from_str(&sandbox.address().to_string()).unwrap();
    let hash = HeaderValue::from_static(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
    let mut headers = HeaderMap::from_iter([(HOST, host)]);
    headers.insert("x-sdk-content-sha256", hash);
    let body = json!({ "desktop_ids": [SINGLE_USER_DESKTOP] }).to_string();
    let request = Request {
        method: "POST",
        path: &path,
        query: "",
        headers: &headers,
        body: body.as_bytes(),
    };
    let (access, secret) = (
        AccessKey::new(VALID.access).unwrap(),
        SecretKey::new(VALID.secret).unwrap(),
    );
    headers.extend(sign(&request, &access, &secret, None, clock.now()));
    let (status, _) = send(
        client()
            .post(format!("{}{path}", sandbox.base_url()))
            .headers(headers)
            .body(body),
    )
    .await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_signature_is_valid_for_fifteen_minutes_either_way() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    assert_eq!(
        read_signed(&sandbox, &VALID, clock.now() - minutes(15))
            .await
            .0,
        StatusCode::OK
    );
    assert_eq!(
        read_signed(&sandbox, &VALID, clock.now() + minutes(15))
            .await
            .0,
        StatusCode::OK
    );
    for time in [clock.now() - minutes(16), clock.now() + minutes(16)] {
        let (status, message) = read_signed(&sandbox, &VALID, time).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(message.contains("signature expired"), "{message}");
    }
}

#[tokio::test]
async fn more_than_five_invalid_signatures_in_a_row_lock_the_key_for_five_minutes() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    // A valid signature resets the count.
    for _ in 0..2 {
        for _ in 0..5 {
            read_signed(&sandbox, &INVALID, clock.now()).await;
        }
        assert_eq!(
            read_signed(&sandbox, &VALID, clock.now()).await.0,
            StatusCode::OK
        );
    }
    for _ in 0..6 {
        let (_, message) = read_signed(&sandbox, &INVALID, clock.now()).await;
        assert!(message.contains("verify aksk signature fail"), "{message}");
    }
    let (status, message) = read_signed(&sandbox, &VALID, clock.now()).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(
        message.contains("AK access failed to reach the limit"),
        "{message}"
    );
    assert_eq!(
        read_signed(&sandbox, &TEMPORARY, clock.now()).await.0,
        StatusCode::OK,
        "another key is not locked"
    );
    clock.advance(299);
    assert_eq!(
        read_signed(&sandbox, &VALID, clock.now()).await.0,
        StatusCode::UNAUTHORIZED
    );
    clock.advance(1);
    assert_eq!(
        read_signed(&sandbox, &VALID, clock.now()).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_reset_unlocks_keys() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    for _ in 0..6 {
        read_signed(&sandbox, &INVALID, clock.now()).await;
    }
    assert_eq!(
        read_signed(&sandbox, &VALID, clock.now()).await.0,
        StatusCode::UNAUTHORIZED
    );
    sandbox.reset();
    assert_eq!(
        read_signed(&sandbox, &VALID, clock.now()).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_temporary_key_needs_its_security_token() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    assert_eq!(
        read_signed(&sandbox, &TEMPORARY, clock.now()).await.0,
        StatusCode::OK
    );
    for token in [None, Some("another")] {
        let keys = Keys { token, ..TEMPORARY };
        assert_eq!(
            read_signed(&sandbox, &keys, clock.now()).await.0,
            StatusCode::UNAUTHORIZED
        );
    }
    let keys = Keys {
        token: Some("superfluous"),
        ..VALID
    };
    assert_eq!(
        read_signed(&sandbox, &keys, clock.now()).await.0,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn malformed_authorization_is_rejected_with_the_reason() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    let valid = signed(
        &sandbox,
        &VALID,
        "GET",
        &records_path(),
        "",
        "",
        clock.now(),
    );
    let with = |name: &'static str, value: Option<&str>| {
        let mut headers = valid.clone();
        match value {
            Some(value) => drop(headers.insert(name, value.parse().unwrap())),
            None => drop(headers.remove(name)),
        }
        headers
    };
    for (headers, expected) in [
        (HeaderMap::new(), "neither X-Auth-Token nor Authorization"),
        (with("authorization", Some("Basic abc")), "not a signature"),
        (with("x-sdk-date", None), "X-Sdk-Date is missing"),
        (with("x-sdk-date", Some("yesterday")), "YYYYMMDDTHHMMSSZ"),
        (
            with(
                "authorization",
                Some("SDK-HMAC-SHA256 Access=X, SignedHeaders=host, Signature=0"),
            ),
            "ak not exist",
        ),
    ] {
        let (status, message) = read(&sandbox, headers).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(message.contains(expected), "{message}");
    }
}
