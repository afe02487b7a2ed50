//! Who gets in: signatures and their lock, scoped tokens, denied actions, and the ways to a token.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use reqwest::header::{HOST, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use workspace_api::signing::{AccessKey, Request, SecretKey, SecurityToken, sign};
use workspace_sandbox::defaults::{self, MULTI_USER_DESKTOP, PROJECT_ID, SINGLE_USER_DESKTOP};
use workspace_sandbox::{Sandbox, Token};

use crate::{client, get, post, send};

/// A clock that a test sets, in seconds of the epoch.
#[derive(Clone)]
struct Watch(Arc<AtomicU64>);

impl Watch {
    fn new() -> Self {
        Self(Arc::new(AtomicU64::new(1_800_000_000)))
    }

    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0.load(Ordering::Relaxed))
    }

    fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }

    async fn sandbox(&self) -> Sandbox {
        let watch = self.clone();
        Sandbox::builder()
            .clock(move || watch.now())
            .start()
            .await
            .unwrap()
    }
}

struct Keys {
    access: &'static str,
    secret: &'static str,
    token: Option<&'static str>,
}

const GOOD: Keys = Keys {
    access: defaults::ACCESS_KEY,
    secret: defaults::SECRET_KEY,
    token: None,
};
const BAD: Keys = Keys {
    access: defaults::ACCESS_KEY,
    secret: "guess",
    token: None,
};
const TEMPORARY: Keys = Keys {
    access: defaults::TEMPORARY_ACCESS_KEY,
    secret: defaults::TEMPORARY_SECRET_KEY,
    token: Some(defaults::SECURITY_TOKEN),
};

/// The headers of a signed request.
fn signed(
    sandbox: &Sandbox,
    keys: &Keys,
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

fn records() -> String {
    format!("/v2/{PROJECT_ID}/desktops/{SINGLE_USER_DESKTOP}/detach-info")
}

async fn read(sandbox: &Sandbox, headers: HeaderMap) -> (StatusCode, String) {
    let url = format!("{}{}", sandbox.base_url(), records());
    let (status, body) = send(client().get(url).headers(headers)).await;
    (
        status,
        body["error_msg"].as_str().unwrap_or_default().to_owned(),
    )
}

async fn read_signed(sandbox: &Sandbox, keys: &Keys, time: SystemTime) -> (StatusCode, String) {
    read(
        sandbox,
        signed(sandbox, keys, "GET", &records(), "", "", time),
    )
    .await
}

#[tokio::test]
async fn a_valid_signature_gets_in_and_covers_the_body() {
    let watch = Watch::new();
    let sandbox = watch.sandbox().await;
    assert_eq!(
        read_signed(&sandbox, &GOOD, watch.now()).await.0,
        StatusCode::OK
    );
    let path = format!("/v2/{PROJECT_ID}/desktops/logoff");
    let url = format!("{}{path}", sandbox.base_url());
    let body = json!({ "desktop_ids": [SINGLE_USER_DESKTOP] }).to_string();
    for (signed_body, expected) in [
        (body.as_str(), StatusCode::OK),
        ("{}", StatusCode::UNAUTHORIZED),
    ] {
        let headers = signed(&sandbox, &GOOD, "POST", &path, "", signed_body, watch.now());
        let (status, _) = send(client().post(&url).headers(headers).body(body.clone())).await;
        assert_eq!(status, expected);
    }
}

#[tokio::test]
async fn a_declared_body_hash_must_be_that_of_the_body() {
    let watch = Watch::new();
    let sandbox = watch.sandbox().await;
    let path = format!("/v2/{PROJECT_ID}/desktops/logoff");
    // The signature is valid, for it covers the header instead of the body. The header does not tell the truth.
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
        AccessKey::new(GOOD.access).unwrap(),
        SecretKey::new(GOOD.secret).unwrap(),
    );
    headers.extend(sign(&request, &access, &secret, None, watch.now()));
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
async fn a_signature_is_good_for_fifteen_minutes_either_way() {
    let watch = Watch::new();
    let sandbox = watch.sandbox().await;
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    assert_eq!(
        read_signed(&sandbox, &GOOD, watch.now() - minutes(15))
            .await
            .0,
        StatusCode::OK
    );
    assert_eq!(
        read_signed(&sandbox, &GOOD, watch.now() + minutes(15))
            .await
            .0,
        StatusCode::OK
    );
    for time in [watch.now() - minutes(16), watch.now() + minutes(16)] {
        let (status, message) = read_signed(&sandbox, &GOOD, time).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(message.contains("signature expired"), "{message}");
    }
}

#[tokio::test]
async fn five_bad_signatures_in_a_row_lock_the_key_for_five_minutes() {
    let watch = Watch::new();
    let sandbox = watch.sandbox().await;
    // A good one in between starts the count again.
    for keys in [&BAD, &BAD, &BAD, &BAD, &GOOD, &BAD, &BAD, &BAD, &BAD] {
        read_signed(&sandbox, keys, watch.now()).await;
    }
    assert_eq!(
        read_signed(&sandbox, &GOOD, watch.now()).await.0,
        StatusCode::OK
    );
    for _ in 0..5 {
        let (_, message) = read_signed(&sandbox, &BAD, watch.now()).await;
        assert!(message.contains("verify aksk signature fail"), "{message}");
    }
    let (status, message) = read_signed(&sandbox, &GOOD, watch.now()).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(message.contains("locked"), "{message}");
    assert_eq!(
        read_signed(&sandbox, &TEMPORARY, watch.now()).await.0,
        StatusCode::OK,
        "another key is not locked"
    );
    watch.advance(299);
    assert_eq!(
        read_signed(&sandbox, &GOOD, watch.now()).await.0,
        StatusCode::UNAUTHORIZED
    );
    watch.advance(1);
    assert_eq!(
        read_signed(&sandbox, &GOOD, watch.now()).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_reset_unlocks_keys() {
    let watch = Watch::new();
    let sandbox = watch.sandbox().await;
    for _ in 0..5 {
        read_signed(&sandbox, &BAD, watch.now()).await;
    }
    assert_eq!(
        read_signed(&sandbox, &GOOD, watch.now()).await.0,
        StatusCode::UNAUTHORIZED
    );
    sandbox.reset();
    assert_eq!(
        read_signed(&sandbox, &GOOD, watch.now()).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_temporary_key_needs_its_security_token() {
    let watch = Watch::new();
    let sandbox = watch.sandbox().await;
    assert_eq!(
        read_signed(&sandbox, &TEMPORARY, watch.now()).await.0,
        StatusCode::OK
    );
    for token in [None, Some("another")] {
        let keys = Keys { token, ..TEMPORARY };
        assert_eq!(
            read_signed(&sandbox, &keys, watch.now()).await.0,
            StatusCode::UNAUTHORIZED
        );
    }
    let keys = Keys {
        token: Some("superfluous"),
        ..GOOD
    };
    assert_eq!(
        read_signed(&sandbox, &keys, watch.now()).await.0,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn malformed_authorization_says_what_is_wrong() {
    let watch = Watch::new();
    let sandbox = watch.sandbox().await;
    let good = signed(&sandbox, &GOOD, "GET", &records(), "", "", watch.now());
    let with = |name: &'static str, value: Option<&str>| {
        let mut headers = good.clone();
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
            "access key is unknown",
        ),
    ] {
        let (status, message) = read(&sandbox, headers).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(message.contains(expected), "{message}");
    }
}

#[tokio::test]
async fn denied_actions_are_refused_with_an_encoded_reason() {
    let sandbox = Sandbox::builder()
        .change_seed(|seed| {
            seed.deny.push("workspace:desktops:logoff".into());
            seed.credentials.tokens.push(Token {
                token: "reader".into(),
                deny: vec!["workspace:desktops:batch*".into()],
                ..Token::default()
            });
        })
        .start()
        .await
        .unwrap();
    let (status, body) = post(
        &sandbox,
        "/desktops/logoff",
        json!({ "desktop_ids": [MULTI_USER_DESKTOP] }),
    )
    .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(
        body["encoded_authorization_message"]
            .as_str()
            .is_some_and(|message| !message.is_empty()),
        "{body}"
    );
    assert_eq!(
        get(
            &sandbox,
            &format!("/desktops/{MULTI_USER_DESKTOP}/detach-info")
        )
        .await
        .0,
        StatusCode::OK
    );
    let body =
        json!({ "desktops": [{ "desktop_id": MULTI_USER_DESKTOP, "is_detach_all_users": true }] });
    let url = format!(
        "{}/v2/{PROJECT_ID}/desktops/batch-detach",
        sandbox.base_url()
    );
    let (status, _) = send(
        client()
            .post(url)
            .header("X-Auth-Token", "reader")
            .json(&body),
    )
    .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(
        sandbox.projects()[0].desktops[1].bound.len(),
        4,
        "nothing was carried out"
    );
}

async fn log_in(sandbox: &Sandbox, password: &str, project: &str) -> reqwest::Response {
    let body = json!({ "auth": {
        "identity": { "methods": ["password"], "password": { "user": {
            "name": defaults::LOGIN_USER, "password": password, "domain": { "name": defaults::LOGIN_DOMAIN },
        } } },
        "scope": { "project": { "name": project } },
    } });
    let url = format!("{}/v3/auth/tokens?nocatalog=true", sandbox.base_url());
    client().post(url).json(&body).send().await.unwrap()
}

#[tokio::test]
async fn a_password_gives_a_token_for_one_project_and_a_day() {
    let watch = Watch::new();
    let (sandbox, other) = (watch.sandbox().await, "other-project");
    let response = log_in(&sandbox, defaults::LOGIN_PASSWORD, defaults::PROJECT_NAME).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    assert!(response.headers().contains_key("x-iam-trace-id"));
    let token = response.headers()["x-subject-token"].clone();
    let headers = || HeaderMap::from_iter([("x-auth-token".parse().unwrap(), token.clone())]);
    assert_eq!(read(&sandbox, headers()).await.0, StatusCode::OK);
    let url = format!("{}/v2/{other}/desktops/x/detach-info", sandbox.base_url());
    let (status, body) = send(client().get(url).headers(headers())).await;
    assert_eq!(
        (status, &body["error_code"]),
        (StatusCode::FORBIDDEN, &json!("APIGW.0302"))
    );
    watch.advance(24 * 60 * 60);
    let url = format!("{}{}", sandbox.base_url(), records());
    let (status, body) = send(client().get(url).headers(headers())).await;
    assert_eq!(
        (status, &body["error_code"]),
        (StatusCode::UNAUTHORIZED, &json!("APIGW.0307"))
    );
}

#[tokio::test]
async fn iam_refuses_in_its_own_shape_and_the_journal_has_no_password() {
    let sandbox = Sandbox::start().await.unwrap();
    let response = log_in(&sandbox, "wrong", defaults::PROJECT_NAME).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert!(!response.headers().contains_key("x-subject-token"));
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"]["code"], 401);
    assert_eq!(
        log_in(&sandbox, defaults::LOGIN_PASSWORD, "nowhere")
            .await
            .status(),
        StatusCode::NOT_FOUND
    );
    let url = format!("{}/v3/auth/tokens", sandbox.base_url());
    let (status, body) = send(client().post(url).body("{}")).await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (StatusCode::BAD_REQUEST, &json!(400))
    );
    assert_eq!(sandbox.requests().len(), 3);
    assert!(
        sandbox
            .requests()
            .iter()
            .all(|request| request.body.is_empty())
    );
}

#[tokio::test]
async fn a_signed_request_finds_the_project_of_a_region() {
    let watch = Watch::new();
    let sandbox = watch.sandbox().await;
    for (query, found) in [("name=ap-southeast-1", 1), ("name=elsewhere", 0), ("", 1)] {
        let headers = signed(
            &sandbox,
            &GOOD,
            "GET",
            "/v3/projects",
            query,
            "",
            watch.now(),
        );
        let (status, body) = send(
            client()
                .get(format!("{}/v3/projects?{query}", sandbox.base_url()))
                .headers(headers),
        )
        .await;
        assert_eq!(status, StatusCode::OK);
        let projects = body["projects"].as_array().unwrap();
        assert_eq!(projects.len(), found);
        assert!(projects.iter().all(|project| project["id"] == PROJECT_ID));
    }
    let (status, _) = send(client().get(format!("{}/v3/projects", sandbox.base_url()))).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn server_metadata_gives_a_temporary_key() {
    let sandbox = Sandbox::start().await.unwrap();
    let at = |path: &str| format!("{}{path}", sandbox.base_url());
    let ask = client()
        .put(at("/meta-data/latest/api/token"))
        .header("X-Metadata-Token-Ttl-Seconds", "21600");
    let token = ask.send().await.unwrap().text().await.unwrap();
    let ask = client().request(Method::GET, at("/openstack/latest/securitykey"));
    let (status, body) = send(ask.try_clone().unwrap().header("X-Metadata-Token", token)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body["credential"]["access"], defaults::TEMPORARY_ACCESS_KEY);
    assert_eq!(
        body["credential"]["securitytoken"],
        defaults::SECURITY_TOKEN
    );
    assert_eq!(send(ask).await.0, StatusCode::UNAUTHORIZED);
}
