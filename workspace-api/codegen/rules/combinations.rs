//! Rules for `allOf` and `oneOf`: the client has every property of an `allOf`, with what each part
//! says about it.
//!
//! progenitor merges the parts. It leaves a property out, without a word, if it finds that no value
//! is valid in all of them, and it does not merge everything.

use std::collections::{HashMap, HashSet};

use super::exclusive;
use super::values::KEYWORDS;
use crate::codegen::diagnostic::{Diagnostic, Position};
use crate::codegen::document::{Document, is_nullable};
use crate::codegen::variants::{self, VARIANT_NAMES};
use crate::codegen::yaml::{Data, Key, Node};

/// Keywords that only people read.
const TEXTS: [&str; 5] = [
    "deprecated",
    "description",
    "example",
    "title",
    "x-pattern-description",
];

/// Keywords that progenitor merges with each part of a `oneOf`.
const MERGED: [&str; 4] = ["additionalProperties", "allOf", "properties", "required"];

/// Checks what is next to and in `allOf` or `oneOf`.
pub fn check(
    document: &Document,
    schema: &Node,
    combination: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(parts) = schema.get(combination) else {
        return;
    };
    if parts.items().is_empty() {
        let error = format!("this `{combination}` is empty. Add schemas, or remove it.");
        diagnostics.push(schema.position_of(combination).error(error));
    }
    let kind = schema.get("type").and_then(Node::text);
    if let Some(kind) = kind.filter(|kind| *kind != "object") {
        diagnostics.push(schema.position_of(combination).error(format!(
            "`{combination}` has no effect on the type `{kind}`. Remove one of them."
        )));
    } else {
        for (key, _) in schema.entries() {
            if !is_of_objects(&key.name) {
                diagnostics.push(key.position.error(format!(
                    "`{}` has no effect next to `{combination}`. Move it into a part.",
                    key.name
                )));
            }
        }
    }
    if combination == "oneOf" {
        for (key, _) in schema.entries() {
            if MERGED.contains(&key.name.as_str()) {
                diagnostics.push(key.position.error(format!(
                    "the client cannot see which part of a `oneOf` a value is, if `{}` is next to it. \
                     Move it into each part.",
                    key.name
                )));
            }
        }
        for part in parts.items() {
            check_names(part, diagnostics);
        }
        exclusive::check(document, parts, diagnostics);
    }
    if combination == "allOf" {
        for part in parts.items() {
            if is_nullable(part) {
                diagnostics.push(part.position_of("nullable").error(
                    "`nullable` has no effect on a part of an `allOf`. Move it next to `allOf`.",
                ));
            }
        }
        check_parts(document, schema, diagnostics);
    }
}

/// Checks that the values of an `enum` in a `oneOf`, which become variants among others, need no
/// names of their own.
fn check_names(part: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let texts = |key| {
        let items = part.get(key).map_or(&[][..], Node::items);
        items.iter().filter_map(Node::text).collect::<Vec<_>>()
    };
    let values = texts("enum");
    if variants::texts(&values, &texts(VARIANT_NAMES)) != values {
        diagnostics.push(part.position_of("enum").error(
            "the values of this `enum` need names of their own, which an `enum` in a `oneOf` cannot \
             have. Define it under `components/schemas`, and refer to it.",
        ));
    }
}

/// Returns whether a keyword has an effect next to `allOf` and `oneOf`, which combine objects.
fn is_of_objects(keyword: &str) -> bool {
    let of_types = KEYWORDS.iter().find(|(name, _)| *name == keyword);
    keyword != "format" && of_types.is_none_or(|(_, types)| types.contains(&"object"))
}

/// Checks that the parts of an `allOf` are objects that can be merged.
fn check_parts(document: &Document, schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let mut objects = Vec::new();
    collect(document, schema, &mut HashSet::new(), &mut objects);
    if objects.len() < 2 {
        return;
    }
    let position = schema.position_of("allOf");
    let mut properties: HashMap<&str, (&Key, &Node)> = HashMap::new();
    for object in objects {
        let kind = object.get("type").and_then(Node::text).unwrap_or("object");
        if kind != "object" {
            diagnostics.push(position.error(format!(
                "the client can merge objects only, but a part of this `allOf` (line {}) is of the \
                 type `{kind}`. Write it as one schema.",
                object.position.line
            )));
        }
        if let Some(one_of) = object.get("oneOf") {
            diagnostics.push(position.error(format!(
                "the client cannot merge the `oneOf` of a part of this `allOf` (line {}) with the other \
                 parts. Write each of its parts as an `allOf`, and these as one `oneOf`.",
                one_of.position.line
            )));
        }
        if let Some(others) = object.get("additionalProperties")
            && !others.is_true()
        {
            diagnostics.push(position.error(format!(
                "`additionalProperties` of a part of this `allOf` (line {}) concerns the properties \
                 of the other parts too. Remove it, or write this as one schema.",
                others.position.line
            )));
        }
        for (key, property) in object.get("properties").into_iter().flat_map(Node::entries) {
            let Some((first, other)) = properties.insert(&key.name, (key, property)) else {
                continue;
            };
            if let Some(default) = other.get("default")
                && other.position != property.position
            {
                diagnostics.push(position.error(format!(
                    "the property `{}` is in two parts of this `allOf` (lines {} and {}), and the \
                     client would not send its default (line {}). Keep it in one part.",
                    key.name, first.position.line, key.position.line, default.position.line
                )));
            }
            if let Some(keyword) = difference(document, other, property) {
                diagnostics.push(position.error(format!(
                    "the property `{}` is in two parts of this `allOf` (lines {} and {}), which \
                     differ in `{keyword}`, and the client cannot merge them. Make them equal.",
                    key.name, first.position.line, key.position.line
                )));
            }
        }
    }
}

/// Collects the schemas without `allOf` that a schema consists of.
fn collect<'a>(
    document: &'a Document,
    schema: &'a Node,
    seen: &mut HashSet<Position>,
    objects: &mut Vec<&'a Node>,
) {
    let Some(schema) = document
        .follow(schema)
        .filter(|it| seen.insert(it.position))
    else {
        return;
    };
    for part in schema.get("allOf").into_iter().flat_map(Node::items) {
        collect(document, part, seen, objects);
    }
    if schema.get("allOf").is_none() || schema.get("properties").is_some() {
        objects.push(schema);
    }
}

/// Returns the first keyword that two schemas of one property do not have alike. A limit or an
/// `enum` may be in one of them.
fn difference<'a>(document: &'a Document, one: &'a Node, other: &'a Node) -> Option<&'a str> {
    let (one, other) = (document.follow(one)?, document.follow(other)?);
    if one.position == other.position {
        return None;
    }
    let mut keywords = one.entries().chain(other.entries()).map(|(key, _)| key);
    keywords.find_map(|key| {
        let keyword = key.name.as_str();
        let differs = match (one.get(keyword), other.get(keyword)) {
            _ if TEXTS.contains(&keyword) => false,
            (Some(one), Some(other)) => !is_equal(document, one, other),
            (None, None) => false,
            _ => !is_mergeable(keyword),
        };
        differs.then_some(keyword)
    })
}

/// Whether progenitor keeps this keyword of one of two schemas.
fn is_mergeable(keyword: &str) -> bool {
    matches!(keyword, "enum" | "maxLength" | "minLength" | "pattern")
}

/// Compares schemas or values of keywords, except for texts that only people read.
fn is_equal(document: &Document, one: &Node, other: &Node) -> bool {
    let (Some(one), Some(other)) = (document.follow(one), document.follow(other)) else {
        return false;
    };
    if one.position == other.position {
        return true;
    }
    match (&one.data, &other.data) {
        (Data::Map(_), Data::Map(_)) => {
            keywords(one).count() == keywords(other).count()
                && keywords(one).all(|(key, value)| {
                    let same = other.get(&key.name);
                    same.is_some_and(|other| is_equal(document, value, other))
                })
        }
        _ => one.to_value() == other.to_value(),
    }
}

/// Returns the keywords that have an effect.
fn keywords(schema: &Node) -> impl Iterator<Item = (&Key, &Node)> {
    let all = schema.entries();
    all.filter(|(key, _)| !TEXTS.contains(&key.name.as_str()))
}
