//! Rules for schemas in responses: the client reads what the service may send one day.

use std::collections::HashSet;

use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::{Document, operations};
use crate::codegen::shared::RESPONSE_FORBIDDEN_KEYWORDS;
use crate::codegen::yaml::Node;

/// Checks that every schema in a response is tolerant.
pub fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
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
                        check_schema(document, schema, &mut checked, diagnostics);
                    }
                }
            }
        }
    }
}

/// Checks a schema and those in it, each component once.
fn check_schema<'a>(
    document: &'a Document,
    schema: &'a Node,
    checked: &mut HashSet<&'a str>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if let Some(reference) = schema.get("$ref").and_then(Node::text) {
        if checked.insert(reference)
            && let Some(schema) = document.resolve(reference)
        {
            check_schema(document, schema, checked, diagnostics);
        }
        return;
    }
    for (key, value) in schema.entries() {
        let name = key.name.as_str();
        let closed = name == "additionalProperties" && value.to_value() == false;
        // Without it, clients of Go and Java read a number of 32 bits. This client reads 64 in any case.
        let is_wide = name == "format" && value.text() == Some("int64");
        if closed || (RESPONSE_FORBIDDEN_KEYWORDS.contains(&name) && !is_wide) {
            diagnostics.push(key.position.error(intolerance(name)));
        }
        match name {
            "items" | "additionalProperties" => {
                check_schema(document, value, checked, diagnostics);
            }
            "properties" => {
                for (_, property) in value.entries() {
                    check_schema(document, property, checked, diagnostics);
                }
            }
            "allOf" | "oneOf" => {
                for part in value.items() {
                    check_schema(document, part, checked, diagnostics);
                }
            }
            _ => {}
        }
    }
}

/// Explains why a keyword is forbidden in a response, and what to do.
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
