//! Concurrent reads: stopped by the first 401, slowed down by throttling, valid with every
//! argument.

use std::time::Duration;

use futures::StreamExt;
use workspace_api::config::Environment;
use workspace_api::types::DesktopDetachInfo;
use workspace_api::{Client, ClientBuilder, ErrorKind, Result, RetryPolicy};
use workspace_api_sandbox::{Sandbox, defaults};

use crate::server::{PROJECT, Server, json};
use crate::{client, html, ok, send};

async fn read(
    client: &Client,
    ids: impl Iterator<Item = String> + Send,
    concurrency: usize,
) -> Vec<(String, Result<Vec<DesktopDetachInfo>>)> {
    let reads = client.desktops().detach_infos(ids);
    reads.concurrency(concurrency).stream().collect().await
}

#[tokio::test]
async fn reads_stop_at_the_first_401() {
    let server = Server::start([ok(), send(json("401 Unauthorized", "", "{}"))]).await;
    let client = client(&server);
    let ids = (0..1_000).map(|n| format!("d{n}"));
    let results = read(&client, ids, 4).await;
    let unauthorized = results.iter().filter(|(_, result)| result.is_err()).count();
    assert!((1..=4).contains(&unauthorized), "{unauthorized}");
    assert_eq!(results.len(), 1 + unauthorized);
    assert!(server.requests().len() <= 5, "{}", server.requests().len());
}

#[tokio::test]
async fn the_first_read_is_sent_alone() {
    let server = Server::start([send(json("401 Unauthorized", "", "{}"))]).await;
    let client = client(&server);
    let ids = (0..1_000).map(|n| format!("d{n}"));
    let results = read(&client, ids, 32).await;
    assert_eq!((results.len(), server.requests().len()), (1, 1));
}

#[tokio::test]
async fn reads_stop_after_a_failed_connection_that_all_share() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let plain = Server::start([ok()]).await;
    let proxy = Server::start([send(json("407 Proxy Authentication Required", "", ""))]).await;
    let of_proxy = format!("http://user:wrong@{}", proxy.url.replace("http://", ""));
    let through_proxy = |builder: ClientBuilder| {
        builder
            .endpoint("https://workspace.example.com")
            .proxy(&*of_proxy)
    };
    let base = || {
        Client::builder().project_id(PROJECT).token("t").retry(
            RetryPolicy::default()
                .attempts(2)
                .delays(Duration::ZERO, Duration::ZERO),
        )
    };
    for (builder, kind) in [
        (
            base().endpoint(format!("http://{address}")),
            ErrorKind::Connect,
        ),
        (through_proxy(base()), ErrorKind::Connect),
        // No project, and no region to look it up in.
        (
            Client::builder()
                .environment(Environment::new(|_| None))
                .endpoint(&plain.url)
                .token("t"),
            ErrorKind::Configuration,
        ),
    ] {
        let ids = (0..100).map(|n| format!("d{n}"));
        let results = read(&builder.build().unwrap(), ids, 8).await;
        assert_eq!(results.len(), 1);
        assert_eq!(results[0].1.as_ref().unwrap_err().kind(), kind);
    }
    assert_eq!(
        proxy.requests().len(),
        1,
        "each login is one nearer to a lock"
    );
}

#[tokio::test]
async fn reads_stop_after_three_equal_errors_in_a_row() {
    let server = Server::start([ok(), html("500 Internal Server Error")]).await;
    let client = client(&server);
    let ids = (0..1_000).map(|n| format!("d{n}"));
    let results = read(&client, ids, 8).await;
    // Those in flight at the same time count as one.
    assert!(
        (4..=1 + 3 * 8).contains(&results.len()),
        "{}",
        results.len()
    );

    let missing = r#"{"error_code":"WKS.0202"}"#;
    let server = Server::start([send(json("404 Not Found", "", missing))]).await;
    let ids = (0..50).map(|n| format!("d{n}"));
    assert_eq!(read(&server.client(), ids, 8).await.len(), 50);
}

#[tokio::test]
async fn throttled_reads_succeed() {
    let sandbox = Sandbox::builder()
        .rate_limit("10/s".parse().unwrap())
        .start()
        .await
        .unwrap();
    let client = Client::builder()
        .endpoint(sandbox.base_url())
        .project_id(defaults::PROJECT_ID)
        .token(defaults::TOKEN)
        .no_proxy()
        .build()
        .unwrap();
    let ids = (0..25).map(|_| defaults::SINGLE_USER_DESKTOP.parse().unwrap());
    let results = read(&client, ids, 32).await;
    assert_eq!(
        results.iter().filter(|(_, result)| result.is_ok()).count(),
        25
    );
    assert!(
        sandbox
            .requests()
            .iter()
            .any(|request| request.status == Some(429)),
        "nothing was throttled"
    );
}

#[tokio::test]
async fn no_argument_panics() {
    let server = Server::start([ok()]).await;
    let client = client(&server);
    for (requests, rate) in [
        (usize::MAX, f64::MAX),
        (0, f64::NAN),
        (1, -1.0),
        (1, f64::INFINITY),
        (1, 1e-300),
    ] {
        let ids = ["d"];
        let reads = client
            .desktops()
            .detach_infos(ids)
            .concurrency(requests)
            .rate(rate);
        assert_eq!(reads.stream().collect::<Vec<_>>().await.len(), 1);
    }
}

/// Ids that cannot be those of a desktop are reported and not sent, and the first read is still
/// sent alone.
#[tokio::test]
async fn an_invalid_id_is_reported_under_the_text_that_was_passed() {
    let server = Server::start([send(json("401 Unauthorized", "", "{}"))]).await;
    let client = client(&server);
    let ids = ["..", "a/b"].into_iter().map(str::to_owned);
    let ids = ids.chain((0..100).map(|n| format!("d{n}")));
    let results = read(&client, ids, 8).await;
    let kinds: Vec<_> = results
        .iter()
        .map(|(id, records)| (id.as_str(), records.as_ref().unwrap_err().kind()))
        .collect();
    assert_eq!(
        kinds,
        [
            ("..", ErrorKind::InvalidInput),
            ("a/b", ErrorKind::InvalidInput),
            ("d0", ErrorKind::Unauthorized),
        ]
    );
    assert_eq!(server.requests().len(), 1);
}
