//! Whatever a server says instead of a success becomes the one error, with all that was in it, and says whether the
//! request may have been processed.

#![allow(clippy::unwrap_used)]

#[path = "support/server.rs"]
mod server;

use serde::Deserialize;
use server::{DESKTOP, PROJECT, Server, answer, json};
use workspace_api::types::DetachInstancesDesktopInfo;
use workspace_api::{Error, ErrorKind, RetryPolicy};

#[derive(Deserialize)]
struct Vector {
    name: String,
    status: u16,
    content_type: Option<String>,
    headers: std::collections::BTreeMap<String, String>,
    body: String,
    expect: Expected,
}

#[derive(Deserialize)]
struct Expected {
    status: u16,
    code: Option<String>,
    message: Option<String>,
    message_contains: Option<String>,
    detail: Option<String>,
    encoded_authorization_message: Option<String>,
    request_id: Option<String>,
}

/// The error of the face and that of the generated method, for the same answer.
async fn errors(bytes: Vec<u8>) -> [Error; 2] {
    let server = Server::answering(bytes).await;
    let client = server
        .builder()
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let face = client.desktops().detach_info(DESKTOP).await.unwrap_err();
    let call = client
        .list_desktop_detach_info()
        .project_id(PROJECT)
        .desktop_id(DESKTOP);
    [face, call.send().await.unwrap_err()]
}

#[tokio::test]
async fn every_known_body_is_read() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("vectors/errors.json")).unwrap();
    for Vector {
        name,
        status,
        content_type,
        headers,
        body,
        expect,
    } in vectors
    {
        let mut lines: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        lines.extend(content_type.map(|content_type| format!("content-type: {content_type}\r\n")));
        for error in errors(answer(&format!("{status} Status"), &lines, &body)).await {
            assert_eq!(
                error.status().map(|status| status.as_u16()),
                Some(expect.status),
                "{name}"
            );
            assert_eq!(error.code(), expect.code.as_deref(), "{name}");
            assert_eq!(error.detail(), expect.detail.as_deref(), "{name}");
            assert_eq!(error.request_id(), expect.request_id.as_deref(), "{name}");
            let encoded = expect.encoded_authorization_message.as_deref();
            assert_eq!(error.encoded_authorization_message(), encoded, "{name}");
            if let Some(message) = &expect.message {
                assert_eq!(error.message(), Some(message.as_str()), "{name}");
            }
            if let Some(part) = &expect.message_contains {
                assert!(error.message().unwrap().contains(part), "{name}: {error}");
            }
            assert_eq!(
                error.operation().unwrap().id,
                "ListDesktopDetachInfo",
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn a_403_names_the_iam_action() {
    let body =
        r#"{"error_code":"WKS.00081102","error_msg":"no","encoded_authorization_message":"XvVh"}"#;
    for error in errors(json("403 Forbidden", "X-Request-Id: rid\r\n", body)).await {
        assert_eq!(error.kind(), ErrorKind::Forbidden);
        assert_eq!(
            error.iam_action(),
            Some("workspace:desktops:listDetachInfo")
        );
        insta::allow_duplicates! {
            insta::assert_snapshot!(error, @"ListDesktopDetachInfo: 403 Forbidden: WKS.00081102: no [needs the IAM action workspace:desktops:listDetachInfo] [request id rid]");
        }
    }
    for error in errors(json("404 Not Found", "", body)).await {
        assert_eq!(error.iam_action(), None);
    }
}

#[tokio::test]
async fn a_success_that_is_none_is_an_error() {
    let cases = [
        ("text/html", "<html><title>Sign in</title></html>"),
        (
            "application/json",
            r#"{"desktop_detach_infos":[{"desktop_id":"#,
        ),
        ("application/json", r#"{"desktop_detach_infos":"none"}"#),
        (
            "application/json",
            r#"{"desktop_detach_infos":[{"desktop_id":7}]}"#,
        ),
        (
            "application/json",
            r#"{"error_code":"APIGW.0101","error_msg":"no such API"}"#,
        ),
        (
            "application/json",
            r#"{"error":{"code":401,"message":"The request requires authentication."}}"#,
        ),
        (
            "application/json",
            r#"{"code":"APIGW.0308","message":"throttled"}"#,
        ),
        ("application/json", r#"{"error_code":17}"#),
        ("application/json", r#"{"errorCode":"A"}"#),
        ("application/json", r#"{"\u0065rr\u006fr":"A"}"#),
        ("application/json", r#"{"error_code":"A","errorCode":"A"}"#),
        ("application/json", "[]"),
        ("application/json", "null"),
        ("application/json", ""),
    ];
    for (content_type, body) in cases {
        let headers = format!("content-type: {content_type}\r\nX-Request-Id: rid\r\n");
        for error in errors(answer("200 OK", &headers, body)).await {
            assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
            assert_eq!(error.status().unwrap(), 200, "{body}");
            assert_eq!(error.request_id(), Some("rid"), "{body}");
            assert!(error.may_have_been_processed(), "{body}");
        }
    }
}

#[tokio::test]
async fn a_log_off_that_something_else_answers_is_not_a_success() {
    for body in [
        "<h1>Please sign in</h1>",
        "\"Please sign in\"",
        "null",
        r#"{"error_code":"Please sign in"}"#,
    ] {
        let server = Server::answering(answer("200 OK", "", body)).await;
        let ids = [DESKTOP.parse().unwrap()];
        let outcome = server.client().desktops().log_off(ids, None).await.unwrap();
        assert_eq!(outcome.unknown().count(), 1, "{body}");
    }
}

#[tokio::test]
async fn a_refusal_that_echoes_the_token_is_redacted() {
    let body = format!(
        r#"{{"error_code":"APIGW.0301","error_msg":"verify failed: x-auth-token:{}"}}"#,
        server::TOKEN
    );
    for error in errors(json("401 Unauthorized", "", &body)).await {
        let printed = format!("{error} {error:?} {error:#?}");
        assert!(!printed.contains(server::TOKEN), "{printed}");
        assert!(printed.contains("[redacted]"), "{printed}");
    }
}

#[tokio::test]
async fn each_desktop_of_a_batch_has_its_outcome() {
    let body = r#"{"failed_operation_list":[{"desktop_id":"B","error_code":"WKS.1","error_msg":"busy"}],"job_id":"j"}"#;
    let server = Server::answering(json("200 OK", "X-Request-Id: rid\r\n", body)).await;
    let desktops = ["a", "b"].map(|id| DetachInstancesDesktopInfo::all_users(id).unwrap());
    let outcome = server.client().desktops().detach(desktops).await.unwrap();
    assert_eq!(
        outcome
            .succeeded()
            .map(|id| id.as_str())
            .collect::<Vec<_>>(),
        ["a"]
    );
    assert_eq!(outcome.job_ids, ["j"]);
    let failed: Vec<_> = outcome.failed().map(ToString::to_string).collect();
    assert_eq!(failed, ["b: failed: WKS.1: busy [request id rid]"]);
    let error = outcome.into_result().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PartialFailure);
    assert_eq!(
        error.to_string(),
        "1 of 2 desktops failed; first: b: failed: WKS.1: busy [request id rid]"
    );
}

#[tokio::test]
async fn two_failures_of_one_desktop_say_nothing_of_the_other() {
    let body = r#"{"failed_operation_list":[{"desktop_id":"b","error_code":"1"},{"desktop_id":"b","error_code":"2"}]}"#;
    let server = Server::answering(json("200 OK", "", body)).await;
    let desktops = ["a", "b"].map(|id| DetachInstancesDesktopInfo::all_users(id).unwrap());
    let outcome = server.client().desktops().detach(desktops).await.unwrap();
    assert_eq!(
        (outcome.succeeded().count(), outcome.failed().count()),
        (1, 1),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_failure_without_a_name_leaves_the_others_unknown() {
    for stranger in [r#"{"error_code":"WKS.1"}"#, r#"{"desktop_id":"c"}"#] {
        let body = format!(r#"{{"failed_operation_list":[{stranger}]}}"#);
        let server = Server::answering(json("200 OK", "", &body)).await;
        let desktops = ["a", "b"].map(|id| DetachInstancesDesktopInfo::all_users(id).unwrap());
        let outcome = server.client().desktops().detach(desktops).await.unwrap();
        assert_eq!(outcome.unknown().count(), 2, "{stranger}");
    }
}

#[tokio::test]
async fn more_than_a_hundred_are_sent_in_batches_until_one_is_unauthorized() {
    let refused = json("401 Unauthorized", "", r#"{"error_code":"APIGW.0301"}"#);
    let scripts = [json("200 OK", "", "{}"), refused].map(|bytes| vec![server::Step::Send(bytes)]);
    let server = Server::start(scripts).await;
    let desktops =
        (0..350).map(|n| DetachInstancesDesktopInfo::all_users(format!("d{n}")).unwrap());
    let outcome = server.client().desktops().detach(desktops).await.unwrap();
    assert_eq!(outcome.succeeded().count(), 100);
    assert_eq!(outcome.failed().count(), 100);
    assert_eq!(outcome.not_sent().count(), 150);
    assert_eq!(server.requests().len(), 2);
    for not_sent in outcome.not_sent() {
        let error = not_sent.outcome.error().unwrap();
        assert_eq!(error.kind(), ErrorKind::Unauthorized, "{error}");
        assert!(!error.may_have_been_processed());
    }
    assert_eq!(
        outcome.desktops[349].to_string(),
        "d349: not sent, because an earlier request failed: \
         BatchDetachInstances: 401 Unauthorized: APIGW.0301: no reason was given"
    );
    assert_eq!(
        outcome.into_result().unwrap_err().to_string(),
        "100 of 350 desktops failed and 150 were not sent; first: d100: failed: \
         BatchDetachInstances: 401 Unauthorized: APIGW.0301: no reason was given"
    );
}
