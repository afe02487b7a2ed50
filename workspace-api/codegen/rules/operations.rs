//! The rules for operations: what must be there, what must fit together, and what the generator can take.

use std::collections::{HashMap, HashSet};

use crate::codegen::Mistake;
use crate::codegen::document::{
    Document, ERROR_SCHEMA, Key, Node, Operation, method_name, operations,
};

/// The client's own methods.
const TAKEN: [&str; 7] = [
    "builder",
    "clone",
    "config",
    "desktops",
    "new",
    "request",
    "withretry",
];

pub fn check(document: &Document, mistakes: &mut Vec<Mistake>) {
    let mut ids = HashMap::new();
    for operation in operations(document) {
        check_id(&operation, &mut ids, mistakes);
        check_parameters(document, &operation, mistakes);
        check_body(document, &operation, mistakes);
        check_responses(document, &operation, mistakes);
    }
}

fn check_id<'a>(
    operation: &Operation<'a>,
    ids: &mut HashMap<String, &'a str>,
    mistakes: &mut Vec<Mistake>,
) {
    let Some(node) = operation.node.get("operationId") else {
        return;
    };
    let Some(id) = node.text() else { return };
    let letters = |id: &str| id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !letters(id) || !id.starts_with(|c: char| c.is_ascii_alphabetic()) {
        mistakes.push(node.place.mistake(format!(
            "the operationId `{id}` cannot name a method. Use letters and digits, a letter first."
        )));
    }
    if TAKEN.contains(&method_name(id).as_str()) {
        mistakes.push(node.place.mistake(format!(
            "the operationId `{id}` would be a method that every client has already. Choose another."
        )));
    }
    if let Some(first) = ids.insert(method_name(id), operation.path) {
        mistakes.push(node.place.mistake(format!(
            "the operationId `{id}` is already that of `{first}`. Give each operation its own."
        )));
    }
}

fn check_parameters(document: &Document, operation: &Operation, mistakes: &mut Vec<Mistake>) {
    if !operation.path.starts_with('/') {
        let place = operation.item.place;
        mistakes.push(place.mistake(format!(
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
            mistakes.push(parameter.place.mistake(format!(
                "the {place} parameter `{name}` is declared twice. Remove one."
            )));
        }
        if place != "path" {
            continue;
        }
        if node.get("required").map(Node::to_value) != Some(true.into()) {
            mistakes.push(node.place.mistake(format!(
                "the path parameter `{name}` must be required. Add `required: true`."
            )));
        }
        match missing.iter().position(|missing| *missing == name) {
            Some(index) => drop(missing.remove(index)),
            None => mistakes.push(parameter.place.mistake(format!(
                "the path parameter `{name}` is not in the path `{}`. Correct the name or remove it.",
                operation.path
            ))),
        }
    }
    for name in missing {
        mistakes.push(operation.node.place_of("parameters").mistake(format!(
            "the path has `{{{name}}}`, but no path parameter `{name}` is declared. Add it to `parameters`."
        )));
    }
}

fn check_body(document: &Document, operation: &Operation, mistakes: &mut Vec<Mistake>) {
    if let Some(body) = operation
        .node
        .get("requestBody")
        .and_then(|node| document.follow(node))
    {
        check_content("a request body", body, mistakes);
    }
}

fn check_responses(document: &Document, operation: &Operation, mistakes: &mut Vec<Mistake>) {
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
                mistakes.push(status.place.mistake(format!(
                    "the status {} is not one that the client takes. Document success (2xx) and errors (4xx, 5xx).",
                    status.name
                )));
                continue;
            }
            None => {
                mistakes.push(status.place.mistake(format!(
                    "`{}` is not a status. Write a code such as '200', a range such as '4XX', or `default`.",
                    status.name
                )));
                continue;
            }
        };
        if !error && let Some(first) = success.replace(&status.name) {
            mistakes.push(status.place.mistake(format!(
                "{} is a second success beside {first}, and a method has one result. Keep one of them.",
                status.name
            )));
        }
        check_content("a response", node, mistakes);
        if error {
            check_error(status, response, node, mistakes);
        }
    }
    if success.is_none() {
        mistakes.push(
            operation
                .node
                .place_of("responses")
                .mistake("no success is documented. Add the response '200'."),
        );
    }
}

fn check_error(status: &Key, response: &Node, node: &Node, mistakes: &mut Vec<Mistake>) {
    let media = node
        .get("content")
        .and_then(|content| content.get("application/json"));
    let schema = media.and_then(|media| media.get("schema"));
    let reference = schema
        .and_then(|schema| schema.get("$ref"))
        .and_then(Node::text);
    if reference != Some(ERROR_SCHEMA) {
        // Where the response is shared, the mistake is in the shared one and is reported once.
        let place = match (schema, response.get("$ref")) {
            (Some(schema), _) => schema.place,
            (None, Some(_)) => node.place,
            (None, None) => status.place,
        };
        mistakes.push(place.mistake(format!(
            "an error's body must be the schema '{ERROR_SCHEMA}', so that all errors are of one type. Refer to it."
        )));
    }
}

fn check_content(what: &str, node: &Node, mistakes: &mut Vec<Mistake>) {
    let Some(content) = node.get("content") else {
        return;
    };
    for (media_type, _) in content
        .entries()
        .filter(|(key, _)| key.name != "application/json")
    {
        mistakes.push(media_type.place.mistake(format!(
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
