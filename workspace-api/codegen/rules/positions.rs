//! Rules for keywords that have an effect in some positions only. Elsewhere the client would ignore
//! them.

use super::combinations;
use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::{Document, parts};
use crate::codegen::variants::VARIANT_NAMES;
use crate::codegen::yaml::Node;

/// Checks a schema and every schema in it. `takes_default` is whether the schema is that of a
/// property or of an optional parameter, or has a name.
pub fn check(
    document: &Document,
    schema: &Node,
    takes_default: bool,
    diagnostics: &mut Vec<Diagnostic>,
) {
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
        combinations::check(document, schema, combination, diagnostics);
    }
    let properties = schema.get("properties").into_iter().flat_map(Node::entries);
    let properties: Vec<_> = properties.map(|(_, property)| property.position).collect();
    for part in parts(schema) {
        if let Some(default) = part.get("default")
            && part.get("properties").is_some()
            && properties.contains(&part.position)
        {
            diagnostics.push(default.position.error(
                "the client does not send the default of an object that is defined in its place. \
                 Define the object under `components/schemas`, and write the default next to an \
                 `allOf` of a reference to it.",
            ));
        }
        check(
            document,
            part,
            properties.contains(&part.position),
            diagnostics,
        );
    }
}
