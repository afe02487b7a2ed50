//! Concurrent requests never corrupt the state.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use workspace_api_sandbox::Sandbox;
use workspace_api_sandbox::seed::{Desktop, Session, User};

use crate::operations::{desktop, records};
use crate::post;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_unbindings_are_consistent() {
    const DESKTOPS: usize = 10;
    const USERS: usize = 500;
    let mut builder = Sandbox::builder();
    let names: Vec<_> = (0..USERS).map(|at| format!("user-{at}")).collect();
    for name in &names {
        builder = builder.user(User {
            id: name.clone(),
            name: name.clone(),
            domain: None,
        });
    }
    for at in 0..DESKTOPS {
        let mut desktop = Desktop::new(format!("shared-{at}"), "shared");
        desktop.session = Session::Multi;
        for name in &names {
            desktop = desktop.bound_to(name);
        }
        builder = builder.desktop(desktop);
    }
    let sandbox = Arc::new(builder.start().await.unwrap());
    // 64 tasks send 1,000 requests that unbind each user from every desktop twice. Each unbinding
    // must succeed exactly once.
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = Vec::new();
    for _ in 0..64 {
        let (sandbox, next) = (sandbox.clone(), next.clone());
        tasks.push(tokio::spawn(async move {
            let mut succeeded = 0;
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= 2 * USERS {
                    return succeeded;
                }
                let user = json!([{ "user_name": format!("user-{}", at % USERS) }]);
                let mut desktops = Vec::new();
                for desktop in 0..DESKTOPS {
                    let id = format!("shared-{desktop}");
                    desktops.push(json!({ "desktop_id": id, "detach_user_infos": user }));
                }
                let body = json!({ "desktops": desktops });
                let (_, response) = post(&sandbox, "/desktops/batch-detach", body).await;
                succeeded += response["success_job_ids"].as_array().unwrap().len();
            }
        }));
    }
    let mut succeeded = 0;
    for task in tasks {
        succeeded += task.await.unwrap();
    }
    assert_eq!(succeeded, DESKTOPS * USERS);
    for at in 0..DESKTOPS {
        let id = format!("shared-{at}");
        let records = records(&sandbox, &id).await;
        let users: BTreeSet<_> = records
            .iter()
            .map(|record| record["user_name"].to_string())
            .collect();
        assert_eq!((records.len(), users.len()), (USERS, USERS));
        assert!(desktop(&sandbox, &id).bound.is_empty());
    }
}
