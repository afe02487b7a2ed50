//! The credentials of the machine: the metadata service of an instance, and the identity of a pod.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use workspace_api::credentials::InstanceMetadata;
use workspace_api_sandbox::defaults::{AGENCY, LOGIN_DOMAIN, POD_IDENTITY_PATH, POD_TOKEN};

use crate::{Fixture, read, with_causes};

fn pod(fixture: &Fixture) {
    let url = format!("{}{POD_IDENTITY_PATH}", fixture.sandbox.base_url());
    fixture.set("HC_CONTAINER_CREDENTIALS_FULL_URI", url);
    let path = fixture.write("pod-token", &format!("{POD_TOKEN}\n"));
    fixture.set("HC_CONTAINER_AUTHORIZATION_TOKEN_FILE", path);
}

#[tokio::test]
async fn a_pod_has_an_identity() {
    let fixture = Fixture::start("pod", &[]).await;
    pod(&fixture);
    let source = fixture.read().await.unwrap().to_string();
    assert!(
        source.contains("HC_CONTAINER_CREDENTIALS_FULL_URI"),
        "{source}"
    );

    fixture.write("pod-token", "another-token");
    let text = with_causes(&fixture.read().await.unwrap_err());
    assert!(text.contains("for the keys of this pod"), "{text}");
    assert!(!text.contains("another-token"), "{text}");
}

#[tokio::test]
async fn the_token_of_a_pod_leaves_the_node_only_by_https() {
    let cases = [
        ("http://identity.example/", "plain HTTP to another machine"),
        ("http://10.0.0.1/", "plain HTTP to another machine"),
        ("ftp://127.0.0.1/", "plain HTTP to another machine"),
        ("nonsense", "is not a URL"),
    ];
    for (url, expected) in cases {
        let fixture = Fixture::start("pod-url", &[]).await;
        pod(&fixture);
        fixture.set("HC_CONTAINER_CREDENTIALS_FULL_URI", url);
        let text = with_causes(&fixture.read().await.unwrap_err());
        assert!(text.contains(expected), "{url}: {text}");
    }
}

#[tokio::test]
async fn an_instance_comes_before_its_pods() {
    let fixture = Fixture::start("instance", &[]).await;
    pod(&fixture);
    let metadata = InstanceMetadata::at(fixture.sandbox.base_url());
    let client = fixture.builder().metadata(metadata).build().unwrap();
    let source = client.authenticate().await.unwrap().to_string();
    assert!(source.starts_with("instance metadata at"), "{source}");
    read(&client).await.unwrap();
    assert_eq!(fixture.count(POD_IDENTITY_PATH), 0);
}

#[tokio::test]
async fn terraform_assumes_an_agency_with_the_keys_of_an_instance() {
    let agency = [
        ("HW_ASSUME_ROLE_AGENCY_NAME", AGENCY),
        ("HW_ASSUME_ROLE_DOMAIN_NAME", LOGIN_DOMAIN),
    ];
    let fixture = Fixture::start("instance-agency", &agency).await;
    let metadata = InstanceMetadata::at(fixture.sandbox.base_url());
    let client = fixture.builder().metadata(metadata).build().unwrap();
    read(&client).await.unwrap();
    assert_eq!(fixture.count("/v3.0/OS-CREDENTIAL/securitytokens"), 1);
}

/// A metadata service that is there and fails may have another identity than the pod.
#[tokio::test]
async fn a_pod_is_not_used_instead_of_an_instance_that_fails() {
    let fixture = Fixture::start("instance-fails", &[]).await;
    pod(&fixture);
    for (status, is_error) in [(500, true), (404, false), (403, false)] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let response = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                );
                let _ = stream.write_all(response.as_bytes()).await;
            }
        });
        let metadata = InstanceMetadata::at(url);
        let client = fixture.builder().metadata(metadata).build().unwrap();
        let result = client.authenticate().await;
        assert_eq!(result.is_err(), is_error, "{status}: {result:?}");
    }
}
