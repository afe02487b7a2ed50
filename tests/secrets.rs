//! Sends a marked secret with every call, to servers that echo the request in every kind of
//! response, and searches everything that the client prints for it.

#![allow(clippy::unwrap_used)]

#[path = "support/log.rs"]
mod log;
#[path = "support/server.rs"]
mod server;

use std::time::Duration;

use log::Log;
use server::{DESKTOP, PROJECT, Script, Server, Step, json, response};
use workspace_api::credentials::Credentials;
use workspace_api::types::DetachInstancesDesktopInfo;
use workspace_api::{Client, ClientBuilder, RetryPolicy};

const MARK: &str = "XYZZY-MARKED-SECRET";

/// Returns scripts that echo the request, with its secrets, in each part of a response that a
/// client may print.
fn scripts() -> Vec<Script> {
    let echoes: [fn(&str) -> Vec<u8>; 21] = [
        |request| {
            let body = format!(
                r#"{{"error_code":"APIGW.0301","error_msg":{}}}"#,
                quoted(request)
            );
            json("401 Unauthorized", "", &body)
        },
        |request| {
            let body = format!(r#"{{"error_msg":"no","error_detail":{}}}"#, quoted(request));
            json("403 Forbidden", "", &body)
        },
        |request| {
            let body = format!(r#"{{"error_code":{}}}"#, quoted(request));
            json("400 Bad Request", "", &body)
        },
        |request| {
            let body = format!(
                r#"{{"encoded_authorization_message":{0},"request_id":{0}}}"#,
                quoted(request)
            );
            json("409 Conflict", "", &body)
        },
        |request| html("502 Bad Gateway", request),
        |request| response("500 Internal Server Error", "", request),
        |request| {
            let body = format!(r#"{{"error_code":{}}}"#, quoted(request));
            json("200 OK", "", &body)
        },
        |request| {
            let body = format!(
                r#"{{"job_id":[{0}],"desktop_detach_infos":{0}}}"#,
                quoted(request)
            );
            json("200 OK", "", &body)
        },
        |request| {
            let failure = format!(
                r#"{{"desktop_id":"{DESKTOP}","error_code":{0},"error_msg":{0}}}"#,
                quoted(request)
            );
            let body = format!(r#"{{"failed_operation_list":[{failure}]}}"#);
            json("200 OK", "", &body)
        },
        |request| {
            let body = format!(
                r#"{{"job_id":{0},"success_job_ids":[{0}],"desktop_detach_infos":[{{"user_name":{0}}}]}}"#,
                quoted(request)
            );
            json("200 OK", "", &body)
        },
        |request| html("200 OK", request),
        |request| {
            let secret = header_with_mark(request);
            let headers =
                format!("location: https://example.com/{secret}\r\nX-Request-Id: {secret}\r\n");
            response("302 Found", &headers, "")
        },
        |request| {
            let headers = format!("X-Request-Id: {}\r\n", header_with_mark(request));
            response("429 Too Many Requests", &headers, "")
        },
        |request| spelled(request, |c| format!("%{:02x}", u32::from(c))),
        |request| spelled(request, |c| format!("%25{:02X}", u32::from(c))),
        |request| spelled(request, |c| format!("&#{};", u32::from(c))),
        |request| spelled(request, |c| format!("&#x{:x};", u32::from(c))),
        |request| spelled(request, |c| format!("\\\\u{:04x}", u32::from(c))),
        |request| spelled(request, |c| c.to_lowercase().to_string()),
        // The end is cut off.
        |request| {
            html(
                "502 Bad Gateway",
                &request[..request.find("-SECRET").unwrap_or(0)],
            )
        },
        |request| {
            let body = format!(r#"{{"error_code":"\u0058{}"}}"#, &header_with_mark(request));
            json("401 Unauthorized", "", &body.replace('-', "\\u002d"))
        },
    ];
    let mut scripts: Vec<Script> = echoes.map(|echo| vec![Step::Echo(echo)]).into();
    scripts.extend([
        vec![Step::Reset],
        vec![Step::Close],
        vec![Step::Stall],
        vec![Step::Send(b"garbage\r\n\r\n".to_vec())],
    ]);
    scripts
}

/// Returns the text as a JSON string.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// Returns an error whose code, message and header repeat the secret in another spelling.
fn spelled(request: &str, spell: fn(char) -> String) -> Vec<u8> {
    let secret: String = header_with_mark(request).chars().map(spell).collect();
    let headers = format!("X-Request-Id: {secret}\r\n");
    let body = format!(r#"{{"error_code":"{secret}","error_msg":"you sent {secret}"}}"#);
    json("401 Unauthorized", &headers, &body)
}

fn html(status: &str, request: &str) -> Vec<u8> {
    let body = format!("<pre>{request}</pre>");
    response(status, "content-type: text/html\r\n", &body)
}

/// Returns the header of the request that contains the secret, without blanks.
fn header_with_mark(request: &str) -> String {
    let header = request.lines().find(|line| line.contains(MARK));
    header.unwrap_or_default().replace(' ', "")
}

fn credentials(builder: ClientBuilder, kind: usize) -> ClientBuilder {
    match kind {
        0 => builder.token(MARK),
        1 => builder.access_key("AKIDNOTASECRET", MARK),
        _ => builder.credentials(Credentials::temporary("AKIDNOTASECRET", MARK, MARK).unwrap()),
    }
}

#[tokio::test]
async fn client_output_has_no_secret() {
    let log = Log::default();
    let _subscription = log.subscribe();
    for script in scripts() {
        for kind in 0..3 {
            let server = Server::start([script.clone()]).await;
            let retry = RetryPolicy::default()
                .attempts(2)
                // Limits the time of throttled requests.
                .total_time(Duration::from_millis(500))
                .delays(Duration::from_millis(1), Duration::from_millis(1));
            let builder = Client::builder()
                .endpoint(&server.url)
                .project_id(PROJECT)
                .no_proxy();
            let builder = builder.retry(retry).timeout(Duration::from_millis(200));
            let builder = credentials(builder, kind);
            log.print(&builder);
            let client = builder.build().unwrap();
            log.print(&client);
            log.print(client.config());
            calls(&client, &log).await;
        }
    }
    for endpoint in [
        "http://user:XYZZY-MARKED-SECRET@127.0.0.1",
        "XYZZY-MARKED-SECRET",
        "http://example.com",
    ] {
        let error = Client::builder()
            .endpoint(endpoint)
            .token(MARK)
            .build()
            .unwrap_err();
        log.error(&error);
    }
    let error = Client::builder()
        .endpoint("http://127.0.0.1")
        .token(format!("{MARK}\n"))
        .build()
        .unwrap_err();
    log.error(&error);
    log.check("AKIDNOTASECRET", &[]);
    // Parts of the secret in each spelling.
    log.check_ignoring_case(&[
        "marked",
        "4d%41%52%4b",
        "4d%2541%2552",
        "&#77;&#65;",
        "&#x4d;&#x41;",
        "u004d",
        "yzzy",
    ]);
    log.check_after("Signature=", "[redacted]");
    log.check(
        MARK,
        &[
            "[redacted]",
            "operation=\"BatchDetachInstances\"",
            "status=401",
            "kind=ConnectionLost",
            "milliseconds=",
        ],
    );
}

async fn calls(client: &Client, log: &Log) {
    let desktop = || DetachInstancesDesktopInfo::all_users(DESKTOP).unwrap();
    let outcome = client.desktops().detach([desktop()]).await.unwrap();
    log.print(&outcome);
    for desktop in &outcome.desktops {
        log.print(desktop.to_string());
    }
    if let Err(error) = outcome.into_result() {
        log.error(&error);
    }
    match client.desktops().detach_info(DESKTOP).await {
        Ok(records) => log.print(&records),
        Err(error) => log.error(&error),
    }
    let generated = client
        .list_desktop_detach_info()
        .project_id(PROJECT)
        .desktop_id(DESKTOP);
    log.print(&generated);
    match generated.send().await {
        Ok(response) => log.print(&response),
        Err(error) => log.error(&error),
    }
    let generated = client.batch_logoff_desktops().project_id(PROJECT);
    match generated.send().await {
        Ok(response) => log.print(&response),
        Err(error) => log.error(&error),
    }
}
