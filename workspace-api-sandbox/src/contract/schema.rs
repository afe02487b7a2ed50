//! Schemas of OpenAPI 3.0, translated to JSON Schema, from which they differ little.

use boon::{CompileError, Compiler, Draft, ErrorKind, SchemaIndex, ValidationError};
use serde_json::{Map, Value, json};

/// Maximum length of an explanation, in characters: it may quote a value, which may be long.
const MAX_EXPLANATION: usize = 250;

/// The schemas of a document. They are compiled together, so that each component is compiled once,
/// however many operations refer to it.
#[derive(Default)]
pub(crate) struct Schemas(boon::Schemas);

/// One of the schemas of a document.
#[derive(Clone, Copy)]
pub(crate) struct Schema(SchemaIndex);

/// The treatment of properties that a schema does not have.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum UnknownProperties {
    /// As in OpenAPI: they are allowed. Requests are checked in this way.
    Allowed,
    /// They are rejected: a response has nothing that the contract does not have.
    Rejected,
}

impl UnknownProperties {
    /// The URL of the components that are translated in this way.
    fn components_url(self) -> &'static str {
        match self {
            Self::Allowed => "urn:open",
            Self::Rejected => "urn:closed",
        }
    }
}

impl Schemas {
    /// Checks a value. The error is the first violation, as `/desktops/0/desktop_id: message`.
    pub(crate) fn check(&self, schema: Schema, value: &Value) -> Result<(), String> {
        let checked = self.0.validate(value, schema.0);
        checked.map_err(|error| explain(&error))
    }
}

/// Compiles schemas whose references point into one document.
pub(crate) struct SchemaCompiler {
    compiler: Compiler,
    compiled: boon::Schemas,
    /// How many schemas were compiled, for their URLs.
    count: usize,
}

impl SchemaCompiler {
    pub(crate) fn new(document: &Value) -> Result<Self, String> {
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        let components = document.get("components").and_then(|c| c.get("schemas"));
        for unknown in [UnknownProperties::Allowed, UnknownProperties::Rejected] {
            let components = components.map(|all| translate_all(all, unknown, translate));
            let root = json!({ "components": { "schemas": components } });
            compiler
                .add_resource(unknown.components_url(), root)
                .map_err(|error| invalid_schema(&error))?;
        }
        Ok(Self {
            compiler,
            compiled: boon::Schemas::new(),
            count: 0,
        })
    }

    pub(crate) fn compile(
        &mut self,
        schema: &Value,
        unknown: UnknownProperties,
    ) -> Result<Schema, String> {
        let url = format!("urn:schema-{}", self.count);
        self.count += 1;
        self.compiler
            .add_resource(&url, translate_part(schema, unknown))
            .map_err(|error| invalid_schema(&error))?;
        let index = self
            .compiler
            .compile(&url, &mut self.compiled)
            .map_err(|error| invalid_schema(&error))?;
        Ok(Schema(index))
    }

    pub(crate) fn finish(self) -> Schemas {
        Schemas(self.compiled)
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
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let reference = format!("{}{reference}", unknown.components_url());
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
        check(schema, &document, UnknownProperties::Allowed, value).is_ok()
    }

    fn check(
        schema: &Value,
        document: &Value,
        unknown: UnknownProperties,
        value: &Value,
    ) -> Result<(), String> {
        let mut compiler = SchemaCompiler::new(document).unwrap();
        let schema = compiler.compile(schema, unknown).unwrap();
        compiler.finish().check(schema, value)
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
        let check = |value: &Value| check(&schema, &document, UnknownProperties::Rejected, value);
        let known = json!({
            "room": "hall", "colour": "red", "free": { "any": 1 }, "parts": [{ "room": "attic" }],
        });
        assert_eq!(check(&known), Ok(()));
        for value in [
            json!({ "rooms": "hall" }),
            json!({ "parts": [{ "rooms": "attic" }] }),
            json!({ "parts": [{ "colour": "red" }] }),
        ] {
            assert!(check(&value).is_err(), "{value}");
        }
    }

    #[test]
    fn each_component_is_compiled_once() {
        let properties: Map<String, Value> = (0..50)
            .map(|number| (format!("p{number}"), json!({ "type": "string" })))
            .collect();
        let document = json!({ "components": { "schemas": {
            "Lamp": { "type": "object", "properties": properties },
        } } });
        let mut compiler = SchemaCompiler::new(&document).unwrap();
        let lamp = json!({ "$ref": "#/components/schemas/Lamp" });
        compiler
            .compile(&lamp, UnknownProperties::Rejected)
            .unwrap();
        let one = compiler.compiled.size();
        for _ in 0..100 {
            compiler
                .compile(&lamp, UnknownProperties::Rejected)
                .unwrap();
        }
        let more = compiler.compiled.size() - one;
        assert!(more <= 3 * 100, "{one} schemas, then {more} more");
    }
}
