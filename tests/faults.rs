//! What a bad day does to a call, one row for each fault: what the error is, how many requests reached the server, and
//! that a request which may have been processed is never sent again.

#![allow(clippy::unwrap_used)]

mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use futures::{StreamExt, stream};
use server::{DESKTOP, Script, Server, Step, answer, json};
use workspace_api::credentials::{Clock, Credentials, Metadata, ProvideCredentials, Providing};
use workspace_api::types::DetachInstancesDesktopInfo;
use workspace_api::{Client, ClientBuilder, Error, ErrorKind, Outcome, Retry};

use workspace_sandbox::{Sandbox, defaults};

use Call::{Detach, Read};
use ErrorKind::{
    BadRequest, Connect, Forbidden, Interrupted, InvalidResponse, Server as ServerError, Timeout,
    TooManyRequests, Unauthorized, UnexpectedStatus,
};

/// A GET may be sent again; a POST only if it cannot have been processed.
#[derive(Clone, Copy, Debug)]
enum Call {
    Read,
    Detach,
}

struct Row {
    fault: &'static str,
    call: Call,
    scripts: Vec<Script>,
    /// Kind, status and request id of the error; none for a success.
    error: Option<(ErrorKind, Option<u16>, Option<&'static str>)>,
    requests: usize,
}

fn row(
    fault: &'static str,
    call: Call,
    scripts: impl Into<Vec<Script>>,
    error: Option<(ErrorKind, Option<u16>, Option<&'static str>)>,
    requests: usize,
) -> Row {
    Row {
        fault,
        call,
        scripts: scripts.into(),
        error,
        requests,
    }
}

fn send(bytes: Vec<u8>) -> Script {
    vec![Step::Send(bytes)]
}

fn ok() -> Script {
    send(json("200 OK", "X-Request-Id: rid\r\n", "{}"))
}

/// An answer that breaks off after `bytes`.
fn then(bytes: &str, end: Step) -> Script {
    vec![Step::Send(bytes.as_bytes().to_vec()), end]
}

fn throttled(headers: &str) -> Script {
    send(json(
        "429 Too Many Requests",
        headers,
        r#"{"error_code":"APIGW.0308","request_id":"r"}"#,
    ))
}

fn html(status: &str) -> Script {
    send(answer(
        status,
        "content-type: text/html\r\nX-Request-Id: rid\r\n",
        "<h1>Bad day</h1>",
    ))
}

const HALF_HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-le";
const HALF_BODY: &str =
    "HTTP/1.1 200 OK\r\nX-Request-Id: rid\r\ncontent-length: 100\r\n\r\n{\"desktop";
const HALF_CHUNK: &str =
    "HTTP/1.1 200 OK\r\nX-Request-Id: rid\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{\"desktop";

fn rows() -> Vec<Row> {
    let past = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH);
    let far = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(86_400));
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(5_000));
    let chunked_large = format!(
        "HTTP/1.1 200 OK\r\nX-Request-Id: rid\r\ntransfer-encoding: chunked\r\n\r\n1388\r\n{}\r\n0\r\n\r\n",
        "x".repeat(5_000)
    );
    let unauthorized = || {
        send(json(
            "401 Unauthorized",
            "",
            r#"{"error_code":"APIGW.0301","request_id":"r"}"#,
        ))
    };
    let forbidden = || {
        send(json(
            "403 Forbidden",
            "X-Request-Id: rid\r\n",
            r#"{"encoded_authorization_message":"XvVh"}"#,
        ))
    };
    vec![
        row(
            "reset before the request",
            Read,
            [vec![Step::Refuse], ok()],
            None,
            1,
        ),
        row(
            "reset before every request",
            Read,
            [vec![Step::Refuse]],
            Some((Interrupted, None, None)),
            0,
        ),
        row(
            "reset before the request",
            Detach,
            [vec![Step::Refuse], ok()],
            Some((Interrupted, None, None)),
            0,
        ),
        row(
            "reset after the request",
            Read,
            [vec![Step::Reset], ok()],
            None,
            2,
        ),
        row(
            "reset after every request",
            Read,
            [vec![Step::Reset]],
            Some((Interrupted, None, None)),
            3,
        ),
        row(
            "reset after the request",
            Detach,
            [vec![Step::Reset], ok()],
            Some((Interrupted, None, None)),
            1,
        ),
        row(
            "closed after the request",
            Read,
            [vec![Step::Close], ok()],
            None,
            2,
        ),
        row(
            "closed after the request",
            Detach,
            [vec![Step::Close], ok()],
            Some((Interrupted, None, None)),
            1,
        ),
        row(
            "closed within the head",
            Read,
            [then(HALF_HEAD, Step::Close)],
            Some((Interrupted, None, None)),
            3,
        ),
        row(
            "closed within the head",
            Detach,
            [then(HALF_HEAD, Step::Close)],
            Some((Interrupted, None, None)),
            1,
        ),
        row(
            "reset within the body",
            Read,
            [then(HALF_BODY, Step::Reset), ok()],
            None,
            2,
        ),
        row(
            "reset within the body",
            Detach,
            [then(HALF_BODY, Step::Reset)],
            Some((Interrupted, Some(200), Some("rid"))),
            1,
        ),
        row(
            "closed within the body",
            Detach,
            [then(HALF_BODY, Step::Close)],
            Some((Interrupted, Some(200), Some("rid"))),
            1,
        ),
        row(
            "closed within a chunk",
            Read,
            [then(HALF_CHUNK, Step::Close)],
            Some((Interrupted, Some(200), Some("rid"))),
            3,
        ),
        row(
            "a head that stalls",
            Read,
            [then(HALF_HEAD, Step::Stall), ok()],
            None,
            2,
        ),
        row(
            "a head that stalls",
            Detach,
            [then(HALF_HEAD, Step::Stall)],
            Some((Timeout, None, None)),
            1,
        ),
        row(
            "a body that stalls",
            Read,
            [then(HALF_BODY, Step::Stall)],
            Some((Timeout, Some(200), Some("rid"))),
            3,
        ),
        row(
            "a body that stalls",
            Detach,
            [then(HALF_BODY, Step::Stall)],
            Some((Timeout, Some(200), Some("rid"))),
            1,
        ),
        row(
            "no answer at all",
            Detach,
            [vec![Step::Stall]],
            Some((Timeout, None, None)),
            1,
        ),
        row(
            "a slow drip",
            Detach,
            [vec![Step::Drip(
                json("200 OK", "", "{}"),
                Duration::from_millis(50),
            )]],
            Some((Timeout, None, None)),
            1,
        ),
        row(
            "garbage",
            Read,
            [then("SSH-2.0-OpenSSH_9.6\r\n\r\n", Step::Close)],
            Some((Interrupted, None, None)),
            3,
        ),
        row(
            "garbage",
            Detach,
            [then("SSH-2.0-OpenSSH_9.6\r\n\r\n", Step::Close)],
            Some((Interrupted, None, None)),
            1,
        ),
        row(
            "truncated JSON",
            Detach,
            [send(json(
                "200 OK",
                "X-Request-Id: rid\r\n",
                r#"{"job_id":"#,
            ))],
            Some((InvalidResponse, Some(200), Some("rid"))),
            1,
        ),
        row(
            "HTML for a success",
            Detach,
            [html("200 OK")],
            Some((InvalidResponse, Some(200), Some("rid"))),
            1,
        ),
        row(
            "a success without a body",
            Detach,
            [send(answer("204 No Content", "", ""))],
            Some((InvalidResponse, Some(204), None)),
            1,
        ),
        row(
            "JSON of an unusual content type",
            Read,
            [send(answer("200 OK", "content-type: text/plain\r\n", "{}"))],
            None,
            1,
        ),
        row(
            "an HTML 502",
            Read,
            [html("502 Bad Gateway"), ok()],
            None,
            2,
        ),
        row(
            "nothing but HTML 502",
            Read,
            [html("502 Bad Gateway")],
            Some((ServerError, Some(502), Some("rid"))),
            3,
        ),
        row(
            "an HTML 502",
            Detach,
            [html("502 Bad Gateway"), ok()],
            Some((ServerError, Some(502), Some("rid"))),
            1,
        ),
        row(
            "an empty 503",
            Read,
            [send(answer("503 Service Unavailable", "", ""))],
            Some((ServerError, Some(503), None)),
            3,
        ),
        row(
            "an empty 503",
            Detach,
            [
                send(answer("503 Service Unavailable", "Retry-After: 0\r\n", "")),
                ok(),
            ],
            Some((ServerError, Some(503), None)),
            1,
        ),
        row("a 504", Read, [html("504 Gateway Timeout"), ok()], None, 2),
        row(
            "a 500",
            Read,
            [html("500 Internal Server Error"), ok()],
            Some((ServerError, Some(500), Some("rid"))),
            1,
        ),
        row(
            "429 without Retry-After",
            Read,
            [throttled(""), ok()],
            None,
            2,
        ),
        row(
            "429 without Retry-After",
            Detach,
            [throttled(""), ok()],
            None,
            2,
        ),
        row(
            "nothing but 429",
            Detach,
            [throttled("")],
            Some((TooManyRequests, Some(429), Some("r"))),
            3,
        ),
        row(
            "429 with seconds",
            Detach,
            [throttled("Retry-After: 0\r\n"), ok()],
            None,
            2,
        ),
        row(
            "429 with a date",
            Detach,
            [throttled(&format!("Retry-After: {past}\r\n")), ok()],
            None,
            2,
        ),
        row(
            "429 with more seconds than there is time",
            Detach,
            [throttled("Retry-After: 3600\r\n"), ok()],
            Some((TooManyRequests, Some(429), Some("r"))),
            1,
        ),
        row(
            "429 with more seconds than there are",
            Detach,
            [throttled("Retry-After: 18446744073709551615\r\n"), ok()],
            Some((TooManyRequests, Some(429), Some("r"))),
            1,
        ),
        row(
            "429 with a date that is too late",
            Read,
            [throttled(&format!("Retry-After: {far}\r\n")), ok()],
            Some((TooManyRequests, Some(429), Some("r"))),
            1,
        ),
        row(
            "429 with garbage",
            Read,
            [throttled("Retry-After: soon\r\n"), ok()],
            None,
            2,
        ),
        row(
            "401",
            Read,
            [unauthorized(), ok()],
            Some((Unauthorized, Some(401), Some("r"))),
            1,
        ),
        row(
            "401",
            Detach,
            [unauthorized(), ok()],
            Some((Unauthorized, Some(401), Some("r"))),
            1,
        ),
        row(
            "403 with an encoded message",
            Detach,
            [forbidden(), ok()],
            Some((Forbidden, Some(403), Some("rid"))),
            1,
        ),
        row(
            "408",
            Read,
            [html("408 Request Timeout"), ok()],
            Some((BadRequest, Some(408), Some("rid"))),
            1,
        ),
        row(
            "a status of its own",
            Read,
            [html("304 Not Modified")],
            Some((UnexpectedStatus, Some(304), Some("rid"))),
            1,
        ),
        row(
            "a status that no one knows",
            Detach,
            [html("999 What")],
            Some((UnexpectedStatus, Some(999), Some("rid"))),
            1,
        ),
        row(
            "a body that is too large",
            Read,
            [send(json("200 OK", "X-Request-Id: rid\r\n", &large))],
            Some((InvalidResponse, Some(200), Some("rid"))),
            1,
        ),
        row(
            "chunks that are too many",
            Detach,
            [send(chunked_large.into_bytes())],
            Some((InvalidResponse, Some(200), Some("rid"))),
            1,
        ),
    ]
}

fn client(server: &Server) -> Client {
    builder(server).build().unwrap()
}

fn builder(server: &Server) -> ClientBuilder {
    let retry = Retry::default()
        .attempts(3)
        .total_time(Duration::from_secs(20))
        .delays(Duration::from_millis(1), Duration::from_millis(5));
    server.builder().retry(retry).response_limit(4_000)
}

async fn perform(client: &Client, call: Call) -> Result<(), Error> {
    match call {
        Read => client.desktops().detach_info(DESKTOP).await.map(drop),
        Detach => {
            let desktop = DetachInstancesDesktopInfo::all_users(DESKTOP).unwrap();
            let outcome = client.desktops().detach([desktop]).await?;
            match &outcome.desktops[0].outcome {
                Outcome::Succeeded => Ok(()),
                Outcome::Failed(error) => {
                    assert!(!error.may_have_been_processed(), "{error}");
                    Err(error.clone())
                }
                Outcome::Unknown(error) => {
                    assert!(error.may_have_been_processed(), "{error}");
                    Err(error.clone())
                }
            }
        }
    }
}

/// A server that does what the row says, and a client for it. Making a client loads the system's certificates, which
/// takes too long to be done while others wait for an answer.
async fn prepared(row: Row) -> (Row, Server, Client) {
    let silent = |step: &Step| matches!(step, Step::Stall | Step::Drip(..));
    let is_silent = row.scripts.iter().flatten().any(silent);
    let server = Server::start(row.scripts.clone()).await;
    let mut builder = builder(&server);
    if is_silent {
        builder = builder
            .read_timeout(Duration::from_secs(1))
            .timeout(Duration::from_secs(2));
    }
    let client = builder.build().unwrap();
    (row, server, client)
}

async fn check((row, server, client): (Row, Server, Client)) {
    let Row {
        fault,
        call,
        error,
        requests,
        ..
    } = row;
    let name = format!("{call:?}: {fault}");
    let result = perform(&client, call).await;
    let found = result.as_ref().err().map(|found| {
        (
            found.kind(),
            found.status().map(|status| status.as_u16()),
            found.request_id().map(str::to_owned),
        )
    });
    let expected =
        error.map(|(kind, status, request_id)| (kind, status, request_id.map(str::to_owned)));
    assert_eq!(found, expected, "{name}: {result:?}");
    assert_eq!(server.requests().len(), requests, "{name}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_told_as_what_it_is() {
    let prepared: Vec<_> = stream::iter(rows()).then(prepared).collect().await;
    assert!(prepared.len() >= 30);
    let checks: Vec<_> = prepared
        .into_iter()
        .map(|row| tokio::spawn(check(row)))
        .collect();
    let results = futures::future::join_all(checks).await;
    let failures = results.iter().filter(|result| result.is_err()).count();
    assert_eq!(failures, 0, "rows that failed; their messages are above");
}

#[tokio::test]
async fn a_refused_connection_sends_nothing() {
    let server = Server::answering("").await;
    let client = server
        .builder()
        .endpoint("http://127.0.0.1:9")
        .retry(Retry::never())
        .build()
        .unwrap();
    for call in [Read, Detach] {
        let error = perform(&client, call).await.unwrap_err();
        assert_eq!(error.kind(), Connect, "{error:?}");
        assert!(!error.may_have_been_processed());
    }
}

#[tokio::test]
async fn a_connection_that_cannot_be_made_is_tried_again() {
    // Every connection is closed before TLS is set up, so no request can have been sent.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("https://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    let server = Server::answering("").await;
    let client = builder(&server).endpoint(endpoint).build().unwrap();
    for (call, attempts) in [(Read, 3), (Detach, 6)] {
        let error = perform(&client, call).await.unwrap_err();
        assert_eq!(error.kind(), Connect, "{error:?}");
        assert_eq!(connections.load(Ordering::Relaxed), attempts);
    }
}

#[tokio::test]
async fn credentials_do_not_follow_a_redirect() {
    let other = Server::answering(json("200 OK", "", "{}")).await;
    for status in [
        "301 Moved",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let location = format!("location: {}/elsewhere\r\nX-Request-Id: rid\r\n", other.url);
        for call in [Read, Detach] {
            let server = Server::answering(answer(status, &location, "")).await;
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

#[tokio::test]
async fn the_total_time_ends_a_call_that_is_under_way() {
    let server = Server::start([vec![Step::Stall]]).await;
    let client = server
        .client()
        .with_retry(Retry::default().total_time(Duration::from_millis(100)));
    let error = perform(&client, Detach).await.unwrap_err();
    assert_eq!(error.kind(), Timeout, "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_connection_that_closes_while_idle_costs_a_post_nothing() {
    let closing = vec![Step::Send(json("200 OK", "", "{}")), Step::Close];
    let server = Server::start([closing]).await;
    let client = client(&server);
    for _ in 0..5 {
        perform(&client, Detach).await.unwrap();
        // Lets the client see that the server has closed.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.requests().len(), 5);
}

#[tokio::test]
async fn a_dropped_call_leaves_the_client_in_order() {
    let server = Server::start([vec![Step::Stall], ok()]).await;
    let client = client(&server);
    let dropped = tokio::time::timeout(Duration::from_millis(50), perform(&client, Detach)).await;
    assert!(dropped.is_err());
    perform(&client, Detach).await.unwrap();
    assert_eq!(server.requests().len(), 2);
}

/// A server with a certificate of its own, and that certificate.
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
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let (url, certificate) = tls_server().await;
    let builder = || {
        Client::builder()
            .endpoint(&url)
            .project_id(server::PROJECT)
            .token(server::TOKEN)
            .no_proxy()
            .retry(Retry::never())
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
async fn tls_to_a_server_that_speaks_plain_http_sends_nothing() {
    let server = Server::answering(json("200 OK", "", "{}")).await;
    let endpoint = server.url.replace("http:", "https:");
    let client = server
        .builder()
        .endpoint(endpoint)
        .retry(Retry::never())
        .connect_timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    let error = perform(&client, Detach).await.unwrap_err();
    assert_eq!(error.kind(), Connect, "{error:?}");
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn many_reads_stop_at_the_first_401() {
    let server = Server::start([ok(), send(json("401 Unauthorized", "", "{}"))]).await;
    let client = client(&server);
    let ids = (0..1_000).map(|n| format!("d{n}").parse().unwrap());
    let results: Vec<_> = client
        .desktops()
        .detach_infos(ids)
        .concurrency(4)
        .stream()
        .collect()
        .await;
    let unauthorized = results.iter().filter(|(_, result)| result.is_err()).count();
    assert!((1..=4).contains(&unauthorized), "{unauthorized}");
    assert_eq!(results.len(), 1 + unauthorized);
    assert!(server.requests().len() <= 5, "{}", server.requests().len());
}

#[tokio::test]
async fn the_first_of_many_reads_goes_alone() {
    let server = Server::start([send(json("401 Unauthorized", "", "{}"))]).await;
    let client = client(&server);
    let ids = (0..1_000).map(|n| format!("d{n}").parse().unwrap());
    let results: Vec<_> = client
        .desktops()
        .detach_infos(ids)
        .concurrency(32)
        .stream()
        .collect()
        .await;
    assert_eq!((results.len(), server.requests().len()), (1, 1));
}

#[tokio::test]
async fn many_reads_survive_throttling() {
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
    let results: Vec<_> = client
        .desktops()
        .detach_infos(ids)
        .concurrency(32)
        .stream()
        .collect()
        .await;
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

/// Gives the keys AK1, AK2 and so on, each good for a minute of this clock.
struct Keys {
    clock: Clock,
    given: AtomicU32,
}

impl ProvideCredentials for Keys {
    fn provide(&self) -> Providing<'_> {
        let number = self.given.fetch_add(1, Ordering::Relaxed) + 1;
        let keys = Credentials::temporary(
            format!("AK{number}"),
            "a-secret-key",
            format!("token{number}"),
        )
        .unwrap();
        let keys = keys.expiring_at(self.clock.now() + Duration::from_secs(60));
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
    let nowhere = Metadata::at("http://127.0.0.1:9");
    let client = Client::builder()
        .endpoint(&server.url)
        .project_id(server::PROJECT)
        .environment([("HOME", "/nonexistent")].into_iter().collect())
        .metadata(nowhere)
        .no_proxy()
        .retry(Retry::never())
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
