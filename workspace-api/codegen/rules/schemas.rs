//! Rules for schemas: all are described, and those of responses are tolerant.

use std::collections::HashSet;

use regress::Regex;

use super::shared::RESPONSE_FORBIDDEN_KEYWORDS;
use super::values;
use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::{Document, operations};
use crate::codegen::yaml::{Data, Key, Node};

pub fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(schemas) = document.resolve("#/components/schemas") {
        for (name, schema) in schemas.entries() {
            check_component(name, schema, diagnostics);
        }
    }
    check_schemas_below(&document.root, diagnostics);
    check_responses(document, diagnostics);
}

fn check_component(key: &Key, schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let name = &key.name;
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let error =
            format!("the schema `{name}` is not a valid type name. Start it with a letter.");
        diagnostics.push(key.position.error(error));
    }
    if schema.get("description").is_none() {
        let error = format!("the schema `{name}` has no `description`. Add it.");
        diagnostics.push(key.position.error(error));
    }
}

/// Finds every schema below a node, and checks it.
fn check_schemas_below(node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    for (key, value) in node.entries() {
        match key.name.as_str() {
            // Their values are data, not schemas.
            "example" | "examples" | "default" | "enum" => continue,
            name if name.starts_with("x-") => continue,
            "schema" | "items" => check_schema(value, diagnostics),
            "schemas" => {
                for (_, schema) in value.entries() {
                    check_schema(schema, diagnostics);
                }
            }
            "properties" => {
                for (name, property) in value.entries() {
                    check_schema(property, diagnostics);
                    check_property(name, property, diagnostics);
                }
            }
            _ => {}
        }
        check_schemas_below(value, diagnostics);
    }
    for item in node.items() {
        check_schemas_below(item, diagnostics);
    }
}

fn check_property(name: &Key, property: &Node, diagnostics: &mut Vec<Diagnostic>) {
    if property.get("$ref").is_none() && property.get("description").is_none() {
        let error = format!("the property `{}` has no `description`. Add it.", name.name);
        diagnostics.push(name.position.error(error));
    }
}

fn check_schema(schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    if !matches!(schema.data, Data::Map(_)) {
        return;
    }
    let has = |key| schema.get(key).is_some();
    if !["type", "$ref", "allOf", "oneOf"].into_iter().any(has) {
        let error = "this schema has no `type`. Add it, or refer to a schema by `$ref`.";
        diagnostics.push(schema.position.error(error));
    }
    if schema.get("type").and_then(Node::text) == Some("array") && !has("items") {
        let error = "this array has no `items`. Add it.";
        diagnostics.push(schema.position.error(error));
    }
    if let Some(pattern) = schema.get("pattern") {
        check_pattern(pattern, diagnostics);
    }
    values::check(schema, diagnostics);
    if !has("allOf") {
        check_required(schema, diagnostics);
    }
}

fn check_pattern(pattern: &Node, diagnostics: &mut Vec<Diagnostic>) {
    if let Err(error) = Regex::new(pattern.text().unwrap_or_default()) {
        let error = error.to_string();
        diagnostics.push(pattern.position.error(format!(
            "the client cannot compile this pattern: {}. Correct it, and use no look-around and \
             no back-references.",
            error.lines().last().unwrap_or_default()
        )));
    }
}

fn check_required(schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let properties = schema.get("properties");
    for required in schema.get("required").into_iter().flat_map(Node::items) {
        let name = required.text().unwrap_or_default();
        if properties
            .and_then(|properties| properties.get(name))
            .is_none()
        {
            diagnostics.push(required.position.error(format!(
                "`{name}` is required but is not a property. Correct the name or add the property."
            )));
        }
    }
}

/// Checks that every schema in a response is tolerant.
fn check_responses(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let mut checked = HashSet::new();
    for operation in operations(document) {
        let responses = operation.node.get("responses");
        for (_, response) in responses.into_iter().flat_map(Node::entries) {
            let Some(response) = document.follow(response) else {
                continue;
            };
            for part in ["content", "headers"].map(|part| response.get(part)) {
                for (_, holder) in part.into_iter().flat_map(Node::entries) {
                    let holder = document.follow(holder);
                    if let Some(schema) = holder.and_then(|holder| holder.get("schema")) {
                        check_tolerance(document, schema, &mut checked, diagnostics);
                    }
                }
            }
        }
    }
}

/// Checks a schema and those in it, each component once.
fn check_tolerance<'a>(
    document: &'a Document,
    schema: &'a Node,
    checked: &mut HashSet<&'a str>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if let Some(reference) = schema.get("$ref").and_then(Node::text) {
        if checked.insert(reference)
            && let Some(schema) = document.resolve(reference)
        {
            check_tolerance(document, schema, checked, diagnostics);
        }
        return;
    }
    for (key, value) in schema.entries() {
        let name = key.name.as_str();
        let closed = name == "additionalProperties" && value.to_value() != true;
        if closed || RESPONSE_FORBIDDEN_KEYWORDS.contains(&name) {
            diagnostics.push(key.position.error(intolerance(name)));
        }
        match name {
            "items" | "additionalProperties" => {
                check_tolerance(document, value, checked, diagnostics);
            }
            "properties" => {
                for (_, property) in value.entries() {
                    check_tolerance(document, property, checked, diagnostics);
                }
            }
            "allOf" | "oneOf" => {
                for part in value.items() {
                    check_tolerance(document, part, checked, diagnostics);
                }
            }
            _ => {}
        }
    }
}

/// Says why a keyword is forbidden in a response, and what to do.
fn intolerance(keyword: &str) -> String {
    let (harm, remedy) = match keyword {
        "default" => (
            "invents a value that the service did not send",
            "Remove it and describe what an absent value means.",
        ),
        "required" => (
            "makes clients reject the whole response for one absent property",
            "Remove it; if requests need it, make two schemas.",
        ),
        "additionalProperties" => (
            "makes clients reject the whole response for one new property",
            "Remove it.",
        ),
        "allOf" | "anyOf" | "discriminator" | "not" | "oneOf" => (
            "makes clients reject the whole response if no listed schema fits",
            "Use one object with optional properties.",
        ),
        _ => (
            "makes clients reject the whole response for one unexpected value",
            "Remove it and describe the known values.",
        ),
    };
    format!("`{keyword}` in a response {harm}. {remedy}")
}
