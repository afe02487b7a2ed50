//! Schemas of OpenAPI 3.0 as JSON Schema, which they nearly are.

use boon::{CompileError, Compiler, Draft, ErrorKind, SchemaIndex, Schemas, ValidationError};
use serde_json::{Map, Value, json};

/// How much of an explanation is given, in characters: it may quote the value, which may be long.
const MAX_EXPLANATION: usize = 250;

/// A schema, ready for checking values.
pub(crate) struct Schema {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Schema {
    /// Compiles a schema whose references point into `document`.
    pub(crate) fn compile(schema: &Value, document: &Value) -> Result<Self, String> {
        const ROOT: &str = "urn:contract";
        let components = document.get("components").and_then(|c| c.get("schemas"));
        let mut root = json!({ "allOf": [translate(schema)] });
        if let Some(components) = components {
            root["components"] = json!({ "schemas": translate_all(components) });
        }
        let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
        compiler.set_default_draft(Draft::V2020_12);
        let wrong = |error: CompileError| format!("a schema cannot be used: {error:#}");
        compiler.add_resource(ROOT, root).map_err(wrong)?;
        let index = compiler.compile(ROOT, &mut schemas).map_err(wrong)?;
        Ok(Self { schemas, index })
    }

    /// Checks a value: the first violation as `/desktops/0/desktop_id: what`.
    pub(crate) fn check(&self, value: &Value) -> Result<(), String> {
        let checked = self.schemas.validate(value, self.index);
        checked.map_err(|error| explain(&error))
    }
}

fn explain(error: &ValidationError<'_, '_>) -> String {
    if let Some(cause) = error.causes.first() {
        return explain(cause);
    }
    let what = match &error.kind {
        ErrorKind::Pattern { want, .. } => format!("does not match {want}"),
        kind => kind.to_string(),
    };
    let explanation = match error.instance_location.to_string() {
        place if place.is_empty() => what,
        place => format!("{place}: {what}"),
    };
    explanation.chars().take(MAX_EXPLANATION).collect()
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
        return match translated.get("type") {
            Some(Value::String(kind)) => {
                let kinds = json!([kind, "null"]);
                translated.insert("type".into(), kinds);
                Value::Object(translated)
            }
            _ => json!({ "anyOf": [translated, { "type": "null" }] }),
        };
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
        Schema::compile(&schema, &document)
            .unwrap()
            .check(&value)
            .is_ok()
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
