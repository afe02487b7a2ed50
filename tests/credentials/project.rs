//! The project of a region, from IAM.

use serde_json::json;
use workspace_api::config::{Config, Given, Region};
use workspace_api::credentials::{Credentials, Error};

use crate::iam::iam;
use crate::server::{Answer, Received, Server};
use crate::{AK, SK, environment, shown};

fn projects(request: &Received, ids: &[&str]) -> Answer {
    assert_eq!(
        (&*request.method, &*request.path, &*request.query),
        ("GET", "/v3/projects", "name=ap-southeast-1")
    );
    let projects: Vec<_> = ids
        .iter()
        .map(|id| json!({ "id": id, "name": "ap-southeast-1", "enabled": true }))
        .collect();
    Answer::json(
        200,
        json!({ "projects": projects, "links": {} }).to_string(),
    )
}

#[tokio::test]
async fn the_project_of_a_region_is_found_with_keys_or_token() {
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
async fn no_project_or_several_is_an_error_that_names_what_to_set() {
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
        let shown = shown(&error);
        assert!(
            shown.contains(expected) && shown.contains("HUAWEICLOUD_SDK_PROJECT_ID"),
            "{shown}"
        );
    }
    let other = r#"{"projects":[{"id":"p9","name":"cn-north-4"}]}"#;
    let server = Server::start(move |_| Answer::json(200, other)).await;
    assert!(matches!(
        iam(&server).project_id(&region, &keys).await,
        Err(Error::Project { .. })
    ));
}

#[tokio::test]
async fn iam_is_asked_for_the_project_only_if_none_is_set() {
    let server = Server::start(|request| projects(request, &["p1"])).await;
    let region = Region::new("ap-southeast-1").unwrap();
    let keys = Credentials::access_key(AK, SK).unwrap();
    let configured = |variables: &[(&str, &str)]| {
        Config::resolve(&Given::default(), &environment(variables))
            .unwrap()
            .project_id
    };

    let set = iam(&server)
        .find_project(configured(&[("HW_PROJECT_ID", "p")]), Some(&region), &keys)
        .await
        .unwrap();
    assert_eq!(set.value().map(String::as_str), Some("p"));
    let last = set.passed_over().last().unwrap().to_string();
    assert_eq!(
        last,
        format!("IAM at {}: not asked, since it comes later", server.url)
    );
    let homeless = iam(&server)
        .find_project(configured(&[]), None, &keys)
        .await
        .unwrap();
    assert!(
        homeless
            .require()
            .unwrap_err()
            .to_string()
            .contains("since there is no region")
    );
    assert!(server.received().is_empty());

    let found = iam(&server)
        .find_project(configured(&[]), Some(&region), &keys)
        .await
        .unwrap();
    assert_eq!(found.value().map(String::as_str), Some("p1"));
    assert_eq!(
        found.source().unwrap().to_string(),
        format!("IAM at {}", server.url)
    );
}
