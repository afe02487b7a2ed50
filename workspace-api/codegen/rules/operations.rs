//! Rules for operations: unique names, declared parameters, and responses that a generated method
//! can return.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::parameters;
use super::shared::{ERROR_SCHEMA, SUCCESS_STATUSES};
use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::{Document, Operation, method_name, operations};
use crate::codegen::yaml::{Key, Node};

/// Methods of every client, without underscores. A test compares them with the client's code.
const RESERVED_METHODS: [&str; 18] = [
    "account",
    "authenticate",
    "builder",
    "call",
    "clockoffset",
    "clone",
    "config",
    "credentials",
    "desktops",
    "renew",
    "request",
    "retry",
    "send",
    "sendraw",
    "shared",
    "waituntil",
    "withretry",
    "withstop",
];

/// Names that the generated code uses, in lower case. The type of an operation would hide them.
const USED_NAMES: [&str; 25] = [
    "box",
    "bytestream",
    "clienthooks",
    "clientinfo",
    "default",
    "err",
    "error",
    "from",
    "into",
    "new",
    "newwithclient",
    "none",
    "ok",
    "operationinfo",
    "option",
    "requestbuilderext",
    "responsevalue",
    "result",
    "self",
    "some",
    "string",
    "tostring",
    "tryfrom",
    "tryinto",
    "vec",
];

const MEDIA_TYPE: &str = "application/json";

pub fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let mut methods = HashMap::new();
    for operation in operations(document) {
        check_id(&operation, &mut methods, diagnostics);
        check_parameters(document, &operation, diagnostics);
        check_body(document, &operation, diagnostics);
        check_responses(document, &operation, diagnostics);
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
    if RESERVED_METHODS.contains(&method.as_str()) {
        error(format!(
            "the operationId `{id}` is the name of an existing client method. Choose another."
        ));
    }
    if USED_NAMES.contains(&method.as_str()) {
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

fn check_body(document: &Document, operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    let body = operation.node.get("requestBody");
    if let Some(body) = body.and_then(|node| document.follow(node)) {
        check_content("a request body", body, diagnostics);
        if matches!(operation.method, "get" | "head") {
            let error = format!(
                "a request {} has no body. Declare query parameters.",
                operation.method.to_uppercase()
            );
            let position = operation.node.position_of("requestBody");
            diagnostics.push(position.error(error));
        }
        if body.get("required").map(Node::to_value) != Some(true.into()) {
            let error = "the client always sends this body. Add `required: true`.";
            diagnostics.push(body.position_of("required").error(error));
        }
    }
}

fn check_responses(document: &Document, operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    let Some(responses) = operation.node.get("responses") else {
        return;
    };
    let mut first_success: Option<(&str, Option<Value>)> = None;
    for (status, response) in responses.entries() {
        let code = status.name.as_str();
        let Some(node) = document.follow(response) else {
            continue;
        };
        if SUCCESS_STATUSES.contains(&code) {
            let schema = success_schema(node);
            match &first_success {
                Some((first, schema_of_first)) if *schema_of_first != schema => {
                    diagnostics.push(status.position.error(format!(
                        "{code} is a success with another body than {first}, but a method has one \
                         result type. Keep one, or refer to the same schema."
                    )));
                }
                Some(_) => {}
                None => first_success = Some((code, schema)),
            }
        } else if is_error_status(code) {
            check_error(status, response, node, diagnostics);
        } else {
            diagnostics.push(status.position.error(unsupported_status(code)));
            continue;
        }
        check_content("a response", node, diagnostics);
        if let Some(content) = node.get("content") {
            let position = content.position;
            if code == "204" {
                let error = "a response 204 has no body. Remove `content`, or use another status.";
                diagnostics.push(position.error(error));
            } else if operation.method == "head" && SUCCESS_STATUSES.contains(&code) {
                let error = "a response to HEAD has no body. Remove `content`.";
                diagnostics.push(position.error(error));
            }
        }
    }
    if first_success.is_none() {
        let position = operation.node.position_of("responses");
        diagnostics.push(position.error(format!(
            "no success is documented. Add the response {}.",
            success_statuses()
        )));
    }
}

/// Returns the schema of the body of a success, or `None` if it has no body.
fn success_schema(response: &Node) -> Option<Value> {
    let media_type = response.get("content")?.get(MEDIA_TYPE)?;
    media_type.get("schema").map(Node::to_value)
}

fn unsupported_status(status: &str) -> String {
    if status.parse::<u16>().is_ok() {
        format!(
            "unsupported status {status}. Document the success as {} and errors as codes such as \
             '404'.",
            success_statuses()
        )
    } else {
        format!(
            "`{status}` is not a status code. Write a code such as '404', or correct the \
             indentation."
        )
    }
}

fn success_statuses() -> String {
    let quoted: Vec<_> = SUCCESS_STATUSES
        .iter()
        .map(|status| format!("'{status}'"))
        .collect();
    match quoted.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => quoted.concat(),
    }
}

/// Whether this is a code from 400 to 599, or `default`, which stands for all of them.
fn is_error_status(status: &str) -> bool {
    status == "default"
        || status
            .parse::<u16>()
            .is_ok_and(|code| (400..600).contains(&code))
}

fn check_error(status: &Key, response: &Node, node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let media = node
        .get("content")
        .and_then(|content| content.get(MEDIA_TYPE));
    let schema = media.and_then(|media| media.get("schema"));
    let reference = schema.and_then(|schema| schema.get("$ref")?.text());
    if reference == Some(ERROR_SCHEMA) {
        return;
    }
    // The error of a shared response is in that response, and is reported once.
    let position = match (schema, response.get("$ref")) {
        (Some(schema), _) => schema.position,
        (None, Some(_)) => node.position,
        (None, None) => status.position,
    };
    diagnostics.push(position.error(format!(
        "an error body must be the schema '{ERROR_SCHEMA}', so that all errors have one type. \
         Refer to it."
    )));
}

fn check_content(what: &str, node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let content = node.get("content");
    if let Some(content) = content.filter(|content| content.entries().next().is_none()) {
        let error = format!("this `content` of {what} is empty. Add `{MEDIA_TYPE}`, or remove it.");
        diagnostics.push(content.position.error(error));
    }
    for (media_type, _) in content.into_iter().flat_map(Node::entries) {
        if media_type.name != MEDIA_TYPE {
            diagnostics.push(media_type.position.error(format!(
                "unsupported media type `{}` of {what}. Use `{MEDIA_TYPE}`.",
                media_type.name
            )));
        }
    }
}
