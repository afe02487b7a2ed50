//! Finds the part of the contract that cannot be generated, when progenitor does not say which.
//!
//! Each operation and each schema is generated alone, with empty schemas in place of those that it
//! refers to. The time is that of generating the contract once more.

use std::collections::BTreeSet;

use serde_json::Value;

use super::diagnostic::{Diagnostic, INTERNAL, Position};
use super::document::{Document, SCHEMAS};
use super::shared::ERROR_SCHEMA;
use super::yaml::{Data, Key, Node};

/// A part that cannot be generated: its position and its name.
pub struct FailedPart {
    pub position: Position,
    pub what: String,
}

impl FailedPart {
    /// Gives an error of the contract the position of this part. One of the generator itself only
    /// names it, because the part is as it should be.
    pub fn error(&self, error: Diagnostic) -> Diagnostic {
        let Diagnostic { position, message } = error;
        let Self {
            position: of_part,
            what,
        } = self;
        if message.starts_with(INTERNAL) {
            position.error(format!(
                "{message} It occurs with {what} (line {}).",
                of_part.line
            ))
        } else {
            of_part.error(format!("{what}: {message}"))
        }
    }
}

/// Returns the first such part, or `None` if every part is valid alone.
pub fn failed_part(
    document: &Document,
    is_valid: impl Fn(&Document) -> bool,
) -> Option<FailedPart> {
    let empty = Node::default();
    let schemas = document.resolve("#/components/schemas").unwrap_or(&empty);
    for (key, schema) in schemas.entries() {
        if !is_valid(&alone(document, None, &[(key, schema)])) {
            return Some(property(document, key, schema, &is_valid));
        }
    }
    let paths = document.root.get("paths").unwrap_or(&empty);
    for (path, item) in paths.entries() {
        let methods = item
            .entries()
            .filter(|(_, node)| node.get("operationId").is_some());
        for (method, operation) in methods {
            let operation = Node::map(
                item.position,
                item.entries()
                    .filter(|(key, _)| key.name == "parameters")
                    .chain([(method, operation)]),
            );
            if !is_valid(&alone(document, Some((path, &operation)), &[])) {
                return Some(FailedPart {
                    position: method.position,
                    what: format!("`{} {}`", method.name.to_uppercase(), path.name),
                });
            }
        }
    }
    None
}

/// Finds the property of a schema that cannot be generated.
fn property(
    document: &Document,
    name: &Key,
    schema: &Node,
    is_valid: &impl Fn(&Document) -> bool,
) -> FailedPart {
    let with = |properties: Node| {
        let properties = [(Key::from("properties"), properties)];
        let others = schema
            .entries()
            .filter(|(key, _)| key.name != "properties" && key.name != "required");
        let entries = others.chain(properties.iter().map(|(key, node)| (key, node)));
        let reduced = Node::map(schema.position, entries);
        is_valid(&alone(document, None, &[(name, &reduced)]))
    };
    if with(Node::default()) {
        let properties = schema.get("properties");
        for (key, property) in properties.into_iter().flat_map(Node::entries) {
            if !with(Node::map(property.position, [(key, property)])) {
                return FailedPart {
                    position: key.position,
                    what: format!("the property `{}` of `{}`", key.name, name.name),
                };
            }
        }
    }
    FailedPart {
        position: name.position,
        what: format!("the schema `{}`", name.name),
    }
}

/// Returns a contract with one path or schema.
fn alone(document: &Document, path: Option<(&Key, &Node)>, schemas: &[(&Key, &Node)]) -> Document {
    let root = &document.root;
    let components = root.get("components");
    let mut nodes: Vec<&Node> = schemas.iter().map(|(_, schema)| *schema).collect();
    if let Some((_, item)) = path {
        nodes.push(item);
        let others = components.into_iter().flat_map(Node::entries);
        let others = others.filter(|(key, _)| key.name != "schemas");
        nodes.extend(others.map(|(_, section)| section));
    }
    let names = nodes.iter().flat_map(|node| document.schemas_of(node));
    let mut names: BTreeSet<_> = names.chain(ERROR_SCHEMA.strip_prefix(SCHEMAS)).collect();
    for (key, _) in schemas {
        names.remove(key.name.as_str());
    }
    let stubs = names
        .into_iter()
        .map(|name| (Key::from(name), Node::stub()));
    let stubs: Vec<_> = stubs.collect();
    let stubs = stubs.iter().map(|(key, node)| (key, node));
    let schemas = Node::map(root.position, stubs.chain(schemas.iter().copied()));
    let others = components.into_iter().flat_map(Node::entries);
    let others = others.filter(|(key, _)| key.name != "schemas" && path.is_some());
    let components = Node::map(
        root.position,
        others.chain([(&Key::from("schemas"), &schemas)]),
    );
    let paths = Node::map(root.position, path);
    let others = root
        .entries()
        .filter(|(key, _)| key.name != "components" && key.name != "paths");
    let parts = [("components", components), ("paths", paths)];
    let parts = parts.map(|(name, node)| (Key::from(name), node));
    let entries = others.chain(parts.iter().map(|(key, node)| (key, node)));
    let root = Node::map(root.position, entries);
    Document::new(root)
}

impl From<&str> for Key {
    fn from(name: &str) -> Self {
        Self {
            position: Position::START,
            name: name.to_owned(),
        }
    }
}

impl Default for Node {
    fn default() -> Self {
        Self {
            position: Position::START,
            data: Data::Map(Vec::new()),
        }
    }
}

impl Node {
    /// Returns the schema of any object.
    fn stub() -> Self {
        let text = |text: &str| Self {
            position: Position::START,
            data: Data::Scalar(Value::String(text.to_owned())),
        };
        Self {
            position: Position::START,
            data: Data::Map(vec![
                (Key::from("description"), text("A stub.")),
                (Key::from("type"), text("object")),
            ]),
        }
    }
}

// The benchmark of the generator compiles this without the test harness.
#[cfg(test)]
#[allow(dead_code, unused_imports)]
mod tests {
    use super::*;

    const CONTRACT: &str = include_str!("../../tests/contract_diagnostics.yaml");

    #[test]
    fn an_error_of_the_generator_is_not_that_of_the_part() {
        let part = FailedPart {
            position: Position { line: 7, column: 3 },
            what: "the schema `Lamp`".to_owned(),
        };
        let start = Position::START;
        assert_eq!(
            part.error(start.error("Change it.")).to_string(),
            "7:3: the schema `Lamp`: Change it."
        );
        assert_eq!(
            part.error(start.error(format!("{INTERNAL}: no list.")))
                .to_string(),
            format!("1:1: {INTERNAL}: no list. It occurs with the schema `Lamp` (line 7).")
        );
    }

    #[test]
    fn the_failed_part_is_a_property_a_schema_or_an_operation() {
        let document = Document::read(CONTRACT).map_err(drop).unwrap();
        for (text, expected) in [
            (
                "The room of the lamp.",
                "64:9 the property `room` of `Lamp`",
            ),
            ("The lamps of a house.", "51:5 the schema `LampList`"),
            ("The lamp to switch.", "19:5 `POST /lamps/{lamp_id}`"),
        ] {
            let is_valid = |part: &Document| !part.root.to_value().to_string().contains(text);
            let FailedPart { position, what } = failed_part(&document, is_valid).unwrap();
            assert_eq!(
                format!("{}:{} {what}", position.line, position.column),
                expected
            );
        }
        assert!(failed_part(&document, |_| true).is_none());
    }
}
