//! Rules for operations: unique names and paths, and declared parameters.

use std::collections::{HashMap, HashSet};

use super::{bodies, parameters};
use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::{Document, Operation, method_name, operations};
use crate::codegen::shared::{CLIENT_METHODS, USED_OPERATION_NAMES};
use crate::codegen::yaml::{Key, Node};

pub fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let mut methods = HashMap::new();
    for operation in operations(document) {
        check_id(&operation, &mut methods, diagnostics);
        check_parameters(document, &operation, diagnostics);
        bodies::check_request(document, &operation, diagnostics);
        bodies::check_responses(document, &operation, diagnostics);
    }
    check_paths(document, diagnostics);
}

/// Checks that no two paths match the same requests.
fn check_paths(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let mut patterns: HashMap<Vec<&str>, &Key> = HashMap::new();
    let paths = document.root.get("paths");
    for (path, _) in paths.into_iter().flat_map(Node::entries) {
        let segments = path.name.split('/');
        let pattern = segments.map(|part| if part.starts_with('{') { "{}" } else { part });
        if let Some(first) = patterns.insert(pattern.collect(), path) {
            diagnostics.push(path.position.error(format!(
                "the path `{}` matches the same requests as `{}` (line {}). Merge them.",
                path.name, first.name, first.position.line
            )));
        }
    }
}

/// Checks that the operation id becomes a method of its own. `methods` maps those before it to
/// their operations.
fn check_id(
    operation: &Operation,
    methods: &mut HashMap<String, String>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(node) = operation.node.get("operationId") else {
        return;
    };
    let Some(id) = node.text() else { return };
    let mut error = |message| diagnostics.push(node.position.error(message));
    if !is_method_name(id) {
        error(format!(
            "the operationId `{id}` is not a valid method name. Use letters, digits and `_`, and \
             start with a letter."
        ));
    }
    let method = method_name(id);
    if CLIENT_METHODS.contains(&method.as_str()) {
        error(format!(
            "the operationId `{id}` is the name of an existing client method. Choose another."
        ));
    }
    if USED_OPERATION_NAMES.contains(&method.as_str()) {
        error(format!(
            "the operationId `{id}` is a name that the generated code uses. Choose another."
        ));
    }
    let this = format!("{} {}", operation.method.to_uppercase(), operation.path);
    if let Some(first) = methods.insert(method, this) {
        error(format!(
            "the operationId `{id}` becomes the same method as that of `{first}`. Choose another."
        ));
    }
}

fn is_method_name(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn check_parameters(document: &Document, operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    let path = operation.path;
    parameters::check_path(operation, diagnostics);
    let mut names = HashMap::new();
    let mut undeclared = path_parameters(path);
    let mut declared = HashSet::new();
    for (entry, parameter) in declared_parameters(document, operation) {
        let text = |key| parameter.get(key).and_then(Node::text).unwrap_or_default();
        let (name, location) = (text("name"), text("in"));
        if !declared.insert((name, location)) {
            let error = format!("the {location} parameter `{name}` is declared twice. Remove one.");
            diagnostics.push(entry.position.error(error));
        }
        parameters::check(document, entry, parameter, &mut names, diagnostics);
        if location != "path" {
            continue;
        }
        if parameter.get("required").map(Node::to_value) != Some(true.into()) {
            let error =
                format!("the path parameter `{name}` is not required. Add `required: true`.");
            diagnostics.push(parameter.position.error(error));
        }
        if path_parameters(path).contains(&name) {
            undeclared.retain(|undeclared| *undeclared != name);
        } else {
            diagnostics.push(entry.position.error(format!(
                "the path parameter `{name}` is not in the path `{path}`. Correct the name or \
                 remove the parameter."
            )));
        }
    }
    let position = operation.node.position_of("parameters");
    for name in undeclared {
        diagnostics.push(position.error(format!(
            "the path has `{{{name}}}`, but no path parameter `{name}` is declared. Add it to \
             `parameters`."
        )));
    }
}

/// Returns the parameters of the path item and of the operation: each entry, and the parameter that
/// it is or refers to.
fn declared_parameters<'a>(
    document: &'a Document,
    operation: &Operation<'a>,
) -> Vec<(&'a Node, &'a Node)> {
    let mut parameters = Vec::new();
    for owner in [operation.item, operation.node] {
        for entry in owner.get("parameters").into_iter().flat_map(Node::items) {
            if let Some(parameter) = document.follow(entry) {
                parameters.push((entry, parameter));
            }
        }
    }
    parameters
}

/// Returns the names in braces.
fn path_parameters(path: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for part in path.split('{').skip(1) {
        if let Some((name, _)) = part.split_once('}') {
            names.push(name);
        }
    }
    names
}
