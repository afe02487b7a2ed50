//! The limits of the contract, as keywords of its schemas: which are checked, and which are not.

use std::collections::HashSet;

use crate::codegen::diagnostic::{Diagnostic, Position};
use crate::codegen::document::Document;
use crate::codegen::yaml::Node;

const LIMITS: [&str; 11] = [
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "multipleOf",
    "uniqueItems",
];

/// The positions of the keywords that are checked.
#[derive(Default)]
pub struct Checked(HashSet<Position>);

impl Checked {
    /// Returns a limit, which the caller checks.
    pub fn limit<'a>(&mut self, schema: &'a Node, keyword: &str) -> Option<&'a Node> {
        let limit = schema.get(keyword)?;
        self.0.insert(limit.position);
        Some(limit)
    }

    pub fn flag(&mut self, schema: &Node, keyword: &str) -> bool {
        let flag = self.limit(schema, keyword);
        flag.is_some_and(Node::is_true)
    }

    /// Collects the limits in a schema that are not checked.
    pub fn collect_missed(
        &self,
        document: &Document,
        schema: &Node,
        seen: &mut HashSet<Position>,
        missed: &mut Vec<Diagnostic>,
    ) {
        let Some(schema) = document.follow(schema) else {
            return;
        };
        if !seen.insert(schema.position) {
            return;
        }
        for (key, value) in schema.entries() {
            let is_limit = LIMITS.contains(&key.name.as_str());
            // The type of a text has a variant for each value.
            let is_type =
                key.name == "enum" && schema.get("type").and_then(Node::text) == Some("string");
            let says_nothing = is_type
                || [0.into(), false.into()].contains(&value.to_value())
                    && !matches!(
                        key.name.as_str(),
                        "maxItems" | "maxLength" | "maximum" | "minimum"
                    )
                || key.name == "minimum" && value.to_value() == 0 && is_unsigned(schema);
            if is_limit && !says_nothing && !self.0.contains(&value.position) {
                missed.push(key.position.error(format!(
                    "the client cannot check `{}` here. Remove it, and state the limit in the \
                     description.",
                    key.name
                )));
            }
            match key.name.as_str() {
                "items" | "additionalProperties" => {
                    self.collect_missed(document, value, seen, missed);
                }
                "properties" => {
                    for (_, property) in value.entries() {
                        self.collect_missed(document, property, seen, missed);
                    }
                }
                "allOf" | "oneOf" => {
                    for part in value.items() {
                        self.collect_missed(document, part, seen, missed);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether no value of this schema is below 0.
fn is_unsigned(schema: &Node) -> bool {
    let format = schema.get("format").and_then(Node::text);
    format.is_some_and(|format| format.starts_with("uint"))
}
