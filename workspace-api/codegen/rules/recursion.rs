//! Rules for schemas that contain themselves: the types that they become have an end, and so have
//! their values.

use std::collections::HashSet;

use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::{Document, is_nullable, parts};
use crate::codegen::requested;
use crate::codegen::yaml::{Data, Node};

pub fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    for schema in requested::schemas(document) {
        check_list(document, schema, diagnostics);
        check_required(document, schema, diagnostics);
    }
}

/// Checks that an `allOf` does not contain itself: it would become a type without an end.
pub fn check_all_of(document: &Document, schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let Some(all_of) = schema.get("allOf") else {
        return;
    };
    // An `allOf` of one schema is only another name for it.
    let is_merged = all_of.items().len() > 1;
    let contains_itself = contains(document, schema, all_of.items().iter().collect(), |part| {
        if is_merged {
            parts(part).collect()
        } else {
            part.get("allOf")
                .map_or(&[][..], Node::items)
                .iter()
                .collect()
        }
    });
    if contains_itself {
        let error = "this `allOf` contains itself. Refer to the schema in another way.";
        diagnostics.push(schema.position_of("allOf").error(error));
    }
}

/// Checks that a list or a map of a request does not consist of itself: the client checks its
/// limits at every level, and an object has a check of its own.
fn check_list(document: &Document, schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let is_name = schema.get("allOf").is_some();
    if !is_name && contains(document, schema, values(schema), values) {
        let error = "this list or map consists of itself. Put it into a property of an object, and \
                     let it consist of such objects.";
        diagnostics.push(schema.position.error(error));
    }
}

/// Returns the schemas of the values of a list or a map, and those that a schema is another name
/// for.
fn values(schema: &Node) -> Vec<&Node> {
    if schema.get("properties").is_some() {
        return Vec::new();
    }
    let others = schema.get("additionalProperties");
    let others = others.filter(|others| matches!(others.data, Data::Map(_)));
    let named = schema.get("allOf").into_iter().flat_map(Node::items);
    let values = schema.get("items").into_iter().chain(others);
    values.chain(named).collect()
}

/// Checks that a request can have an end: a property that is required, and contains the object that
/// requires it, needs another one.
fn check_required(document: &Document, schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    if schema.get("required").is_some() && contains(document, schema, needed(schema), needed) {
        let error =
            "this schema requires itself, so no value has an end. Make a property optional.";
        diagnostics.push(schema.position_of("required").error(error));
    }
}

/// Returns the schemas that every value of a schema has.
fn needed(schema: &Node) -> Vec<&Node> {
    if is_nullable(schema) {
        return Vec::new();
    }
    let required = schema.get("required").into_iter().flat_map(Node::items);
    let required: Vec<_> = required.filter_map(Node::text).collect();
    let properties = schema.get("properties").into_iter().flat_map(Node::entries);
    let properties = properties.filter(|(key, _)| required.contains(&key.name.as_str()));
    let named = schema.get("allOf").into_iter().flat_map(Node::items);
    properties
        .map(|(_, property)| property)
        .chain(named)
        .collect()
}

/// Returns whether a schema is among these parts of it, or in them. `parts` returns those of a part.
fn contains<'a>(
    document: &'a Document,
    schema: &Node,
    mut unseen: Vec<&'a Node>,
    parts: impl Fn(&'a Node) -> Vec<&'a Node>,
) -> bool {
    let mut seen = HashSet::new();
    while let Some(part) = unseen.pop() {
        let Some(part) = document.follow(part) else {
            continue;
        };
        if part.position == schema.position {
            return true;
        }
        if seen.insert(part.position) {
            unseen.extend(parts(part));
        }
    }
    false
}
