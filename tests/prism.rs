//! The client's calls to a sandbox behind Prism, a proxy at `$BASE_URL` that checks every request
//! and response against the contract: `tests/peers/run prism`.

#![allow(clippy::unwrap_used)]

use futures::StreamExt;
use workspace_api::types::{DetachInstancesDesktopInfo, DetachInstancesUserInfo};
use workspace_api::{Client, ClientBuilder, ErrorKind};
use workspace_api_sandbox::defaults::{
    BUSY_DESKTOP, GROUP, MULTI_USER_DESKTOP, POOL_DESKTOP, PROJECT_ID, SINGLE_USER_DESKTOP, TOKEN,
    USER, USER_ID,
};

fn builder() -> ClientBuilder {
    let url = std::env::var("BASE_URL").unwrap();
    Client::builder()
        .endpoint(url)
        .project_id(PROJECT_ID)
        .token(TOKEN)
        .no_proxy()
}

#[tokio::test]
#[ignore = "needs a sandbox at $BASE_URL"]
async fn all_operations_follow_the_contract() {
    let client = builder().build().unwrap();
    let desktops = client.desktops();

    let outcome = desktops
        .detach([
            DetachInstancesDesktopInfo::users(
                SINGLE_USER_DESKTOP,
                [DetachInstancesUserInfo::user(USER)
                    .unwrap()
                    .user_id(USER_ID)
                    .unwrap()
                    .user_group("users")
                    .unwrap()],
            )
            .unwrap(),
            DetachInstancesDesktopInfo::users(
                MULTI_USER_DESKTOP,
                [DetachInstancesUserInfo::group(GROUP).unwrap()],
            )
            .unwrap(),
            DetachInstancesDesktopInfo::all_users(POOL_DESKTOP).unwrap(),
            DetachInstancesDesktopInfo::all_users(BUSY_DESKTOP).unwrap(),
            DetachInstancesDesktopInfo::all_users("云-unknown desktop").unwrap(),
        ])
        .await
        .unwrap();
    // The batch has a job, because one of its desktops belongs to a pool.
    assert_eq!(
        (outcome.accepted().count(), outcome.failed().count()),
        (3, 2),
        "{outcome:#?}"
    );

    let ids = [SINGLE_USER_DESKTOP, MULTI_USER_DESKTOP, POOL_DESKTOP];
    let records: Vec<_> = desktops.detach_infos(ids).stream().collect().await;
    assert!(
        records
            .iter()
            .all(|(_, records)| !records.as_ref().unwrap().is_empty()),
        "{records:#?}"
    );
    let unknown = desktops
        .detach_info("云-unknown desktop")
        .await
        .unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::NotFound);

    let outcome = desktops
        .log_off([MULTI_USER_DESKTOP], Some("Save your work. 请保存。"))
        .await
        .unwrap();
    outcome.into_result().unwrap();

    let stranger = builder().token("another-token").build().unwrap();
    let unauthorized = stranger
        .desktops()
        .detach_info(SINGLE_USER_DESKTOP)
        .await
        .unwrap_err();
    assert_eq!(unauthorized.kind(), ErrorKind::Unauthorized);
}
