//! What a sandbox tells about itself: journal, state, page, contract and announcement; and what it says of a bad seed.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use workspace_sandbox::defaults::{self, MULTI_USER_DESKTOP, PROJECT_ID};
use workspace_sandbox::{Desktop, Error, Group, SAMPLE_SEED, Sandbox, Seed};

use crate::{client, get, post, send};

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
async fn the_journal_shows_what_was_sent_in_any_language() {
    let sandbox = Sandbox::start().await.unwrap();
    let off = json!({ "desktop_ids": [MULTI_USER_DESKTOP], "message": "你好" });
    post(&sandbox, "/desktops/logoff?a=b", off.clone()).await;
    get(&sandbox, "/desktops/x%20y/detach-info").await;
    let journal = fetch_json(&sandbox, "/_sandbox/requests").await;
    let requests = journal["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0]["operation"], "BatchLogoffDesktops");
    assert_eq!(
        (&requests[0]["method"], &requests[0]["status"]),
        (&json!("POST"), &json!(200))
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
        "numbers go on"
    );
}

#[tokio::test]
async fn the_journal_keeps_the_latest_thousand() {
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
async fn the_state_can_be_read_and_put_back() {
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
    // What is read is itself a seed.
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
async fn the_contract_is_served_as_it_is() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(
        fetch(&sandbox, "/openapi.yaml").await.text().await.unwrap(),
        workspace_api::OPENAPI_YAML
    );
    let json = fetch_json(&sandbox, "/openapi.json").await;
    assert_eq!(json["paths"].as_object().unwrap().len(), 3);
    assert!(
        json["paths"]["/v2/{project_id}/desktops/logoff"]["post"]["responses"]["200"].is_object()
    );
    assert!(sandbox.requests().is_empty(), "these are not traffic");
}

#[tokio::test]
async fn the_page_comes_from_the_program_alone() {
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
    assert_eq!(files, 3);
    assert!(!page.contains("http://") && !page.contains("https://"));
    assert_eq!(
        fetch(&sandbox, "/_sandbox/page/nothing").await.status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_announcement_begins_with_the_base_url_and_ends_with_a_command() {
    let sandbox = Sandbox::builder()
        .change_seed(|seed| seed.credentials.tokens[0].token = "it's".into())
        .start()
        .await
        .unwrap();
    let text = sandbox.announcement().to_string();
    assert_eq!(text.lines().next(), Some(sandbox.base_url()));
    for known in [
        PROJECT_ID,
        MULTI_USER_DESKTOP,
        defaults::ACCESS_KEY,
        defaults::SECRET_KEY,
        defaults::LOGIN_PASSWORD,
    ] {
        assert!(text.contains(known), "{known}");
    }
    let command = text.lines().last().unwrap();
    assert!(
        command.starts_with(r"curl -H 'X-Auth-Token: it'\''s' 'http://127.0.0.1:"),
        "{command}"
    );
}

#[test]
fn the_names_of_the_defaults_are_those_of_the_sample() {
    let seed: Seed = SAMPLE_SEED.parse().unwrap();
    assert_eq!(seed, Seed::default());
    let project = &seed.projects[0];
    assert_eq!(
        (project.id.as_str(), project.name.as_str()),
        (PROJECT_ID, defaults::PROJECT_NAME)
    );
    let ids: Vec<_> = project
        .desktops
        .iter()
        .map(|desktop| desktop.id.as_str())
        .collect();
    let named = [
        defaults::SINGLE_USER_DESKTOP,
        defaults::MULTI_USER_DESKTOP,
        defaults::POOL_DESKTOP,
        defaults::BUSY_DESKTOP,
    ];
    assert_eq!(ids, named);
    assert!(
        project
            .users
            .iter()
            .any(|user| user.name == defaults::USER && user.id == defaults::USER_ID)
    );
    assert!(
        project
            .groups
            .iter()
            .any(|group| group.name == defaults::GROUP && group.id == defaults::GROUP_ID)
    );
    let keys: Vec<_> = seed
        .credentials
        .keys
        .iter()
        .map(|key| (key.access.as_str(), key.secret.as_str()))
        .collect();
    assert_eq!(keys[0], (defaults::ACCESS_KEY, defaults::SECRET_KEY));
    assert_eq!(
        keys[1],
        (
            defaults::TEMPORARY_ACCESS_KEY,
            defaults::TEMPORARY_SECRET_KEY
        )
    );
    assert_eq!(
        seed.credentials.keys[1].security_token.as_deref(),
        Some(defaults::SECURITY_TOKEN)
    );
    assert_eq!(seed.credentials.tokens[0].token, defaults::TOKEN);
}

#[test]
fn a_mistake_in_a_seed_is_reported_with_line_and_column() {
    for (from, to, column, expected) in [
        ("  - id: 0bec", "  - idd: 0bec", 5, "unknown field `idd`"),
        ("os: windows", "os: macos", 13, "`macos`"),
        ("pool: false", "pool: perhaps", 15, ""),
        ("session: single", "session: both", 18, "`both`"),
        (
            "- name: li-na\n",
            "- name: lina\n",
            19,
            "which project `0bec5db98280d2d02fd6c00c2de791ce` does not have",
        ),
        (
            "id: 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002",
            "id: 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001",
            13,
            "is used twice",
        ),
        (
            "name: omar, domain",
            "name: li-na, domain",
            55,
            "the user name `li-na` is used twice",
        ),
        ("deny: []", "deny: [a, b: c]", 11, ""),
    ] {
        let line = SAMPLE_SEED[..SAMPLE_SEED.find(from).unwrap()]
            .matches('\n')
            .count()
            + 1;
        let error = SAMPLE_SEED
            .replacen(from, to, 1)
            .parse::<Seed>()
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with(&format!("{line}:{column}: ")) && error.contains(expected),
            "{to}: {error}"
        );
    }
    for text in [
        "",
        "projects: []",
        "\u{0}",
        "- a\n- b\n",
        "projects: [",
        "&a [*a]",
    ] {
        assert!(
            matches!(text.parse::<Seed>(), Err(Error::Seed(_))),
            "{text:?}"
        );
    }
}

#[test]
fn a_seed_without_credentials_has_the_default_ones() {
    let seed: Seed = "projects: [{ id: p, name: n }]".parse().unwrap();
    assert_eq!(seed.credentials, Seed::default().credentials);
}

#[tokio::test]
async fn a_seed_made_in_rust_is_checked_too() {
    let desktop = Desktop::new("d", "n").bound_to_group("nobody");
    let error = Sandbox::builder()
        .desktop(desktop.clone())
        .start()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("the group `nobody`"), "{error}");
    let group = Group {
        id: "g".into(),
        name: "nobody".into(),
    };
    assert!(
        Sandbox::builder()
            .desktop(desktop)
            .group(group)
            .start()
            .await
            .is_ok()
    );
}
