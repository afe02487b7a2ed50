//! Gives the values of enums names that are unique, in schemas and in defaults.

use std::collections::HashMap;

use openapiv3::{AdditionalProperties, Components, ReferenceOr, Schema, SchemaKind, Type};
use serde_json::Value;

use crate::codegen::variants::{self, VARIANT_NAMES};

/// Returns the component schemas that a default may take the value of an enum from, by reference.
pub fn named(components: Option<&Components>) -> HashMap<String, Schema> {
    let mut named = HashMap::new();
    let schemas = components.map(|components| &components.schemas);
    for (name, schema) in schemas.into_iter().flatten() {
        if let ReferenceOr::Item(schema) = schema
            && let SchemaKind::Type(Type::String(_) | Type::Array(_)) | SchemaKind::AllOf { .. } =
                &schema.schema_kind
        {
            named.insert(format!("#/components/schemas/{name}"), schema.clone());
        }
    }
    named
}

/// Gives the values of an enum unique names. A list of numbers or booleans is checked when a request
/// is sent. It would be another type.
pub fn normalize(schema: &mut Schema) {
    let texts = enum_texts(schema);
    schema.schema_data.extensions.shift_remove(VARIANT_NAMES);
    match &mut schema.schema_kind {
        SchemaKind::Type(Type::String(string)) if !texts.is_empty() => {
            string.enumeration = texts.into_iter().map(|(_, text)| Some(text)).collect();
            // Every value is within them, by the rules.
            string.min_length = None;
            string.max_length = None;
            string.pattern = None;
        }
        SchemaKind::Type(Type::Integer(integer)) => integer.enumeration.clear(),
        SchemaKind::Type(Type::Number(number)) => number.enumeration.clear(),
        SchemaKind::Type(Type::Boolean(boolean)) => boolean.enumeration.clear(),
        SchemaKind::Any(any) => any.enumeration.clear(),
        _ => {}
    }
}

/// Returns the values of an enum of texts, and the texts to generate them from.
fn enum_texts(schema: &Schema) -> Vec<(String, String)> {
    let SchemaKind::Type(Type::String(string)) = &schema.schema_kind else {
        return Vec::new();
    };
    let values: Vec<_> = string.enumeration.iter().flatten().collect();
    let values: Vec<_> = values.into_iter().map(String::as_str).collect();
    let names = schema.schema_data.extensions.get(VARIANT_NAMES);
    let names: Vec<_> = names
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .collect();
    let names: Vec<_> = names.into_iter().filter_map(Value::as_str).collect();
    let texts = variants::texts(&values, &names);
    values.into_iter().map(str::to_owned).zip(texts).collect()
}

/// Replaces the values of enums in a default, as in their schemas. `named` are those that have a
/// name.
pub fn normalize_default(default: &mut Value, schema: &Schema, named: &HashMap<String, Schema>) {
    let of_reference = |default: &mut Value, schema: &ReferenceOr<Schema>| {
        let schema = match schema {
            ReferenceOr::Item(schema) => Some(schema),
            ReferenceOr::Reference { reference } => named.get(reference),
        };
        if let Some(schema) = schema {
            normalize_default(default, schema, named);
        }
    };
    match (&schema.schema_kind, default) {
        (SchemaKind::Type(Type::String(_)), Value::String(value)) => {
            let mut texts = enum_texts(schema).into_iter();
            if let Some((_, text)) = texts.find(|(other, _)| other == value) {
                *value = text;
            }
        }
        (SchemaKind::Type(Type::Array(array)), Value::Array(values)) => {
            if let Some(items) = &array.items {
                for value in values {
                    of_reference(value, &items.clone().unbox());
                }
            }
        }
        (SchemaKind::Type(Type::Object(object)), Value::Object(values)) => {
            for (name, value) in values {
                if let Some(property) = object.properties.get(name) {
                    of_reference(value, &property.clone().unbox());
                } else if let Some(AdditionalProperties::Schema(schema)) =
                    &object.additional_properties
                {
                    of_reference(value, schema);
                }
            }
        }
        (SchemaKind::AllOf { all_of: parts }, default) => {
            for part in parts {
                of_reference(default, part);
            }
        }
        _ => {}
    }
}
