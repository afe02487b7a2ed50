//! Request log, state, contract, page and banner.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use workspace_api_sandbox::Sandbox;
use workspace_api_sandbox::defaults::{self, MULTI_USER_DESKTOP, PROJECT_ID};
use workspace_api_sandbox::seed::Seed;

use crate::{client, get, post, send, success};

async fn fetch(sandbox: &Sandbox, path: &str) -> reqwest::Response {
    client()
        .get(format!("{}{path}", sandbox.base_url()))
        .send()
        .await
        .unwrap()
}

async fn fetch_json(sandbox: &Sandbox, path: &str) -> Value {
    fetch(sandbox, path).await.json().await.unwrap()
}

#[tokio::test]
async fn the_request_log_shows_what_was_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let off = json!({ "desktop_ids": [MULTI_USER_DESKTOP], "message": "你好" });
    post(&sandbox, "/desktops/logoff?a=b", off.clone()).await;
    get(&sandbox, "/desktops/x%20y/detach-info").await;
    let log = fetch_json(&sandbox, "/_sandbox/requests").await;
    let requests = log["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0]["operation"], "BatchLogoffDesktops");
    assert_eq!(
        (&requests[0]["method"], &requests[0]["status"]),
        (
            &json!("POST"),
            &json!(success("BatchLogoffDesktops").as_u16())
        )
    );
    assert_eq!(requests[0]["query"], "a=b");
    assert_eq!(
        serde_json::from_str::<Value>(requests[0]["body"].as_str().unwrap()).unwrap(),
        off
    );
    assert_eq!(
        requests[1]["path"],
        format!("/v2/{PROJECT_ID}/desktops/x%20y/detach-info")
    );
    assert_eq!(requests[1]["status"], 404);
    assert_eq!(
        sandbox.requests()[0].header("x-auth-TOKEN"),
        Some(defaults::TOKEN)
    );
    let url = format!("{}/_sandbox/requests", sandbox.base_url());
    assert_eq!(send(client().delete(url)).await.0, StatusCode::NO_CONTENT);
    assert!(sandbox.requests().is_empty());
    get(&sandbox, "/desktops/x/detach-info").await;
    let after = &sandbox.requests()[0];
    assert_eq!(
        (after.number, after.status),
        (3, Some(404)),
        "numbers continue after clearing"
    );
}

#[tokio::test]
async fn the_request_log_keeps_the_latest_1000() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client();
    for _ in 0..1005 {
        client
            .get(format!("{}/nothing", sandbox.base_url()))
            .send()
            .await
            .unwrap();
    }
    let requests = sandbox.requests();
    assert_eq!((requests.len(), requests[0].number), (1000, 6));
    assert!(requests.iter().all(|request| request.status == Some(404)));
}

#[tokio::test]
async fn the_state_can_be_read_and_reset() {
    let sandbox = Sandbox::start().await.unwrap();
    let before = fetch_json(&sandbox, "/_sandbox/state").await;
    let body =
        json!({ "desktops": [{ "desktop_id": MULTI_USER_DESKTOP, "is_detach_all_users": true }] });
    post(&sandbox, "/desktops/batch-detach", body).await;
    let state = fetch_json(&sandbox, "/_sandbox/state").await;
    assert_eq!(state["projects"][0]["desktops"][1]["bound"], json!([]));
    assert_eq!(
        state["projects"][0]["desktops"][1]["unbound"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
    // The state has the form of a seed.
    let seed: Seed = state.to_string().parse().unwrap();
    assert_eq!(seed.projects, sandbox.projects());
    let url = format!("{}/_sandbox/state", sandbox.base_url());
    assert_eq!(
        send(client().request(Method::DELETE, url)).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(fetch_json(&sandbox, "/_sandbox/state").await, before);
}

#[tokio::test]
async fn the_contract_is_served_unchanged() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(
        fetch(&sandbox, "/openapi.yaml").await.text().await.unwrap(),
        workspace_api::OPENAPI_YAML
    );
    let json = fetch_json(&sandbox, "/openapi.json").await;
    for operation in workspace_api::OPERATIONS {
        let method = operation.method.to_lowercase();
        let served = &json["paths"][operation.path][method];
        assert_eq!(served["operationId"], operation.id);
    }
    assert!(sandbox.requests().is_empty(), "inspection is not logged");
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let sandbox = Sandbox::start().await.unwrap();
    let page = fetch(&sandbox, "/").await;
    assert!(
        page.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .starts_with("default-src 'none'")
    );
    let page = page.text().await.unwrap();
    assert!(page.contains(&format!("data-token=\"{}\"", defaults::TOKEN)));
    let mut files = 0;
    for reference in page
        .split(['"'])
        .filter(|text| text.starts_with("/_sandbox/page/"))
    {
        let file = fetch(&sandbox, reference).await;
        assert_eq!(file.status(), StatusCode::OK, "{reference}");
        let compressed = file.headers().get("content-encoding").is_some();
        let bytes = file.bytes().await.unwrap();
        assert_eq!(compressed, bytes.starts_with(&[0x1f, 0x8b]), "{reference}");
        files += 1;
    }
    assert_eq!(files, 4);
    assert!(!page.contains("http://") && !page.contains("https://"));
    assert_eq!(
        fetch(&sandbox, "/_sandbox/page/nothing").await.status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_banner_starts_with_the_base_url_and_ends_with_a_command() {
    let sandbox = Sandbox::builder()
        .change_seed(|seed| seed.credentials.tokens[0].token = "it's".into())
        .start()
        .await
        .unwrap();
    let text = sandbox.banner().to_string();
    assert_eq!(text.lines().next(), Some(sandbox.base_url()));
    for known in [
        PROJECT_ID,
        MULTI_USER_DESKTOP,
        defaults::ACCESS_KEY,
        defaults::SECRET_KEY,
        defaults::LOGIN_PASSWORD,
        defaults::ID_TOKEN,
        defaults::PROVIDER_URN,
        defaults::AGENCY_URN,
        defaults::POD_TOKEN,
    ] {
        assert!(text.contains(known), "{known}");
    }
    let command = text.lines().last().unwrap();
    assert!(
        command.starts_with(r"curl -H 'X-Auth-Token: it'\''s' 'http://127.0.0.1:"),
        "{command}"
    );
}
