//! Rules for the parts of a `oneOf`: no value of one part is a value of another. The client holds a
//! value as one of the parts, and would send what two of them allow, which is invalid, or read it as
//! the first of them, without the properties that only the other has.

use serde_json::Value;

use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::{Document, is_nullable};
use crate::codegen::yaml::{Data, Node};

/// How deep the properties of two parts are compared. They may contain themselves.
const MAX_DEPTH: usize = 8;

pub fn check(document: &Document, one_of: &Node, diagnostics: &mut Vec<Diagnostic>) {
    for (index, part) in one_of.items().iter().enumerate() {
        let mut before = one_of.items()[..index].iter();
        if let Some(other) = before.find(|other| !excludes(document, part, other, 0)) {
            diagnostics.push(part.position.error(format!(
                "a value may be valid in this part of the `oneOf` and in another one (line {}), but \
                 only one part may be valid. Use another `type`, or an `enum` with other values; let \
                 each object require a property that the other objects do not have, or that has \
                 another value.",
                other.position.line
            )));
        }
    }
}

/// Whether no value of one schema is a value of the other, as far as this can be seen.
fn excludes(document: &Document, one: &Node, other: &Node, depth: usize) -> bool {
    let (Some(one), Some(other)) = (meant(document, one), meant(document, other)) else {
        // A dangling reference is reported by itself.
        return true;
    };
    if depth > MAX_DEPTH || is_nullable(one) && is_nullable(other) {
        return false;
    }
    for (combined, other) in [(one, other), (other, one)] {
        if let Some(parts) = combined.get("oneOf") {
            let mut parts = parts.items().iter();
            return parts.all(|part| excludes(document, part, other, depth + 1));
        }
    }
    match (kind(one), kind(other)) {
        ("object", "object") => {
            Object::new(document, one).excludes(&Object::new(document, other), depth)
        }
        ("integer" | "number", "integer" | "number") => have_other_values(one, other),
        (one_kind, other_kind) if one_kind == other_kind => have_other_values(one, other),
        _ => true,
    }
}

/// Returns the schema itself, or that for which it is another name.
fn meant<'a>(document: &'a Document, schema: &'a Node) -> Option<&'a Node> {
    let mut schema = document.follow(schema)?;
    // A name may lead to itself, which is reported by itself.
    for _ in 0..MAX_DEPTH {
        match schema.get("allOf").map_or(&[][..], Node::items) {
            [only] if schema.get("properties").is_none() => schema = document.follow(only)?,
            _ => break,
        }
    }
    Some(schema)
}

fn kind(schema: &Node) -> &str {
    schema.get("type").and_then(Node::text).unwrap_or("object")
}

/// Whether both schemas have an `enum`, without a value in common.
fn have_other_values(one: &Node, other: &Node) -> bool {
    let (Some(one), Some(other)) = (one.get("enum"), other.get("enum")) else {
        return false;
    };
    let is_same = |one: &Value, other: &Value| {
        one == other || one.is_number() && one.as_f64() == other.as_f64()
    };
    let others: Vec<_> = other.items().iter().map(Node::to_value).collect();
    let mut values = one.items().iter().map(Node::to_value);
    !values.any(|value| others.iter().any(|other| is_same(&value, other)))
}

/// An object, with the parts of its `allOf`.
struct Object<'a> {
    document: &'a Document,
    properties: Vec<(&'a str, &'a Node)>,
    required: Vec<&'a str>,
    /// Whether a value may have properties that the schema does not name, and the client keeps them.
    has_others: bool,
    /// Whether a value with another property is invalid.
    is_closed: bool,
}

impl<'a> Object<'a> {
    fn new(document: &'a Document, schema: &'a Node) -> Self {
        let mut object = Self {
            document,
            properties: Vec::new(),
            required: Vec::new(),
            has_others: false,
            is_closed: false,
        };
        object.collect(schema, 0);
        object.has_others |= object.properties.is_empty() && !object.is_closed;
        object
    }

    fn collect(&mut self, schema: &'a Node, depth: usize) {
        let properties = schema.get("properties").into_iter().flat_map(Node::entries);
        self.properties
            .extend(properties.map(|(key, it)| (key.name.as_str(), it)));
        let required = schema.get("required").into_iter().flat_map(Node::items);
        self.required.extend(required.filter_map(Node::text));
        if let Some(others) = schema.get("additionalProperties") {
            self.has_others |= matches!(others.data, Data::Map(_));
            self.is_closed |= others.to_value() == false;
        }
        let parts = schema.get("allOf").into_iter().flat_map(Node::items);
        for part in parts.filter_map(|part| self.document.follow(part)) {
            if depth < MAX_DEPTH {
                self.collect(part, depth + 1);
            }
        }
    }

    fn excludes(&self, other: &Self, depth: usize) -> bool {
        let mut required = self
            .required
            .iter()
            .filter(|name| other.required.contains(name));
        required.any(|name| {
            let (Some(one), Some(other)) = (self.property(name), other.property(name)) else {
                return false;
            };
            excludes(self.document, one, other, depth + 1)
        }) || self.is_never(other) && other.is_never(self)
    }

    /// Whether no value that the client holds for this object is valid in the other.
    fn is_never(&self, other: &Self) -> bool {
        let lacks = |object: &Self, name: &&str| object.property(name).is_none();
        let misses = !self.has_others && other.required.iter().any(|name| lacks(self, name));
        misses || other.is_closed && self.required.iter().any(|name| lacks(other, name))
    }

    fn property(&self, name: &str) -> Option<&'a Node> {
        let mut properties = self.properties.iter();
        properties.find_map(|(known, property)| (*known == name).then_some(*property))
    }
}
