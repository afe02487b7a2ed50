//! Other programs on the machine: pages of strangers, clients that do not read, and real
//! credentials that were sent by mistake.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use workspace_api_sandbox::defaults::{self, MULTI_USER_DESKTOP};
use workspace_api_sandbox::{Error, Sandbox};

use crate::{client, get, send_raw, success};

fn status(sandbox: &Sandbox, headers: &str) -> String {
    let response = send_raw(
        sandbox,
        format!("GET /_sandbox/requests HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").as_bytes(),
    );
    response
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_host_is_rejected() {
    let sandbox = Sandbox::builder()
        .allow_host("Sandbox.example")
        .start()
        .await
        .unwrap();
    let port = sandbox.address().port();
    for host in [
        "localhost".to_owned(),
        format!("LOCALHOST:{port}"),
        "localhost.".to_owned(),
        "api.localhost".to_owned(),
        format!("127.0.0.1:{port}"),
        "127.1.2.3".to_owned(),
        "192.168.1.7:80".to_owned(),
        format!("[::1]:{port}"),
        "sandbox.EXAMPLE".to_owned(),
    ] {
        assert_eq!(
            status(&sandbox, &format!("Host: {host}\r\n")),
            "200",
            "{host}"
        );
    }
    for host in [
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "xlocalhost",
    ] {
        assert_eq!(
            status(&sandbox, &format!("Host: {host}\r\n")),
            "421",
            "{host}"
        );
    }
    for headers in [
        "",
        "Host: localhost\r\nHost: localhost\r\n",
        "Host: a b\r\n",
        "Host: \r\n",
    ] {
        assert_eq!(status(&sandbox, headers), "400", "{headers:?}");
    }
    let absolute = send_raw(
        &sandbox,
        b"GET http://evil.example/_sandbox/requests HTTP/1.1\r\nHost: localhost\r\n\r\n",
    );
    assert!(absolute.unwrap().starts_with("HTTP/1.1 421 "));
}

#[tokio::test]
async fn an_allowed_host_is_a_name() {
    for name in [
        "http://sandbox.example",
        "sandbox.example:80",
        "",
        "a/b",
        "a b",
    ] {
        let error = Sandbox::builder()
            .allow_host(name)
            .start()
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Host(_)), "{name}: {error}");
    }
}

#[tokio::test]
async fn only_allowed_origins_may_read() {
    let sandbox = Sandbox::builder()
        .allow_origin("https://editor.example")
        .start()
        .await
        .unwrap();
    let url = format!(
        "{}/v2/{}/desktops/logoff",
        sandbox.base_url(),
        defaults::PROJECT_ID
    );
    for (origin, is_allowed) in [
        ("https://editor.example", true),
        ("https://evil.example", false),
    ] {
        let preflight = client()
            .request(Method::OPTIONS, &url)
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .header(
                "Access-Control-Request-Headers",
                "x-auth-token, content-type",
            );
        let response = preflight.send().await.unwrap();
        let allowed = response.headers().get("access-control-allow-origin");
        assert_eq!(allowed.is_some(), is_allowed, "{origin}: {response:?}");
        let request = client()
            .post(&url)
            .header("Origin", origin)
            .header("X-Auth-Token", defaults::TOKEN)
            .json(&json!({ "desktop_ids": [MULTI_USER_DESKTOP] }));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), success("BatchLogoffDesktops"));
        let allowed = response.headers().get("access-control-allow-origin");
        assert_eq!(allowed.is_some(), is_allowed, "{origin}: {response:?}");
    }
    for origin in ["editor.example", "https://editor.example/", "*", "null", ""] {
        assert!(
            Sandbox::builder()
                .allow_origin(origin)
                .start()
                .await
                .is_err(),
            "{origin}"
        );
    }
}

#[tokio::test]
async fn no_origin_may_read_by_default() {
    let sandbox = Sandbox::start().await.unwrap();
    let request = client().get(format!("{}/openapi.json", sandbox.base_url()));
    let response = request
        .header("Origin", "https://editor.example")
        .send()
        .await
        .unwrap();
    assert!(
        response
            .headers()
            .get("access-control-allow-origin")
            .is_none()
    );
}

#[tokio::test]
async fn credentials_of_others_are_masked_in_the_request_log() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = format!("{}/nothing", sandbox.base_url());
    let real = "MIIZ-a-real-token";
    for (name, value) in [
        ("X-Auth-Token", real.to_owned()),
        ("X-Subject-Token", real.to_owned()),
        ("X-Security-Token", real.to_owned()),
        ("Cookie", real.to_owned()),
        ("Proxy-Authorization", format!("Basic {real}")),
        ("Authorization", format!("Bearer {real}")),
        (
            "Authorization",
            format!("SDK-HMAC-SHA256 Access={real}, SignedHeaders=host, Signature=00"),
        ),
    ] {
        client()
            .get(&url)
            .header(name, &value)
            .send()
            .await
            .unwrap();
        let log = client().get(format!("{}/_sandbox/requests", sandbox.base_url()));
        let log = log.send().await.unwrap().text().await.unwrap();
        assert!(!log.contains(real), "{name}: {log}");
        assert!(
            log.contains(&format!("masked: {} bytes", value.len())),
            "{name}: {log}"
        );
    }
    get(&sandbox, "/desktops/d/detach-info").await;
    let own = sandbox.requests().pop().unwrap();
    assert_eq!(own.header("x-auth-token"), Some(defaults::TOKEN));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_does_not_read_is_disconnected_and_does_not_delay_the_shutdown() {
    let sandbox = Sandbox::builder()
        .write_timeout(Duration::from_millis(200))
        .start()
        .await
        .unwrap();
    let filler = "x".repeat(16 << 10);
    for _ in 0..1000 {
        let request = client().post(format!("{}/nothing", sandbox.base_url()));
        request.body(filler.clone()).send().await.unwrap();
    }
    let connect = || {
        let mut stream = TcpStream::connect(sandbox.address()).unwrap();
        let request = b"GET /_sandbox/requests HTTP/1.1\r\nHost: localhost\r\n\r\n";
        stream.write_all(request).unwrap();
        stream
    };
    let mut idle: Vec<TcpStream> = (0..8).map(|_| connect()).collect();
    // More of them than may read the log at once: without the time-out, this would wait for ever.
    // On a busy machine, a client that reads may be disconnected too, so it asks again.
    let read = async {
        loop {
            let request = client().get(format!("{}/_sandbox/requests", sandbox.base_url()));
            if let Ok(response) = request.send().await
                && let Ok(log) = response.json::<Value>().await
            {
                return log;
            }
        }
    };
    let log = tokio::time::timeout(Duration::from_secs(60), read);
    let log = log.await.unwrap();
    assert_eq!(log["requests"].as_array().map(Vec::len), Some(1000));
    let mut read = Vec::new();
    let _ = idle[0].read_to_end(&mut read);
    assert!(
        read.len() < 16 << 20,
        "the whole log was sent: {}",
        read.len()
    );
    idle.push(connect());
    // A shutdown that waits for such a client never ends.
    let shutdown = tokio::time::timeout(Duration::from_secs(60), sandbox.shutdown());
    shutdown.await.unwrap();
}

#[tokio::test]
async fn bytes_that_are_not_text_take_no_more_memory_than_text() {
    let sandbox = Sandbox::start().await.unwrap();
    let value = reqwest::header::HeaderValue::from_bytes(&vec![0xff; 20 << 10]).unwrap();
    let request = client()
        .post(format!("{}/nothing", sandbox.base_url()))
        .header("X-Odd", value);
    request.body(vec![0xff; 20 << 10]).send().await.unwrap();
    let logged = sandbox.requests().pop().unwrap();
    let headers: usize = logged.headers.iter().map(|(_, value)| value.len()).sum();
    assert!(headers <= 32 << 10, "{headers}");
    assert!(logged.body.len() <= 16 << 10, "{}", logged.body.len());
    assert!(logged.body_truncated);
}
