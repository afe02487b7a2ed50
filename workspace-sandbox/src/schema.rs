//! Schemas of OpenAPI 3.0 as JSON Schema, which they nearly are.

use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Map, Value, json};

/// Compiles a schema whose references point into `document`.
pub(crate) fn compile(schema: &Value, document: &Value) -> Result<Validator, String> {
    let components = document.get("components").and_then(|c| c.get("schemas"));
    let root = json!({
        "allOf": [translate(schema)],
        "components": { "schemas": components.map(translate_all) },
    });
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .build(&root)
        .map_err(|error| format!("a schema cannot be used: {error}"))
}

/// A violation as `/desktops/0/desktop_id: what`, without the offending value, which may be long or a secret.
pub(crate) fn explain(error: &ValidationError<'_>) -> String {
    let place = error.instance_path().to_string();
    let what = error.masked_with("the value");
    match place.as_str() {
        "" => what.to_string(),
        place => format!("{place}: {what}"),
    }
}

fn translate_all(schemas: &Value) -> Value {
    let schemas = schemas.as_object().into_iter().flatten();
    schemas
        .map(|(name, schema)| (name.clone(), translate(schema)))
        .collect()
}

fn translate(schema: &Value) -> Value {
    let Some(schema) = schema.as_object() else {
        return schema.clone();
    };
    // Beside a `$ref`, everything else is ignored in OpenAPI 3.0.
    if let Some(reference) = schema.get("$ref") {
        return json!({ "$ref": reference });
    }
    let mut translated = Map::new();
    for (keyword, value) in schema {
        let value = match keyword.as_str() {
            "properties" => translate_all(value),
            "items" | "not" | "additionalProperties" => translate(value),
            "allOf" | "anyOf" | "oneOf" => value
                .as_array()
                .into_iter()
                .flatten()
                .map(translate)
                .collect(),
            "example" | "nullable" | "discriminator" | "xml" | "externalDocs" => continue,
            "exclusiveMinimum" | "exclusiveMaximum" if value.is_boolean() => continue,
            _ => value.clone(),
        };
        translated.insert(keyword.clone(), value);
    }
    for (flag, limit) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if schema.get(flag) == Some(&json!(true))
            && let Some(value) = translated.remove(limit)
        {
            translated.insert(flag.into(), value);
        }
    }
    if schema.get("nullable") == Some(&json!(true)) {
        return json!({ "anyOf": [{ "type": "null" }, translated] });
    }
    Value::Object(translated)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn allows(schema: Value, value: Value) -> bool {
        let document = json!({ "components": { "schemas": {
            "Name": { "type": "string", "maxLength": 3, "nullable": true },
        } } });
        compile(&schema, &document).unwrap().is_valid(&value)
    }

    #[test]
    fn null_is_allowed_where_it_says_so() {
        let list = json!({ "type": "array", "nullable": true, "items": { "type": "string" } });
        assert!(allows(list.clone(), Value::Null));
        assert!(!allows(list, json!([null])));
        let reference = json!({ "$ref": "#/components/schemas/Name" });
        assert!(allows(reference.clone(), Value::Null));
        assert!(!allows(reference, json!("long")));
    }

    #[test]
    fn a_limit_is_exclusive_where_it_says_so() {
        let above = json!({ "type": "integer", "minimum": 1, "exclusiveMinimum": true });
        let from = json!({ "type": "integer", "minimum": 1, "exclusiveMinimum": false });
        assert!(
            !allows(above.clone(), json!(1)) && allows(above, json!(2)) && allows(from, json!(1))
        );
    }

    #[test]
    fn what_stands_beside_a_reference_does_not_count() {
        let schema = json!({ "$ref": "#/components/schemas/Name", "maxLength": 1 });
        assert!(allows(schema, json!("two")));
    }
}
