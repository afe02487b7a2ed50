//! The rules for operations: what must be there, what must fit together, and what the generator can take.

use std::collections::{HashMap, HashSet};

use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::{
    Document, ERROR_SCHEMA, Key, Node, Operation, method_name, operations,
};

/// The client's own methods.
const RESERVED_METHODS: [&str; 7] = [
    "builder",
    "clone",
    "config",
    "desktops",
    "new",
    "request",
    "withretry",
];

pub fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let mut ids = HashMap::new();
    for operation in operations(document) {
        check_id(&operation, &mut ids, diagnostics);
        check_parameters(document, &operation, diagnostics);
        check_body(document, &operation, diagnostics);
        check_responses(document, &operation, diagnostics);
    }
}

fn check_id<'a>(
    operation: &Operation<'a>,
    ids: &mut HashMap<String, &'a str>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(node) = operation.node.get("operationId") else {
        return;
    };
    let Some(id) = node.text() else { return };
    let letters = |id: &str| id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !letters(id) || !id.starts_with(|c: char| c.is_ascii_alphabetic()) {
        diagnostics.push(node.position.error(format!(
            "the operationId `{id}` cannot name a method. Use letters and digits, a letter first."
        )));
    }
    if RESERVED_METHODS.contains(&method_name(id).as_str()) {
        diagnostics.push(node.position.error(format!(
            "the operationId `{id}` would be a method that every client has already. Choose another."
        )));
    }
    if let Some(first) = ids.insert(method_name(id), operation.path) {
        diagnostics.push(node.position.error(format!(
            "the operationId `{id}` is already that of `{first}`. Give each operation its own."
        )));
    }
}

fn check_parameters(document: &Document, operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    if !operation.path.starts_with('/') {
        let position = operation.item.position;
        diagnostics.push(position.error(format!(
            "the path `{}` must start with `/`.",
            operation.path
        )));
    }
    let mut missing: Vec<&str> = operation
        .path
        .split('{')
        .skip(1)
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect();
    let mut declared = HashSet::new();
    let lists = [
        operation.item.get("parameters"),
        operation.node.get("parameters"),
    ];
    for parameter in lists.into_iter().flatten().flat_map(Node::items) {
        let Some(node) = document.follow(parameter) else {
            continue;
        };
        let text = |key| node.get(key).and_then(Node::text).unwrap_or_default();
        let (name, place) = (text("name"), text("in"));
        if !declared.insert((name, place)) {
            diagnostics.push(parameter.position.error(format!(
                "the {place} parameter `{name}` is declared twice. Remove one."
            )));
        }
        if place != "path" {
            continue;
        }
        if node.get("required").map(Node::to_value) != Some(true.into()) {
            diagnostics.push(node.position.error(format!(
                "the path parameter `{name}` must be required. Add `required: true`."
            )));
        }
        match missing.iter().position(|missing| *missing == name) {
            Some(index) => drop(missing.remove(index)),
            None => diagnostics.push(parameter.position.error(format!(
                "the path parameter `{name}` is not in the path `{}`. Correct the name or remove it.",
                operation.path
            ))),
        }
    }
    for name in missing {
        diagnostics.push(operation.node.position_of("parameters").error(format!(
            "the path has `{{{name}}}`, but no path parameter `{name}` is declared. Add it to `parameters`."
        )));
    }
}

fn check_body(document: &Document, operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(body) = operation
        .node
        .get("requestBody")
        .and_then(|node| document.follow(node))
    {
        check_content("a request body", body, diagnostics);
    }
}

fn check_responses(document: &Document, operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    let Some(responses) = operation.node.get("responses") else {
        return;
    };
    let mut success = None;
    for (status, response) in responses.entries() {
        let Some(node) = document.follow(response) else {
            continue;
        };
        let error = match status_class(&status.name) {
            Some('2') => false,
            Some('4' | '5' | 'd') => true,
            Some(_) => {
                diagnostics.push(status.position.error(format!(
                    "the status {} is not one that the client takes. Document success (2xx) and errors (4xx, 5xx).",
                    status.name
                )));
                continue;
            }
            None => {
                diagnostics.push(status.position.error(format!(
                    "`{}` is not a status. Write a code such as '200', a range such as '4XX', or `default`.",
                    status.name
                )));
                continue;
            }
        };
        if !error && let Some(first) = success.replace(&status.name) {
            diagnostics.push(status.position.error(format!(
                "{} is a second success beside {first}, and a method has one result. Keep one of them.",
                status.name
            )));
        }
        check_content("a response", node, diagnostics);
        if error {
            check_error(status, response, node, diagnostics);
        }
    }
    if success.is_none() {
        diagnostics.push(
            operation
                .node
                .position_of("responses")
                .error("no success is documented. Add the response '200'."),
        );
    }
}

fn check_error(status: &Key, response: &Node, node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let media = node
        .get("content")
        .and_then(|content| content.get("application/json"));
    let schema = media.and_then(|media| media.get("schema"));
    let reference = schema
        .and_then(|schema| schema.get("$ref"))
        .and_then(Node::text);
    if reference != Some(ERROR_SCHEMA) {
        // Where the response is shared, the mistake is in the shared one and is reported once.
        let position = match (schema, response.get("$ref")) {
            (Some(schema), _) => schema.position,
            (None, Some(_)) => node.position,
            (None, None) => status.position,
        };
        diagnostics.push(position.error(format!(
            "an error's body must be the schema '{ERROR_SCHEMA}', so that all errors are of one type. Refer to it."
        )));
    }
}

fn check_content(what: &str, node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let Some(content) = node.get("content") else {
        return;
    };
    for (media_type, _) in content
        .entries()
        .filter(|(key, _)| key.name != "application/json")
    {
        diagnostics.push(media_type.position.error(format!(
            "{what} is `application/json` here, not `{}`. Change it.",
            media_type.name
        )));
    }
}

fn status_class(status: &str) -> Option<char> {
    let mut chars = status.chars();
    let class = chars.next()?;
    let rest = chars.as_str();
    let known = status == "default"
        || (('1'..='5').contains(&class)
            && rest.len() == 2
            && (rest == "XX" || rest.bytes().all(|b| b.is_ascii_digit())));
    known.then_some(class)
}
