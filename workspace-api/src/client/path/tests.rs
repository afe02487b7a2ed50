//! The final check of a path. The patterns of the contract reject such ids first, so no test that
//! calls a method gets here.

use super::*;

const BASE: &str = "https://workspace.example.com/prefix";

fn passes(operation: &Operation, path: &str) -> bool {
    let url = Url::parse(&format!("{BASE}{path}")).unwrap();
    operation.check_path(BASE, &url).is_ok()
}

#[test]
fn an_id_that_changes_the_path_is_rejected_whatever_the_contract_allows() {
    let read = Operation::find("ListDesktopDetachInfo").unwrap();
    assert!(passes(read, "/v2/p/desktops/d/detach-info"));
    assert!(passes(
        read,
        "/v2/p/desktops/%E4%BA%91%20a.../detach-info?limit=1"
    ));
    for id in [
        "", ".", "..", "%2e", ".%2E", "a/b", "a%2Fb", "a%5cb", "a%3fb", "a%23b", "a%2525b",
        "a%0Ab", "a%7f", "a%",
    ] {
        let path = format!("/v2/p/desktops/{id}/detach-info");
        assert!(!passes(read, &path), "{id}");
    }
}

#[test]
fn the_path_of_another_operation_or_endpoint_is_rejected() {
    let log_off = Operation::find("BatchLogoffDesktops").unwrap();
    assert!(passes(log_off, "/v2/p/desktops/logoff"));
    for path in [
        "/v2/p/desktops/batch-detach",
        "/v2/p/desktops/logoff/",
        "/v2/p/desktops",
    ] {
        assert!(!passes(log_off, path), "{path}");
    }
    let elsewhere = Url::parse("https://other.example.com/v2/p/desktops/logoff").unwrap();
    assert!(log_off.check_path(BASE, &elsewhere).is_err());
}

#[test]
fn the_project_id_is_a_segment_of_the_path() {
    let log_off = Operation::find("BatchLogoffDesktops").unwrap();
    let url = |path: &str| Url::parse(&format!("{BASE}{path}")).unwrap();
    let found = |operation: &Operation, path| {
        let url = url(path);
        let project_id = operation.project_id(BASE, &url);
        project_id.map(str::to_owned)
    };
    assert_eq!(found(log_off, "/v2/p/desktops/logoff").unwrap(), "p");
    let later = Operation {
        path: "/v2/{domain_id}/projects/{project_id}/desktops",
        ..*log_off
    };
    assert_eq!(found(&later, "/v2/dd/projects/p/desktops").unwrap(), "p");
    let without = Operation {
        path: "/v2/{domain_id}/desktops",
        ..*log_off
    };
    assert_eq!(found(&without, "/v2/dd/desktops"), None);
}

#[test]
fn only_parameters_that_change_are_copied() {
    let plain = "4f6f0a1e-0C1D.4f0b_9c57~z";
    assert!(matches!(encode_path(plain), Cow::Borrowed(found) if found == plain));
    for byte in 0..=u8::MAX {
        let text = format!("a{}b", char::from(byte));
        assert_eq!(encode_path(&text), progenitor_client::encode_path(&text));
    }
}
