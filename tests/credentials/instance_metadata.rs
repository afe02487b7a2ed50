//! The metadata service of an ECS instance.

use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use tokio::time::{Instant, timeout};
use workspace_api::credentials::{Credentials, Error, InstanceMetadata, ProvideCredentials};

use crate::server::{Answer, Server};
use crate::{AK, SK, shown};

pub fn security_key(expires_at: &str) -> String {
    format!(
        r#"{{"credential":{{"access":"{AK}","secret":"{SK}","securitytoken":"TOKEN","expires_at":"{expires_at}","x":1}}}}"#
    )
}

#[tokio::test]
async fn keys_are_asked_for_in_a_session() {
    let server = Server::start(
        |request| match (request.method.as_str(), request.path.as_str()) {
            ("PUT", "/meta-data/latest/api/token") => Answer::Is(200, vec![], "SESSION".to_owned()),
            ("GET", "/openstack/latest/securitykey") => {
                Answer::json(200, security_key("2026-11-22T03:04:05.678000Z"))
            }
            _ => Answer::Is(500, vec![], String::new()),
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

/// The test before once more, in a process whose environment names a proxy where nothing listens.
#[test]
fn no_request_goes_through_a_proxy() {
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "metadata::keys_are_asked_for_in_a_session"]);
    again
        .env("HTTP_PROXY", "http://127.0.0.1:9")
        .env("http_proxy", "http://127.0.0.1:9");
    again.env_remove("NO_PROXY").env_remove("no_proxy");
    let output = again.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains("1 passed"),
        "{printed}"
    );
}

#[tokio::test]
async fn a_service_without_sessions_is_asked_without() {
    for status in [404, 405, 503] {
        let server = Server::start(move |request| match request.method.as_str() {
            "PUT" => Answer::Is(status, vec![], String::new()),
            _ => Answer::json(200, security_key("2026-11-22T03:04:05Z")),
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

#[tokio::test]
async fn what_is_not_the_documented_answer_is_an_error_without_its_content() {
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
            "PUT" => Answer::Is(200, vec![], "SESSION".to_owned()),
            _ => Answer::Is(
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
        let shown = format!("{} {error:?}", shown(&error));
        assert!(
            matches!(error, Error::Request { .. }) && shown.contains(expected),
            "{expected} is missing in: {shown}"
        );
        assert!(
            !shown.contains(SK) && !shown.contains("TOKEN") && !shown.contains("SESSION"),
            "{shown}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_service_is_given_up_after_3_seconds() {
    let server = Server::start(|_| Answer::Silence).await;
    let start = Instant::now();
    let metadata = InstanceMetadata::at(&server.url);
    let answer = timeout(Duration::from_secs(60), metadata.provide()).await;
    let error = answer.expect("it is given up").unwrap_err();
    let waited = start.elapsed();
    assert!(
        waited >= Duration::from_secs(3) && waited < Duration::from_secs(4),
        "{waited:?}"
    );
    assert!(
        shown(&error).contains("no answer in time"),
        "{}",
        shown(&error)
    );
}
