//! The operations and path parameters of the handlers are in the contract.

use super::HANDLERS;

#[test]
fn handlers_are_of_operations_of_the_contract() {
    for (id, _) in HANDLERS {
        assert!(
            workspace_api::OPERATIONS.iter().any(|known| known.id == id),
            "the sandbox emulates `{id}`, which the contract does not have: \
             adapt workspace-api-sandbox/src/service/handlers.rs"
        );
    }
}

/// A parameter that is renamed would be missing at the first request.
#[test]
fn handlers_read_path_parameters_of_the_contract() {
    let source = include_str!("../handlers.rs");
    let read = source.split("call.path(\"").skip(1);
    let names: Vec<&str> = read.filter_map(|rest| rest.split('"').next()).collect();
    assert!(!names.is_empty());
    for name in names {
        let parameter = format!("{{{name}}}");
        let mut operations = workspace_api::OPERATIONS.iter();
        assert!(
            operations.any(|operation| operation.path.contains(&parameter)),
            "the sandbox reads the path parameter `{name}`, which the contract does not have: \
             adapt workspace-api-sandbox/src/service/handlers.rs"
        );
    }
}
