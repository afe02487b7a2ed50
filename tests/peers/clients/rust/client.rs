//! Calls the three operations with the Rust client that openapi-generator generates, and checks
//! typed results and errors.

use std::env;
use std::fmt::Debug;

use reqwest::header::{HeaderMap, HeaderValue};
use workspace_client::apis::configuration::Configuration;
use workspace_client::apis::desktops_api::{
    BatchDetachInstancesError, BatchLogoffDesktopsError, ListDesktopDetachInfoError,
    batch_detach_instances, batch_logoff_desktops, list_desktop_detach_info,
};
use workspace_client::apis::{Error, ResponseContent};
use workspace_client::models::detach_instances_user_info::Type;
use workspace_client::models::{
    BatchDetachInstancesReq, DesktopDetachInfo, DetachInstancesDesktopInfo,
    DetachInstancesUserInfo, LogoffDesktopsReq,
};

const SINGLE: &str = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";
const MULTI: &str = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002";
const POOL: &str = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0003";
const BUSY: &str = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004";

/// Sends the token as a header of every request. The generated `api_key` would also send it in
/// `Authorization`.
fn connect(url: &str, token: &str) -> Configuration {
    let mut headers = HeaderMap::new();
    headers.insert("X-Auth-Token", HeaderValue::from_str(token).unwrap());
    let client = reqwest::Client::builder().default_headers(headers);
    Configuration {
        base_path: url.to_owned(),
        client: client.build().unwrap(),
        ..Configuration::default()
    }
}

async fn records(client: &Configuration, project: &str, desktop: &str) -> Vec<DesktopDetachInfo> {
    let result = list_desktop_detach_info(client, project, desktop)
        .await
        .unwrap();
    result.desktop_detach_infos.flatten().unwrap_or_default()
}

fn names(records: Vec<DesktopDetachInfo>) -> Vec<String> {
    let mut names: Vec<_> = records
        .into_iter()
        .map(|record| record.user_name.unwrap())
        .collect();
    names.sort();
    names
}

fn desktop(id: &str, users: Vec<DetachInstancesUserInfo>) -> DetachInstancesDesktopInfo {
    DetachInstancesDesktopInfo {
        desktop_id: Some(id.to_owned()),
        is_detach_all_users: users.is_empty().then_some(true),
        detach_user_infos: (!users.is_empty()).then_some(users),
    }
}

/// Returns the error response, which must have this status.
fn error_of<T: Debug, E: Debug>(status: u16, result: Result<T, Error<E>>) -> ResponseContent<E> {
    match result {
        Err(Error::ResponseError(content)) if content.status == status => content,
        other => panic!("expected status {status}, got {other:?}"),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let variable = |name| env::var(name).unwrap();
    let (url, project) = (variable("SANDBOX_URL"), variable("SANDBOX_PROJECT_ID"));
    let sandbox = connect(&url, &variable("SANDBOX_TOKEN"));

    // The records of past unbindings.
    let before = records(&sandbox, &project, SINGLE).await;
    assert_eq!(before.len(), 1);
    assert_eq!(before[0].user_name.as_deref(), Some("omar"));
    assert_eq!(before[0].r#type.as_deref(), Some("USER"));
    assert_eq!(
        before[0].detach_time.as_deref(),
        Some("2026-03-10T12:02:11Z")
    );

    // A user, a user group and all users. For a busy and an unknown desktop, the unbinding fails
    // with status 200.
    let mut designers = DetachInstancesUserInfo::new("designers".to_owned());
    designers.r#type = Some(Type::Group);
    let batch = BatchDetachInstancesReq {
        desktops: Some(vec![
            desktop(
                SINGLE,
                vec![DetachInstancesUserInfo::new("li-na".to_owned())],
            ),
            desktop(MULTI, vec![designers]),
            desktop(POOL, vec![]),
            desktop(BUSY, vec![]),
            desktop("unknown", vec![]),
        ]),
    };
    let result = batch_detach_instances(&sandbox, &project, batch)
        .await
        .unwrap();
    let failed = result.failed_operation_list.flatten().unwrap();
    assert_eq!(failed.len(), 2);
    assert_eq!(failed[0].desktop_id.as_deref(), Some(BUSY));
    assert_eq!(failed[0].error_code.as_deref(), Some("WKS.00010032"));
    assert_eq!(failed[1].desktop_id.as_deref(), Some("unknown"));
    assert!(failed[1].error_msg.is_some());
    assert!(!result.job_id.unwrap().is_empty());
    assert_eq!(result.success_job_ids.flatten().unwrap().len(), 2);

    assert_eq!(
        names(records(&sandbox, &project, SINGLE).await),
        ["li-na", "omar"]
    );
    let group = records(&sandbox, &project, MULTI).await;
    assert_eq!(group[0].r#type.as_deref(), Some("GROUP"));
    assert_eq!(names(group), ["designers"]);
    assert_eq!(
        names(records(&sandbox, &project, POOL).await),
        ["tomas", "测试组"]
    );

    // The response to a log-off has no body.
    let log_off = |id: &str| LogoffDesktopsReq {
        desktop_ids: Some(vec![id.to_owned()]),
        message: Some("Logged off for maintenance.".to_owned()),
    };
    batch_logoff_desktops(&sandbox, &project, log_off(MULTI))
        .await
        .unwrap();

    // Errors have the body as one type, in the first variant that fits: check the status, not the
    // variant.
    let content = error_of(
        409,
        batch_logoff_desktops(&sandbox, &project, log_off(BUSY)).await,
    );
    let Some(BatchLogoffDesktopsError::Status400(conflict)) = content.entity else {
        panic!("no body");
    };
    assert_eq!(conflict.error_code.as_deref(), Some("WKS.00010032"));
    assert!(conflict.error_detail.is_some());
    let empty = BatchDetachInstancesReq::default();
    let content = error_of(400, batch_detach_instances(&sandbox, &project, empty).await);
    let Some(BatchDetachInstancesError::Status400(bad)) = content.entity else {
        panic!("no body");
    };
    assert_eq!(bad.error_code.as_deref(), Some("WKS.0001"));
    error_of(
        404,
        list_desktop_detach_info(&sandbox, &project, "unknown").await,
    );
    let invalid_token = connect(&url, "wrong");
    let content = error_of(
        401,
        list_desktop_detach_info(&invalid_token, &project, SINGLE).await,
    );
    let Some(ListDesktopDetachInfoError::Status401(unauthorized)) = content.entity else {
        panic!("no body");
    };
    assert_eq!(unauthorized.error_code.as_deref(), Some("APIGW.0301"));
    assert!(unauthorized.request_id.is_some());

    // Unusual responses that the contract allows, and statuses that it does not list.
    let edge = connect(&variable("EDGE_URL"), "any");
    for name in ["nulls", "absent"] {
        assert!(records(&edge, name, "d").await.is_empty());
        let result = batch_detach_instances(&edge, name, BatchDetachInstancesReq::default())
            .await
            .unwrap();
        assert!(result.failed_operation_list.flatten().is_none());
        assert!(result.success_job_ids.flatten().is_none());
    }
    let future = records(&edge, "future", "d").await;
    assert_eq!(future[0].r#type.as_deref(), Some("ROBOT"));
    let content = error_of(403, list_desktop_detach_info(&edge, "forbidden", "d").await);
    assert!(content.content.contains("XvVh3bJ5"));
    error_of(429, list_desktop_detach_info(&edge, "throttled", "d").await);
    error_of(502, list_desktop_detach_info(&edge, "proxy", "d").await);
}
