//! The rules for schemas: everything is described, and what we read is tolerant.

use std::collections::HashSet;

use regress::Regex;

use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::{Data, Document, Node, operations};

/// In a response, each of these would let one odd value fail the whole answer.
const RESPONSE_FORBIDDEN_KEYWORDS: [&str; 13] = [
    "enum",
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minimum",
    "maximum",
    "multipleOf",
    "minProperties",
    "maxProperties",
];

pub fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let components = document
        .root
        .get("components")
        .and_then(|components| components.get("schemas"));
    for (name, schema) in components.into_iter().flat_map(Node::entries) {
        if !name.name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let message = format!(
                "the schema `{}` cannot name a type. Begin it with a letter.",
                name.name
            );
            diagnostics.push(name.position.error(message));
        }
        if schema.get("description").is_none() {
            let message = format!(
                "the schema `{}` has no `description`. Say what it is.",
                name.name
            );
            diagnostics.push(name.position.error(message));
        }
    }
    check_parts(&document.root, diagnostics);
    check_responses(document, diagnostics);
}

/// Checks every schema, wherever it stands.
fn check_parts(node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    for (key, value) in node.entries() {
        if matches!(
            key.name.as_str(),
            "example" | "examples" | "default" | "enum"
        ) || key.name.starts_with("x-")
        {
            continue;
        }
        match key.name.as_str() {
            "schema" | "items" => check_schema(value, diagnostics),
            "schemas" | "properties" => value
                .entries()
                .for_each(|(_, schema)| check_schema(schema, diagnostics)),
            _ => {}
        }
        if key.name == "properties" {
            for (name, property) in value.entries() {
                if property.get("$ref").is_none() && property.get("description").is_none() {
                    let message = format!(
                        "the property `{}` has no `description`. Say what it is.",
                        name.name
                    );
                    diagnostics.push(name.position.error(message));
                }
            }
        }
        check_parts(value, diagnostics);
    }
    node.items()
        .iter()
        .for_each(|item| check_parts(item, diagnostics));
}

fn check_schema(schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    if !matches!(schema.data, Data::Map(_)) {
        return;
    }
    if ["type", "$ref", "allOf", "oneOf"]
        .iter()
        .all(|key| schema.get(key).is_none())
    {
        diagnostics.push(
            schema
                .position
                .error("this schema has no `type`. Add one, or refer to a schema by `$ref`."),
        );
    }
    let is = |kind| schema.get("type").and_then(Node::text) == Some(kind);
    if is("array") && schema.get("items").is_none() {
        diagnostics.push(
            schema
                .position
                .error("this array does not say what is in it. Add `items`."),
        );
    }
    if let Some(pattern) = schema.get("pattern")
        && let Err(error) = Regex::new(pattern.text().unwrap_or_default())
    {
        let why = error.to_string();
        diagnostics.push(pattern.position.error(format!(
            "the client cannot match this pattern: {}. Write it without look-around and back-references.",
            why.lines().last().unwrap_or_default()
        )));
    }
    let properties = schema.get("properties");
    for required in schema.get("required").into_iter().flat_map(Node::items) {
        let name = required.text().unwrap_or_default();
        if schema.get("allOf").is_none()
            && properties.is_none_or(|properties| properties.get(name).is_none())
        {
            diagnostics.push(required.position.error(format!(
                "`{name}` is required but not a property. Correct the name or add the property."
            )));
        }
    }
}

fn check_responses(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::new();
    for operation in operations(document) {
        for (_, response) in operation
            .node
            .get("responses")
            .into_iter()
            .flat_map(Node::entries)
        {
            let Some(response) = document.follow(response) else {
                continue;
            };
            for part in ["content", "headers"] {
                for (_, holder) in response.get(part).into_iter().flat_map(Node::entries) {
                    let holder = document.follow(holder);
                    if let Some(schema) = holder.and_then(|holder| holder.get("schema")) {
                        check_tolerance(document, schema, &mut seen, diagnostics);
                    }
                }
            }
        }
    }
}

fn check_tolerance<'a>(
    document: &'a Document,
    schema: &'a Node,
    seen: &mut HashSet<&'a str>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if let Some(reference) = schema.get("$ref").and_then(Node::text) {
        if seen.insert(reference)
            && let Some(schema) = document.resolve(reference)
        {
            check_tolerance(document, schema, seen, diagnostics);
        }
        return;
    }
    for (key, value) in schema.entries() {
        let closed = key.name == "additionalProperties" && value.to_value() == false;
        if closed || RESPONSE_FORBIDDEN_KEYWORDS.contains(&key.name.as_str()) {
            diagnostics.push(key.position.error(format!(
                "`{}` in a response lets one odd value fail the whole answer. Remove it and describe the value in words.",
                key.name
            )));
        }
        let mut mistake = |message| diagnostics.push(key.position.error(message));
        match key.name.as_str() {
            "default" => mistake(
                "`default` in a response makes up what the service did not say. Remove it and describe in words what an \
                 absent value means.",
            ),
            "oneOf" => mistake(
                "`oneOf` in a response fails on an alternative that is not listed. Use one object with optional properties.",
            ),
            "required" => mistake(
                "`required` in a response lets one absent property fail the whole answer. Remove it; a schema that \
                 requests need as well must become two.",
            ),
            _ => {}
        }
        match key.name.as_str() {
            "items" | "additionalProperties" => check_tolerance(document, value, seen, diagnostics),
            "properties" => {
                value.entries().for_each(|(_, property)| {
                    check_tolerance(document, property, seen, diagnostics)
                });
            }
            "allOf" => value
                .items()
                .iter()
                .for_each(|part| check_tolerance(document, part, seen, diagnostics)),
            _ => {}
        }
    }
}
