//! User tokens of IAM by name and password.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokio::time::Instant;
use workspace_api::Secret;
use workspace_api::config::Endpoint;
use workspace_api::credentials::{
    CachedCredentials, Clock, Credentials, Error, IamClient, PasswordLogin, PasswordProvider,
};

use crate::server::{ScriptedResponse, Server};
use crate::{http, with_causes};

const NOW: SystemTime = UNIX_EPOCH;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub fn iam(server: &Server) -> IamClient {
    IamClient::new(http(), Endpoint::parse(&server.url, false).unwrap())
        .with_clock(Clock::new(|| NOW))
}

fn login() -> PasswordLogin {
    PasswordLogin::new(
        "account",
        "operator",
        Secret::new("pass\"word"),
        "ap-southeast-1",
    )
}

fn token(number: usize, expires_at: &str) -> ScriptedResponse {
    let body = json!({ "token": { "expires_at": expires_at, "project": { "id": "p" } } });
    ScriptedResponse::Complete(
        201,
        vec![("X-Subject-Token", format!("TOKEN-{number}"))],
        body.to_string(),
    )
}

#[tokio::test]
async fn a_login_returns_a_token() {
    let server = Server::start(|_| token(1, "1970-01-01T12:00:00.000000Z")).await;
    let credentials = iam(&server).token(&login()).await.unwrap();
    let expected = Credentials::user_token("TOKEN-1")
        .unwrap()
        .with_expiry(NOW + DAY / 2);
    assert!(credentials == expected, "{credentials}");
    let [request] = &server.received()[..] else {
        panic!("one request")
    };
    assert_eq!(
        (&*request.method, &*request.path, &*request.query),
        ("POST", "/v3/auth/tokens", "nocatalog=true")
    );
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let user =
        json!({ "name": "operator", "password": "pass\"word", "domain": { "name": "account" } });
    let identity = json!({ "methods": ["password"], "password": { "user": user } });
    let scope = json!({ "project": { "name": "ap-southeast-1" } });
    assert_eq!(
        body,
        json!({ "auth": { "identity": identity, "scope": scope } })
    );
}

#[tokio::test]
async fn a_token_without_a_valid_expiry_expires_after_a_day() {
    for body in ["", "<html>", r#"{"token":{"expires_at":"tomorrow"}}"#] {
        let headers = vec![("X-Subject-Token", "T".to_owned())];
        let server = Server::start(move |_| {
            ScriptedResponse::Complete(201, headers.clone(), body.to_owned())
        })
        .await;
        assert_eq!(
            iam(&server).token(&login()).await.unwrap().expires_at(),
            Some(NOW + DAY),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_rejected_login_is_not_repeated() {
    let body = r#"{"error":{"message":"The username or password is wrong: pass\"word {\"password\":\"pass\\\"word\"}","code":401,"title":"Unauthorized"}}"#;
    let unauthorized = |body: &str| {
        ScriptedResponse::Complete(
            401,
            vec![("X-IAM-Trace-Id", "trace-1".to_owned())],
            body.to_owned(),
        )
    };
    let server = Server::start(move |_| unauthorized(body)).await;
    let credentials = Arc::new(CachedCredentials::new(PasswordProvider::new(
        iam(&server),
        login(),
    )));
    let calls: Vec<_> = (0..50)
        .map(|_| {
            tokio::spawn({
                let c = credentials.clone();
                async move { c.get().await }
            })
        })
        .collect();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert!(error.is_rejected());
        let expected = format!(
            "the login of the user `operator` at {} failed: 401 Unauthorized: 401: The username or \
            password is wrong: [redacted] {{\"password\":\"[redacted]\"}} [request id trace-1]",
            server.url
        );
        assert_eq!(with_causes(&error), expected);
    }
    assert!(credentials.get().await.is_err());
    assert_eq!(server.received().len(), 1);
}

/// Time is paused, so the delays between attempts take no time.
#[tokio::test(start_paused = true)]
async fn a_temporary_failure_is_retried() {
    let failing = |failures: usize| {
        let count = AtomicUsize::new(0);
        Server::start(move |_| match count.fetch_add(1, Ordering::Relaxed) {
            number if number < failures => ScriptedResponse::empty(503),
            number => token(number, ""),
        })
    };
    let server = failing(2).await;
    assert!(iam(&server).token(&login()).await.is_ok());
    assert_eq!(server.received().len(), 3);
    let server = failing(3).await;
    assert!(
        !iam(&server)
            .token(&login())
            .await
            .unwrap_err()
            .is_rejected()
    );
    assert_eq!(server.received().len(), 3);
}

/// The error of a login with this response.
pub async fn failed_login(status: u16, headers: &[(&'static str, &str)]) -> Error {
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    let server =
        Server::start(move |_| ScriptedResponse::Complete(status, headers.clone(), String::new()))
            .await;
    let error = iam(&server).token(&login()).await.unwrap_err();
    assert_eq!(server.received().len(), 1);
    error
}

/// Time is paused, so the delays take no time but are counted.
#[tokio::test(start_paused = true)]
async fn retry_after_delays_the_next_attempt() {
    let date = |seconds| httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(seconds));
    for (status, after, delays) in [
        (429, "30".to_owned(), 30..=31),
        (503, "30".to_owned(), 30..=31),
        (429, date(60), 55..=60),
        (429, date(0), 0..=0),
    ] {
        let count = AtomicUsize::new(0);
        let server = Server::start({
            let after = after.clone();
            move |_| match count.fetch_add(1, Ordering::Relaxed) {
                0 => ScriptedResponse::Complete(
                    status,
                    vec![("Retry-After", after.clone())],
                    String::new(),
                ),
                _ => token(1, ""),
            }
        })
        .await;
        let started = Instant::now();
        iam(&server).token(&login()).await.unwrap();
        let delay = started.elapsed().as_secs();
        assert!(delays.contains(&delay), "{status}, {after}: {delay} s");
        assert_eq!(server.received().len(), 2);
    }
    for after in ["200", "18446744073709551615", &date(86_400)] {
        let started = Instant::now();
        let error = failed_login(429, &[("Retry-After", after)]).await;
        assert!(error.retry_after() > Some(Duration::from_secs(190)));
        assert_eq!(started.elapsed().as_secs(), 0, "{after}");
    }
}

#[tokio::test]
async fn a_response_without_a_valid_token_is_an_error() {
    let cases = [
        (201, None, "no header X-Subject-Token"),
        (201, Some("a b"), "white space"),
        (302, Some("T"), "redirects"),
    ];
    for (status, token, expected) in cases {
        let headers: Vec<_> = token
            .map(|token| ("X-Subject-Token", token.to_owned()))
            .into_iter()
            .collect();
        let server = Server::start(move |_| {
            ScriptedResponse::Complete(status, headers.clone(), "{}".to_owned())
        })
        .await;
        let error = iam(&server).token(&login()).await.unwrap_err();
        assert!(
            with_causes(&error).contains(expected),
            "{}",
            with_causes(&error)
        );
        assert_eq!(server.received().len(), 1);
    }
}

/// Calls whose token was rejected as expired share one renewal. Fixed credentials cannot be
/// renewed.
#[tokio::test]
async fn concurrent_callers_share_one_renewal() {
    let count = AtomicUsize::new(1);
    let server = Server::start(move |_| token(count.fetch_add(1, Ordering::Relaxed), "")).await;
    let iam = iam(&server);
    let clock = Clock::new(|| NOW);
    let provider = Arc::new(PasswordProvider::new(iam, login()));
    let credentials = Arc::new(CachedCredentials::with_clock(provider, clock));
    let first = credentials.get().await.unwrap();
    let calls: Vec<_> = (0..50)
        .map(|_| {
            tokio::spawn({
                let (c, first) = (credentials.clone(), first.clone());
                async move { c.renew(&first).await }
            })
        })
        .collect();
    let second = Credentials::user_token("TOKEN-2")
        .unwrap()
        .with_expiry(NOW + DAY);
    for call in calls {
        assert!(call.await.unwrap().unwrap().as_ref() == Some(&second));
    }
    assert_eq!(server.received().len(), 2);

    let fixed = CachedCredentials::new(first.clone().with_expiry(SystemTime::now() + DAY));
    let rejected = fixed.get().await.unwrap();
    assert!(fixed.renew(&rejected).await.unwrap().is_none());
}
