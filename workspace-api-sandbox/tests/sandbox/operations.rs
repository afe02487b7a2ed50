//! The three operations and their effect on the desktops.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use workspace_api_sandbox::Sandbox;
use workspace_api_sandbox::defaults::{
    BUSY_DESKTOP, GROUP, GROUP_ID, MULTI_USER_DESKTOP, POOL_DESKTOP, PROJECT_ID,
    SINGLE_USER_DESKTOP, USER, USER_ID,
};
use workspace_api_sandbox::seed::{Desktop, PowerState};

use crate::{get, post, request, send, success};

pub(crate) fn desktop(sandbox: &Sandbox, id: &str) -> Desktop {
    let projects = sandbox.projects();
    let found = projects[0].desktops.iter().find(|desktop| desktop.id == id);
    found.unwrap().clone()
}

pub(crate) async fn records(sandbox: &Sandbox, id: &str) -> Vec<Value> {
    let (status, body) = get(sandbox, &format!("/desktops/{id}/detach-info")).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body["desktop_detach_infos"].as_array().unwrap().clone()
}

/// A request body that unbinds users from one desktop.
fn detach_users(desktop: &str, users: &Value) -> Value {
    json!({ "desktops": [{ "desktop_id": desktop, "detach_user_infos": users }] })
}

#[tokio::test]
async fn unbinding_a_user_of_a_single_user_desktop_shuts_it_down_and_adds_a_record() {
    let sandbox = Sandbox::start().await.unwrap();
    let before = records(&sandbox, SINGLE_USER_DESKTOP).await.len();
    let body = detach_users(
        SINGLE_USER_DESKTOP,
        &json!([{ "user_name": USER, "user_id": USER_ID }]),
    );
    let (status, response) = post(&sandbox, "/desktops/batch-detach", body).await;
    assert_eq!(status, success("BatchDetachInstances"));
    assert_eq!(response["failed_operation_list"], json!([]));
    assert_eq!(response["job_id"], "");
    assert_eq!(response["success_job_ids"].as_array().unwrap().len(), 1);
    let after = records(&sandbox, SINGLE_USER_DESKTOP).await;
    assert_eq!(after.len(), before + 1);
    let record = after.last().unwrap();
    assert_eq!(record["desktop_name"], "design-01");
    assert_eq!(record["user_id"], USER_ID);
    assert_eq!(record["user_group"], "users");
    assert_eq!(record["type"], "USER");
    let desktop = desktop(&sandbox, SINGLE_USER_DESKTOP);
    assert_eq!(desktop.state, PowerState::Shutoff);
    assert!(desktop.bound.is_empty());
}

#[tokio::test]
async fn unbinding_a_group_of_a_multi_user_desktop_leaves_it_running() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = detach_users(
        MULTI_USER_DESKTOP,
        &json!([{ "user_name": GROUP, "user_id": GROUP_ID, "type": "GROUP" }]),
    );
    let (_, response) = post(&sandbox, "/desktops/batch-detach", body).await;
    assert_eq!(response["failed_operation_list"], json!([]));
    let desktop = desktop(&sandbox, MULTI_USER_DESKTOP);
    assert_eq!(desktop.state, PowerState::Active);
    assert_eq!(desktop.bound.len(), 3);
    assert_eq!(
        records(&sandbox, MULTI_USER_DESKTOP).await[0]["type"],
        "GROUP"
    );
}

#[tokio::test]
async fn unbinding_all_users_ignores_the_list() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = json!({ "desktops": [{
        "desktop_id": MULTI_USER_DESKTOP,
        "is_detach_all_users": true,
        "detach_user_infos": [{ "user_name": "nobody-of-that-name" }],
    }] });
    let (status, response) = post(&sandbox, "/desktops/batch-detach", body).await;
    assert_eq!(
        (status, &response["failed_operation_list"]),
        (success("BatchDetachInstances"), &json!([]))
    );
    assert!(desktop(&sandbox, MULTI_USER_DESKTOP).bound.is_empty());
    assert_eq!(records(&sandbox, MULTI_USER_DESKTOP).await.len(), 4);
}

#[tokio::test]
async fn a_pool_desktop_has_a_job_id() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = json!({ "desktops": [{ "desktop_id": POOL_DESKTOP, "is_detach_all_users": true }] });
    let (_, response) = post(&sandbox, "/desktops/batch-detach", body).await;
    assert_ne!(response["job_id"], "");
    assert_eq!(response["success_job_ids"], json!([]));
}

#[tokio::test]
async fn failed_desktops_are_listed_and_the_others_are_unbound() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = json!({ "desktops": [
        { "desktop_id": "no-such-desktop", "is_detach_all_users": true },
        { "desktop_id": BUSY_DESKTOP, "is_detach_all_users": true },
        { "desktop_id": POOL_DESKTOP, "detach_user_infos": [{ "user_name": "tomas" }, { "user_name": "stranger" }] },
        { "desktop_id": MULTI_USER_DESKTOP, "detach_user_infos": [{ "user_name": USER, "user_id": "somebody-else" }] },
        { "desktop_id": MULTI_USER_DESKTOP, "detach_user_infos": [{ "user_name": USER, "domain": "elsewhere" }] },
        { "desktop_id": MULTI_USER_DESKTOP, "detach_user_infos": [{ "user_name": "tomas" }] },
        { "desktop_id": MULTI_USER_DESKTOP, "detach_user_infos": [] },
        { "desktop_id": SINGLE_USER_DESKTOP, "detach_user_infos": [{ "user_name": USER }] },
        { "desktop_id": SINGLE_USER_DESKTOP, "is_detach_all_users": true },
    ] });
    let (status, response) = post(&sandbox, "/desktops/batch-detach", body).await;
    assert_eq!(status, success("BatchDetachInstances"));
    let failed = response["failed_operation_list"].as_array().unwrap();
    let failed: Vec<_> = failed
        .iter()
        .map(|entry| {
            format!(
                "{} {}",
                entry["error_code"].as_str().unwrap(),
                entry["error_msg"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        failed,
        [
            "WKS.0202 The desktop does not exist.",
            "WKS.00010032 The desktop is restarting.",
            "WKS.0202 The user stranger does not exist.",
            "WKS.0202 The id of li-na is not somebody-else.",
            "WKS.0202 The domain of li-na is not elsewhere.",
            "WKS.0202 tomas is not bound to the desktop.",
            "WKS.0001 No user is named and is_detach_all_users is not true.",
            "WKS.0001 No user is bound to the desktop.",
        ]
    );
    assert_eq!(response["success_job_ids"].as_array().unwrap().len(), 1);
    assert_eq!(
        desktop(&sandbox, POOL_DESKTOP).bound.len(),
        2,
        "a desktop fails as a whole"
    );
}

#[tokio::test]
async fn a_batch_of_busy_desktops_is_a_conflict() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = json!({ "desktops": [{ "desktop_id": BUSY_DESKTOP, "is_detach_all_users": true }] });
    let (status, response) = post(&sandbox, "/desktops/batch-detach", body).await;
    assert_eq!(
        (status, &response["error_code"]),
        (StatusCode::CONFLICT, &json!("WKS.00010032"))
    );
    assert_eq!(desktop(&sandbox, BUSY_DESKTOP).bound.len(), 1);
}

#[tokio::test]
async fn a_desktop_without_id_and_an_empty_batch_are_bad_requests() {
    let sandbox = Sandbox::start().await.unwrap();
    for body in [
        json!({}),
        json!({ "desktops": [] }),
        json!({ "desktops": [{ "desktop_id": MULTI_USER_DESKTOP, "is_detach_all_users": true }, {}] }),
    ] {
        let (status, response) = post(&sandbox, "/desktops/batch-detach", body).await;
        assert_eq!(
            (status, &response["error_code"]),
            (StatusCode::BAD_REQUEST, &json!("WKS.0001"))
        );
    }
    assert_eq!(
        desktop(&sandbox, MULTI_USER_DESKTOP).bound.len(),
        4,
        "nothing was unbound"
    );
}

#[tokio::test]
async fn the_records_of_an_unknown_desktop_are_not_found() {
    let sandbox = Sandbox::start().await.unwrap();
    let (status, response) = get(&sandbox, "/desktops/no-such-desktop/detach-info").await;
    assert_eq!(
        (status, &response["error_code"]),
        (StatusCode::NOT_FOUND, &json!("WKS.0202"))
    );
    assert!(records(&sandbox, POOL_DESKTOP).await.is_empty());
}

#[tokio::test]
async fn log_off_applies_to_all_desktops_or_none_and_only_to_running_ones() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = json!({ "desktop_ids": [SINGLE_USER_DESKTOP, MULTI_USER_DESKTOP], "message": "Save your work." });
    assert_eq!(
        post(&sandbox, "/desktops/logoff", body).await,
        (success("BatchLogoffDesktops"), Value::Null)
    );
    let off = desktop(&sandbox, MULTI_USER_DESKTOP);
    assert_eq!(
        (off.log_offs, off.log_off_message.as_deref()),
        (1, Some("Save your work."))
    );
    for (desktops, expected) in [
        (
            json!([MULTI_USER_DESKTOP, "no-such-desktop"]),
            StatusCode::NOT_FOUND,
        ),
        (
            json!([MULTI_USER_DESKTOP, BUSY_DESKTOP]),
            StatusCode::CONFLICT,
        ),
        (json!([]), StatusCode::BAD_REQUEST),
    ] {
        let (status, _) = post(
            &sandbox,
            "/desktops/logoff",
            json!({ "desktop_ids": desktops }),
        )
        .await;
        assert_eq!(status, expected);
    }
    assert_eq!(
        desktop(&sandbox, MULTI_USER_DESKTOP).log_offs,
        1,
        "no desktop was logged off"
    );
}

#[tokio::test]
async fn requests_without_a_known_token_are_unauthorized() {
    let sandbox = Sandbox::start().await.unwrap();
    let path = format!("/desktops/{MULTI_USER_DESKTOP}/detach-info");
    let url = request(&sandbox, Method::GET, &path)
        .build()
        .unwrap()
        .url()
        .clone();
    for token in [None, Some("unknown")] {
        let mut request = crate::client().get(url.clone());
        if let Some(token) = token {
            request = request.header("X-Auth-Token", token);
        }
        let (status, response) = send(request).await;
        assert_eq!(
            (status, &response["error_code"]),
            (StatusCode::UNAUTHORIZED, &json!("APIGW.0301"))
        );
        assert!(response["request_id"].is_string());
    }
}

#[tokio::test]
async fn desktops_are_listed_by_page_and_filter() {
    let sandbox = Sandbox::start().await.unwrap();
    let (status, all) = get(&sandbox, "/desktops").await;
    assert_eq!((status, &all["total_count"]), (StatusCode::OK, &json!(4)));
    let second = &all["desktops"][1];
    assert_eq!(second["desktop_id"], MULTI_USER_DESKTOP);
    assert_eq!(second["computer_name"], "design-02");
    assert_eq!(second["user_name"], "li-na");
    assert_eq!(second["attach_user_infos"][0]["user_group"], "sudo");
    assert_eq!(second["attach_user_infos"][1]["user_name"], "omar");
    assert_eq!(second["attach_user_infos"][1]["user_group"], "default");
    assert_eq!(second["attach_user_infos"][3]["type"], "GROUP");
    for (query, total, listed) in [
        ("limit=1&offset=1", 4, vec!["design-02"]),
        ("offset=9", 4, vec![]),
        ("limit=0", 4, vec![]),
        ("status=REBOOTING", 1, vec!["lab-01"]),
        ("user_name=mar", 1, vec!["design-02"]),
        (
            "computer_name=-0&limit=2",
            4,
            vec!["design-01", "design-02"],
        ),
        ("desktop_id=x", 0, vec![]),
    ] {
        let (_, page) = get(&sandbox, &format!("/desktops?{query}")).await;
        let mut names = Vec::new();
        for desktop in page["desktops"].as_array().unwrap() {
            names.push(desktop["computer_name"].as_str().unwrap());
        }
        assert_eq!(
            (&page["total_count"], names),
            (&json!(total), listed),
            "{query}"
        );
    }
    for query in ["limit=1001", "limit=-1", "offset=x"] {
        let (status, _) = get(&sandbox, &format!("/desktops?{query}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
    }
    let url = format!("{}/v2/{}/desktops", sandbox.base_url(), PROJECT_ID);
    let (status, _) = crate::send(crate::client().get(url)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}
