//! Rules for the types that schemas, properties and parameters become: each has its own name.
//!
//! progenitor names the type of a property after the schema and the property. If another type has
//! this name, it uses that one, whatever its limits are.

use std::collections::HashMap;

use crate::codegen::diagnostic::{Diagnostic, Position};
use crate::codegen::document::{Document, operations};
use crate::codegen::names::{parameter as parameter_name, type_name};
use crate::codegen::yaml::Node;

/// A part of the contract that becomes an item of the client.
pub struct Origin {
    pub what: String,
    pub position: Position,
    /// Whether it becomes a type of its own.
    is_type: bool,
}

pub fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    for (name, origins) in origins(document) {
        let mut types = origins.iter().filter(|origin| origin.is_type);
        let Some(first) = types.next() else { continue };
        for other in types.filter(|other| other.position != first.position) {
            diagnostics.push(other.position.error(format!(
                "{} and {} (line {}) both become the type `{name}` in the client. Rename one.",
                other.what, first.what, first.position.line
            )));
        }
    }
}

/// Returns the parts of the contract by the names of their types.
pub fn origins(document: &Document) -> HashMap<String, Vec<Origin>> {
    let mut origins = HashMap::new();
    let schemas = document.resolve("#/components/schemas");
    for (key, schema) in schemas.into_iter().flat_map(Node::entries) {
        let what = format!("the schema `{}`", key.name);
        add(&mut origins, &key.name, what, key.position, schema, true);
    }
    // One without an id, which is reported by itself, would share its names with all such.
    let named = operations(document).filter(|operation| !operation.id().is_empty());
    for operation in named {
        let position = operation.node.position_of("operationId");
        let what = format!("the operationId `{}`", operation.id());
        let origin = Origin {
            what,
            position,
            is_type: false,
        };
        let name = type_name(operation.id());
        origins.entry(name).or_default().push(origin);
        let body = operation.node.get("requestBody");
        let body = body.and_then(|body| document.follow(body)?.get("content"));
        for (_, media) in body.into_iter().flat_map(Node::entries) {
            if let Some(schema) = media.get("schema") {
                let what = format!("the body of `{}`", operation.id());
                let name = format!("{}_body", operation.id());
                add(&mut origins, &name, what, schema.position, schema, false);
            }
        }
        let responses = operation.node.get("responses");
        for (status, response) in responses.into_iter().flat_map(Node::entries) {
            let content = document
                .follow(response)
                .and_then(|node| node.get("content"));
            for (_, media) in content.into_iter().flat_map(Node::entries) {
                if let Some(schema) = media.get("schema").filter(|_| status.name.starts_with('2')) {
                    let what = format!("the response of `{}`", operation.id());
                    let name = format!("{}_response", operation.id());
                    add(&mut origins, &name, what, schema.position, schema, false);
                }
            }
        }
        for owner in [operation.item, operation.node] {
            for entry in owner.get("parameters").into_iter().flat_map(Node::items) {
                if let Some(parameter) = document.follow(entry)
                    && let Some(name) = parameter.get("name").and_then(Node::text)
                    && let Some(schema) = parameter.get("schema")
                {
                    let what = format!("the parameter `{name}` of `{}`", operation.id());
                    let name = format!("{}_{}", operation.id(), parameter_name(name));
                    add(&mut origins, &name, what, entry.position, schema, false);
                }
            }
        }
    }
    origins
}

/// Adds a part of the contract, and the schemas in it, whose types are named after it.
fn add(
    origins: &mut HashMap<String, Vec<Origin>>,
    name: &str,
    what: String,
    position: Position,
    schema: &Node,
    is_component: bool,
) {
    let origin = Origin {
        what,
        position,
        is_type: is_component || is_type(schema),
    };
    origins.entry(type_name(name)).or_default().push(origin);
    for (key, property) in schema.get("properties").into_iter().flat_map(Node::entries) {
        let what = format!("the property `{}` of `{name}`", key.name);
        let name = format!("{name}_{}", key.name);
        add(origins, &name, what, key.position, property, false);
    }
    for (key, suffix) in [("items", "item"), ("additionalProperties", "value")] {
        if let Some(part) = schema.get(key) {
            let what = format!("`{key}` of `{name}`");
            let name = format!("{name}_{suffix}");
            add(origins, &name, what, part.position, part, false);
        }
    }
}

/// Whether a schema inside of another becomes a type of its own.
fn is_type(schema: &Node) -> bool {
    let has = |key: &str| schema.get(key).is_some();
    let parts = schema.get("allOf").map_or(&[][..], Node::items);
    has("properties")
        || has("enum")
        || has("pattern")
        || has("maxLength")
        || has("minLength")
        || has("oneOf")
        || parts.len() > 1
}
