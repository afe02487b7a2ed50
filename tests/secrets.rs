//! A marked secret goes through every call and every way in which one can fail, against servers that repeat all that
//! they were sent, and everything that is printed is searched for it.

#![allow(clippy::unwrap_used)]

#[path = "support/log.rs"]
mod log;
#[path = "support/server.rs"]
mod server;

use std::time::Duration;

use log::Log;
use server::{DESKTOP, PROJECT, Script, Server, Step, answer, json};
use workspace_api::credentials::Credentials;
use workspace_api::types::DetachInstancesDesktopInfo;
use workspace_api::{Client, ClientBuilder, RetryPolicy};

const MARK: &str = "XYZZY-MARKED-SECRET";

/// Servers that put the request, secrets and all, into each part of an answer that a client may show.
fn scripts() -> Vec<Script> {
    fn text(request: &str) -> String {
        serde_json::to_string(request).unwrap()
    }
    let echoes: [fn(&str) -> Vec<u8>; 11] = [
        |request| {
            json(
                "401 Unauthorized",
                "",
                &format!(
                    r#"{{"error_code":"APIGW.0301","error_msg":{}}}"#,
                    text(request)
                ),
            )
        },
        |request| {
            json(
                "403 Forbidden",
                "",
                &format!(r#"{{"error_msg":"no","error_detail":{}}}"#, text(request)),
            )
        },
        |request| {
            json(
                "400 Bad Request",
                "",
                &format!(r#"{{"error_code":{}}}"#, text(request)),
            )
        },
        |request| {
            json(
                "409 Conflict",
                "",
                &format!(
                    r#"{{"encoded_authorization_message":{0},"request_id":{0}}}"#,
                    text(request)
                ),
            )
        },
        |request| {
            answer(
                "502 Bad Gateway",
                "content-type: text/html\r\n",
                &format!("<pre>{request}</pre>"),
            )
        },
        |request| answer("500 Internal Server Error", "", request),
        |request| {
            json(
                "200 OK",
                "",
                &format!(r#"{{"error_code":{}}}"#, text(request)),
            )
        },
        |request| {
            json(
                "200 OK",
                "",
                &format!(
                    r#"{{"job_id":[{0}],"desktop_detach_infos":{0}}}"#,
                    text(request)
                ),
            )
        },
        |request| {
            answer(
                "200 OK",
                "content-type: text/html\r\n",
                &format!("<pre>{request}</pre>"),
            )
        },
        |request| {
            let secret = request
                .lines()
                .find(|line| line.contains(MARK))
                .unwrap_or_default();
            answer(
                "302 Found",
                &format!(
                    "location: https://example.com/{}\r\nX-Request-Id: {0}\r\n",
                    secret.replace(' ', "")
                ),
                "",
            )
        },
        |request| {
            let secret = request
                .lines()
                .find(|line| line.contains(MARK))
                .unwrap_or_default();
            answer(
                "429 Too Many Requests",
                &format!("X-Request-Id: {}\r\n", secret.replace(' ', "")),
                "",
            )
        },
    ];
    let mut scripts: Vec<Script> = echoes
        .into_iter()
        .map(|echo| vec![Step::Echo(echo)])
        .collect();
    scripts.extend([
        vec![Step::Reset],
        vec![Step::Close],
        vec![Step::Stall],
        vec![Step::Send(b"garbage\r\n\r\n".to_vec())],
    ]);
    scripts
}

fn credentials(builder: ClientBuilder, kind: usize) -> ClientBuilder {
    match kind {
        0 => builder.token(MARK),
        1 => builder.access_key("AKIDNOTASECRET", MARK),
        _ => builder.credentials(Credentials::temporary("AKIDNOTASECRET", MARK, MARK).unwrap()),
    }
}

#[tokio::test]
async fn no_secret_is_ever_printed() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    for script in scripts() {
        for kind in 0..3 {
            let server = Server::start([script.clone()]).await;
            let retry = RetryPolicy::default()
                .attempts(2)
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
    outcome
        .desktops
        .iter()
        .for_each(|desktop| log.print(desktop.to_string()));
    if let Err(error) = outcome.into_result() {
        log.error(&error);
    }
    if let Err(error) = client.desktops().detach_info(DESKTOP).await {
        log.error(&error);
    }
    let generated = client
        .list_desktop_detach_info()
        .project_id(PROJECT)
        .desktop_id(DESKTOP);
    log.print(&generated);
    if let Err(error) = generated.send().await {
        log.error(&error);
    }
    let generated = client.batch_logoff_desktops().project_id(PROJECT);
    if let Err(error) = generated.send().await {
        log.error(&error);
    }
}
