//! Tokens and temporary access keys, and the permissions of their owners.

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use workspace_api_sandbox::Sandbox;
use workspace_api_sandbox::defaults::{self, MULTI_USER_DESKTOP, PROJECT_ID};
use workspace_api_sandbox::seed::Token;

use crate::signatures::{TestClock, VALID, read, records_path, signed};
use crate::{client, get, iam_action, post, send};

#[tokio::test]
async fn denied_actions_are_a_403_with_an_encoded_reason() {
    // Without its end, which the rule leaves open.
    let unbinding = iam_action("BatchDetachInstances");
    let unbinding = &unbinding[..unbinding.len() - 1];
    let sandbox = Sandbox::builder()
        .change_seed(|seed| {
            seed.deny.push(iam_action("BatchLogoffDesktops").into());
            seed.credentials.tokens.push(Token {
                token: "reader".into(),
                deny: vec![format!("{unbinding}*")],
                ..Token::default()
            });
        })
        .start()
        .await
        .unwrap();
    let (status, body) = post(
        &sandbox,
        "/desktops/logoff",
        json!({ "desktop_ids": [MULTI_USER_DESKTOP] }),
    )
    .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(
        body["encoded_authorization_message"]
            .as_str()
            .is_some_and(|message| !message.is_empty()),
        "{body}"
    );
    assert_eq!(
        get(
            &sandbox,
            &format!("/desktops/{MULTI_USER_DESKTOP}/detach-info")
        )
        .await
        .0,
        StatusCode::OK
    );
    let body =
        json!({ "desktops": [{ "desktop_id": MULTI_USER_DESKTOP, "is_detach_all_users": true }] });
    let url = format!(
        "{}/v2/{PROJECT_ID}/desktops/batch-detach",
        sandbox.base_url()
    );
    let (status, _) = send(
        client()
            .post(url)
            .header("X-Auth-Token", "reader")
            .json(&body),
    )
    .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(
        sandbox.projects()[0].desktops[1].bound.len(),
        4,
        "nothing was unbound"
    );
}

async fn log_in(sandbox: &Sandbox, password: &str, project: &str) -> reqwest::Response {
    let body = json!({ "auth": {
        "identity": { "methods": ["password"], "password": { "user": {
            "name": defaults::LOGIN_USER, "password": password, "domain": { "name": defaults::LOGIN_DOMAIN },
        } } },
        "scope": { "project": { "name": project } },
    } });
    let url = format!("{}/v3/auth/tokens?nocatalog=true", sandbox.base_url());
    client().post(url).json(&body).send().await.unwrap()
}

#[tokio::test]
async fn a_token_from_iam_is_valid_for_one_project_and_one_day() {
    let clock = TestClock::new();
    let (sandbox, other) = (clock.sandbox().await, "other-project");
    let response = log_in(&sandbox, defaults::LOGIN_PASSWORD, defaults::PROJECT_NAME).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    assert!(response.headers().contains_key("x-iam-trace-id"));
    let token = response.headers()["x-subject-token"].clone();
    let headers = || HeaderMap::from_iter([("x-auth-token".parse().unwrap(), token.clone())]);
    assert_eq!(read(&sandbox, headers()).await.0, StatusCode::OK);
    let url = format!("{}/v2/{other}/desktops/x/detach-info", sandbox.base_url());
    let (status, body) = send(client().get(url).headers(headers())).await;
    assert_eq!(
        (status, &body["error_code"]),
        (StatusCode::FORBIDDEN, &json!("APIGW.0302"))
    );
    clock.advance(24 * 60 * 60);
    let url = format!("{}{}", sandbox.base_url(), records_path());
    let (status, body) = send(client().get(url).headers(headers())).await;
    assert_eq!(
        (status, &body["error_code"]),
        (StatusCode::UNAUTHORIZED, &json!("APIGW.0307"))
    );
}

#[tokio::test]
async fn iam_has_its_own_error_body_and_the_request_log_has_no_password() {
    let sandbox = Sandbox::start().await.unwrap();
    let response = log_in(&sandbox, "wrong", defaults::PROJECT_NAME).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert!(!response.headers().contains_key("x-subject-token"));
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"]["code"], 401);
    assert_eq!(
        log_in(&sandbox, defaults::LOGIN_PASSWORD, "nowhere")
            .await
            .status(),
        StatusCode::NOT_FOUND
    );
    let url = format!("{}/v3/auth/tokens", sandbox.base_url());
    let (status, body) = send(client().post(url).body("{}")).await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (StatusCode::BAD_REQUEST, &json!(400))
    );
    assert_eq!(sandbox.requests().len(), 3);
    assert!(
        sandbox
            .requests()
            .iter()
            .all(|request| request.body.is_empty())
    );
}

#[tokio::test]
async fn projects_are_found_by_name() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    for (query, found) in [("name=ap-southeast-1", 1), ("name=elsewhere", 0), ("", 1)] {
        let headers = signed(
            &sandbox,
            &VALID,
            "GET",
            "/v3/projects",
            query,
            "",
            clock.now(),
        );
        let (status, body) = send(
            client()
                .get(format!("{}/v3/projects?{query}", sandbox.base_url()))
                .headers(headers),
        )
        .await;
        assert_eq!(status, StatusCode::OK);
        let projects = body["projects"].as_array().unwrap();
        assert_eq!(projects.len(), found);
        assert!(projects.iter().all(|project| project["id"] == PROJECT_ID));
    }
    let (status, _) = send(client().get(format!("{}/v3/projects", sandbox.base_url()))).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_account_of_every_caller_is_named() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    let url = format!("{}/v3/auth/domains", sandbox.base_url());
    let headers = signed(
        &sandbox,
        &VALID,
        "GET",
        "/v3/auth/domains",
        "",
        "",
        clock.now(),
    );
    let (status, body) = send(client().get(&url).headers(headers)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body["domains"][0]["name"], "sandbox-account");
    let (status, _) = send(client().get(&url)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn instance_metadata_returns_a_temporary_access_key() {
    let sandbox = Sandbox::start().await.unwrap();
    let at = |path: &str| format!("{}{path}", sandbox.base_url());
    let request = client()
        .put(at("/meta-data/latest/api/token"))
        .header("X-Metadata-Token-Ttl-Seconds", "21600");
    let token = request.send().await.unwrap().text().await.unwrap();
    let request = client().request(Method::GET, at("/openstack/latest/securitykey"));
    let (status, body) = send(
        request
            .try_clone()
            .unwrap()
            .header("X-Metadata-Token", token),
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body["credential"]["access"], defaults::TEMPORARY_ACCESS_KEY);
    assert_eq!(
        body["credential"]["securitytoken"],
        defaults::SECURITY_TOKEN
    );
    assert_eq!(send(request).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_metadata_token_expires() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    let at = |path: &str| format!("{}{path}", sandbox.base_url());
    let request = client()
        .put(at("/meta-data/latest/api/token"))
        .header("X-Metadata-Token-Ttl-Seconds", "60");
    let token = request.send().await.unwrap().text().await.unwrap();
    for (seconds, expected) in [(59, StatusCode::OK), (1, StatusCode::UNAUTHORIZED)] {
        clock.advance(seconds);
        let request = client().get(at("/openstack/latest/securitykey"));
        let (status, _) = send(request.header("X-Metadata-Token", &token)).await;
        assert_eq!(status, expected);
    }
}

#[tokio::test]
async fn a_login_may_name_user_and_domain_by_their_ids() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = format!("{}/v3/auth/tokens", sandbox.base_url());
    let user = |user: Value| {
        let mut user = user;
        user["password"] = defaults::LOGIN_PASSWORD.into();
        json!({ "auth": {
            "identity": { "methods": ["password"], "password": { "user": user } },
            "scope": { "project": { "id": PROJECT_ID } },
        } })
    };
    for (user, expected) in [
        (user(json!({ "id": defaults::LOGIN_USER_ID })), 201),
        (
            user(json!({ "name": "sandbox", "domain": { "id": defaults::LOGIN_DOMAIN_ID } })),
            201,
        ),
        (
            user(json!({ "name": "sandbox", "domain": { "id": "another" } })),
            401,
        ),
        (user(json!({ "name": "sandbox" })), 401),
        (user(json!({ "id": "another" })), 401),
    ] {
        assert_eq!(
            send(client().post(&url).json(&user)).await.0,
            expected,
            "{user}"
        );
    }
}
