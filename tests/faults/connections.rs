//! Connections that fail, are not trusted, redirect elsewhere or end too early.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use workspace_api::ErrorKind::{Conflict, Connect, Timeout, UnexpectedStatus};
use workspace_api::config::Environment;
use workspace_api::{Client, ConnectionProblem, RetryPolicy};

use crate::Call::{Detach, Read};
use crate::fault_matrix::throttled;
use crate::server::{self, PROJECT, Server, Step, json, response};
use crate::{builder, client, ok, perform};

#[tokio::test]
async fn a_refused_connection_sends_nothing() {
    let server = Server::respond_with("").await;
    let client = server
        .builder()
        .endpoint("http://127.0.0.1:9")
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    for call in [Read, Detach] {
        let error = perform(&client, call).await.unwrap_err();
        assert_eq!(error.kind(), Connect, "{error:?}");
        assert!(!error.may_have_been_processed());
    }
}

#[tokio::test]
async fn a_failed_connection_is_retried() {
    // Every connection is closed before TLS is established, so no request can have been sent.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("https://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    let server = Server::respond_with("").await;
    let client = builder(&server).endpoint(endpoint).build().unwrap();
    for (call, attempts) in [(Read, 3), (Detach, 6)] {
        let error = perform(&client, call).await.unwrap_err();
        assert_eq!(error.kind(), Connect, "{error:?}");
        assert_eq!(connections.load(Ordering::Relaxed), attempts);
    }
}

#[tokio::test]
async fn a_stopped_run_does_not_connect_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("https://{}", listener.local_addr().unwrap());
    let server = Server::respond_with("").await;
    let minute = Duration::from_secs(60);
    let client = builder(&server)
        .endpoint(endpoint)
        .retry(RetryPolicy::default().delays(minute, minute))
        .build()
        .unwrap();
    let desktops = client.desktops().batch_size(1);
    let mut outcomes = desktops
        .log_off_in_batches(["desktop-1", "desktop-2"], None)
        .await
        .unwrap();
    let stop = outcomes.stop_handle();
    let stopped = async {
        drop(listener.accept().await.unwrap());
        stop.stop();
    };
    let both = async { tokio::join!(outcomes.next(), stopped).0.unwrap() };
    let first = tokio::time::timeout(minute / 2, both).await.unwrap();
    let error = first.desktops[0].outcome.error().unwrap();
    assert_eq!(error.kind(), Connect, "{error:?}");
    let second = outcomes.next().await.unwrap();
    assert_eq!(second.not_sent().count(), 1, "{second:?}");
    assert!(outcomes.next().await.is_none());
}

/// Returns the memory of this process in bytes; 0 where the system does not report it.
fn memory() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident = pages.split(' ').nth(1).and_then(|pages| pages.parse().ok());
    resident.unwrap_or(0) * 4096
}

#[tokio::test]
async fn a_flood_of_interim_responses_ends_at_the_timeout() {
    for interim in [
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
    ] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let flood = interim.repeat(1_000);
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                // Before a request, a response would be unexpected.
                let _ = connection.read(&mut [0; 1_000]).await;
                // Until the client closes the connection.
                while connection.write_all(flood.as_bytes()).await.is_ok() {}
            }
        });
        let server = Server::respond_with("").await;
        let client = builder(&server)
            .endpoint(endpoint)
            .timeout(Duration::from_millis(700))
            .retry(RetryPolicy::never())
            .build()
            .unwrap();
        for call in [Read, Detach] {
            let (started, before) = (Instant::now(), memory());
            let error = perform(&client, call).await.unwrap_err();
            assert_eq!(error.kind(), Timeout, "{error:?}");
            assert!(error.may_have_been_processed());
            assert!(started.elapsed() < Duration::from_secs(10));
            assert!(memory() < before + (16 << 20), "{before}, {}", memory());
        }
    }
}

/// Returns a client with these endpoints, as the vendor's variable has them.
fn with_endpoints(endpoints: &str) -> Client {
    let variables = [
        ("HW_REGION_NAME", "xx-1"),
        ("HUAWEICLOUD_SDK_REGION_WORKSPACE_XX_1", endpoints),
    ];
    let retry = RetryPolicy::default().attempts(2);
    Client::builder()
        .environment(Environment::from_iter(variables))
        .project_id(PROJECT)
        .access_key("AK", "SK")
        .retry(retry.delays(Duration::ZERO, Duration::ZERO))
        .no_proxy()
        .build()
        .unwrap()
}

#[tokio::test]
async fn the_next_endpoint_is_used_when_one_cannot_be_reached() {
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let not_tls = format!("https://{}", plain.local_addr().unwrap());
    tokio::spawn(async move { while plain.accept().await.is_ok() {} });
    let server = Server::start([ok()]).await;
    let host = server.url.replace("http://", "");
    for first in ["http://127.0.0.1:9", &not_tls] {
        let client = with_endpoints(&format!("{first}/a , {}/b/", server.url));
        for call in [Read, Detach] {
            perform(&client, call).await.unwrap();
            let request = server.requests().pop().unwrap();
            let (line, _) = request.split_once('\n').unwrap();
            let path = line.split(' ').nth(1).unwrap();
            assert!(
                path.starts_with(&format!("/b/v2/{PROJECT}/desktops/")),
                "{line}"
            );
            assert!(request.contains(&format!("host: {host}\r\n")), "{request}");
        }
        let path = format!("/v2/{PROJECT}/desktops?limit=1");
        let raw = client.request(reqwest::Method::GET, &path, None).await;
        raw.unwrap();
        let request = server.requests().pop().unwrap();
        assert!(request.starts_with(&format!("GET /b{path} ")), "{request}");
    }
}

#[tokio::test]
async fn no_endpoint_is_tried_after_a_request_was_sent() {
    let other = Server::start([ok()]).await;
    for script in [vec![Step::Close], vec![Step::Send(json("503 U", "", "{}"))]] {
        let server = Server::start([script]).await;
        let client = with_endpoints(&format!("{},{}", server.url, other.url));
        for call in [Read, Detach] {
            perform(&client, call).await.unwrap_err();
        }
    }
    assert!(other.requests().is_empty());
    let client = with_endpoints("http://127.0.0.1:9,http://127.0.0.1:10");
    let error = perform(&client, Detach).await.unwrap_err();
    let message = error.message().unwrap();
    assert_eq!(
        message,
        "none of the 2 endpoints can be reached; no request was sent"
    );
    assert!(!error.may_have_been_processed());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = Server::respond_with(json("200 OK", "", "{}")).await;
    for status in [
        "301 Moved",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let location = format!("location: {}/elsewhere\r\nX-Request-Id: rid\r\n", other.url);
        for call in [Read, Detach] {
            let server = Server::respond_with(response(status, &location, "")).await;
            let error = perform(&client(&server), call).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.request_id()),
                (UnexpectedStatus, Some("rid"))
            );
            assert!(error.to_string().contains(&other.url), "{error}");
            assert_eq!(server.requests().len(), 1);
        }
    }
    assert_eq!(other.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn retry_after_is_obeyed() {
    let server = Server::start([throttled("Retry-After: 1\r\n"), ok()]).await;
    let started = std::time::Instant::now();
    perform(&client(&server), Read).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.requests().len(), 2);
}

/// The total time of the call is much shorter than the timeout of an attempt. What was received
/// before it ran out is part of the error.
#[tokio::test]
async fn the_total_time_ends_a_call_in_flight() {
    let out_of_time = "no success within 500ms; the service may still have processed the request";
    let head =
        |status| format!("HTTP/1.1 {status} X\r\nX-Request-Id: rid\r\ncontent-length: 9\r\n\r\n{{");
    let body_stalls = |status| vec![Step::Send(head(status).into_bytes()), Step::Stall];
    for (script, kind, status, message) in [
        (vec![Step::Stall], Timeout, None, out_of_time),
        (body_stalls(200), Timeout, Some(200), out_of_time),
        (body_stalls(409), Conflict, Some(409), "{"),
    ] {
        for call in [Read, Detach] {
            let server = Server::start([script.clone()]).await;
            let retry = RetryPolicy::default().total_time(Duration::from_millis(500));
            let client = server.client().with_retry(retry);
            let error = perform(&client, call).await.unwrap_err();
            let found = error.status().map(|status| status.as_u16());
            assert_eq!((error.kind(), found), (kind, status), "{call:?}: {error}");
            assert_eq!(error.message(), Some(message));
            assert_eq!(error.request_id(), status.map(|_| "rid"));
            assert!(error.operation().is_some());
            // Half a body does not prove that the service rejected the request.
            assert!(error.may_have_been_processed());
            assert_eq!(server.requests().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_closed_idle_connection_does_not_fail_a_post() {
    let closing = vec![Step::Send(json("200 OK", "", "{}")), Step::Close];
    let server = Server::start([closing]).await;
    let client = client(&server);
    for _ in 0..5 {
        perform(&client, Detach).await.unwrap();
        // Until the client has noticed that the server closed the connection.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.requests().len(), 5);
}

#[tokio::test]
async fn the_client_works_after_a_dropped_call() {
    let server = Server::start([vec![Step::Stall], ok()]).await;
    let client = client(&server);
    let dropped = tokio::time::timeout(Duration::from_millis(50), perform(&client, Detach)).await;
    assert!(dropped.is_err());
    perform(&client, Detach).await.unwrap();
    assert_eq!(server.requests().len(), 2);
}

/// Starts a server with a self-signed certificate; returns its URL and the certificate.
async fn tls_server() -> (String, Vec<u8>) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio_rustls::rustls::ServerConfig;
    use tokio_rustls::rustls::pki_types::PrivateKeyDer;

    let certified = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let _ = stream.read(&mut [0; 4096]).await;
                    let _ = stream
                        .write_all(&json("200 OK", "connection: close\r\n", "{}"))
                        .await;
                    let _ = stream.shutdown().await;
                }
            });
        }
    });
    (url, certified.cert.der().to_vec())
}

#[tokio::test]
async fn an_untrusted_certificate_is_rejected() {
    let (url, certificate) = tls_server().await;
    let builder = || {
        Client::builder()
            .endpoint(&url)
            .project_id(server::PROJECT)
            .token(server::TOKEN)
            .no_proxy()
            .retry(RetryPolicy::never())
    };
    let error = perform(&builder().build().unwrap(), Detach)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Connect, "{error:?}");
    let trusting =
        builder().root_certificate(reqwest::Certificate::from_der(&certificate).unwrap());
    perform(&trusting.build().unwrap(), Detach).await.unwrap();
}

#[tokio::test]
async fn tls_to_a_plain_http_server_sends_nothing() {
    let server = Server::respond_with(json("200 OK", "", "{}")).await;
    let endpoint = server.url.replace("http:", "https:");
    let client = server
        .builder()
        .endpoint(endpoint)
        .retry(RetryPolicy::never())
        .connect_timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    let error = perform(&client, Detach).await.unwrap_err();
    assert_eq!(error.kind(), Connect, "{error:?}");
    assert_eq!(server.requests(), Vec::<String>::new());
}

/// Starts a server that responds as soon as it receives any bytes.
async fn respond_at_once(response: &'static str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(response.as_bytes()).await;
        }
    });
    url
}

#[tokio::test]
async fn the_problem_of_a_connection_is_named() {
    let (tls, _) = tls_server().await;
    let plain = respond_at_once("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
    for (endpoint, problem, text) in [
        (
            tls.clone(),
            ConnectionProblem::InvalidCertificate,
            "certificate was rejected",
        ),
        (
            tls.replace("https", "http"),
            ConnectionProblem::NotHttp,
            "expected TLS",
        ),
        (
            format!("https://{plain}"),
            ConnectionProblem::NotTls,
            "does not speak TLS",
        ),
        (
            "https://workspace.invalid".to_owned(),
            ConnectionProblem::UnknownHost,
            "host is unknown",
        ),
        (
            "http://127.0.0.1:9".to_owned(),
            ConnectionProblem::Refused,
            "connection failed",
        ),
    ] {
        let client = Client::builder()
            .endpoint(&endpoint)
            .project_id(server::PROJECT)
            .token(server::TOKEN)
            .no_proxy()
            .retry(RetryPolicy::never())
            .build()
            .unwrap();
        let error = perform(&client, Read).await.unwrap_err();
        assert_eq!(
            error.connection_problem(),
            Some(problem),
            "{endpoint}: {error:?}"
        );
        assert!(error.to_string().contains(text), "{endpoint}: {error}");
    }
}
