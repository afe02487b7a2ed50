//! The temporary keys of an ECS instance, from its metadata service.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use tokio::time::{Instant, timeout};
use workspace_api::credentials::{Credentials, Error, InstanceMetadata, ProvideCredentials};

use crate::server::{ScriptedResponse, Server};
use crate::{AK, SK, with_causes};

pub fn security_key(expires_at: &str) -> String {
    format!(
        r#"{{"credential":{{"access":"{AK}","secret":"{SK}","securitytoken":"TOKEN","expires_at":"{expires_at}","x":1}}}}"#
    )
}

#[tokio::test]
async fn keys_are_requested_in_a_session() {
    let server = Server::start(
        |request| match (request.method.as_str(), request.path.as_str()) {
            ("PUT", "/meta-data/latest/api/token") => {
                ScriptedResponse::Complete(200, vec![], "SESSION".to_owned())
            }
            ("GET", "/openstack/latest/securitykey") => {
                ScriptedResponse::json(200, security_key("2026-11-22T03:04:05.678000Z"))
            }
            _ => ScriptedResponse::empty(500),
        },
    )
    .await;
    let keys = InstanceMetadata::at(&server.url).provide().await.unwrap();
    let expires_at = UNIX_EPOCH + Duration::from_millis(1_795_316_645_678);
    assert!(
        keys == Credentials::temporary(AK, SK, "TOKEN")
            .unwrap()
            .with_expiry(expires_at),
        "{keys}"
    );
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].headers["x-metadata-token-ttl-seconds"], "21600");
    assert_eq!(received[1].headers["x-metadata-token"], "SESSION");
}

/// Runs the test above in a process whose environment has a proxy that does not listen.
#[test]
fn no_request_uses_a_proxy() {
    let mut rerun = Command::new(std::env::current_exe().unwrap());
    rerun.args([
        "--exact",
        "instance_metadata::keys_are_requested_in_a_session",
    ]);
    rerun
        .env("HTTP_PROXY", "http://127.0.0.1:9")
        .env("http_proxy", "http://127.0.0.1:9");
    rerun.env_remove("NO_PROXY").env_remove("no_proxy");
    let output = rerun.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains("1 passed"),
        "{printed}"
    );
}

#[tokio::test]
async fn a_service_without_sessions_is_used_without_one() {
    for status in [404, 405, 503] {
        let server = Server::start(move |request| match request.method.as_str() {
            "PUT" => ScriptedResponse::empty(status),
            _ => ScriptedResponse::json(200, security_key("2026-11-22T03:04:05Z")),
        })
        .await;
        assert!(
            InstanceMetadata::at(&server.url).provide().await.is_ok(),
            "{status}"
        );
        assert!(
            !server.received()[1]
                .headers
                .contains_key("x-metadata-token")
        );
    }
}

/// A server whose first responses have these statuses; then it has sessions and a key.
async fn hiccups(statuses: &'static [(&'static str, u16)]) -> Server {
    let number = AtomicUsize::new(0);
    Server::start(move |request| {
        let next = number.fetch_add(1, Ordering::Relaxed);
        match (statuses.get(next), request.method.as_str()) {
            (Some((method, status)), _) => {
                assert_eq!(*method, request.method);
                ScriptedResponse::json(*status, "{}")
            }
            (None, "PUT") => ScriptedResponse::Complete(200, vec![], format!("SESSION{next}")),
            (None, _) => ScriptedResponse::json(200, security_key("2026-11-22T03:04:05Z")),
        }
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn a_service_that_hiccups_is_asked_again() {
    let cases: [&'static [(&str, u16)]; 4] = [
        &[("PUT", 500)],
        &[("PUT", 502), ("PUT", 429)],
        // 404 means that there are no sessions.
        &[("PUT", 404), ("GET", 503)],
        &[("PUT", 404), ("GET", 500), ("GET", 500)],
    ];
    for statuses in cases {
        let server = hiccups(statuses).await;
        let keys = InstanceMetadata::at(&server.url).provide().await;
        assert!(keys.is_ok(), "{statuses:?}: {keys:?}");
    }
    let server = hiccups(&[("PUT", 404), ("GET", 500), ("GET", 500), ("GET", 500)]).await;
    assert!(InstanceMetadata::at(&server.url).provide().await.is_err());
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn a_session_that_has_ended_is_renewed_once() {
    for (ended, requests, succeeds) in [(1, 4, true), (2, 4, false)] {
        let gets = AtomicUsize::new(0);
        let sessions = AtomicUsize::new(0);
        let server = Server::start(move |request| {
            if request.method == "PUT" {
                let number = sessions.fetch_add(1, Ordering::Relaxed);
                return ScriptedResponse::Complete(200, vec![], format!("SESSION{number}"));
            }
            let number = gets.fetch_add(1, Ordering::Relaxed);
            assert_eq!(
                request.headers["x-metadata-token"],
                format!("SESSION{number}")
            );
            if number < ended {
                return ScriptedResponse::empty(401);
            }
            ScriptedResponse::json(200, security_key("2026-11-22T03:04:05Z"))
        })
        .await;
        let keys = InstanceMetadata::at(&server.url).provide().await;
        assert_eq!(keys.is_ok(), succeeds, "{keys:?}");
        assert_eq!(server.received().len(), requests);
    }
    // An instance without an agency has no keys in another session either.
    let server = Server::start(|request| match request.method.as_str() {
        "PUT" => ScriptedResponse::Complete(200, vec![], "SESSION".to_owned()),
        _ => ScriptedResponse::json(
            401,
            r#"{"message":"Please configure Cloud Service Agency first"}"#,
        ),
    })
    .await;
    assert!(InstanceMetadata::at(&server.url).provide().await.is_err());
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn an_unexpected_response_is_an_error_without_its_content() {
    let key = security_key("2026-11-22T03:04:05Z");
    let cases = [
        (403, String::new(), "403 Forbidden"),
        (302, String::new(), "redirects"),
        (
            401,
            r#"{"message":"Please configure Cloud Service Agency first"}"#.to_owned(),
            "configure Cloud Service Agency",
        ),
        (200, String::new(), "it is not JSON"),
        (200, format!("<html>{SK}</html>"), "it is not JSON"),
        (200, key[..key.len() - 5].to_owned(), "it is not JSON"),
        (200, key.replace("access", "accesss"), "it lacks a field"),
        (
            200,
            key.replace(&format!("\"{SK}\""), "{\"TOKEN\":1}"),
            "it lacks a field or has one of another type",
        ),
        (200, security_key("tomorrow"), "`expires_at` is not a time"),
        (
            200,
            key.replace("TOKEN", "TO KEN"),
            "the security token contains white space",
        ),
        (
            200,
            format!("{key}{}", " ".repeat(1 << 20)),
            "larger than 1048576 bytes",
        ),
    ];
    for (status, body, expected) in cases {
        let server = Server::start(move |request| match request.method.as_str() {
            "PUT" => ScriptedResponse::Complete(200, vec![], "SESSION".to_owned()),
            _ => ScriptedResponse::Complete(
                status,
                vec![("Location", "http://127.0.0.1:9/".to_owned())],
                body.clone(),
            ),
        })
        .await;
        let error = InstanceMetadata::at(&server.url)
            .provide()
            .await
            .unwrap_err();
        let text = format!("{} {error:?}", with_causes(&error));
        assert!(
            matches!(error, Error::Request { .. }) && text.contains(expected),
            "{expected} is missing in: {text}"
        );
        assert!(
            !text.contains(SK) && !text.contains("TOKEN") && !text.contains("SESSION"),
            "{text}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_service_times_out_after_3_seconds() {
    let server = Server::start(|_| ScriptedResponse::Stalled).await;
    let start = Instant::now();
    let metadata = InstanceMetadata::at(&server.url);
    let result = timeout(Duration::from_secs(60), metadata.provide()).await;
    let error = result.expect("the request times out").unwrap_err();
    let elapsed = start.elapsed();
    assert!(
        elapsed >= Duration::from_secs(3) && elapsed < Duration::from_secs(4),
        "{elapsed:?}"
    );
    assert!(
        with_causes(&error).contains("timed out"),
        "{}",
        with_causes(&error)
    );
}
