//! The faults that a script of the server can play, one row for each.

use std::time::{Duration, SystemTime};

use workspace_api::Client;
use workspace_api::ErrorKind::{
    self, ConnectionLost, Forbidden, InvalidResponse, NotFound, Server as ServerError, Timeout,
    TooManyRequests, Unauthorized, UnexpectedStatus,
};

use crate::Call::{self, Detach, Read};
use crate::server::{Script, Server, Step, json, response};
use crate::{builder, html, ok, perform, send};

struct Row {
    fault: &'static str,
    call: Call,
    scripts: Vec<Script>,
    /// Kind, status and request id of the error; `None` for a success.
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

/// Returns a script that sends a part of a response and then ends as `end` does.
fn truncated(bytes: &str, end: Step) -> Script {
    vec![Step::Send(bytes.as_bytes().to_vec()), end]
}

pub fn throttled(headers: &str) -> Script {
    send(json(
        "429 Too Many Requests",
        headers,
        r#"{"error_code":"APIGW.0308","request_id":"r"}"#,
    ))
}

fn windowed() -> Script {
    let body = r#"{"error_code":"APIGW.0308","error_msg":"policy user over ratelimit,limit:200,time:5 minute","request_id":"r"}"#;
    send(json("429 Too Many Requests", "", body))
}

const HALF_HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-le";
const HALF_BODY: &str =
    "HTTP/1.1 200 OK\r\nX-Request-Id: rid\r\ncontent-length: 100\r\n\r\n{\"desktop";
const HALF_CHUNK: &str =
    "HTTP/1.1 200 OK\r\nX-Request-Id: rid\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{\"desktop";

#[rustfmt::skip] // A row is a line.
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
        row("reset before the request", Read, [vec![Step::ResetUnread], ok()], None, 1),
        row("reset before every request", Read, [vec![Step::ResetUnread]], Some((ConnectionLost, None, None)), 0),
        row("reset before the request", Detach, [vec![Step::ResetUnread], ok()], Some((ConnectionLost, None, None)), 0),
        row("reset after the request", Read, [vec![Step::Reset], ok()], None, 2),
        row("reset after every request", Read, [vec![Step::Reset]], Some((ConnectionLost, None, None)), 3),
        row("reset after the request", Detach, [vec![Step::Reset], ok()], Some((ConnectionLost, None, None)), 1),
        row("closed after the request", Read, [vec![Step::Close], ok()], None, 2),
        row("closed after the request", Detach, [vec![Step::Close], ok()], Some((ConnectionLost, None, None)), 1),
        row("closed within the head", Read, [truncated(HALF_HEAD, Step::Close)], Some((ConnectionLost, None, None)), 3),
        row("closed within the head", Detach, [truncated(HALF_HEAD, Step::Close)], Some((ConnectionLost, None, None)), 1),
        row("reset within the body", Read, [truncated(HALF_BODY, Step::Reset), ok()], None, 2),
        row("reset within the body", Detach, [truncated(HALF_BODY, Step::Reset)], Some((ConnectionLost, Some(200), Some("rid"))), 1),
        row("closed within the body", Detach, [truncated(HALF_BODY, Step::Close)], Some((ConnectionLost, Some(200), Some("rid"))), 1),
        row("closed within a chunk", Read, [truncated(HALF_CHUNK, Step::Close)], Some((ConnectionLost, Some(200), Some("rid"))), 3),
        row("a head that stalls", Read, [truncated(HALF_HEAD, Step::Stall), ok()], None, 2),
        row("a head that stalls", Detach, [truncated(HALF_HEAD, Step::Stall)], Some((Timeout, None, None)), 1),
        row("a body that stalls", Read, [truncated(HALF_BODY, Step::Stall)], Some((Timeout, Some(200), Some("rid"))), 3),
        row("a body that stalls", Detach, [truncated(HALF_BODY, Step::Stall)], Some((Timeout, Some(200), Some("rid"))), 1),
        row("no response", Detach, [vec![Step::Stall]], Some((Timeout, None, None)), 1),
        row("a slow drip", Detach, [vec![Step::Drip(json("200 OK", "", "{}"), Duration::from_millis(50))]], Some((Timeout, None, None)), 1),
        row("not HTTP", Read, [truncated("SSH-2.0-OpenSSH_9.6\r\n\r\n", Step::Close)], Some((ConnectionLost, None, None)), 3),
        row("not HTTP", Detach, [truncated("SSH-2.0-OpenSSH_9.6\r\n\r\n", Step::Close)], Some((ConnectionLost, None, None)), 1),
        row("truncated JSON", Detach, [send(json("200 OK", "X-Request-Id: rid\r\n", r#"{"job_id":"#))], Some((InvalidResponse, Some(200), Some("rid"))), 1),
        row("HTML in a success", Detach, [html("200 OK")], Some((InvalidResponse, Some(200), Some("rid"))), 1),
        row("a success without a body", Detach, [send(response("204 No Content", "", ""))], Some((InvalidResponse, Some(204), None)), 1),
        row("JSON of an unusual content type", Read, [send(response("200 OK", "content-type: text/plain\r\n", "{}"))], None, 1),
        row("an HTML 502", Read, [html("502 Bad Gateway"), ok()], None, 2),
        row("an HTML 502 to every request", Read, [html("502 Bad Gateway")], Some((ServerError, Some(502), Some("rid"))), 3),
        row("an HTML 502", Detach, [html("502 Bad Gateway"), ok()], Some((ServerError, Some(502), Some("rid"))), 1),
        row("an empty 503", Read, [send(response("503 Service Unavailable", "", ""))], Some((ServerError, Some(503), None)), 3),
        row("an empty 503", Detach, [send(response("503 Service Unavailable", "Retry-After: 0\r\n", "")), ok()], Some((ServerError, Some(503), None)), 1),
        row("a 504", Read, [html("504 Gateway Timeout"), ok()], None, 2),
        row("a 500", Read, [html("500 Internal Server Error"), ok()], Some((ServerError, Some(500), Some("rid"))), 1),
        row("429 without Retry-After", Read, [throttled(""), ok()], None, 2),
        row("429 without Retry-After", Detach, [throttled(""), ok()], None, 2),
        row("429 with a window beyond the total time", Detach, [windowed(), ok()], Some((TooManyRequests, Some(429), Some("r"))), 1),
        row("429 with a window beyond the total time", Read, [windowed(), ok()], Some((TooManyRequests, Some(429), Some("r"))), 1),
        row("429 with Retry-After in seconds", Detach, [throttled("Retry-After: 0\r\n"), ok()], None, 2),
        row("429 with Retry-After as a date", Detach, [throttled(&format!("Retry-After: {past}\r\n")), ok()], None, 2),
        row("429 with a Retry-After beyond the total time", Detach, [throttled("Retry-After: 3600\r\n"), ok()], Some((TooManyRequests, Some(429), Some("r"))), 1),
        row("429 with the largest Retry-After", Detach, [throttled("Retry-After: 18446744073709551615\r\n"), ok()], Some((TooManyRequests, Some(429), Some("r"))), 1),
        row("429 with a date beyond the total time", Read, [throttled(&format!("Retry-After: {far}\r\n")), ok()], Some((TooManyRequests, Some(429), Some("r"))), 1),
        row("429 with an invalid Retry-After", Read, [throttled("Retry-After: soon\r\n"), ok()], None, 2),
        row("401", Read, [unauthorized(), ok()], Some((Unauthorized, Some(401), Some("r"))), 1),
        row("401", Detach, [unauthorized(), ok()], Some((Unauthorized, Some(401), Some("r"))), 1),
        row("401, reset within the body", Read, [truncated("HTTP/1.1 401 U\r\nX-Request-Id: rid\r\ncontent-length: 9\r\n\r\n{", Step::Reset), ok()], Some((Unauthorized, Some(401), Some("rid"))), 1),
        row("401 with a body that is too large", Detach, [send(json("401 Unauthorized", "X-Request-Id: rid\r\n", &large)), ok()], Some((Unauthorized, Some(401), Some("rid"))), 1),
        row("429, closed within the body", Detach, [truncated("HTTP/1.1 429 T\r\ncontent-length: 9\r\n\r\n{", Step::Close), ok()], None, 2),
        row("500 with the code of an expired token", Detach, [send(json("500 Internal Server Error", "", r#"{"error_code":"APIGW.0307","request_id":"r"}"#)), ok()], Some((ServerError, Some(500), Some("r"))), 1),
        row("403 with an encoded message", Detach, [forbidden(), ok()], Some((Forbidden, Some(403), Some("rid"))), 1),
        row("408", Read, [html("408 Request Timeout"), ok()], Some((UnexpectedStatus, Some(408), Some("rid"))), 1),
        row("404 with an HTML body", Detach, [html("404 Not Found")], Some((NotFound, Some(404), Some("rid"))), 1),
        row("304 Not Modified", Read, [html("304 Not Modified")], Some((UnexpectedStatus, Some(304), Some("rid"))), 1),
        row("an unknown status", Detach, [html("999 Unknown")], Some((UnexpectedStatus, Some(999), Some("rid"))), 1),
        row("a body that is too large", Read, [send(json("200 OK", "X-Request-Id: rid\r\n", &large))], Some((InvalidResponse, Some(200), Some("rid"))), 1),
        row("a chunked body that is too large", Detach, [send(chunked_large.into_bytes())], Some((InvalidResponse, Some(200), Some("rid"))), 1),
    ]
}

/// Returns the row, a server that plays its scripts and a client for it.
///
/// All clients are built before the first call: loading the system's certificates takes so long
/// that other calls would time out.
async fn setup(row: Row) -> (Row, Server, Client) {
    let is_slow = |step: &Step| matches!(step, Step::Stall | Step::Drip(..));
    let times_out = row.scripts.iter().flatten().any(is_slow);
    let server = Server::start(row.scripts.clone()).await;
    let mut builder = builder(&server);
    if times_out {
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
async fn each_fault_maps_to_its_error_kind() {
    let mut prepared = Vec::new();
    for row in rows() {
        prepared.push(setup(row).await);
    }
    assert!(prepared.len() >= 30);
    let checks = prepared.into_iter().map(|row| tokio::spawn(check(row)));
    let results = futures::future::join_all(checks).await;
    let failures = results.iter().filter(|result| result.is_err()).count();
    assert_eq!(failures, 0, "rows that failed; their messages are above");
}
