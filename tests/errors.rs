//! Every error response becomes an `Error` with all its fields, which says whether the request may
//! have been processed.

#![allow(clippy::unwrap_used)]

#[path = "support/server.rs"]
mod server;

use std::fmt::Write;

use futures::StreamExt;
use serde::Deserialize;
use server::{DESKTOP, PROJECT, Server, Step, json, response};
use workspace_api::types::DetachInstancesDesktopInfo;
use workspace_api::{Error, ErrorKind, RetryPolicy, limits};

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

/// Returns the errors of the high-level API and of the generated method for the same response.
async fn errors(response: Vec<u8>) -> [Error; 2] {
    let server = Server::respond_with(response).await;
    let client = server
        .builder()
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let high_level = client.desktops().detach_info(DESKTOP).await.unwrap_err();
    let call = client
        .list_desktop_detach_info()
        .project_id(PROJECT)
        .desktop_id(DESKTOP);
    [high_level, call.send().await.unwrap_err()]
}

/// The client reads error bodies of several services by the names of their properties. The contract
/// must not rename one of its own without the client.
#[tokio::test]
async fn the_error_body_of_the_contract_is_read() {
    let mut body = workspace_api::types::ErrorResponse::default();
    body.error_code = Some("WKS.1".to_owned());
    body.error_msg = Some("a message".to_owned());
    body.error_detail = Some("a detail".to_owned());
    body.encoded_authorization_message = Some("a reason".to_owned());
    body.request_id = Some("rid-1".to_owned());
    let body = serde_json::to_string(&body).unwrap();
    for error in errors(json("403 Forbidden", "", &body)).await {
        assert_eq!(error.code(), Some("WKS.1"));
        assert_eq!(error.message(), Some("a message"));
        assert_eq!(error.detail(), Some("a detail"));
        assert_eq!(error.encoded_authorization_message(), Some("a reason"));
        assert_eq!(error.request_id(), Some("rid-1"));
    }
}

#[tokio::test]
async fn known_error_bodies_are_parsed() {
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
        let mut lines = String::new();
        for (name, value) in headers {
            write!(lines, "{name}: {value}\r\n").unwrap();
        }
        if let Some(content_type) = content_type {
            write!(lines, "content-type: {content_type}\r\n").unwrap();
        }
        for error in errors(response(&format!("{status} Status"), &lines, &body)).await {
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
async fn a_403_names_the_missing_iam_action() {
    let body =
        r#"{"error_code":"WKS.00081102","error_msg":"no","encoded_authorization_message":"XvVh"}"#;
    for error in errors(json("403 Forbidden", "X-Request-Id: rid\r\n", body)).await {
        assert_eq!(error.kind(), ErrorKind::Forbidden);
        let action = error.operation().unwrap().iam_action.unwrap();
        assert_eq!(error.iam_action(), Some(action));
        assert_eq!(
            error.to_string(),
            format!(
                "ListDesktopDetachInfo: 403 Forbidden: WKS.00081102: no \
                 [needs the IAM action {action}] [request id rid]"
            )
        );
    }
    for error in errors(json("404 Not Found", "", body)).await {
        assert_eq!(error.iam_action(), None);
    }
}

#[tokio::test]
async fn an_invalid_success_body_is_an_error() {
    let cases = [
        ("text/html", "<html><title>Sign in</title></html>"),
        (
            "application/json",
            r#"{"desktop_detach_infos":[{"desktop_id":"#,
        ),
        ("application/json", r#"{"desktop_detach_infos":"none"}"#),
        (
            "application/json",
            r#"{"desktop_detach_infos":[],"desktop_detach_infos":[{}]}"#,
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
        for error in errors(response("200 OK", &headers, body)).await {
            assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
            assert_eq!(error.status().unwrap(), 200, "{body}");
            assert_eq!(error.request_id(), Some("rid"), "{body}");
            assert!(error.may_have_been_processed(), "{body}");
        }
    }
}

/// The operation was carried out, so a value of another type does not hide the others.
#[tokio::test]
async fn an_odd_value_in_a_success_is_left_out() {
    let body = r#"{"desktop_detach_infos":[
        {"desktop_id":7,"user_name":"li-na","type":null},null,{"user_name":["a"],"new":1}]}"#;
    let server = Server::respond_with(json("200 OK", "", body)).await;
    let records = server.client().desktops().detach_info(DESKTOP).await;
    let records = records.unwrap();
    let read = records
        .iter()
        .map(|record| [record.desktop_id.as_deref(), record.user_name.as_deref()]);
    assert_eq!(
        read.collect::<Vec<_>>(),
        [
            [Some("7"), Some("li-na")],
            [None, None],
            [None, Some("[\"a\"]")]
        ]
    );

    let body = r#"{"success_job_ids":["j",null,5],"job_id":null,"new":"\ud800"}"#;
    let server = Server::respond_with(json("200 OK", "", body)).await;
    let all = DetachInstancesDesktopInfo::all_users(DESKTOP).unwrap();
    let outcome = server.client().desktops().detach([all]).await.unwrap();
    assert_eq!(outcome.job_ids, ["j", "5"]);
    assert_eq!(outcome.unknown().count(), 0);

    // An entry that cannot be read may stand for any desktop of the batch.
    for list in ["[null]", "[5]", "[{\"desktop_id\":null}]"] {
        let body = format!("{{\"failed_operation_list\":{list}}}");
        let server = Server::respond_with(json("200 OK", "", &body)).await;
        let all = DetachInstancesDesktopInfo::all_users(DESKTOP).unwrap();
        let outcome = server.client().desktops().detach([all]).await.unwrap();
        assert_eq!(outcome.unknown().count(), 1, "{list}");
    }
}

#[tokio::test]
async fn a_log_off_with_an_unexpected_success_body_is_unknown() {
    for body in [
        "<h1>Please sign in</h1>",
        "\"Please sign in\"",
        "null",
        r#"{"error_code":"Please sign in"}"#,
    ] {
        let server = Server::respond_with(response("200 OK", "", body)).await;
        let desktops = server.client().desktops();
        let outcome = desktops.log_off([DESKTOP], None).await.unwrap();
        assert_eq!(outcome.unknown().count(), 1, "{body}");
    }
}

#[tokio::test]
async fn a_token_echoed_in_an_error_body_is_redacted() {
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
async fn each_desktop_of_a_batch_has_an_outcome() {
    let body = r#"{"failed_operation_list":[{"desktop_id":"B","error_code":"WKS.1","error_msg":"busy"}],"job_id":"j"}"#;
    let server = Server::respond_with(json("200 OK", "X-Request-Id: rid\r\n", body)).await;
    let desktops = ["a", "b"].map(|id| DetachInstancesDesktopInfo::all_users(id).unwrap());
    let outcome = server.client().desktops().detach(desktops).await.unwrap();
    let accepted: Vec<_> = outcome.accepted().map(ToString::to_string).collect();
    assert_eq!(accepted, ["a: accepted (job j)"]);
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
async fn two_failures_of_one_desktop_do_not_affect_another() {
    let body = r#"{"failed_operation_list":[{"desktop_id":"b","error_code":"1"},{"desktop_id":"b","error_code":"2"}]}"#;
    let server = Server::respond_with(json("200 OK", "", body)).await;
    let desktops = ["a", "b"].map(|id| DetachInstancesDesktopInfo::all_users(id).unwrap());
    let outcome = server.client().desktops().detach(desktops).await.unwrap();
    assert_eq!(
        (outcome.succeeded().count(), outcome.failed().count()),
        (1, 1),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_failure_of_an_unnamed_desktop_makes_the_others_unknown() {
    for failure in [r#"{"error_code":"WKS.1"}"#, r#"{"desktop_id":"c"}"#] {
        let body = format!(r#"{{"failed_operation_list":[{failure}]}}"#);
        let server = Server::respond_with(json("200 OK", "", &body)).await;
        let desktops = ["a", "b"].map(|id| DetachInstancesDesktopInfo::all_users(id).unwrap());
        let outcome = server.client().desktops().detach(desktops).await.unwrap();
        assert_eq!(outcome.unknown().count(), 2, "{failure}");
    }
}

/// The error bodies of Workspace, of its gateway and of IAM.
const REJECTIONS: [&str; 3] = [
    r#"{"error_code":"WKS.1","error_msg":"no"}"#,
    r#"{"error_msg":"no","error_code":"APIGW.0201","request_id":"r"}"#,
    r#"{"error":{"code":400,"message":"no"}}"#,
];

#[tokio::test]
async fn only_a_documented_rejection_proves_that_nothing_was_done() {
    let rejections = [400, 401, 403, 404, 405, 409, 413, 415, 422, 431];
    let others = ["", "{}", "<h1>no</h1>", r#"{"message":"no"}"#];
    let bodies = || REJECTIONS.into_iter().chain(others);
    let cases: Vec<_> = (400..600)
        .flat_map(|status| bodies().map(move |body| (status, body)))
        .collect();
    let scripts = cases
        .iter()
        .map(|(status, body)| vec![Step::Send(json(&format!("{status} S"), "", body))]);
    let server = Server::start(scripts).await;
    let client = server
        .builder()
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    for (sent, (status, body)) in (1..).zip(cases) {
        let is_rejected =
            status == 429 || rejections.contains(&status) && REJECTIONS.contains(&body);
        let desktop = DetachInstancesDesktopInfo::all_users(DESKTOP).unwrap();
        let outcome = client.desktops().detach([desktop]).await.unwrap();
        let counts = (outcome.failed().count(), outcome.unknown().count());
        let expected = if is_rejected { (1, 0) } else { (0, 1) };
        assert_eq!(counts, expected, "{status} {body}");
        assert_eq!(server.requests().len(), sent, "{status} {body}");
    }
}

/// Logs off or unbinds `a` and `b`, and returns what became of them.
async fn outcomes_of(response: Vec<u8>) -> [Vec<String>; 2] {
    let server = Server::respond_with(response).await;
    let client = server.client();
    let ids = ["a", "b"];
    let entries = ids.map(|id| DetachInstancesDesktopInfo::all_users(id).unwrap());
    let detached = client.desktops().detach(entries).await.unwrap();
    let logged_off = client.desktops().log_off(ids, None).await.unwrap();
    [detached, logged_off].map(|outcome| {
        let desktops = outcome.desktops.iter();
        desktops.map(ToString::to_string).collect()
    })
}

#[tokio::test]
async fn failures_are_found_under_any_success_of_any_operation() {
    let body = r#"{"failed_operation_list":[{"desktop_id":"b","error_code":"WKS.00010032","error_msg":"Operation conflict."}]}"#;
    for status in ["200 OK", "201 Created", "202 Accepted", "207 Multi-Status"] {
        for outcomes in outcomes_of(json(status, "", body)).await {
            assert_eq!(
                outcomes,
                [
                    "a: succeeded",
                    "b: failed: WKS.00010032: Operation conflict."
                ],
                "{status}"
            );
        }
    }
}

#[tokio::test]
async fn a_success_that_does_not_say_which_desktops_failed_is_unknown() {
    for (status, body) in [
        ("207 Multi-Status", "{}"),
        ("206 Partial Content", r#"{"failed_operation_list":[]}"#),
        ("200 OK", r#"{"failed_count":1}"#),
        ("200 OK", r#"{"failed_operation_list":{"desktop_id":"b"}}"#),
        (
            "200 OK",
            r#"{"failed_operation_list":[{"error_code":"WKS.1"}]}"#,
        ),
        ("200 OK", r#"{"failed_operation_list":["b"]}"#),
        (
            "200 OK",
            r#"{"failed_operation_list":[{"desktop_id":"c"}]}"#,
        ),
        ("200 OK", r#"{"error_code":"WKS.1"}"#),
    ] {
        for outcomes in outcomes_of(json(status, "", body)).await {
            let is_unknown = |outcome: &String| outcome.contains(": unknown: ");
            assert!(outcomes.iter().all(is_unknown), "{body}: {outcomes:?}");
        }
    }
}

#[tokio::test]
async fn a_success_that_says_nothing_is_a_success() {
    for body in [
        "{}",
        r#"{"failed_operation_list":[]}"#,
        r#"{"failed_operation_list":null,"error_code":"","error_msg":null}"#,
        r#"{"job_id":""}"#,
    ] {
        for outcomes in outcomes_of(json("200 OK", "", body)).await {
            assert_eq!(outcomes, ["a: succeeded", "b: succeeded"], "{body}");
        }
    }
}

#[tokio::test]
async fn an_error_under_a_success_keeps_its_code() {
    let body =
        r#"{"error_code":"WKS.00010110","error_msg":"Desktops cannot obtain valid IP addresses."}"#;
    for error in errors(json("200 OK", "", body)).await {
        assert_eq!(error.code(), Some("WKS.00010110"));
        assert!(error.may_have_been_processed());
    }
}

#[tokio::test]
async fn a_pool_desktop_is_accepted_with_its_job() {
    let body =
        r#"{"failed_operation_list":[{"desktop_id":"b","error_code":"WKS.1"}],"job_id":"j"}"#;
    let [detached, _] = outcomes_of(json("200 OK", "", body)).await;
    assert_eq!(detached, ["a: accepted (job j)", "b: failed: WKS.1"]);
}

#[tokio::test]
async fn batches_after_a_401_are_not_sent() {
    let unauthorized = json("401 Unauthorized", "", r#"{"error_code":"APIGW.0301"}"#);
    let responses = [json("200 OK", "", "{}"), unauthorized];
    let server = Server::start(responses.map(|response| vec![Step::Send(response)])).await;
    let desktops = (0..7).map(|n| DetachInstancesDesktopInfo::all_users(format!("d{n}")).unwrap());
    let in_batches = server.client().desktops().batch_size(2);
    let outcome = in_batches.detach(desktops).await.unwrap();
    assert_eq!(outcome.succeeded().count(), 2);
    assert_eq!(outcome.failed().count(), 2);
    assert_eq!(outcome.not_sent().count(), 3);
    assert_eq!(server.requests().len(), 2);
    for not_sent in outcome.not_sent() {
        let error = not_sent.outcome.error().unwrap();
        assert_eq!(error.kind(), ErrorKind::Unauthorized, "{error}");
        assert!(!error.may_have_been_processed());
    }
    assert_eq!(
        outcome.desktops[6].to_string(),
        "d6: not sent, because an earlier request failed: \
         BatchDetachInstances: 401 Unauthorized: APIGW.0301"
    );
    assert_eq!(
        outcome.into_result().unwrap_err().to_string(),
        "2 of 7 desktops failed and 3 were not sent; first: d2: failed: \
         BatchDetachInstances: 401 Unauthorized: APIGW.0301"
    );
}

/// Returns an error response to a whole batch.
fn rejected(detail: &str) -> Vec<Step> {
    let body = format!(
        r#"{{"error_code":"WKS.00010032","error_msg":"Refused.","error_detail":"{detail}"}}"#
    );
    vec![Step::Send(json("409 Conflict", "", &body))]
}

#[tokio::test]
async fn a_rejected_batch_is_sent_again_without_the_desktops_at_fault() {
    let accepted = || vec![Step::Send(json("200 OK", "", "{}"))];
    let server = Server::start([
        // Names no desktop, so the batch is halved: a, b and c, d.
        rejected("locked"),
        rejected("A is locked"),
        rejected("locked"),
        accepted(),
        accepted(),
        rejected("locked"),
    ])
    .await;
    let entries = ["a", "b", "c", "d"].map(|id| DetachInstancesDesktopInfo::all_users(id).unwrap());
    let outcome = server.client().desktops().detach(entries).await.unwrap();
    let outcomes: Vec<_> = outcome.desktops.iter().map(ToString::to_string).collect();
    assert_eq!(
        outcomes,
        [
            "a: failed: BatchDetachInstances: 409 Conflict: WKS.00010032: Refused. (A is locked)",
            "b: succeeded",
            "c: succeeded",
            "d: failed: BatchDetachInstances: 409 Conflict: WKS.00010032: Refused. (locked)",
        ]
    );
    assert_eq!(server.requests().len(), 6);
}

#[tokio::test]
async fn a_batch_is_not_split_after_an_error_of_all_or_of_unknown_effect() {
    let body = r#"{"error_code":"APIGW.0101","error_msg":"No such API."}"#;
    for response in [
        json("404 Not Found", "", body),
        response("404 Not Found", "", ""),
        json(
            "500 Internal Server Error",
            "",
            r#"{"error_code":"WKS.0915"}"#,
        ),
    ] {
        let server = Server::respond_with(response).await;
        let entries = ["a", "b"].map(|id| DetachInstancesDesktopInfo::all_users(id).unwrap());
        let outcome = server.client().desktops().detach(entries).await.unwrap();
        assert_eq!(outcome.succeeded().count(), 0);
        assert_eq!(server.requests().len(), 1);
    }
}

/// Returns entries for this many desktops.
fn desktops(count: usize) -> impl Iterator<Item = DetachInstancesDesktopInfo> {
    (0..count).map(|n| DetachInstancesDesktopInfo::all_users(format!("d{n}")).unwrap())
}

#[tokio::test]
async fn a_batch_is_not_halved_for_ever() {
    let server = Server::start([rejected("locked")]).await;
    let outcome = server.client().desktops().detach(desktops(300)).await;
    let outcome = outcome.unwrap();
    assert_eq!(outcome.failed().count(), 300);
    // Later batches are rejected like the first one.
    let batches = 300_usize.div_ceil(limits::BATCH_DETACH_INSTANCES_REQ_DESKTOPS);
    let requests = server.requests().len();
    // 64 parts are halved, and each of them leaves at most one part more than there was.
    assert!(requests < 130 + batches, "{requests}");
    let last = outcome.desktops.last().unwrap().to_string();
    assert!(
        last.contains("(locked; this desktop was rejected together with others"),
        "{last}"
    );
}

#[tokio::test]
async fn three_equal_systemic_responses_in_a_row_end_a_run() {
    let reset = || vec![Step::Reset];
    let not_json = || vec![Step::Send(response("404 Not Found", "", "no such page"))];
    let teapot = || vec![Step::Send(response("418 I'm a teapot", "", ""))];
    let server_error = || vec![Step::Send(json("500 Internal Server Error", "", "{}"))];
    let page = || vec![Step::Send(response("200 OK", "", "<h1>Login</h1>"))];
    for failure in [reset, not_json, teapot, server_error, page] {
        let server = Server::start([failure()]).await;
        let in_batches = server.client().desktops().batch_size(2);
        let outcome = in_batches.detach(desktops(21)).await.unwrap();
        let counts = (outcome.unknown().count(), outcome.not_sent().count());
        assert_eq!(counts, (6, 15), "{:?}", outcome.desktops[0]);
        assert_eq!(server.requests().len(), 3);
        // The others cannot have been processed.
        for desktop in outcome.not_sent() {
            assert!(!desktop.outcome.error().unwrap().may_have_been_processed());
        }
        assert!(outcome.into_result().unwrap_err().may_have_been_processed());
    }
}

#[tokio::test]
async fn other_responses_in_between_let_a_run_go_on() {
    let accepted = || vec![Step::Send(json("200 OK", "", "{}"))];
    let status = |status: &str| vec![Step::Send(json(status, "", "{}"))];
    let missing = r#"{"error_code":"WKS.0915"}"#;
    let missing = || vec![Step::Send(json("500 Internal Server Error", "", missing))];
    for (script, sent) in [
        (
            vec![
                status("500 a"),
                status("500 a"),
                accepted(),
                status("500 a"),
            ],
            6,
        ),
        (
            vec![
                status("500 a"),
                status("503 a"),
                status("500 a"),
                status("503 a"),
            ],
            6,
        ),
        // Each is about its own desktop.
        (vec![missing()], 10),
    ] {
        let server = Server::start(script).await;
        let client = server.client();
        let operations = client.desktops().batch_size(1);
        let outcome = operations.detach(desktops(10)).await.unwrap();
        assert_eq!(outcome.desktops.len(), 10);
        assert_eq!(server.requests().len(), sent);
    }
}

#[tokio::test]
async fn a_service_that_is_not_there_ends_a_run_at_once() {
    for (status, body) in [
        ("404 Not Found", r#"{"error_code":"APIGW.0101"}"#),
        ("404 Not Found", r#"{"error_code":"APIG.0101"}"#),
        ("403 Forbidden", r#"{"error_code":"APIGW.0302"}"#),
        ("403 Forbidden", r#"{"error_code":"WKS.00010099"}"#),
        ("407 Proxy Authentication Required", ""),
    ] {
        let server = Server::respond_with(json(status, "", body)).await;
        let client = server.client();
        let in_batches = client.desktops().batch_size(2);
        let outcome = in_batches.detach(desktops(5)).await.unwrap();
        assert_eq!(outcome.not_sent().count(), 3, "{status} {body}");
        assert_eq!(server.requests().len(), 1);
        let ids = (0..50).map(|n| format!("d{n}"));
        let reads: Vec<_> = client.desktops().detach_infos(ids).stream().collect().await;
        assert_eq!(
            (reads.len(), server.requests().len()),
            (1, 2),
            "{status} {body}"
        );
    }
}

#[tokio::test]
async fn a_batch_has_at_most_the_given_size() {
    let server = Server::respond_with(json("200 OK", "", "{}")).await;
    let client = server.client();
    let desktops = ["a", "b", "c"];
    let operations = client.desktops().batch_size(2);
    let outcome = operations.log_off(desktops, None).await.unwrap();
    assert_eq!(outcome.succeeded().count(), 3);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn each_desktop_has_the_id_of_its_request_and_the_name_that_the_service_gave() {
    let failed = r#"{"failed_operation_list":[{"desktop_id":"b","desktop_name":"design-02","error_code":"WKS.0202"}]}"#;
    for (status, body, names) in [
        ("200 OK", failed, [None, Some("design-02")]),
        ("200 OK", "{}", [None, None]),
        ("500 Internal Server Error", "{}", [None, None]),
    ] {
        let response = json(status, "X-Request-Id: rid\r\n", body);
        let server = Server::respond_with(response).await;
        let client = server.client();
        let ids = ["a", "b"];
        let entries = ids.map(|id| DetachInstancesDesktopInfo::all_users(id).unwrap());
        let detached = client.desktops().detach(entries).await.unwrap();
        let logged_off = client.desktops().log_off(ids, None).await.unwrap();
        for outcome in [detached, logged_off] {
            for (desktop, name) in outcome.desktops.iter().zip(names) {
                assert_eq!(desktop.request_id.as_deref(), Some("rid"), "{status}");
                assert_eq!(desktop.desktop_name.as_deref(), name, "{status}");
            }
        }
    }
}

/// Proxies write their pages in the charset of their country.
#[tokio::test]
async fn an_error_page_is_read_in_its_charset() {
    let mut page = b"HTTP/1.1 502 X\r\ncontent-type: text/html; charset=gbk\r\n\
                     content-length: 17\r\n\r\n<p>"
        .to_vec();
    page.extend_from_slice(b"\xb4\xed\xce\xf3\xb5\xc4\xcd\xf8\xb9\xd8</p>");
    let server = Server::respond_with(page).await;
    let client = server
        .builder()
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.desktops().detach_info(DESKTOP).await.unwrap_err();
    assert_eq!(error.message(), Some("错误的网关"));
}

/// The parts have what the server sent, the text of the error shows it harmlessly on one line.
#[tokio::test]
async fn control_characters_of_a_server_are_visible() {
    let hostile = "a\nb\u{1b}[2J\u{9b}\u{202e}";
    let shown = r"a⏎b\x1b[2J\x9b\u{202e}";
    let body = serde_json::json!({
        "error_code": hostile, "error_msg": hostile, "error_detail": hostile, "request_id": hostile,
    });
    let server = Server::respond_with(json("409 Conflict", "", &body.to_string())).await;
    let error = server
        .client()
        .desktops()
        .detach_info(DESKTOP)
        .await
        .unwrap_err();
    assert_eq!(error.message(), Some(hostile));
    let expected = format!(
        "ListDesktopDetachInfo: 409 Conflict: {shown}: {shown} ({shown}) [request id {shown}]"
    );
    assert_eq!(error.to_string(), expected);
    let failure = serde_json::json!({ "desktop_id": DESKTOP, "error_msg": hostile });
    let body = serde_json::json!({ "failed_operation_list": [failure] });
    let server = Server::respond_with(json("200 OK", "", &body.to_string())).await;
    let desktop = DetachInstancesDesktopInfo::all_users(DESKTOP).unwrap();
    let outcome = server.client().desktops().detach([desktop]).await.unwrap();
    let expected = format!("{DESKTOP}: failed: {shown}");
    assert_eq!(outcome.desktops[0].to_string(), expected);
}
