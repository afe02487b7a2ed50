//! Normalizes the contract to what progenitor supports.
//!
//! progenitor supports one success type and one error type for each operation, and the service may
//! respond with a status that is not documented. So the documented success becomes that of every
//! 2xx status, and the error schema becomes the body of every 4xx and 5xx. Nothing is lost: all
//! documented errors have this schema, by the rules.
//!
//! The values of an enum and the names of parameters become texts whose names are unique
//! (`variants.rs`), and patches restore them.

mod enums;
mod integers;
mod schemas;

use std::collections::HashSet;

use openapiv3::{
    MediaType, OpenAPI, Operation, Parameter, ParameterSchemaOrContent, ReferenceOr, RequestBody,
    Response, Responses, StatusCode,
};

use super::names;
use super::shared::ERROR_SCHEMA;
use super::variants;
use schemas::{Context, normalize_schema};

/// Normalizes the contract. `requested` are the names of the schemas in requests.
pub fn normalize(mut contract: OpenAPI, requested: &HashSet<String>) -> OpenAPI {
    let mut context = Context::new(contract.components.as_ref());
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
