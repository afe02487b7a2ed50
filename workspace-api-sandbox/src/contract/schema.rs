//! Schemas of OpenAPI 3.0, translated to JSON Schema, from which they differ little.

use boon::{CompileError, Compiler, Draft, ErrorKind, SchemaIndex, Schemas, ValidationError};
use serde_json::{Map, Value, json};

/// Maximum length of an explanation, in characters: it may quote a value, which may be long.
const MAX_EXPLANATION: usize = 250;

/// A compiled schema.
pub(crate) struct Schema {
    schemas: Schemas,
    index: SchemaIndex,
}

/// The treatment of properties that a schema does not have.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum UnknownProperties {
    /// As in OpenAPI: they are allowed. Requests are checked in this way.
    Allowed,
    /// They are rejected: a response has nothing that the contract does not have.
    Rejected,
}

impl Schema {
    /// Compiles a schema whose references point into `document`.
    pub(crate) fn compile(
        schema: &Value,
        document: &Value,
        unknown: UnknownProperties,
    ) -> Result<Self, String> {
        const ROOT: &str = "urn:contract";
        let components = document.get("components").and_then(|c| c.get("schemas"));
        let mut root = json!({ "allOf": [translate_part(schema, unknown)] });
        if let Some(components) = components {
            let components = translate_all(components, unknown, translate);
            root["components"] = json!({ "schemas": components });
        }
        let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
        compiler.set_default_draft(Draft::V2020_12);
        compiler
            .add_resource(ROOT, root)
            .map_err(|error| invalid_schema(&error))?;
        let index = compiler
            .compile(ROOT, &mut schemas)
            .map_err(|error| invalid_schema(&error))?;
        Ok(Self { schemas, index })
    }

    /// Checks a value. The error is the first violation, as `/desktops/0/desktop_id: message`.
    pub(crate) fn check(&self, value: &Value) -> Result<(), String> {
        let checked = self.schemas.validate(value, self.index);
        checked.map_err(|error| explain(&error))
    }
}

fn invalid_schema(error: &CompileError) -> String {
    format!("a schema is invalid: {error:#}")
}

fn explain(error: &ValidationError<'_, '_>) -> String {
    if let Some(cause) = error.causes.first() {
        return explain(cause);
    }
    let problem = match &error.kind {
        ErrorKind::Pattern { want, .. } => format!("does not match {want}"),
        kind => kind.to_string(),
    };
    let location = error.instance_location.to_string();
    let explanation = if location.is_empty() {
        problem
    } else {
        format!("{location}: {problem}")
    };
    explanation.chars().take(MAX_EXPLANATION).collect()
}

type Translate = fn(&Value, UnknownProperties) -> Value;

fn translate_all(schemas: &Value, unknown: UnknownProperties, translate: Translate) -> Value {
    let schemas = schemas.as_object().into_iter().flatten();
    schemas
        .map(|(name, schema)| (name.clone(), translate(schema, unknown)))
        .collect()
}

/// Translates the schema of a whole value. Parts of an `allOf` describe one value together, so only
/// here is known which properties it has.
fn translate_part(schema: &Value, unknown: UnknownProperties) -> Value {
    let translated = translate(schema, unknown);
    match unknown {
        UnknownProperties::Allowed => translated,
        UnknownProperties::Rejected => {
            json!({ "allOf": [translated], "unevaluatedProperties": false })
        }
    }
}

fn translate(schema: &Value, unknown: UnknownProperties) -> Value {
    let Some(schema) = schema.as_object() else {
        return schema.clone();
    };
    // OpenAPI 3.0 ignores all other keywords next to a `$ref`.
    if let Some(reference) = schema.get("$ref") {
        return json!({ "$ref": reference });
    }
    let mut translated = Map::new();
    for (keyword, value) in schema {
        let value = match keyword.as_str() {
            "properties" => translate_all(value, unknown, translate_part),
            "items" => translate_part(value, unknown),
            "not" | "additionalProperties" => translate(value, unknown),
            "allOf" | "anyOf" | "oneOf" => value
                .as_array()
                .into_iter()
                .flatten()
                .map(|part| translate(part, unknown))
                .collect(),
            "example" | "nullable" | "discriminator" | "xml" | "externalDocs" => continue,
            "exclusiveMinimum" | "exclusiveMaximum" if value.is_boolean() => continue,
            _ => value.clone(),
        };
        translated.insert(keyword.clone(), value);
    }
    let lists_properties = [
        "properties",
        "additionalProperties",
        "allOf",
        "anyOf",
        "oneOf",
    ];
    if schema.get("type") == Some(&json!("object"))
        && !lists_properties.iter().any(|key| schema.contains_key(*key))
    {
        translated.insert("additionalProperties".into(), json!(true));
    }
    translate_limit(schema, &mut translated, "exclusiveMinimum", "minimum");
    translate_limit(schema, &mut translated, "exclusiveMaximum", "maximum");
    if schema.get("nullable") == Some(&json!(true)) {
        return nullable(translated);
    }
    Value::Object(translated)
}

/// OpenAPI 3.0 makes a limit exclusive by a flag; JSON Schema has another keyword for it.
fn translate_limit(
    schema: &Map<String, Value>,
    translated: &mut Map<String, Value>,
    exclusive: &str,
    limit: &str,
) {
    if schema.get(exclusive) == Some(&json!(true))
        && let Some(value) = translated.remove(limit)
    {
        translated.insert(exclusive.into(), value);
    }
}

fn nullable(mut schema: Map<String, Value>) -> Value {
    let Some(Value::String(kind)) = schema.get("type") else {
        return json!({ "anyOf": [schema, { "type": "null" }] });
    };
    let kinds = json!([kind, "null"]);
    schema.insert("type".into(), kinds);
    Value::Object(schema)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn allows(schema: &Value, value: &Value) -> bool {
        let document = json!({ "components": { "schemas": {
            "Name": { "type": "string", "maxLength": 3, "nullable": true },
        } } });
        Schema::compile(schema, &document, UnknownProperties::Allowed)
            .unwrap()
            .check(value)
            .is_ok()
    }

    #[test]
    fn null_is_allowed_if_nullable() {
        let list = json!({ "type": "array", "nullable": true, "items": { "type": "string" } });
        assert!(allows(&list, &Value::Null));
        assert!(!allows(&list, &json!([null])));
        let reference = json!({ "$ref": "#/components/schemas/Name" });
        assert!(allows(&reference, &Value::Null));
        assert!(!allows(&reference, &json!("long")));
    }

    #[test]
    fn limits_are_exclusive_if_flagged() {
        let above = json!({ "type": "integer", "minimum": 1, "exclusiveMinimum": true });
        let from = json!({ "type": "integer", "minimum": 1, "exclusiveMinimum": false });
        assert!(!allows(&above, &json!(1)));
        assert!(allows(&above, &json!(2)));
        assert!(allows(&from, &json!(1)));
    }

    #[test]
    fn keywords_next_to_a_reference_are_ignored() {
        let schema = json!({ "$ref": "#/components/schemas/Name", "maxLength": 1 });
        assert!(allows(&schema, &json!("two")));
    }

    #[test]
    fn a_response_has_no_unknown_properties() {
        let properties = |name: &str| json!({ "properties": { name: { "type": "string" } } });
        let document = json!({ "components": { "schemas": {
            "Lamp": { "type": "object", "properties": {
                "room": { "type": "string" },
                "free": { "type": "object" },
                "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Lamp" } },
            } },
        } } });
        let lamp = json!({ "$ref": "#/components/schemas/Lamp" });
        let schema = json!({ "allOf": [lamp, properties("colour")] });
        let unknown = UnknownProperties::Rejected;
        let schema = Schema::compile(&schema, &document, unknown).unwrap();
        let known = json!({
            "room": "hall", "colour": "red", "free": { "any": 1 }, "parts": [{ "room": "attic" }],
        });
        assert_eq!(schema.check(&known), Ok(()));
        for value in [
            json!({ "rooms": "hall" }),
            json!({ "parts": [{ "rooms": "attic" }] }),
            json!({ "parts": [{ "colour": "red" }] }),
        ] {
            assert!(schema.check(&value).is_err(), "{value}");
        }
    }
}
