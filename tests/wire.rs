//! The bytes on the wire: the exact request of each operation, as a socket received it, and the
//! result of a response. The responses are fixed here, so that a change of the contract's examples
//! changes nothing.

#![allow(clippy::unwrap_used)]

#[path = "support/order.rs"]
mod order;
#[path = "support/server.rs"]
mod server;

use serde::Serialize;
use server::{DESKTOP, PROJECT, Server, json, response};
use workspace_api::ErrorKind;
use workspace_api::types::{DetachInstancesDesktopInfo, DetachInstancesUserInfo};

/// The response to an unbinding.
const UNBOUND: &str = r#"{
    "failed_operation_list": [{
        "desktop_id": "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002",
        "desktop_name": "design-02",
        "error_code": "WKS.00010032",
        "error_msg": "The desktop is restarting."
    }],
    "job_id": "",
    "success_job_ids": ["8a7b6c5d4e3f2a1b"]
}"#;

/// Unbinding records.
const RECORDS: &str = r#"{
    "desktop_detach_infos": [{
        "desktop_id": "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001",
        "desktop_name": "design-01",
        "user_id": "5a0f4f1c9d1e4f8b8a6f2d3c4b5a6978",
        "user_name": "li-na",
        "user_group": "users",
        "detach_time": "2026-03-10T12:02:11Z",
        "type": "USER"
    }]
}"#;

/// Returns the request and the result as JSON, without what differs between runs and releases: the
/// port and the version. Checks that the keys of both are in the order of the contract.
fn transcript(server: &Server, result: &impl Serialize) -> String {
    for request in server.requests() {
        let body = request.split_once("\r\n\r\n").map(|(_, body)| body);
        if let Some(body) = body.filter(|body| !body.is_empty()) {
            order::assert_is_of_contract(body);
        }
    }
    let port = server.url.rsplit(':').next().unwrap();
    let requests = server
        .requests()
        .join("\n")
        .replace("\r\n", "\n")
        .replace(port, "PORT")
        .replace(
            concat!("workspace-api/", env!("CARGO_PKG_VERSION")),
            "workspace-api/VERSION",
        );
    let result = serde_json::to_string_pretty(result).unwrap();
    order::assert_is_of_contract(&result);
    format!("{requests}\n\n{result}")
}

#[tokio::test]
async fn batch_detach_instances() {
    let server = Server::respond_with(json("200 OK", "X-Request-Id: rid-1\r\n", UNBOUND)).await;
    let desktops = vec![
        DetachInstancesDesktopInfo::all_users("4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002").unwrap(),
        DetachInstancesDesktopInfo::users(
            DESKTOP,
            [
                DetachInstancesUserInfo::user("li-na")
                    .unwrap()
                    .domain("corp.example.com")
                    .user_id("5a0f4f1c9d1e4f8b8a6f2d3c4b5a6978")
                    .unwrap()
                    .user_group("users")
                    .unwrap(),
                DetachInstancesUserInfo::group("设计部").unwrap(),
            ],
        )
        .unwrap(),
    ];
    let client = server.client();
    let call = client
        .batch_detach_instances()
        .project_id(PROJECT)
        .body_map(|body| body.desktops(desktops));
    let result = call.send().await.unwrap().into_inner();
    insta::assert_snapshot!("batch_detach_instances", transcript(&server, &result));
}

#[tokio::test]
async fn list_desktop_detach_info() {
    let server = Server::respond_with(json("200 OK", "", RECORDS)).await;
    let client = server.client();
    let call = client
        .list_desktop_detach_info()
        .project_id(PROJECT)
        .desktop_id(DESKTOP);
    let result = call.send().await.unwrap().into_inner();
    insta::assert_snapshot!("list_desktop_detach_info", transcript(&server, &result));
}

#[tokio::test]
async fn batch_logoff_desktops() {
    let server = Server::respond_with(response("200 OK", "", "")).await;
    let client = server.client();
    let call = client
        .batch_logoff_desktops()
        .project_id(PROJECT)
        .body_map(|body| {
            body.desktop_ids(vec![DESKTOP.parse().unwrap()])
                .message("Logged off for maintenance.")
        });
    let result = call.send().await.unwrap();
    insta::assert_snapshot!("batch_logoff_desktops", transcript(&server, &*result));
}

#[tokio::test]
async fn a_list_that_is_too_long_is_not_sent() {
    let server = Server::respond_with(response("200 OK", "", "")).await;
    let maximum = workspace_api::limits::LOGOFF_DESKTOPS_REQ_DESKTOP_IDS;
    let client = server.client();
    let call = client
        .batch_logoff_desktops()
        .project_id(PROJECT)
        .body_map(|body| body.desktop_ids(vec![DESKTOP.parse().unwrap(); maximum + 1]));
    let error = call.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(
        error.to_string().contains("desktop_ids: more than"),
        "{error}"
    );
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn an_argument_that_is_not_set_is_named() {
    let server = Server::respond_with(json("200 OK", "", "{}")).await;
    let client = server.client();
    let without_desktop = client.list_desktop_detach_info().project_id(PROJECT);
    let without_project = client.list_desktop_detach_info().desktop_id(DESKTOP);
    for (call, expected) in [
        (without_desktop, "desktop_id is missing"),
        (without_project, "project_id is missing"),
    ] {
        let error = call.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn an_unusual_id_is_encoded_as_one_segment() {
    let server = Server::respond_with(json("200 OK", "", "{}")).await;
    let records = server
        .client()
        .desktops()
        .detach_info("云 桌面;v=1&x...")
        .await
        .unwrap();
    assert!(records.is_empty());
    assert_eq!(
        server.requests()[0].lines().next(),
        Some(
            "GET /v2/0bec5db98280d2d02fd6c00c2de791ce/desktops/%E4%BA%91%20%E6%A1%8C%E9%9D%A2;v=1&x.../detach-info HTTP/1.1"
        )
    );
}

#[tokio::test]
async fn an_id_that_changes_the_path_is_not_sent() {
    let server = Server::respond_with(json("200 OK", "", "{}")).await;
    let client = server.client();
    for id in [
        "",
        ".",
        "..",
        "a/b",
        "a\\b",
        "a?b",
        "a#b",
        "a%2e",
        "a\nb",
        "a\0",
        "\u{7f}",
        // More than any limit.
        &"x".repeat(10_000),
    ] {
        let error = client.desktops().detach_info(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id:?}: {error}");
        let call = client
            .list_desktop_detach_info()
            .project_id(PROJECT)
            .desktop_id(id);
        let error = call.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id:?}: {error}");
        assert!(error.to_string().contains("desktop_id"), "{error}");
        let call = client
            .list_desktop_detach_info()
            .project_id(id)
            .desktop_id(DESKTOP);
        assert!(call.send().await.is_err(), "{id:?}");
        assert!(server.builder().project_id(id).build().is_err(), "{id:?}");
    }
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn absent_null_and_empty_lists_are_equal() {
    for body in [
        "{}",
        r#"{"desktop_detach_infos":null}"#,
        r#"{"desktop_detach_infos":[]}"#,
    ] {
        let server = Server::respond_with(json("200 OK", "", body)).await;
        assert!(
            server
                .client()
                .desktops()
                .detach_info(DESKTOP)
                .await
                .unwrap()
                .is_empty(),
            "{body}"
        );
    }
}

#[tokio::test]
async fn unknown_fields_and_values_are_accepted() {
    let body = r#"{"new":1,"desktop_detach_infos":[{"type":"ROBOT","user_group":"wheel","user_id":null,"x":[]}]}"#;
    let server = Server::respond_with(json("200 OK", "", body)).await;
    let records = server
        .client()
        .desktops()
        .detach_info(DESKTOP)
        .await
        .unwrap();
    assert_eq!(records[0].type_.as_deref(), Some("ROBOT"));
    assert_eq!(records[0].user_group.as_deref(), Some("wheel"));
}

#[tokio::test]
async fn any_2xx_of_a_log_off_is_a_success() {
    for (status, body) in [
        ("200 OK", ""),
        ("200 OK", "{}"),
        ("202 Accepted", ""),
        ("204 No Content", ""),
    ] {
        let server = Server::respond_with(response(status, "", body)).await;
        let outcome = server
            .client()
            .desktops()
            .log_off([DESKTOP], None)
            .await
            .unwrap();
        assert_eq!(outcome.succeeded().count(), 1, "{status} {body}");
    }
}

#[tokio::test]
async fn a_raw_request_is_sent_once_and_its_response_is_returned() {
    let body = format!(r#"{{"error_code":"X.1","echo":"{}"}}"#, server::TOKEN);
    let server = Server::respond_with(json(
        "418 I'm a teapot",
        &format!("X-Echo: {}\r\n", server::TOKEN),
        &body,
    ))
    .await;
    let path = "/v2/p/desktops%20x?limit=1&b=%2F";
    let sent = Some(r#"{"a":[1]}"#.into());
    let client = server.client();
    let response = client.request(reqwest::Method::PATCH, path, sent).await;
    let response = response.unwrap();
    assert_eq!(response.status().as_u16(), 418);
    assert_eq!(response.headers()["x-echo"], "[redacted]");
    assert_eq!(
        response.body(),
        r#"{"error_code":"X.1","echo":"[redacted]"}"#,
        "the token that the server echoes is redacted"
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "sent once");
    let request = &requests[0];
    assert!(request.starts_with(&format!("PATCH {path} HTTP/1.1\r\n")));
    assert!(request.contains(&format!("x-auth-token: {}\r\n", server::TOKEN)));
    assert!(request.ends_with("\r\n\r\n{\"a\":[1]}"), "{request}");
}

/// A server may repeat the headers of its request in a success too.
#[tokio::test]
async fn a_success_is_redacted() {
    let echo = format!("X-Echo: {}\r\n", server::TOKEN);
    let body = format!(
        r#"{{"failed_operation_list":[{{"desktop_id":"{DESKTOP}","error_msg":"{}"}}]}}"#,
        server::TOKEN
    );
    let server = Server::respond_with(json("200 OK", &echo, &body)).await;
    let client = server.client();
    let call = client.batch_detach_instances().project_id(PROJECT);
    let response = call.send().await.unwrap();
    assert_eq!(response.headers()["x-echo"], "[redacted]");
    let failure = &response.failed_operation_list[0];
    assert_eq!(failure.desktop_id.as_deref(), Some(DESKTOP));
    assert_eq!(failure.error_msg.as_deref(), Some("[redacted]"));
    let raw = client.request(reqwest::Method::POST, "/v2", None).await;
    let raw = raw.unwrap();
    assert_eq!(raw.headers()["x-echo"], "[redacted]");
    assert_eq!(raw.body(), &body.replace(server::TOKEN, "[redacted]"));
}

#[tokio::test]
async fn a_raw_path_that_url_parsing_changes_is_not_sent() {
    let server = Server::respond_with(json("200 OK", "", "{}")).await;
    for path in [
        "",
        "v2",
        "//evil.example\\",
        "/a/../b",
        "/a/%2e%2e/b",
        "/./a",
        "/a#b",
        "/a b",
        "/{project_id}",
        "/a\n",
        "@evil.example/",
    ] {
        let sent = server
            .client()
            .request(reqwest::Method::GET, path, None)
            .await;
        let error = sent.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{path:?}: {error}");
    }
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn the_configured_project_id_is_used() {
    let server = Server::respond_with(json("200 OK", "", "{}")).await;
    let project = server.client().desktops().project_id().await.unwrap();
    assert_eq!(project.as_str(), PROJECT);
}

/// Streams and futures that a program stores, returns and moves to another task.
#[test]
fn streams_and_handles_are_owned() {
    fn is_owned<T: Send + Unpin + 'static>() {}
    fn is_shared<T: Send + Sync + 'static>() {}
    is_owned::<workspace_api::BatchOutcomes>();
    is_owned::<workspace_api::DetachInfoStream<'static, String>>();
    is_shared::<workspace_api::Desktops>();
    is_shared::<workspace_api::BatchOutcome>();
    is_shared::<workspace_api::Error>();
}

/// A stream that a function returns outlives the client that made it.
#[tokio::test]
async fn a_stream_outlives_its_client() {
    let server = Server::respond_with(json("200 OK", "", "{}")).await;
    let mut outcomes = {
        let desktops = server.client().desktops().batch_size(1);
        desktops.log_off_in_batches(["a", "b"], None).await.unwrap()
    };
    let mut done = Vec::new();
    while let Some(outcome) = outcomes.next().await {
        done.extend(outcome.succeeded().map(ToString::to_string));
    }
    assert_eq!(done, ["a", "b"]);
}
