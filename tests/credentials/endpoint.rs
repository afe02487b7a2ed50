//! Regions and endpoints: no text may send credentials to another host than it shows.

use workspace_api::config::{Config, Endpoint, Region};

use crate::config::given;
use crate::environment;

#[test]
fn a_region_cannot_change_the_host() {
    let long = "a".repeat(64);
    for bad in [
        "", ".", "a.b", "a/b", "a@b", "a:1", "a#", "a?b", "a%2eb", "a b", "a\n", "-a", "a-", "Ä",
        "A", "a_b", &long,
    ] {
        assert!(Region::new(bad).is_err(), "{bad}");
    }
    let long = "a".repeat(63);
    for good in ["a", "ap-southeast-1", "0", &long] {
        let host = Config::resolve(&given(good), &environment(&[]))
            .unwrap()
            .endpoint
            .require()
            .unwrap();
        assert_eq!(
            host.as_str(),
            format!("https://workspace.{good}.myhuaweicloud.com")
        );
    }
}

#[test]
fn plain_http_goes_to_this_machine_or_where_it_is_allowed() {
    for here in [
        "http://127.0.0.1:1",
        "http://127.1.2.3",
        "http://localhost:8080",
        "http://[::1]:1",
        "https://x",
    ] {
        assert!(Endpoint::parse(here, false).is_ok(), "{here}");
    }
    for there in [
        "http://localhost.example",
        "http://127.0.0.1.example",
        "http://10.0.0.1",
        "http://[::2]",
    ] {
        assert!(Endpoint::parse(there, false).is_err(), "{there}");
        assert!(Endpoint::parse(there, true).is_ok(), "{there}");
    }
}
