//! Hostile and broken clients, limits, shutdown and signals: the sandbox responds where it can, and
//! keeps running.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::json;
use workspace_api_sandbox::defaults::{MULTI_USER_DESKTOP, PROJECT_ID, TOKEN};
use workspace_api_sandbox::{Latency, Sandbox};

use crate::{client, get, post, request, send, send_raw, success};

async fn assert_running(sandbox: &Sandbox) {
    let path = format!("/desktops/{MULTI_USER_DESKTOP}/detach-info");
    assert_eq!(get(sandbox, &path).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_body_above_the_limit_is_rejected() {
    let sandbox = Sandbox::start().await.unwrap();
    let padded = |size: usize| {
        let body = json!({ "desktop_ids": [MULTI_USER_DESKTOP] }).to_string();
        format!("{body}{}", " ".repeat(size - body.len()))
    };
    for (size, expected) in [
        (8 << 20, success("BatchLogoffDesktops")),
        ((8 << 20) + 1, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let (status, response) =
            send(request(&sandbox, Method::POST, "/desktops/logoff").body(padded(size))).await;
        assert_eq!(status, expected);
        assert_eq!(response["error_code"].is_string(), !status.is_success());
    }
    // The request log keeps only the beginning.
    assert!(sandbox.requests()[0].body_truncated);
    assert!(sandbox.requests()[0].body.len() <= 16 * 1024);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_or_too_large_headers_are_rejected() {
    let sandbox = Sandbox::start().await.unwrap();
    let with_headers = |header: String| {
        format!("GET /v2/p/desktops/d/detach-info HTTP/1.1\r\nHost: localhost\r\n{header}\r\n")
    };
    let one_long = send_raw(
        &sandbox,
        with_headers(format!("X-Long: {}\r\n", "x".repeat(40 << 10))).as_bytes(),
    )
    .unwrap();
    assert!(
        one_long.starts_with("HTTP/1.1 431 ") && one_long.contains("error_code"),
        "{one_long}"
    );
    let many = send_raw(
        &sandbox,
        with_headers("X-Many: 1\r\n".repeat(1100)).as_bytes(),
    )
    .unwrap();
    assert!(many.starts_with("HTTP/1.1 431 "), "{many}");
    // The sandbox closes the connection of an endless header.
    let mut stream = TcpStream::connect(sandbox.address()).unwrap();
    let mut sent = 0;
    let flood = "X-Flood: ".to_owned() + &"x".repeat(1 << 16);
    while sent < 64 << 20 && stream.write_all(flood.as_bytes()).is_ok() {
        sent += flood.len();
    }
    assert!(sent < 64 << 20, "{sent} bytes of a header were accepted");
    assert_running(&sandbox).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_that_are_not_http_are_rejected() {
    let sandbox = Sandbox::start().await.unwrap();
    for garbage in [
        &b"\x00\xff\xfe\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello over TLS\r\n\r\n",
    ] {
        let response = send_raw(&sandbox, garbage).unwrap();
        assert!(
            response.starts_with("HTTP/1.1 400 ") || response.is_empty(),
            "{response}"
        );
    }
    assert_running(&sandbox).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_time_out() {
    let sandbox = Sandbox::builder()
        .read_timeout(Duration::from_millis(100))
        .start()
        .await
        .unwrap();
    let half_a_head = send_raw(&sandbox, b"GET / HTTP/1.1\r\nHost:").unwrap();
    assert!(
        half_a_head.is_empty() || half_a_head.starts_with("HTTP/1.1 408 "),
        "{half_a_head}"
    );
    let head = format!(
        "POST /v2/{PROJECT_ID}/desktops/logoff HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{{"
    );
    let half_a_body = send_raw(&sandbox, head.as_bytes()).unwrap();
    assert!(
        half_a_body.starts_with("HTTP/1.1 408 ") && half_a_body.contains("error_code"),
        "{half_a_body}"
    );
    assert_running(&sandbox).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shutdown_waits_for_requests_in_flight_and_closes_idle_connections() {
    let latency = Latency::fixed(Duration::from_millis(200));
    let sandbox = Sandbox::builder().latency(latency).start().await.unwrap();
    let address = sandbox.address();
    let mut idle = TcpStream::connect(address).unwrap();
    let off = json!({ "desktop_ids": [MULTI_USER_DESKTOP] });
    let in_flight = tokio::spawn(send(
        request(&sandbox, Method::POST, "/desktops/logoff").json(&off),
    ));
    while sandbox.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let begin = Instant::now();
    sandbox.shutdown().await;
    assert!(begin.elapsed() < Duration::from_secs(1));
    assert_eq!(in_flight.await.unwrap().0, success("BatchLogoffDesktops"));
    assert_eq!(
        idle.read(&mut [0]).unwrap(),
        0,
        "an idle connection is closed"
    );
    assert!(
        TcpStream::connect(address).is_err(),
        "the port is free again"
    );
}

#[tokio::test]
async fn a_dropped_sandbox_stops() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_running(&sandbox).await;
    let url = sandbox.base_url().to_owned();
    drop(sandbox);
    for _ in 0..200 {
        if client().get(&url).send().await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the sandbox still listens");
}

#[tokio::test]
async fn a_port_in_use_is_an_error_that_names_the_address() {
    let first = Sandbox::start().await.unwrap();
    let error = Sandbox::builder()
        .listen(first.address())
        .start()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains(&first.address().to_string()),
        "{error}"
    );
    assert_eq!(
        post(&first, "/desktops/logoff", json!({})).await.0,
        StatusCode::BAD_REQUEST
    );
}

/// The output of the command, which a test reads.
#[cfg(unix)]
#[derive(Clone, Default)]
struct Output(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

#[cfg(unix)]
impl Write for Output {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_command_runs_until_a_signal() {
    let (latency, output) = (
        Latency::fixed(Duration::from_millis(200)),
        Output::default(),
    );
    let builder = Sandbox::builder().latency(latency);
    let running = {
        let mut output = output.clone();
        tokio::spawn(async move { workspace_api_sandbox::run(builder, &mut output).await })
    };
    let base_url = loop {
        tokio::time::sleep(Duration::from_millis(5)).await;
        let text = String::from_utf8(output.0.lock().unwrap().clone()).unwrap();
        if let Some((first, _)) = text.split_once('\n') {
            break first.to_owned();
        }
    };
    let url = format!("{base_url}/v2/{PROJECT_ID}/desktops/{MULTI_USER_DESKTOP}/detach-info");
    let in_flight = tokio::spawn(send(client().get(url).header("X-Auth-Token", TOKEN)));
    while client()
        .get(format!("{base_url}/_sandbox/requests"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
        .len()
        < 20
    {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let begin = Instant::now();
    let signal = std::process::Command::new("kill")
        .args(["-TERM", &std::process::id().to_string()])
        .status();
    assert!(signal.unwrap().success());
    running.await.unwrap().unwrap();
    assert!(begin.elapsed() < Duration::from_secs(1));
    assert_eq!(in_flight.await.unwrap().0, StatusCode::OK);
}
