//! Routes and checks of requests and responses come from the contract.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use workspace_api_sandbox::defaults::{MULTI_USER_DESKTOP, PROJECT_ID, TOKEN};
use workspace_api_sandbox::{Error, Sandbox};

use crate::{client, get, post, request, send};

/// A contract that does not change with the present one. The package of the crate has it, too.
fn contract() -> &'static str {
    include_str!("contract.yaml")
}

/// The contract with one change. Panics if there is nothing to change.
fn changed(from: &str, to: &str) -> String {
    assert!(
        contract().contains(from),
        "the contract has no {from:?} any more"
    );
    contract().replacen(from, to, 1)
}

async fn start_with(contract: String) -> Result<Sandbox, Error> {
    Sandbox::builder().contract(contract).start().await
}

#[tokio::test]
async fn invalid_requests_are_rejected_with_the_location_of_the_error() {
    let sandbox = start_with(contract().to_owned()).await.unwrap();
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
        let (status, response) = post(&sandbox, "/desktops/batch-detach", body).await;
        assert_eq!(
            (status, &response["error_code"]),
            (StatusCode::BAD_REQUEST, &json!("WKS.0001")),
            "{expected}"
        );
        let detail = response["error_detail"].as_str().unwrap();
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
async fn bodies_that_are_not_json_are_rejected() {
    let sandbox = start_with(contract().to_owned()).await.unwrap();
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
        let (status, response) = send(request).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{expected}");
        let detail = response["error_detail"].as_str().unwrap();
        assert!(detail.contains(expected), "{expected}: {detail}");
    }
}

#[tokio::test]
async fn unknown_paths_methods_and_ids_have_their_own_errors() {
    let sandbox = start_with(contract().to_owned()).await.unwrap();
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
async fn an_operation_that_is_not_emulated_is_a_501_that_names_it() {
    let contract = changed(
        "operationId: BatchLogoffDesktops",
        "operationId: BatchRebootDesktops",
    );
    let sandbox = start_with(contract).await.unwrap();
    let (status, response) = post(&sandbox, "/desktops/logoff", json!({})).await;
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
    assert!(
        response["error_msg"]
            .as_str()
            .unwrap()
            .contains("BatchRebootDesktops")
    );
}

#[tokio::test]
async fn an_operation_that_is_not_emulated_can_return_the_example() {
    let contract = contract()
        .replace("ListDesktopDetachInfo\n", "ListDesktopHistory\n")
        .replace("BatchLogoffDesktops\n", "BatchRebootDesktops\n");
    let sandbox = Sandbox::builder().contract(contract).examples();
    let sandbox = sandbox.start().await.unwrap();
    let (status, response) = get(&sandbox, "/desktops/any/detach-info").await;
    assert_eq!(status, StatusCode::OK, "{response}");
    assert!(response.as_object().is_some_and(|body| !body.is_empty()));
    let body = json!({ "desktop_ids": [MULTI_USER_DESKTOP] });
    let rebooted = post(&sandbox, "/desktops/logoff", body).await;
    assert_eq!(rebooted.0, StatusCode::OK);
    let (status, response) = post(&sandbox, "/desktops/logoff", json!({ "message": 5 })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{response}");
}

#[tokio::test]
async fn a_value_that_is_not_emulated_is_a_501_that_names_it() {
    let contract = changed("enum: [USER, GROUP]", "enum: [USER, GROUP, TEAM]");
    let sandbox = start_with(contract).await.unwrap();
    let body = json!({ "desktops": [{
        "desktop_id": MULTI_USER_DESKTOP,
        "detach_user_infos": [{ "user_name": "li-na", "type": "TEAM" }],
    }] });
    let (status, response) = post(&sandbox, "/desktops/batch-detach", body).await;
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED, "{response}");
    let message = response["error_msg"].as_str().unwrap();
    assert!(message.contains("`TEAM`"), "{message}");
}

/// A property that the sandbox fills, and that the contract does not have any more.
#[tokio::test]
async fn a_renamed_property_is_a_500_that_names_it() {
    let contract = contract().replace("detach_time:", "another_time:");
    let sandbox = start_with(contract).await.unwrap();
    let path = format!("/desktops/{MULTI_USER_DESKTOP}");
    let detach = json!({ "desktops": [
        { "desktop_id": MULTI_USER_DESKTOP, "is_detach_all_users": true }
    ] });
    post(&sandbox, "/desktops/batch-detach", detach).await;
    let (status, response) = get(&sandbox, &format!("{path}/detach-info")).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    let message = response["error_msg"].as_str().unwrap();
    assert!(message.contains("detach_time"), "{message}");
}

#[tokio::test]
async fn routes_come_from_the_contract() {
    let contract = changed("/desktops/logoff:", "/desktops/log-off:");
    let sandbox = start_with(contract).await.unwrap();
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
async fn a_response_that_violates_the_contract_becomes_a_500() {
    let from = "    ListDesktopDetachInfoResponse:\n      type: object\n";
    let sandbox = start_with(changed(from, &format!("{from}      required: [total]\n")))
        .await
        .unwrap();
    let path = format!("/desktops/{MULTI_USER_DESKTOP}/detach-info");
    let (status, response) = get(&sandbox, &path).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    let message = response["error_msg"].as_str().unwrap();
    assert!(
        message.contains("ListDesktopDetachInfo") && message.contains("total"),
        "{message}"
    );

    let contract = contract().replacen("'404':", "'410':", 2);
    let sandbox = start_with(contract).await.unwrap();
    let (status, response) = get(&sandbox, "/desktops/no-such-desktop/detach-info").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        response["error_msg"].as_str().unwrap().contains("404"),
        "{response}"
    );
}

#[tokio::test]
async fn errors_in_a_contract_have_a_position() {
    let line = |needle: &str| {
        1 + contract()
            .lines()
            .position(|line| line.contains(needle))
            .unwrap()
    };
    let logoff = line("  /v2/{project_id}/desktops/logoff:");
    for (contract, position, expected) in [
        ("openapi: [".to_owned(), String::new(), ""),
        ("{}".to_owned(), String::new(), "OpenAPI 3.0"),
        ("- ".repeat(20_000), "1:129: ".to_owned(), "Depth"),
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
        let error = start_with(contract).await.unwrap_err();
        assert!(matches!(error, Error::Contract(_)));
        let text = error.to_string();
        assert!(
            text.starts_with(&position) && text.contains(expected) && !text.contains(" at line "),
            "{position}{expected}: {text}"
        );
    }
}
