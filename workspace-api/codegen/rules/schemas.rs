//! Rules for every schema: it is described, and its properties become fields of their own.

use std::collections::HashMap;

use super::{enums, patterns, positions, recursion, tolerance, values};
use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::{Document, operations, parts};
use crate::codegen::names::{field, type_name};
use crate::codegen::requested;
use crate::codegen::shared::USED_SCHEMA_NAMES;
use crate::codegen::yaml::{Data, Key, Node};

pub fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(schemas) = document.resolve("#/components/schemas") {
        for (name, schema) in schemas.entries() {
            check_component(name, schema, diagnostics);
        }
    }
    for (schema, takes_default) in roots(document) {
        check_all(document, schema, diagnostics);
        check_required(schema, diagnostics);
        positions::check(document, schema, takes_default, diagnostics);
    }
    check_ids(document, diagnostics);
    check_requests(document, diagnostics);
    check_nullable_names(document, diagnostics);
    tolerance::check(document, diagnostics);
}

/// Checks that `DesktopId`, which the client uses for `BatchDesktopId` too, has its limits.
fn check_ids(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let Some(schemas) = document.resolve("#/components/schemas") else {
        return;
    };
    let Some(batch) = schemas.get("BatchDesktopId") else {
        return;
    };
    let position = schemas.position_of("BatchDesktopId");
    let Some(desktop) = schemas.get("DesktopId") else {
        let error = "the client uses the type `DesktopId` for `BatchDesktopId`. Define it too.";
        diagnostics.push(position.error(error));
        return;
    };
    let value = |schema: &Node, key| schema.get(key).map(Node::to_value);
    for key in ["type", "minLength", "maxLength", "pattern", "enum"] {
        let batch = value(batch, key);
        if batch != value(desktop, key) && !(batch.is_none() && key == "pattern") {
            diagnostics.push(position.error(format!(
                "the client uses the type `DesktopId` for `BatchDesktopId`, but their `{key}` \
                 differ. Make them equal."
            )));
        }
    }
}

fn check_component(key: &Key, schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let name = &key.name;
    let is_kept = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let error =
            format!("the schema `{name}` is not a valid type name. Start it with a letter.");
        diagnostics.push(key.position.error(error));
    } else if !name.chars().all(is_kept) {
        diagnostics.push(key.position.error(format!(
            "`{name}` is not a valid name of a schema. Use letters, digits, `.`, `_` and `-`."
        )));
    }
    if USED_SCHEMA_NAMES.contains(&type_name(name).trim_end_matches('_')) {
        let error = format!(
            "the schema `{name}` is named like a type that the generated code uses. Rename it."
        );
        diagnostics.push(key.position.error(error));
    }
    if schema.get("description").is_none() {
        let error = format!("the schema `{name}` has no `description`. Add it.");
        diagnostics.push(key.position.error(error));
    }
}

/// Checks a schema and every schema in it. A `$ref` is checked where it leads.
fn check_all(document: &Document, schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    check_schema(document, schema, diagnostics);
    let properties = schema.get("properties");
    for (name, property) in properties.into_iter().flat_map(Node::entries) {
        check_property(name, property, diagnostics);
    }
    let all_of = schema.get("allOf");
    for part in parts(schema) {
        check_all(document, part, diagnostics);
        // A part of an `allOf` may require a property of another part.
        if all_of.is_none() {
            check_required(part, diagnostics);
        }
    }
}

/// Returns every schema that is not a part of another: those of the components, and those of the
/// parameters, bodies and headers. The flag is whether it can have a default, as named schemas and
/// optional parameters can.
fn roots(document: &Document) -> Vec<(&Node, bool)> {
    let mut holders: Vec<&Node> = Vec::new();
    let mut bodies: Vec<&Node> = Vec::new();
    let paths = document.root.get("paths");
    for (_, item) in paths.into_iter().flat_map(Node::entries) {
        holders.extend(item.get("parameters").into_iter().flat_map(Node::items));
    }
    for operation in operations(document) {
        let list = |key| operation.node.get(key).into_iter();
        holders.extend(list("parameters").flat_map(Node::items));
        bodies.extend(list("requestBody"));
        bodies.extend(list("responses").flat_map(values));
    }
    let section = |name: &str| {
        let section = document.root.get("components")?.get(name);
        section.map(values)
    };
    holders.extend(section("parameters").into_iter().flatten());
    holders.extend(section("headers").into_iter().flatten());
    bodies.extend(section("requestBodies").into_iter().flatten());
    bodies.extend(section("responses").into_iter().flatten());
    for body in bodies {
        for part in ["content", "headers"] {
            holders.extend(body.get(part).into_iter().flat_map(values));
        }
    }
    let mut roots = Vec::new();
    for holder in holders {
        if let Some(schema) = holder.get("schema") {
            let is_required = holder.get("required").is_some_and(Node::is_true);
            roots.push((schema, holder.get("in").is_some() && !is_required));
        }
    }
    for schema in section("schemas").into_iter().flatten() {
        roots.push((schema, true));
    }
    roots
}

fn values(map: &Node) -> impl Iterator<Item = &Node> {
    map.entries().map(|(_, value)| value)
}

fn check_property(name: &Key, property: &Node, diagnostics: &mut Vec<Diagnostic>) {
    if property.get("$ref").is_none() && property.get("description").is_none() {
        let error = format!("the property `{}` has no `description`. Add it.", name.name);
        diagnostics.push(name.position.error(error));
    }
}

fn check_schema(document: &Document, schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    if !matches!(schema.data, Data::Map(_)) {
        return;
    }
    let has = |key| schema.get(key).is_some();
    // Those that are not supported are reported by themselves.
    let instead = ["$ref", "allOf", "anyOf", "const", "not", "oneOf"];
    if !has("type") && !instead.into_iter().any(has) {
        let error = "this schema has no `type`. Add it, or refer to a schema by `$ref`.";
        diagnostics.push(schema.position.error(error));
    }
    if schema.get("type").and_then(Node::text) == Some("array") && !has("items") {
        let error = "this array has no `items`. Add it.";
        diagnostics.push(schema.position.error(error));
    }
    if let Some(pattern) = schema.get("pattern") {
        patterns::check(pattern, diagnostics);
    }
    values::check(document, schema, diagnostics);
    enums::check(schema, diagnostics);
    recursion::check_all_of(document, schema, diagnostics);
    check_names(schema, diagnostics);
}

/// Checks that the properties become fields of their own.
fn check_names(schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let mut fields = HashMap::new();
    let properties = schema.get("properties");
    let has_others = schema
        .get("additionalProperties")
        .is_some_and(|values| matches!(values.data, Data::Map(_)));
    for (key, _) in properties.into_iter().flat_map(Node::entries) {
        let name = &key.name;
        if has_others && field(name) == "extra" {
            diagnostics.push(key.position.error(format!(
                "the property `{name}` and `additionalProperties` (line {}) become the same field \
                 in the client. Rename the property.",
                schema.position_of("additionalProperties").line
            )));
        }
        if let Some(first) = fields.insert(field(name), key) {
            diagnostics.push(key.position.error(format!(
                "the properties `{}` (line {}) and `{name}` become the same field in the client. \
                 Rename or remove one.",
                first.name, first.position.line
            )));
        }
    }
}

fn check_required(schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    if schema.get("allOf").is_some() {
        return;
    }
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

/// Checks that no named schema of a request may be `null`: the client leaves out a property without
/// a value, unless the property itself may be `null`, and progenitor gives a combination and its
/// values one name.
fn check_nullable_names(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let requested = requested::names(document);
    let schemas = document.resolve("#/components/schemas");
    for (key, schema) in schemas.into_iter().flat_map(Node::entries) {
        if requested.contains(&key.name)
            && let Some(nullable) = schema.get("nullable").filter(|node| node.is_true())
        {
            diagnostics.push(nullable.position.error(format!(
                "the client cannot name what may be `null` in a request. Remove `nullable` from \
                 `{}`, and where it may be `null`, write `nullable: true` next to an `allOf` of a \
                 reference to it.",
                key.name
            )));
        }
    }
}

/// Checks that the client can send every `null` that a request may have: it leaves out an optional
/// property that is not set, and sends a list as a list.
fn check_requests(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    for schema in requested::schemas(document) {
        let required = schema.get("required").into_iter().flat_map(Node::items);
        let required: Vec<_> = required.filter_map(Node::text).collect();
        for (key, property) in schema.get("properties").into_iter().flat_map(Node::entries) {
            let Some(nullable) = property.get("nullable").filter(|node| node.is_true()) else {
                continue;
            };
            if !required.contains(&key.name.as_str()) {
                diagnostics.push(nullable.position.error(
                    "the client cannot send `null` here: it leaves out an optional property that \
                     is not set. Remove `nullable`.",
                ));
            } else if property.get("type").and_then(Node::text) == Some("array") {
                diagnostics.push(nullable.position.error(
                    "the client cannot send `null` here: it sends a required list as a list, which \
                     may be empty. Remove `nullable`.",
                ));
            }
        }
    }
}
