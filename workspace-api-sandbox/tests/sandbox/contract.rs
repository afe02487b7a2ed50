//! The document rules: it says what is routed, what a request must be and what an answer may be.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use workspace_api_sandbox::defaults::{MULTI_USER_DESKTOP, PROJECT_ID, TOKEN};
use workspace_api_sandbox::{Error, Sandbox};

use crate::{client, get, post, request, send};

fn document() -> &'static str {
    workspace_api::OPENAPI_YAML
}

/// The document with one change, which must be one.
fn changed(from: &str, to: &str) -> String {
    assert!(
        document().contains(from),
        "the document has no {from:?} any more"
    );
    document().replacen(from, to, 1)
}

async fn under(document: String) -> Result<Sandbox, Error> {
    Sandbox::builder().contract(document).start().await
}

#[tokio::test]
async fn a_request_that_breaks_the_contract_is_refused_with_the_place() {
    let sandbox = Sandbox::start().await.unwrap();
    let user = json!({ "user_name": "li-na" });
    let detach = |desktop: Value| json!({ "desktops": [desktop] });
    let long = "x".repeat(256);
    for (body, expected) in [
        (json!([]), "want object"),
        (json!({ "desktops": {} }), "/desktops"),
        (json!({ "desktops": vec![json!({}); 101] }), "/desktops"),
        (detach(json!({ "desktop_id": 7 })), "/desktops/0/desktop_id"),
        (
            detach(json!({ "desktop_id": null })),
            "/desktops/0/desktop_id",
        ),
        (
            detach(json!({ "desktop_id": "" })),
            "/desktops/0/desktop_id",
        ),
        (
            detach(json!({ "desktop_id": long })),
            "/desktops/0/desktop_id",
        ),
        (
            detach(json!({ "is_detach_all_users": "false" })),
            "/desktops/0/is_detach_all_users",
        ),
        (
            detach(json!({ "detach_user_infos": vec![user; 501] })),
            "/desktops/0/detach_user_infos",
        ),
        (detach(json!({ "detach_user_infos": [{}] })), "user_name"),
        (
            detach(json!({ "detach_user_infos": [{ "user_name": "x".repeat(65) }] })),
            "/desktops/0/detach_user_infos/0/user_name",
        ),
        (
            detach(json!({ "detach_user_infos": [{ "user_name": "x", "type": "ROBOT" }] })),
            "/desktops/0/detach_user_infos/0/type",
        ),
    ] {
        let (status, answer) = post(&sandbox, "/desktops/batch-detach", body).await;
        assert_eq!(
            (status, &answer["error_code"]),
            (StatusCode::BAD_REQUEST, &json!("WKS.0001")),
            "{expected}"
        );
        let detail = answer["error_detail"].as_str().unwrap();
        assert!(
            detail.contains(expected) && detail.len() < 300,
            "{expected}: {detail}"
        );
    }
    for body in [
        json!({ "desktop_ids": vec!["x"; 101] }),
        json!({ "message": "x".repeat(256) }),
    ] {
        assert_eq!(
            post(&sandbox, "/desktops/logoff", body).await.0,
            StatusCode::BAD_REQUEST
        );
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let deep = "[".repeat(100_000);
    for (media, body, expected) in [
        (Some("application/json"), &b""[..], "no body"),
        (Some("application/json"), b"{", "not JSON"),
        (
            Some("application/json"),
            b"{\"message\": \"\xff\"}",
            "not UTF-8",
        ),
        (Some("application/json"), deep.as_bytes(), "recursion limit"),
        (Some("text/plain"), b"{}", "Content-Type"),
        (
            Some("application/x-www-form-urlencoded"),
            b"desktop_ids=x",
            "Content-Type",
        ),
        (None, b"{}", "no desktop is named"),
        (
            Some("Application/JSON; charset=utf-8"),
            b"{}",
            "no desktop is named",
        ),
    ] {
        let mut request = request(&sandbox, Method::POST, "/desktops/logoff").body(body.to_vec());
        if let Some(media) = media {
            request = request.header("Content-Type", media);
        }
        let (status, answer) = send(request).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{expected}");
        let detail = answer["error_detail"].as_str().unwrap();
        assert!(detail.contains(expected), "{expected}: {detail}");
    }
}

#[tokio::test]
async fn unknown_paths_methods_and_impossible_ids_are_told_apart() {
    let sandbox = Sandbox::start().await.unwrap();
    let records = |desktop: &str| format!("/v2/{PROJECT_ID}/desktops/{desktop}/detach-info");
    for (method, path, status, code) in [
        (
            Method::GET,
            "/v2".to_owned(),
            StatusCode::NOT_FOUND,
            "APIGW.0101",
        ),
        (Method::GET, records(""), StatusCode::NOT_FOUND, "WKS.0202"),
        (
            Method::DELETE,
            records("x"),
            StatusCode::METHOD_NOT_ALLOWED,
            "APIGW.0101",
        ),
        (Method::GET, records("x"), StatusCode::NOT_FOUND, "WKS.0202"),
        (
            Method::GET,
            records("a%2Fb"),
            StatusCode::NOT_FOUND,
            "WKS.0202",
        ),
        (
            Method::GET,
            records("%FF"),
            StatusCode::NOT_FOUND,
            "WKS.0202",
        ),
        (
            Method::GET,
            records(&"x".repeat(256)),
            StatusCode::NOT_FOUND,
            "WKS.0202",
        ),
        (
            Method::GET,
            "/v2/other/desktops/x/detach-info".to_owned(),
            StatusCode::NOT_FOUND,
            "WKS.0202",
        ),
    ] {
        let url = format!("{}{path}", sandbox.base_url());
        let response = client()
            .request(method, &url)
            .header("X-Auth-Token", TOKEN)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), status, "{path}");
        let allow = response
            .headers()
            .get("allow")
            .map(|allow| allow.to_str().unwrap().to_owned());
        assert_eq!(
            allow.is_some_and(|allow| allow.contains("GET")),
            status == StatusCode::METHOD_NOT_ALLOWED
        );
        assert!(response.headers().contains_key("x-request-id"));
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["error_code"], code, "{path}");
    }
}

#[tokio::test]
async fn what_is_in_the_document_but_not_emulated_says_so() {
    let document = changed(
        "operationId: BatchLogoffDesktops",
        "operationId: BatchRebootDesktops",
    );
    let sandbox = under(document).await.unwrap();
    let (status, answer) = post(&sandbox, "/desktops/logoff", json!({})).await;
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
    assert!(
        answer["error_msg"]
            .as_str()
            .unwrap()
            .contains("BatchRebootDesktops")
    );
}

#[tokio::test]
async fn routes_follow_the_document() {
    let document = changed("/desktops/logoff:", "/desktops/log-off:");
    let sandbox = under(document).await.unwrap();
    let off = json!({ "desktop_ids": [MULTI_USER_DESKTOP] });
    assert_eq!(
        post(&sandbox, "/desktops/logoff", off.clone()).await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        post(&sandbox, "/desktops/log-off", off).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_answer_that_breaks_the_document_does_not_leave() {
    let from = "    ListDesktopDetachInfoResponse:\n      type: object\n";
    let sandbox = under(changed(from, &format!("{from}      required: [total]\n")))
        .await
        .unwrap();
    let path = format!("/desktops/{MULTI_USER_DESKTOP}/detach-info");
    let (status, answer) = get(&sandbox, &path).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    let message = answer["error_msg"].as_str().unwrap();
    assert!(
        message.contains("ListDesktopDetachInfo") && message.contains("total"),
        "{message}"
    );

    let undocumented = document().replacen("'404':", "'410':", 2);
    let sandbox = under(undocumented).await.unwrap();
    let (status, answer) = get(&sandbox, "/desktops/no-such-desktop/detach-info").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        answer["error_msg"].as_str().unwrap().contains("404"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_document_that_cannot_be_used_says_where() {
    let line = |needle: &str| {
        1 + document()
            .lines()
            .position(|line| line.contains(needle))
            .unwrap()
    };
    let logoff = line("  /v2/{project_id}/desktops/logoff:");
    for (document, place, expected) in [
        ("openapi: [".to_owned(), String::new(), ""),
        ("{}".to_owned(), String::new(), "OpenAPI 3.0"),
        (
            changed("openapi: 3.0.3", "openapi: 3.1.0"),
            format!("{}:1: ", line("openapi: 3.0.3")),
            "OpenAPI 3.0",
        ),
        (
            changed("      operationId: BatchLogoffDesktops\n", ""),
            format!("{}:5: ", logoff + 1),
            "no `operationId`",
        ),
        (
            changed(
                "/v2/{project_id}/desktops/logoff:",
                "/v2/{p}/desktops/batch-detach:",
            ),
            format!("{logoff}:3: "),
            "the same path",
        ),
        (
            changed("/desktops/logoff:", "/desktops/logoff-{id}:"),
            format!("{logoff}:3: "),
            "whole segment",
        ),
        (
            changed("schemas/LogoffDesktopsReq'", "schemas/Nothing'"),
            String::new(),
            "Nothing",
        ),
    ] {
        let error = under(document).await.unwrap_err();
        assert!(matches!(error, Error::Contract(_)));
        let text = error.to_string();
        assert!(
            text.starts_with(&place) && text.contains(expected),
            "{place}{expected}: {text}"
        );
    }
}
