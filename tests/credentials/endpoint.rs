//! Regions and endpoints: credentials are only sent to the host that the text shows.

use workspace_api::config::{Config, Endpoint, Region};

use crate::config::in_region;
use crate::environment;

#[test]
fn a_region_cannot_change_the_host() {
    let long = "a".repeat(64);
    for invalid in [
        "", ".", "a.b", "a/b", "a@b", "a:1", "a#", "a?b", "a%2eb", "a b", "a\n", "-a", "a-", "Ä",
        "A", "a_b", &long,
    ] {
        assert!(Region::new(invalid).is_err(), "{invalid}");
    }
    let long = "a".repeat(63);
    for valid in ["a", "ap-southeast-1", "0", &long] {
        let host = Config::resolve(&in_region(valid), &environment(&[]))
            .unwrap()
            .endpoint
            .require()
            .unwrap();
        assert_eq!(
            host.as_str(),
            format!("https://workspace.{valid}.myhuaweicloud.com")
        );
    }
}

/// The client makes the endpoint of a region without the contract.
#[test]
fn the_endpoint_of_a_region_is_the_server_of_the_contract() {
    let contract: serde_json::Value = serde_saphyr::from_str(workspace_api::OPENAPI_YAML).unwrap();
    let server = contract["servers"][0]["url"].as_str().unwrap();
    let config = Config::resolve(&in_region("ap-southeast-1"), &environment(&[])).unwrap();
    assert_eq!(
        config.endpoint.require().unwrap().as_str(),
        server.replace("{region}", "ap-southeast-1"),
        "the contract has another server. Change `endpoint` in workspace-api/src/config/resolve.rs."
    );
}

#[test]
fn plain_http_is_allowed_to_this_machine_or_explicitly() {
    for local in [
        "http://127.0.0.1:1",
        "http://127.1.2.3",
        "http://localhost:8080",
        "http://[::1]:1",
        "https://x",
    ] {
        assert!(Endpoint::parse(local, false).is_ok(), "{local}");
    }
    for remote in [
        "http://localhost.example",
        "http://127.0.0.1.example",
        "http://10.0.0.1",
        "http://[::2]",
    ] {
        assert!(Endpoint::parse(remote, false).is_err(), "{remote}");
        assert!(Endpoint::parse(remote, true).is_ok(), "{remote}");
    }
}

#[test]
fn a_host_in_another_script_is_encoded() {
    let endpoint = Endpoint::parse("https://云桌面.例子.invalid", false).unwrap();
    assert_eq!(
        endpoint.as_str(),
        "https://xn--9kq204dhk7a.xn--fsqu00a.invalid"
    );
}
