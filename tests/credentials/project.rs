//! The project of a region, looked up in IAM.

use std::time::Duration;

use serde_json::json;
use workspace_api::config::Region;
use workspace_api::credentials::{Credentials, Error};
use workspace_api::{Client, ClientBuilder, ErrorKind, RetryPolicy};

use crate::iam::iam;
use crate::server::{Received, ScriptedResponse, Server};
use crate::{AK, SK, environment, with_causes};

fn projects(request: &Received, ids: &[&str]) -> ScriptedResponse {
    assert_eq!(
        (&*request.method, &*request.path, &*request.query),
        ("GET", "/v3/projects", "name=ap-southeast-1")
    );
    let projects: Vec<_> = ids
        .iter()
        .map(|id| json!({ "id": id, "name": "ap-southeast-1", "enabled": true }))
        .collect();
    ScriptedResponse::json(
        200,
        json!({ "projects": projects, "links": {} }).to_string(),
    )
}

#[tokio::test]
async fn the_project_of_a_region_is_looked_up_with_keys_or_token() {
    let server = Server::start(|request| projects(request, &["p1"])).await;
    let region = Region::new("ap-southeast-1").unwrap();
    let keys = Credentials::access_key(AK, SK).unwrap();
    let token = Credentials::user_token("TOKEN").unwrap();
    assert_eq!(iam(&server).project_id(&region, &keys).await.unwrap(), "p1");
    assert_eq!(
        iam(&server).project_id(&region, &token).await.unwrap(),
        "p1"
    );
    let received = server.received();
    assert_eq!(received[0].headers["x-sdk-date"], "19700101T000000Z");
    assert!(
        received[0].headers["authorization"]
            .to_str()
            .unwrap()
            .contains("SignedHeaders=host;x-sdk-date,")
    );
    assert_eq!(received[1].headers["x-auth-token"], "TOKEN");
}

#[tokio::test]
async fn none_or_several_projects_are_an_error_that_names_the_setting() {
    let region = Region::new("ap-southeast-1").unwrap();
    let keys = Credentials::access_key(AK, SK).unwrap();
    let cases = [
        (&[][..], "no project of the region ap-southeast-1"),
        (
            &["p1", "p2"],
            "several projects of the region ap-southeast-1: p1, p2",
        ),
    ];
    for (ids, expected) in cases {
        let server = Server::start(move |request| projects(request, ids)).await;
        let error = iam(&server).project_id(&region, &keys).await.unwrap_err();
        assert!(
            matches!(&error, Error::Project { found, .. } if found == ids),
            "{error:?}"
        );
        let text = with_causes(&error);
        assert!(
            text.contains(expected) && text.contains("HUAWEICLOUD_SDK_PROJECT_ID"),
            "{text}"
        );
    }
    let other = r#"{"projects":[{"id":"p9","name":"cn-north-4"}]}"#;
    let server = Server::start(move |_| ScriptedResponse::json(200, other)).await;
    assert!(matches!(
        iam(&server).project_id(&region, &keys).await,
        Err(Error::Project { .. })
    ));
}

/// A client whose only settings are these.
fn client(server: &Server) -> ClientBuilder {
    Client::builder()
        .endpoint(&server.url)
        .iam_endpoint(&server.url)
        .environment(environment(&[]))
        .access_key(AK, SK)
        .no_proxy()
}

#[tokio::test]
async fn the_project_is_looked_up_once_and_only_if_none_is_set() {
    let server = Server::start(|request| projects(request, &["p1"])).await;
    let set = client(&server).region("ap-southeast-1").project_id("p");
    let set = set.build().unwrap();
    assert_eq!(set.desktops().project_id().await.unwrap(), "p");
    let without_region = client(&server).build().unwrap();
    let error = without_region.desktops().project_id().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("without a region"), "{error}");
    assert!(server.received().is_empty());

    let client = client(&server).region("ap-southeast-1").build().unwrap();
    let desktops = client.desktops();
    for id in futures::future::join_all((0..50).map(|_| desktops.project_id())).await {
        assert_eq!(id.unwrap(), "p1");
    }
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_project_lookup_that_times_out_is_an_error() {
    let throttled =
        || ScriptedResponse::Complete(429, vec![("Retry-After", "10".to_owned())], String::new());
    let server = Server::start(move |_| throttled()).await;
    let silent = Server::start(|_| ScriptedResponse::Stalled).await;
    let client_within = |server: &Server, time| {
        let builder = client(server).region("ap-southeast-1");
        builder
            .retry(RetryPolicy::default().total_time(time))
            .build()
            .unwrap()
    };
    let client = client_within(&server, Duration::from_secs(5));
    let error = client.desktops().project_id().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(
        with_causes(&error).contains("429"),
        "{}",
        with_causes(&error)
    );
    assert_eq!(server.received().len(), 1);

    let client = client_within(&silent, Duration::from_millis(50));
    let error = client.desktops().project_id().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(
        error.to_string(),
        "timed out after 50ms looking up the project id; no request was sent"
    );
}
