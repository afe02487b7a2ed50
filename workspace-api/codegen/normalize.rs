//! Normalizes the contract to what progenitor supports.
//!
//! progenitor supports one success type and one error type for each operation, and the service may
//! respond with a status that is not documented. So the documented success becomes that of every
//! 2xx status, and the error schema becomes the body of every 4xx and 5xx. Nothing is lost: all
//! documented errors have this schema, by the rules.
//!
//! The values of an enum and the names of parameters become texts whose names are unique
//! (`variants.rs`), and patches restore them.

use std::collections::{HashMap, HashSet};

use openapiv3::{
    AdditionalProperties, AnySchema, Components, MediaType, OpenAPI, Operation, Parameter,
    ParameterSchemaOrContent, ReferenceOr, RequestBody, Response, Responses, Schema, SchemaData,
    SchemaKind, StatusCode, StringType, Type, VariantOrUnknownOrEmpty,
};

use serde_json::Value;

use super::names;
use super::rules::patterns::translate;
use super::rules::shared::ERROR_SCHEMA;
use super::variants::{self, VARIANT_NAMES};

/// The facts about the rest of the contract that a schema depends on.
struct Context {
    /// The descriptions of the component schemas, by reference.
    descriptions: HashMap<String, String>,
    /// The component schemas that a default may take the value of an enum from, by reference.
    enums: HashMap<String, Schema>,
    /// Whether the schema is in a request.
    in_request: bool,
}

/// Normalizes the contract. `requested` are the names of the schemas in requests.
pub fn normalize(mut contract: OpenAPI, requested: &HashSet<String>) -> OpenAPI {
    let descriptions = contract
        .components
        .as_ref()
        .map(descriptions)
        .unwrap_or_default();
    let mut context = Context {
        descriptions,
        enums: enums(contract.components.as_ref()),
        in_request: true,
    };
    for item in contract.paths.paths.values_mut() {
        let ReferenceOr::Item(item) = item else {
            continue;
        };
        let operations = [
            &mut item.delete,
            &mut item.get,
            &mut item.head,
            &mut item.options,
            &mut item.patch,
            &mut item.post,
            &mut item.put,
        ];
        for operation in operations.into_iter().flatten() {
            normalize_responses(operation);
            normalize_parameters(&mut operation.parameters, &context);
            if let Some(body) = &mut operation.request_body {
                normalize_body(body, &context);
            }
        }
        normalize_parameters(&mut item.parameters, &context);
    }
    if let Some(components) = &mut contract.components {
        for parameter in components.parameters.values_mut() {
            normalize_parameters(std::slice::from_mut(parameter), &context);
        }
        for body in components.request_bodies.values_mut() {
            normalize_body(body, &context);
        }
        for (name, schema) in &mut components.schemas {
            if let ReferenceOr::Item(schema) = schema {
                context.in_request = requested.contains(name);
                normalize_schema(schema, &context);
            }
        }
    }
    contract
}

fn normalize_parameters(parameters: &mut [ReferenceOr<Parameter>], context: &Context) {
    for parameter in parameters {
        let ReferenceOr::Item(parameter) = parameter else {
            continue;
        };
        let (Parameter::Query { parameter_data, .. }
        | Parameter::Header { parameter_data, .. }
        | Parameter::Path { parameter_data, .. }
        | Parameter::Cookie { parameter_data, .. }) = parameter;
        let name = names::parameter(&parameter_data.name);
        if name != parameter_data.name {
            parameter_data.name = variants::hide(&name, &parameter_data.name);
        }
        if let ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)) =
            &mut parameter_data.format
        {
            normalize_schema(schema, context);
        }
    }
}

fn normalize_body(body: &mut ReferenceOr<RequestBody>, context: &Context) {
    if let ReferenceOr::Item(body) = body {
        for media_type in body.content.values_mut() {
            if let Some(ReferenceOr::Item(schema)) = &mut media_type.schema {
                normalize_schema(schema, context);
            }
        }
    }
}

fn normalize_responses(operation: &mut Operation) {
    let documented = std::mem::take(&mut operation.responses);
    let mut normalized = Responses {
        extensions: documented.extensions,
        ..Responses::default()
    };
    let success = documented
        .responses
        .into_iter()
        .find(|(status, _)| matches!(status, StatusCode::Code(200..=299)));
    if let Some((_, response)) = success {
        normalized.responses.insert(StatusCode::Range(2), response);
    }
    for class in [4, 5] {
        let response = ReferenceOr::Item(error_response());
        normalized
            .responses
            .insert(StatusCode::Range(class), response);
    }
    operation.responses = normalized;
}

fn error_response() -> Response {
    let media_type = MediaType {
        schema: Some(ReferenceOr::Reference {
            reference: ERROR_SCHEMA.to_owned(),
        }),
        ..MediaType::default()
    };
    let mut response = Response {
        description: "An error.".to_owned(),
        ..Response::default()
    };
    response
        .content
        .insert("application/json".to_owned(), media_type);
    response
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

fn enums(components: Option<&Components>) -> HashMap<String, Schema> {
    let mut enums = HashMap::new();
    let named = components.map(|components| &components.schemas);
    for (name, schema) in named.into_iter().flatten() {
        if let ReferenceOr::Item(schema) = schema
            && let SchemaKind::Type(Type::String(_) | Type::Array(_)) | SchemaKind::AllOf { .. } =
                &schema.schema_kind
        {
            enums.insert(format!("#/components/schemas/{name}"), schema.clone());
        }
    }
    enums
}

fn normalize_schema(schema: &mut Schema, context: &Context) {
    // progenitor would name the type after it.
    schema.schema_data.title = None;
    let mut default = schema.schema_data.default.take();
    if let Some(default) = &mut default {
        normalize_default(default, schema, context);
    }
    schema.schema_data.default = default;
    normalize_enum(schema);
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
        SchemaKind::AllOf { all_of: parts } | SchemaKind::OneOf { one_of: parts } => {
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
        SchemaKind::Any(AnySchema {
            properties,
            required,
            ..
        }) => {
            for (name, property) in properties {
                normalize_property(property, required.contains(name), context);
            }
        }
        _ => {}
    }
}

/// Gives the values of an enum unique names. A list of numbers or booleans is checked when a request
/// is sent. It would be another type.
fn normalize_enum(schema: &mut Schema) {
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

/// Replaces the values of enums in a default, as in their schemas.
fn normalize_default(default: &mut Value, schema: &Schema, context: &Context) {
    let of_reference = |default: &mut Value, schema: &ReferenceOr<Schema>| {
        let schema = match schema {
            ReferenceOr::Item(schema) => Some(schema),
            ReferenceOr::Reference { reference } => context.enums.get(reference),
        };
        if let Some(schema) = schema {
            normalize_default(default, schema, context);
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
            if let SchemaKind::Type(Type::Array(_)) = schema.schema_kind {
                // In a response, an absent, `null` or empty list means the same. The generated
                // field is a plain list; reading `null` as an empty one is added after generation.
                // In a request, an empty list may have a meaning of its own.
                schema.schema_data.nullable = context.in_request && !is_required;
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
