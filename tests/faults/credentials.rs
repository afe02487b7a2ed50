//! Credentials that expire, are refused, are made by a wrong clock or are not there.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use futures::StreamExt;
use workspace_api::ErrorKind::{self, Unauthorized};
use workspace_api::credentials::{
    Clock, Credentials, CredentialsFuture, InstanceMetadata, ProvideCredentials,
};
use workspace_api::{Client, RetryPolicy};

use crate::Call::{Detach, Read};
use crate::server::{self, Script, Server, json};
use crate::{builder, client, html, ok, perform, send};

/// Gives the keys AK1, AK2 and so on, each good for a minute of this clock.
struct Keys {
    clock: Clock,
    given: AtomicU32,
}

impl ProvideCredentials for Keys {
    fn provide(&self) -> CredentialsFuture<'_> {
        let number = self.given.fetch_add(1, Ordering::Relaxed) + 1;
        let keys = Credentials::temporary(
            format!("AK{number}"),
            "a-secret-key",
            format!("token{number}"),
        )
        .unwrap();
        let keys = keys.with_expiry(self.clock.now() + Duration::from_secs(60));
        Box::pin(async { Ok(keys) })
    }
}

#[tokio::test]
async fn keys_that_expire_between_attempts_are_replaced() {
    // Each look at the clock is half a minute later.
    let looks = AtomicU32::new(0);
    let clock = Clock::new(move || {
        let looks = looks.fetch_add(1, Ordering::Relaxed);
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000 + u64::from(looks) * 30)
    });
    let keys = Keys {
        clock: clock.clone(),
        given: AtomicU32::new(0),
    };
    let server = Server::start([html("503 Service Unavailable"), ok()]).await;
    let client = builder(&server)
        .clock(clock)
        .credentials(keys)
        .build()
        .unwrap();
    perform(&client, Read).await.unwrap();
    let requests = server.requests();
    let line = |request: &str, name: &str| {
        let line = request.lines().find(|line| line.starts_with(name));
        line.unwrap_or_else(|| panic!("no {name} in {request}"))
            .to_owned()
    };
    assert_eq!(requests.len(), 2);
    assert!(
        line(&requests[0], "authorization").contains("Access=AK1,"),
        "{}",
        requests[0]
    );
    assert!(
        !line(&requests[1], "authorization").contains("Access=AK1,"),
        "{}",
        requests[1]
    );
    assert_ne!(
        line(&requests[0], "x-sdk-date"),
        line(&requests[1], "x-sdk-date")
    );
    assert_ne!(
        line(&requests[0], "x-security-token"),
        line(&requests[1], "x-security-token")
    );
    assert_eq!(
        line(&requests[1], "x-project-id"),
        format!("x-project-id: {}", server::PROJECT)
    );
}

fn expired() -> Script {
    send(json(
        "401 Unauthorized",
        "",
        r#"{"error_code":"APIGW.0307","request_id":"r"}"#,
    ))
}

#[tokio::test]
async fn a_token_that_the_service_calls_expired_is_renewed_once() {
    let keys = || Keys {
        clock: Clock::default(),
        given: AtomicU32::new(0),
    };
    let server = Server::start([expired(), ok()]).await;
    perform(
        &builder(&server).credentials(keys()).build().unwrap(),
        Detach,
    )
    .await
    .unwrap();
    assert_eq!(server.requests().len(), 2);

    let server = Server::start([expired()]).await;
    let newer = builder(&server).credentials(keys()).build().unwrap();
    assert_eq!(
        perform(&newer, Detach).await.unwrap_err().kind(),
        Unauthorized
    );
    assert_eq!(server.requests().len(), 2);

    // Nothing newer can be had for a token that was given by hand.
    let server = Server::start([expired(), ok()]).await;
    assert_eq!(
        perform(&client(&server), Detach).await.unwrap_err().kind(),
        Unauthorized
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_401_with_another_date_points_at_the_clock() {
    let answer = json(
        "401 Unauthorized",
        "Date: Fri, 01 Jan 2027 00:00:00 GMT\r\n",
        "{}",
    );
    let server = Server::answering(answer).await;
    for (seconds, says) in [
        (-1_000, "16 minutes behind"),
        (1_000, "16 minutes ahead of"),
        (800, "401 Unauthorized: {}"),
    ] {
        let now = httpdate::parse_http_date("Fri, 01 Jan 2027 00:00:00 GMT").unwrap();
        let now = if seconds < 0 {
            now - Duration::from_secs(1_000)
        } else {
            now + Duration::from_secs(seconds as u64)
        };
        let client = builder(&server)
            .clock(Clock::new(move || now))
            .build()
            .unwrap();
        let error = perform(&client, Read).await.unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let server = Server::answering(json("200 OK", "", "{}")).await;
    let nowhere = InstanceMetadata::at("http://127.0.0.1:9");
    let client = Client::builder()
        .endpoint(&server.url)
        .project_id(server::PROJECT)
        .environment([("HOME", "/nonexistent")].into_iter().collect())
        .metadata(nowhere)
        .no_proxy()
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = perform(&client, Detach).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    for place in [
        "HUAWEICLOUD_SDK_AK",
        "HW_AUTH_TOKEN",
        "/nonexistent/.huaweicloud/credentials",
        "127.0.0.1:9",
    ] {
        assert!(error.to_string().contains(place), "{error}");
    }
    assert_eq!(server.requests(), Vec::<String>::new());
}

/// Never gives any.
struct Silence;

impl ProvideCredentials for Silence {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn credentials_that_do_not_come_leave_nothing_open() {
    let server = Server::answering(json("200 OK", "", "{}")).await;
    let client = builder(&server).credentials(Silence).build().unwrap();
    let hurried = client.with_retry(RetryPolicy::never().total_time(Duration::from_millis(50)));
    let error = perform(&hurried, Detach).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn many_reads_stop_when_iam_refuses_the_keys() {
    let server = Server::start([send(json("401 Unauthorized", "", "{}"))]).await;
    let client = Client::builder()
        .endpoint(&server.url)
        .iam_endpoint(&server.url)
        .region("ap-southeast-1")
        .environment([("HOME", "/nonexistent")].into_iter().collect())
        .access_key("AN-ACCESS-KEY", "a-secret-key")
        .no_proxy()
        .build()
        .unwrap();
    let ids = (0..100).map(|n| format!("d{n}").parse().unwrap());
    let results: Vec<_> = client.desktops().detach_infos(ids).stream().collect().await;
    assert_eq!(
        (results.len(), server.requests().len()),
        (1, 1),
        "{results:?}"
    );
}
