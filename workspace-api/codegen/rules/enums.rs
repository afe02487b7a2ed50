//! Rules for an `enum` and the names of its values.

use std::collections::HashMap;

use super::values::{check_limits, is_of_type};
use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::is_nullable;
use crate::codegen::names::type_name;
use crate::codegen::variants::VARIANT_NAMES;
use crate::codegen::yaml::Node;

pub fn check(schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let Some(values) = schema.get("enum") else {
        return;
    };
    let kind = schema.get("type").and_then(Node::text);
    let kind = kind.unwrap_or_default();
    if values.items().is_empty() {
        let error = "this `enum` has no values. Add them, or remove it.";
        diagnostics.push(values.position.error(error));
    }
    let is_nullable = is_nullable(schema);
    if is_nullable
        && !values
            .items()
            .iter()
            .any(|value| value.to_value().is_null())
    {
        let error = "this `enum` does not have `null`, so that `nullable` has no effect. Add `null` \
                     to the `enum`, or remove `nullable`.";
        diagnostics.push(schema.position_of("nullable").error(error));
    }
    let mut seen = Vec::new();
    for node in values.items() {
        let value = node.to_value();
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let mut error = |message| diagnostics.push(node.position.error(message));
        if value.is_null() && !is_nullable {
            error(
                "`null` in an `enum` needs `nullable: true`. Add it, or remove `null`.".to_owned(),
            );
        } else if !value.is_null() && !is_of_type(kind, &value) {
            error(match kind {
                "string" => "a value of this `enum` must be text. Put it in quotes.".to_owned(),
                _ => format!("a value of this `enum` is not of the type `{kind}`. Correct it."),
            });
        } else if seen.contains(&value) {
            error(format!(
                "the value `{text}` is twice in this `enum`. Remove one."
            ));
        } else if let Err(rule) = check_limits(schema, &value) {
            error(format!(
                "the value `{text}` of this `enum` can never be sent: {rule}. Correct it."
            ));
        }
        seen.push(value);
    }
    check_variant_names(schema, values, diagnostics);
}

/// Checks the names that the contract gives the values of an enum.
fn check_variant_names(schema: &Node, values: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let Some(names) = schema.get(VARIANT_NAMES) else {
        return;
    };
    let (count, expected) = (names.items().len(), values.items().len());
    if count != expected {
        diagnostics.push(names.position.error(format!(
            "`{VARIANT_NAMES}` and `enum` must have the same number of items, but have {count} and \
             {expected}. Add what is missing, or remove what is too much."
        )));
    }
    let mut variants = HashMap::new();
    for node in names.items() {
        let name = node.text().unwrap_or_default();
        let is_valid = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_valid {
            diagnostics.push(node.position.error(format!(
                "`{name}` is not a valid name of a value. Use letters, digits and `_`, and start \
                 with a letter."
            )));
        } else if let Some(first) = variants.insert(type_name(name), name) {
            diagnostics.push(node.position.error(format!(
                "the names `{first}` and `{name}` become the same name in the client. Change one."
            )));
        }
    }
}
