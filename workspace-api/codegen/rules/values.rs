//! Rules for the values that a schema allows: every keyword has an effect in the client, and a
//! default obeys the schema that it belongs to.

use std::collections::HashMap;

use heck::ToPascalCase;
use serde_json::Value;

use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::yaml::Node;

/// Keywords that have an effect with one type only.
const KEYWORDS: &[(&str, &[&str])] = &[
    ("additionalProperties", &["object"]),
    ("exclusiveMaximum", &["integer", "number"]),
    ("exclusiveMinimum", &["integer", "number"]),
    ("items", &["array"]),
    ("maxItems", &["array"]),
    ("maxLength", &["string"]),
    ("maximum", &["integer", "number"]),
    ("minItems", &["array"]),
    ("minLength", &["string"]),
    ("minimum", &["integer", "number"]),
    ("multipleOf", &["integer", "number"]),
    ("pattern", &["string"]),
    ("properties", &["object"]),
    ("uniqueItems", &["array"]),
];

/// A misspelt type is reported by itself.
const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// The formats that the client knows, by type. Those of strings are text in the client.
const FORMATS: &[(&str, &[&str])] = &[
    (
        "integer",
        &[
            "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
        ],
    ),
    ("number", &["double", "float"]),
    (
        "string",
        &[
            "byte",
            "date",
            "date-time",
            "decimal",
            "email",
            "hostname",
            "ipv4",
            "ipv6",
            "password",
            "uri",
            "uuid",
        ],
    ),
];

pub fn check(schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(kind) = schema.get("type").and_then(Node::text) {
        check_keywords(kind, schema, diagnostics);
        check_format(kind, schema, diagnostics);
    }
    for (minimum, maximum) in [
        ("minItems", "maxItems"),
        ("minLength", "maxLength"),
        ("minimum", "maximum"),
    ] {
        if let (Some(low), Some(high)) = (number(schema, minimum), number(schema, maximum))
            && low > high
        {
            diagnostics.push(schema.position_of(minimum).error(format!(
                "`{minimum}` is above `{maximum}`, so no value is valid. Correct one."
            )));
        }
    }
    check_enum(schema, diagnostics);
    if let Some(default) = schema.get("default")
        && let Err(rule) = check_default(schema, &default.to_value())
    {
        diagnostics.push(default.position.error(format!(
            "this default is not a value of its schema: {rule}. Correct it."
        )));
    }
}

fn check_keywords(kind: &str, schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    for (key, _) in schema.entries() {
        let known = KEYWORDS.iter().find(|(name, _)| *name == key.name);
        if let Some((name, kinds)) = known
            && !kinds.contains(&kind)
            && TYPES.contains(&kind)
        {
            diagnostics.push(key.position.error(format!(
                "`{name}` has no effect on the type `{kind}`. Remove it, or correct the type."
            )));
        }
    }
}

fn check_format(kind: &str, schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let Some(format) = schema.get("format") else {
        return;
    };
    let known = FORMATS.iter().find(|(name, _)| *name == kind);
    let known = known.map_or(&[][..], |(_, formats)| formats);
    let name = format.text().unwrap_or_default();
    if !known.contains(&name) {
        let advice = match known {
            [] => "Remove it.".to_owned(),
            _ => format!("Use one of {}, or remove it.", known.join(", ")),
        };
        diagnostics.push(format.position.error(format!(
            "the client does not know the format `{name}` of the type `{kind}`. {advice}"
        )));
    }
}

fn check_enum(schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let Some(values) = schema.get("enum") else {
        return;
    };
    if values.items().is_empty() {
        let error = "this `enum` has no values. Add them, or remove it.";
        diagnostics.push(values.position.error(error));
    }
    let mut variants = HashMap::new();
    for value in values.items() {
        let Some(text) = value.text() else {
            let error = "a value of an `enum` must be text. Put it in quotes, with `type: string`.";
            diagnostics.push(value.position.error(error));
            continue;
        };
        let variant = text.to_pascal_case();
        if variant.is_empty() || variant == "Self" {
            diagnostics.push(value.position.error(format!(
                "the value `{text}` of this `enum` does not become a name in the client. Use a \
                 `pattern` instead of the `enum`."
            )));
        } else if let Some(first) = variants.insert(variant, text) {
            diagnostics.push(value.position.error(format!(
                "the values `{first}` and `{text}` of this `enum` become the same name in the \
                 client. Remove one, or use a `pattern`."
            )));
        }
    }
}

/// Checks a default against the other keywords of its schema.
fn check_default(schema: &Node, default: &Value) -> Result<(), String> {
    if default.is_null() {
        return Err("it is `null`, which the client sends only if the program says so".to_owned());
    }
    let kind = schema.get("type").and_then(Node::text).unwrap_or_default();
    let fits = match kind {
        "array" => default.is_array(),
        "boolean" => default.is_boolean(),
        "integer" => default.is_i64() || default.is_u64(),
        "number" => default.is_number(),
        "object" => default.is_object(),
        "string" => default.is_string(),
        _ => true,
    };
    if !fits {
        return Err(format!("it is not of the type `{kind}`"));
    }
    if let Some(values) = schema.get("enum")
        && !values
            .items()
            .iter()
            .any(|value| value.to_value() == *default)
    {
        return Err("it is not in `enum`".to_owned());
    }
    let size = match default {
        Value::Number(value) => value.as_f64().map(|value| (value, "minimum", "maximum")),
        Value::String(text) => Some((count(text.chars().count()), "minLength", "maxLength")),
        Value::Array(items) => Some((count(items.len()), "minItems", "maxItems")),
        _ => None,
    };
    if let Some((size, minimum, maximum)) = size {
        if number(schema, minimum).is_some_and(|limit| size < limit) {
            return Err(format!("it is below `{minimum}`"));
        }
        if number(schema, maximum).is_some_and(|limit| size > limit) {
            return Err(format!("it is above `{maximum}`"));
        }
    }
    if let (Some(pattern), Some(text)) = (schema.get("pattern"), default.as_str())
        && let Ok(pattern) = regress::Regex::new(pattern.text().unwrap_or_default())
        && pattern.find(text).is_none()
    {
        return Err("it does not match `pattern`".to_owned());
    }
    Ok(())
}

fn number(schema: &Node, key: &str) -> Option<f64> {
    schema.get(key)?.to_value().as_f64()
}

fn count(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
