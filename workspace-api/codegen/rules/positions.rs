//! Rules for keywords that have an effect in some positions only. Elsewhere the client would ignore
//! them.

use super::values::KEYWORDS;
use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::parts;
use crate::codegen::variants::VARIANT_NAMES;
use crate::codegen::yaml::Node;

/// Checks a schema and every schema in it. `takes_default` is whether the schema is that of a
/// property or of an optional parameter, or has a name.
pub fn check(schema: &Node, takes_default: bool, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(default) = schema.get("default")
        && !takes_default
    {
        diagnostics.push(default.position.error(
            "a default has no effect here: the client sends that of a property, and the service \
             applies that of an optional parameter or a named schema. Remove it.",
        ));
    }
    for (limit, flag) in [
        ("maximum", "exclusiveMaximum"),
        ("minimum", "exclusiveMinimum"),
    ] {
        if schema.get(flag).is_some() && schema.get(limit).is_none() {
            diagnostics.push(schema.position_of(flag).error(format!(
                "`{flag}` has no effect without `{limit}`. Add it, or remove `{flag}`."
            )));
        }
    }
    for (extension, keyword) in [
        ("x-pattern-description", "pattern"),
        (VARIANT_NAMES, "enum"),
    ] {
        if schema.get(extension).is_some() && schema.get(keyword).is_none() {
            diagnostics.push(schema.position_of(extension).error(format!(
                "`{extension}` has no effect without `{keyword}`. Add it, or remove this."
            )));
        }
    }
    for combination in ["allOf", "oneOf"] {
        check_combination(schema, combination, diagnostics);
    }
    let properties = schema.get("properties").into_iter().flat_map(Node::entries);
    let properties: Vec<_> = properties.map(|(_, property)| property.position).collect();
    for part in parts(schema) {
        check(part, properties.contains(&part.position), diagnostics);
    }
}

/// Checks what is next to and in `allOf` or `oneOf`.
fn check_combination(schema: &Node, combination: &str, diagnostics: &mut Vec<Diagnostic>) {
    let Some(parts) = schema.get(combination) else {
        return;
    };
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
    if combination == "allOf" {
        for part in parts.items() {
            if part.get("nullable").is_some_and(Node::is_true) {
                diagnostics.push(part.position_of("nullable").error(
                    "`nullable` has no effect on a part of an `allOf`. Move it next to `allOf`.",
                ));
            }
        }
    }
}

/// Returns whether a keyword has an effect next to `allOf` and `oneOf`, which combine objects.
fn is_of_objects(keyword: &str) -> bool {
    let of_types = KEYWORDS.iter().find(|(name, _)| *name == keyword);
    keyword != "format" && of_types.is_none_or(|(_, types)| types.contains(&"object"))
}
