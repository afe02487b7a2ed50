//! The rules for operations: what must be there, what must fit together, and what the generator can take.

use std::collections::{HashMap, HashSet};

use super::Mistake;
use super::document::{Document, Node};
use super::objects::DOCUMENT;
use super::schema;

/// The schema of every error body. One for all, so that the client has one type for all errors.
pub const ERROR_SCHEMA: &str = "#/components/schemas/ErrorResponse";

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

const METHODS: [&str; 7] = ["delete", "get", "head", "options", "patch", "post", "put"];

/// Every mistake in the contract, in the order of its lines.
pub fn check(document: &Document) -> Result<(), Vec<Mistake>> {
    let mut mistakes = Vec::new();
    DOCUMENT.check(document, &document.root, &mut mistakes);
    if let Some(version) = document.root.get("openapi")
        && !version.text().unwrap_or_default().starts_with("3.0.")
    {
        mistakes.push(
            version
                .place
                .mistake("the contract must be OpenAPI 3.0. Write `openapi: 3.0.3`."),
        );
    }
    if document.resolve(ERROR_SCHEMA).is_none() {
        mistakes.push(document.root.place_of("components").mistake(format!(
            "there is no schema for errors. Define '{ERROR_SCHEMA}'."
        )));
    }
    let mut ids = HashMap::new();
    for operation in operations(document) {
        check_id(&operation, &mut ids, &mut mistakes);
        check_parameters(document, &operation, &mut mistakes);
        check_body(document, &operation, &mut mistakes);
        check_responses(document, &operation, &mut mistakes);
    }
    schema::check(document, &mut mistakes);
    mistakes.sort();
    mistakes.dedup();
    if mistakes.is_empty() {
        Ok(())
    } else {
        Err(mistakes)
    }
}

/// An operation and where it was found.
pub struct Operation<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub item: &'a Node,
    pub node: &'a Node,
}

impl<'a> Operation<'a> {
    pub fn id(&self) -> &'a str {
        self.node
            .get("operationId")
            .and_then(Node::text)
            .unwrap_or_default()
    }
}

pub fn operations(document: &Document) -> impl Iterator<Item = Operation<'_>> {
    let paths = document
        .root
        .get("paths")
        .into_iter()
        .flat_map(Node::entries);
    paths.flat_map(|(path, item)| {
        item.entries()
            .filter(|(method, _)| METHODS.contains(&method.name.as_str()))
            .map(|(method, node)| Operation {
                method: &method.name,
                path: &path.name,
                item,
                node,
            })
    })
}

/// Two ids that differ in case or underscores alone would become one method.
pub fn method_name(operation_id: &str) -> String {
    operation_id
        .chars()
        .filter(|c| *c != '_')
        .flat_map(char::to_lowercase)
        .collect()
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

fn check_error(
    status: &super::document::Key,
    response: &Node,
    node: &Node,
    mistakes: &mut Vec<Mistake>,
) {
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
