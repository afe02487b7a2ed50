//! The documented contract, folded into what progenitor can take.
//!
//! progenitor wants one success and one error type for an operation, and a service may answer with a code that its
//! documentation lacks. So the one documented success stands for every 2xx, and the one error schema for every 4xx and
//! 5xx. Nothing is lost: the checks have made sure that all documented errors have that schema.

use openapiv3::{
    AnySchema, MediaType, OpenAPI, Operation, ReferenceOr, Response, Responses, Schema, SchemaData,
    SchemaKind, StatusCode, Type,
};

use super::rules::shared::ERROR_SCHEMA;

pub fn normalize(mut contract: OpenAPI) -> OpenAPI {
    for item in contract.paths.paths.values_mut() {
        if let ReferenceOr::Item(item) = item {
            let operations = [
                &mut item.delete,
                &mut item.get,
                &mut item.head,
                &mut item.options,
                &mut item.patch,
                &mut item.post,
                &mut item.put,
            ];
            operations.into_iter().flatten().for_each(fold_responses);
        }
    }
    if let Some(components) = &mut contract.components {
        let descriptions: Vec<(String, Option<String>)> = components
            .schemas
            .iter()
            .map(|(name, schema)| {
                let description = schema
                    .as_item()
                    .and_then(|schema| schema.schema_data.description.clone());
                (format!("#/components/schemas/{name}"), description)
            })
            .collect();
        let describe = |reference: &str| {
            descriptions
                .iter()
                .find(|(name, _)| name == reference)
                .and_then(|(_, description)| description.clone())
        };
        for schema in components.schemas.values_mut() {
            if let ReferenceOr::Item(schema) = schema {
                fold_schema(schema, &describe);
            }
        }
    }
    contract
}

fn fold_responses(operation: &mut Operation) {
    let documented = std::mem::take(&mut operation.responses);
    let is_success =
        |status: &StatusCode| matches!(status, StatusCode::Code(200..=299) | StatusCode::Range(2));
    let success = documented
        .responses
        .into_iter()
        .find(|(status, _)| is_success(status));
    let success = success
        .into_iter()
        .map(|(_, response)| (StatusCode::Range(2), response));
    let errors = [4, 5].map(|class| (StatusCode::Range(class), ReferenceOr::Item(error())));
    operation.responses = Responses {
        default: None,
        responses: success.chain(errors).collect(),
        extensions: documented.extensions,
    };
}

fn error() -> Response {
    let schema = ReferenceOr::Reference {
        reference: ERROR_SCHEMA.to_owned(),
    };
    let media_type = MediaType {
        schema: Some(schema),
        ..MediaType::default()
    };
    Response {
        description: "An error.".to_owned(),
        content: [("application/json".to_owned(), media_type)]
            .into_iter()
            .collect(),
        ..Response::default()
    }
}

fn fold_schema(schema: &mut Schema, describe: &impl Fn(&str) -> Option<String>) {
    match &mut schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => {
            for property in object.properties.values_mut() {
                fold_property(property, describe);
            }
        }
        SchemaKind::Type(Type::Array(array)) => {
            // An absent, `null` or empty list means the same. The generated field is a plain list; reading `null` as
            // an empty one is added after generation.
            schema.schema_data.nullable = false;
            if let Some(ReferenceOr::Item(items)) = &mut array.items {
                fold_schema(items, describe);
            }
        }
        SchemaKind::Any(AnySchema { properties, .. }) => {
            for property in properties.values_mut() {
                fold_property(property, describe);
            }
        }
        _ => {}
    }
}

/// A property that is a `$ref` cannot carry a description in OpenAPI 3.0, so its field would have no documentation:
/// give it that of what it refers to.
fn fold_property(
    property: &mut ReferenceOr<Box<Schema>>,
    describe: &impl Fn(&str) -> Option<String>,
) {
    match property {
        ReferenceOr::Item(schema) => fold_schema(schema, describe),
        ReferenceOr::Reference { reference } => {
            let schema_data = SchemaData {
                description: describe(reference),
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
