//! Credentials that expire, are rejected, are signed with a skewed clock or are missing.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use futures::StreamExt;
use workspace_api::ErrorKind::{self, Unauthorized};
use workspace_api::config::Environment;
use workspace_api::credentials::{
    Clock, Credentials, CredentialsFuture, InstanceMetadata, ProvideCredentials,
};
use workspace_api::{Client, RetryPolicy};

use crate::Call::{Detach, Read};
use crate::server::{self, Script, Server, json};
use crate::{builder, client, html, ok, perform, send};

/// Provides the keys AK1, AK2 and so on, each valid for a minute of this clock.
struct Keys {
    clock: Clock,
    provided: AtomicU32,
}

impl ProvideCredentials for Keys {
    fn provide(&self) -> CredentialsFuture<'_> {
        let number = self.provided.fetch_add(1, Ordering::Relaxed) + 1;
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
async fn keys_that_expire_between_attempts_are_refreshed() {
    // Each reading of the clock is half a minute later.
    let readings = AtomicU32::new(0);
    let clock = Clock::new(move || {
        let reading = readings.fetch_add(1, Ordering::Relaxed);
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000 + u64::from(reading) * 30)
    });
    let keys = Keys {
        clock: clock.clone(),
        provided: AtomicU32::new(0),
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
async fn credentials_rejected_as_expired_are_renewed_once() {
    let keys = || Keys {
        clock: Clock::default(),
        provided: AtomicU32::new(0),
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
    let renewing = builder(&server).credentials(keys()).build().unwrap();
    assert_eq!(
        perform(&renewing, Detach).await.unwrap_err().kind(),
        Unauthorized
    );
    assert_eq!(server.requests().len(), 2);

    // An explicit token cannot be renewed.
    let server = Server::start([expired(), ok()]).await;
    assert_eq!(
        perform(&client(&server), Detach).await.unwrap_err().kind(),
        Unauthorized
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_401_reports_clock_skew() {
    let unauthorized = json(
        "401 Unauthorized",
        "Date: Fri, 01 Jan 2027 00:00:00 GMT\r\n",
        "{}",
    );
    let server = Server::respond_with(unauthorized).await;
    for (seconds, expected) in [
        (-1_000_i32, "16 minutes behind"),
        (1_000, "16 minutes ahead of"),
        (800, "401 Unauthorized: {}"),
    ] {
        let now = httpdate::parse_http_date("Fri, 01 Jan 2027 00:00:00 GMT").unwrap();
        let skew = Duration::from_secs(u64::from(seconds.unsigned_abs()));
        let now = if seconds < 0 { now - skew } else { now + skew };
        let client = builder(&server)
            .clock(Clock::new(move || now))
            .build()
            .unwrap();
        let error = perform(&client, Read).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let server = Server::respond_with(json("200 OK", "", "{}")).await;
    let unreachable = InstanceMetadata::at("http://127.0.0.1:9");
    let client = Client::builder()
        .endpoint(&server.url)
        .project_id(server::PROJECT)
        .environment([("HOME", "/nonexistent")].into_iter().collect())
        .metadata(unreachable)
        .no_proxy()
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = perform(&client, Detach).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    let text = error.to_string().replace('\\', "/");
    for source in [
        "HUAWEICLOUD_SDK_AK",
        "HW_AUTH_TOKEN",
        "/nonexistent/.huaweicloud/credentials",
        "127.0.0.1:9",
    ] {
        assert!(text.contains(source), "{text}");
    }
    assert_eq!(server.requests(), Vec::<String>::new());
}

/// A provider that never returns.
struct Pending;

impl ProvideCredentials for Pending {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn nothing_is_sent_if_the_provider_times_out() {
    let server = Server::respond_with(json("200 OK", "", "{}")).await;
    let client = builder(&server).credentials(Pending).build().unwrap();
    let client = client.with_retry(RetryPolicy::never().total_time(Duration::from_millis(50)));
    let error = perform(&client, Detach).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn bulk_reads_stop_when_iam_rejects_the_keys() {
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
    let ids = (0..100).map(|n| format!("d{n}"));
    let results: Vec<_> = client.desktops().detach_infos(ids).stream().collect().await;
    assert_eq!(
        (results.len(), server.requests().len()),
        (1, 1),
        "{results:?}"
    );
}

#[tokio::test]
async fn every_response_to_an_expired_token_renews_it() {
    let cases = [
        (r#"{"error_code":"APIG.0307","error_msg":"x"}"#, 2),
        (
            r#"{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: decrypt token fail"}"#,
            2,
        ),
        (
            r#"{"error_code":"APIGW.0301","error_msg":"verify aksk signature fail"}"#,
            1,
        ),
    ];
    for (body, requests) in cases {
        let server = Server::start([send(json("401 Unauthorized", "", body)), ok()]).await;
        let keys = Keys {
            clock: Clock::default(),
            provided: AtomicU32::new(0),
        };
        let client = builder(&server).credentials(keys).build().unwrap();
        let result = perform(&client, Detach).await;
        assert_eq!(result.is_ok(), requests == 2, "{body}");
        assert_eq!(server.requests().len(), requests, "{body}");
    }
}

#[tokio::test]
async fn a_rejected_token_is_never_sent_again() {
    // A token that was passed explicitly, and one of the environment.
    let server = Server::start([expired()]).await;
    let explicit = client(&server);
    let environment = [("HW_AUTH_TOKEN", "a-token-that-expired")];
    let found = Client::builder()
        .endpoint(&server.url)
        .project_id(server::PROJECT)
        .environment(environment.into_iter().collect())
        .no_proxy()
        .build()
        .unwrap();
    for client in [explicit, found] {
        let before = server.requests().len();
        let first = perform(&client, Detach).await.unwrap_err();
        assert_eq!(first.kind(), Unauthorized);
        for _ in 0..2 {
            let next = perform(&client, Read).await.unwrap_err();
            assert_eq!(next.kind(), ErrorKind::Credentials);
            assert!(
                next.to_string().contains("rejected the credentials"),
                "{next}"
            );
        }
        let raw = client.request(reqwest::Method::GET, "/v2/x", None).await;
        assert_eq!(raw.unwrap_err().kind(), ErrorKind::Credentials);
        assert_eq!(server.requests().len(), before + 1);
    }
}

#[tokio::test]
async fn a_token_that_is_replaced_in_the_environment_is_used() {
    let server = Server::start([expired(), ok()]).await;
    let token = Arc::new(Mutex::new("the-first-token".to_owned()));
    let current = Arc::clone(&token);
    let environment = Environment::new(move |name| match name {
        "HW_AUTH_TOKEN" => Some(current.lock().unwrap().clone().into()),
        _ => None,
    });
    let client = Client::builder()
        .endpoint(&server.url)
        .project_id(server::PROJECT)
        .environment(environment)
        .no_proxy()
        .build()
        .unwrap();
    assert!(perform(&client, Read).await.is_err());
    "the-second-token".clone_into(&mut token.lock().unwrap());
    perform(&client, Read).await.unwrap();
    assert!(server.requests()[1].contains("the-second-token"));
}

#[tokio::test]
async fn a_raw_request_and_the_lookup_of_the_project_renew_the_token_too() {
    let keys = || Keys {
        clock: Clock::default(),
        provided: AtomicU32::new(0),
    };
    let server = Server::start([expired(), ok()]).await;
    let client = builder(&server).credentials(keys()).build().unwrap();
    let response = client.request(reqwest::Method::GET, "/v2/x", None).await;
    assert_eq!(response.unwrap().status(), 200);
    assert_eq!(server.requests().len(), 2);

    let rejected = send(json("401 Unauthorized", "", r#"{"error":{"code":401}}"#));
    let project = send(json("200 OK", "", r#"{"projects":[{"id":"p7"}]}"#));
    let server = Server::start([rejected, project]).await;
    let client = Client::builder()
        .endpoint(&server.url)
        .iam_endpoint(&server.url)
        .region("ap-southeast-1")
        .environment([("HOME", "/nonexistent")].into_iter().collect())
        .credentials(Tokens::default())
        .no_proxy()
        .build()
        .unwrap();
    let id = client.desktops().project_id().await.unwrap();
    assert_eq!(id.to_string(), "p7");
    assert_eq!(server.requests().len(), 2);
}

/// Provides another user token each time.
#[derive(Default)]
struct Tokens(AtomicU32);

impl ProvideCredentials for Tokens {
    fn provide(&self) -> CredentialsFuture<'_> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let token = Credentials::user_token(format!("token-number-{number}"));
        Box::pin(async { Ok(token.unwrap()) })
    }
}
