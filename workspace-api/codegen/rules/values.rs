//! Rules for the values that a schema allows: every keyword has an effect in the client, and a
//! default obeys the schema that it belongs to.

use serde_json::Value;

use super::patterns::translate;
use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::Document;
use crate::codegen::shared::FORMATS;
use crate::codegen::variants::VARIANT_NAMES;
use crate::codegen::yaml::Node;

/// Keywords that have an effect with one type only.
pub(super) const KEYWORDS: &[(&str, &[&str])] = &[
    ("additionalProperties", &["object"]),
    ("enum", &["boolean", "integer", "number", "string"]),
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
    (VARIANT_NAMES, &["string"]),
];

/// A misspelt type is reported by itself.
const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

pub fn check(document: &Document, schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(kind) = schema.get("type").and_then(Node::text) {
        check_keywords(kind, schema, diagnostics);
        check_format(kind, schema, diagnostics);
        if kind == "integer" {
            check_integer(schema, diagnostics);
        }
    }
    if number(schema, "multipleOf").is_some_and(|factor| factor <= 0.0) {
        let error = "`multipleOf` must be above 0. Correct it.";
        diagnostics.push(schema.position_of("multipleOf").error(error));
    }
    for (minimum, maximum) in [
        ("minItems", "maxItems"),
        ("minLength", "maxLength"),
        ("minimum", "maximum"),
    ] {
        let (Some(low), Some(high)) = (number(schema, minimum), number(schema, maximum)) else {
            continue;
        };
        if low > high {
            diagnostics.push(schema.position_of(minimum).error(format!(
                "`{minimum}` is above `{maximum}`, so no value is valid. Correct one."
            )));
        } else if minimum == "minimum" && low >= high && is_exclusive(schema) {
            diagnostics.push(schema.position_of(minimum).error(
                "`minimum` and `maximum` are equal, and one of them is exclusive, so no value is \
                 valid. Correct one.",
            ));
        }
    }
    let parts = schema.get("allOf").map_or(0, |parts| parts.items().len());
    if let Some(default) = schema.get("default").filter(|_| parts > 1) {
        diagnostics.push(default.position.error(
            "the client does not send the default of an `allOf` of several schemas. Define the whole object \
             under `components/schemas`, and refer to it alone.",
        ));
    } else if let Some(default) = schema.get("default")
        && let Err(rule) = check_default(document, schema, &default.to_value())
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
    let known = FORMATS.iter().filter_map(|format| format.split_once(' '));
    let known = known.filter(|(name, _)| *name == kind);
    let known: Vec<_> = known.map(|(_, format)| format).collect();
    let name = format.text().unwrap_or_default();
    if !known.contains(&name) {
        let advice = match &known[..] {
            [] => "Remove it.".to_owned(),
            _ => format!("Use one of {}, or remove it.", known.join(", ")),
        };
        diagnostics.push(format.position.error(format!(
            "the client does not know the format `{name}` of the type `{kind}`. {advice}"
        )));
    }
}

/// The range of each format of integers. Without a format, it is that of `int64` or `uint64`.
const RANGES: [(&str, i128, i128); 8] = [
    ("int8", i8::MIN as i128, i8::MAX as i128),
    ("int16", i16::MIN as i128, i16::MAX as i128),
    ("int32", i32::MIN as i128, i32::MAX as i128),
    ("int64", i64::MIN as i128, i64::MAX as i128),
    ("uint8", 0, u8::MAX as i128),
    ("uint16", 0, u16::MAX as i128),
    ("uint32", 0, u32::MAX as i128),
    ("uint64", 0, u64::MAX as i128),
];

/// Checks that the numbers in the schema of an integer are integers that its format has.
fn check_integer(schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let format = schema.get("format").and_then(Node::text);
    let range = RANGES.iter().find(|(name, _, _)| Some(*name) == format);
    let (low, high) = range.map_or((i64::MIN.into(), u64::MAX.into()), |(_, low, high)| {
        (*low, *high)
    });
    let keys = ["default", "maximum", "minimum", "multipleOf"];
    let numbers = keys.iter().filter_map(|key| Some((*key, schema.get(key)?)));
    let values = schema.get("enum").map_or(&[][..], Node::items);
    for (key, node) in numbers.chain(values.iter().map(|value| ("enum", value))) {
        let value = node.to_value();
        let Some(number) = integer(&value) else {
            // A default or a value of another type is reported by itself.
            let is_limit = !matches!(key, "default" | "enum");
            if is_limit && !is_range(key, &value, low, high) {
                let error = format!(
                    "`{key}` of an integer must be an integer, without a point. Correct it."
                );
                diagnostics.push(node.position.error(error));
            }
            continue;
        };
        if key != "multipleOf" && !(low..=high).contains(&number) {
            let what = if key == "enum" {
                "a value of this `enum`".to_owned()
            } else {
                format!("`{key}`")
            };
            diagnostics.push(node.position.error(format!(
                "{what} is not in the range of this integer, {low} to {high}. Correct it, or the \
                 `format`."
            )));
        }
    }
}

/// Returns whether a limit is that of the range itself, as tools without 64-bit integers write it:
/// `minimum: -9223372036854776000`.
fn is_range(key: &str, limit: &Value, low: i128, high: i128) -> bool {
    let end = if key == "minimum" { low } else { high };
    let is_end = limit.as_f64() == end.to_string().parse().ok();
    is_end && matches!(key, "minimum" | "maximum")
}

fn integer(value: &Value) -> Option<i128> {
    let signed = value.as_i64().map(i128::from);
    signed.or_else(|| value.as_u64().map(i128::from))
}

pub(super) fn is_of_type(kind: &str, value: &Value) -> bool {
    match kind {
        "array" => value.is_array(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        _ => true,
    }
}

/// Checks a default, or a value in it, against its schema.
fn check_default(document: &Document, schema: &Node, default: &Value) -> Result<(), String> {
    let Some(schema) = document.follow(schema) else {
        return Ok(());
    };
    if default.is_null() {
        return Err("it is `null`, which the client sends only if the program says so".to_owned());
    }
    let kind = schema.get("type").and_then(Node::text).unwrap_or_default();
    if !is_of_type(kind, default) {
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
    for part in schema.get("allOf").into_iter().flat_map(Node::items) {
        check_default(document, part, default)?;
    }
    if let (Some(items), Value::Array(values)) = (schema.get("items"), default) {
        for value in values {
            check_default(document, items, value)?;
        }
    }
    if let Value::Object(values) = default {
        check_object(document, schema, values)?;
    }
    check_limits(schema, default)
}

/// Checks a value against the limits and the pattern of its schema.
pub(super) fn check_limits(schema: &Node, value: &Value) -> Result<(), String> {
    let size = match value {
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
    if let (Some(pattern), Some(text)) = (schema.get("pattern"), value.as_str())
        && let Ok(pattern) = regress::Regex::new(&translate(pattern.text().unwrap_or_default()))
        && pattern.find(text).is_none()
    {
        return Err("it does not match `pattern`".to_owned());
    }
    Ok(())
}

fn check_object(
    document: &Document,
    schema: &Node,
    values: &serde_json::Map<String, Value>,
) -> Result<(), String> {
    let properties = schema.get("properties");
    for (name, value) in values {
        let property = properties.and_then(|properties| properties.get(name));
        match property.or_else(|| schema.get("additionalProperties")) {
            Some(schema) => check_default(document, schema, value)?,
            None if schema.get("type").is_some() && properties.is_some() => {
                return Err(format!("it has the unknown property `{name}`"));
            }
            None => {}
        }
    }
    for required in schema.get("required").into_iter().flat_map(Node::items) {
        let name = required.text().unwrap_or_default();
        if !values.contains_key(name) {
            return Err(format!("it has no `{name}`"));
        }
    }
    Ok(())
}

fn is_exclusive(schema: &Node) -> bool {
    let is_true = |key| schema.get(key).is_some_and(Node::is_true);
    is_true("exclusiveMinimum") || is_true("exclusiveMaximum")
}

fn number(schema: &Node, key: &str) -> Option<f64> {
    schema.get(key)?.to_value().as_f64()
}

fn count(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
