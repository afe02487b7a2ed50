//! Normalizes schemas to the types that the client is to have.

use std::collections::HashMap;

use openapiv3::{
    AdditionalProperties, Components, ObjectType, ReferenceOr, Schema, SchemaData, SchemaKind,
    StringType, Type, VariantOrUnknownOrEmpty,
};

use super::{enums, integers};
use crate::codegen::rules::patterns::translate;

/// The facts about the rest of the contract that a schema depends on.
pub struct Context {
    /// The descriptions of the component schemas, by reference.
    descriptions: HashMap<String, String>,
    /// Those that a default may take the value of an enum from, by reference.
    enums: HashMap<String, Schema>,
    /// Whether the schema is in a request.
    pub in_request: bool,
}

impl Context {
    /// Returns the facts about these components, for a schema in a request.
    pub fn new(components: Option<&Components>) -> Self {
        Self {
            descriptions: components.map(descriptions).unwrap_or_default(),
            enums: enums::named(components),
            in_request: true,
        }
    }
}

fn descriptions(components: &Components) -> HashMap<String, String> {
    let mut descriptions = HashMap::new();
    for (name, schema) in &components.schemas {
        if let ReferenceOr::Item(schema) = schema
            && let Some(description) = &schema.schema_data.description
        {
            descriptions.insert(format!("#/components/schemas/{name}"), description.clone());
        }
    }
    descriptions
}

pub fn normalize_schema(schema: &mut Schema, context: &Context) {
    // progenitor would name the type after it.
    schema.schema_data.title = None;
    let mut default = schema.schema_data.default.take();
    if let Some(default) = &mut default {
        enums::normalize_default(default, schema, &context.enums);
    }
    schema.schema_data.default = default;
    enums::normalize(schema);
    let is_one_of = matches!(schema.schema_kind, SchemaKind::OneOf { .. });
    match &mut schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => {
            for (name, property) in &mut object.properties {
                let is_required = object.required.contains(name);
                normalize_property(property, is_required, context);
            }
            if let Some(AdditionalProperties::Schema(values)) = &mut object.additional_properties
                && let ReferenceOr::Item(values) = values.as_mut()
            {
                normalize_schema(values, context);
            }
        }
        SchemaKind::Type(Type::String(string)) => normalize_string(string),
        SchemaKind::Type(Type::Integer(integer)) => integers::normalize(integer),
        SchemaKind::AllOf { all_of: parts } | SchemaKind::OneOf { one_of: parts } => {
            if is_one_of {
                open_parts(parts);
            }
            for part in parts {
                if let ReferenceOr::Item(part) = part {
                    normalize_schema(part, context);
                }
            }
        }
        SchemaKind::Type(Type::Array(array)) => {
            // Checked when a request is sent. It would be another type.
            array.unique_items = false;
            if let Some(ReferenceOr::Item(items)) = &mut array.items {
                normalize_schema(items, context);
            }
        }
        SchemaKind::Any(any) => {
            if any.typ.as_deref() == Some("integer") {
                integers::normalize_huge(any);
            }
            for (name, property) in &mut any.properties {
                normalize_property(property, any.required.contains(name), context);
            }
        }
        _ => {}
    }
}

/// States that the parts of a `oneOf` may have other properties, which they may in any case. If each
/// part has one property, progenitor takes its name for the name of a variant, and rejects any other
/// property.
fn open_parts(parts: &mut [ReferenceOr<Schema>]) {
    for part in parts {
        if let ReferenceOr::Item(part) = part
            && let SchemaKind::Type(Type::Object(object)) = &mut part.schema_kind
            && object.properties.len() == 1
            && object.additional_properties.is_none()
            && !object.properties.values().any(is_tag)
        {
            object.additional_properties = Some(AdditionalProperties::Any(true));
        }
    }
}

/// Whether a property has one possible value, which distinguishes an object from the others.
fn is_tag(property: &ReferenceOr<Box<Schema>>) -> bool {
    matches!(property, ReferenceOr::Item(schema) if matches!(
        &schema.schema_kind,
        SchemaKind::Type(Type::String(text)) if text.enumeration.len() == 1
    ))
}

/// Whether an object becomes a map.
fn is_map(object: &ObjectType) -> bool {
    let is_closed = object.additional_properties == Some(AdditionalProperties::Any(false));
    object.properties.is_empty() && !is_closed
}

/// Makes a string plain text: a type for its format would need another crate. A minimum of 0 says
/// nothing, and the comparison would be a warning.
fn normalize_string(string: &mut StringType) {
    string.format = VariantOrUnknownOrEmpty::Empty;
    string.min_length = string.min_length.filter(|minimum| *minimum > 0);
    string.pattern = string.pattern.as_deref().map(translate);
}

/// Gives a property that is a `$ref` the description of what it refers to. In OpenAPI 3.0 it cannot
/// have its own, and the generated field would have no documentation.
fn normalize_property(
    property: &mut ReferenceOr<Box<Schema>>,
    is_required: bool,
    context: &Context,
) {
    match property {
        ReferenceOr::Item(schema) => {
            let is_left_out = context.in_request && !is_required;
            match &schema.schema_kind {
                // In a response, an absent, `null` or empty list means the same. The generated
                // field is a plain list; reading `null` as an empty one is added after generation.
                // In a request, an empty list or map may have a meaning of its own.
                SchemaKind::Type(Type::Array(_)) => schema.schema_data.nullable = is_left_out,
                SchemaKind::Type(Type::Object(object)) if is_left_out && is_map(object) => {
                    schema.schema_data.nullable = true;
                }
                _ => {}
            }
            normalize_schema(schema, context);
        }
        ReferenceOr::Reference { reference } => {
            let schema_data = SchemaData {
                description: context.descriptions.get(reference).cloned(),
                ..SchemaData::default()
            };
            let all_of = vec![ReferenceOr::Reference {
                reference: std::mem::take(reference),
            }];
            *property = ReferenceOr::Item(Box::new(Schema {
                schema_data,
                schema_kind: SchemaKind::AllOf { all_of },
            }));
        }
    }
}
