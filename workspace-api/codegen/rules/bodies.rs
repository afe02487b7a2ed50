//! Rules for bodies and responses: the client sends and reads JSON, and a generated method has one
//! result and one error.

use serde_json::Value;

use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::{Document, Operation};
use crate::codegen::shared::{ERROR_SCHEMA, SUCCESS_STATUSES};
use crate::codegen::yaml::{Key, Node};

const MEDIA_TYPE: &str = "application/json";

/// Checks the body of a request.
pub fn check_request(
    document: &Document,
    operation: &Operation,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let body = operation.node.get("requestBody");
    if let Some(body) = body.and_then(|node| document.follow(node)) {
        check_content("a request body", body, diagnostics);
        if matches!(operation.method, "get" | "head") {
            let error = format!(
                "a request {} has no body. Declare query parameters.",
                operation.method.to_uppercase()
            );
            let position = operation.node.position_of("requestBody");
            diagnostics.push(position.error(error));
        }
        if body.get("required").map(Node::to_value) != Some(true.into()) {
            let error = "the client always sends this body. Add `required: true`.";
            diagnostics.push(body.position_of("required").error(error));
        }
    }
}

/// Checks the responses: a generated method has one result and one error.
pub fn check_responses(
    document: &Document,
    operation: &Operation,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(responses) = operation.node.get("responses") else {
        return;
    };
    let mut first_success: Option<(&str, Option<Value>)> = None;
    for (status, response) in responses.entries() {
        let code = status.name.as_str();
        let Some(node) = document.follow(response) else {
            continue;
        };
        if SUCCESS_STATUSES.contains(&code) {
            let schema = success_schema(node);
            match &first_success {
                Some((first, schema_of_first)) if *schema_of_first != schema => {
                    diagnostics.push(status.position.error(format!(
                        "{code} is a success with another body than {first}, but a method has one \
                         result type. Keep one, or refer to the same schema."
                    )));
                }
                Some(_) => {}
                None => first_success = Some((code, schema)),
            }
        } else if is_error_status(code) {
            check_error(status, response, node, diagnostics);
        } else {
            diagnostics.push(status.position.error(unsupported_status(code)));
            continue;
        }
        check_content("a response", node, diagnostics);
        if let Some(content) = node.get("content") {
            let position = content.position;
            if code == "204" {
                let error = "a response 204 has no body. Remove `content`, or use another status.";
                diagnostics.push(position.error(error));
            } else if operation.method == "head" && SUCCESS_STATUSES.contains(&code) {
                let error = "a response to HEAD has no body. Remove `content`.";
                diagnostics.push(position.error(error));
            }
        }
    }
    if first_success.is_none() {
        let position = operation.node.position_of("responses");
        diagnostics.push(position.error(format!(
            "no success is documented. Add the response {}.",
            success_statuses()
        )));
    }
}

/// Returns the schema of the body of a success, or `None` if it has no body.
fn success_schema(response: &Node) -> Option<Value> {
    let media_type = response.get("content")?.get(MEDIA_TYPE)?;
    media_type.get("schema").map(Node::to_value)
}

fn unsupported_status(status: &str) -> String {
    if status.parse::<u16>().is_ok() || matches!(status, "1XX" | "2XX" | "3XX") {
        format!(
            "unsupported status {status}. Document the success as {} and errors as codes such as \
             '404'.",
            success_statuses()
        )
    } else {
        format!(
            "`{status}` is not a status code. Write a code such as '404', or correct the \
             indentation."
        )
    }
}

fn success_statuses() -> String {
    let quoted: Vec<_> = SUCCESS_STATUSES
        .iter()
        .map(|status| format!("'{status}'"))
        .collect();
    match quoted.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => quoted.concat(),
    }
}

/// Whether this is a code from 400 to 599, or stands for several of them.
fn is_error_status(status: &str) -> bool {
    matches!(status, "4XX" | "5XX" | "default")
        || status
            .parse::<u16>()
            .is_ok_and(|code| (400..600).contains(&code))
}

fn check_error(status: &Key, response: &Node, node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let media = node
        .get("content")
        .and_then(|content| content.get(MEDIA_TYPE));
    let schema = media.and_then(|media| media.get("schema"));
    let reference = schema.and_then(|schema| schema.get("$ref")?.text());
    if reference == Some(ERROR_SCHEMA) {
        return;
    }
    // The error of a shared response is in that response, and is reported once.
    let position = match (schema, response.get("$ref")) {
        (Some(schema), _) => schema.position,
        (None, Some(_)) => node.position,
        (None, None) => status.position,
    };
    diagnostics.push(position.error(format!(
        "an error body must be the schema '{ERROR_SCHEMA}', so that all errors have one type. \
         Refer to it."
    )));
}

/// Checks the media types of a body.
fn check_content(what: &str, node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let content = node.get("content");
    if let Some(content) = content.filter(|content| content.entries().next().is_none()) {
        let error = format!("this `content` of {what} is empty. Add `{MEDIA_TYPE}`, or remove it.");
        diagnostics.push(content.position.error(error));
    }
    for (media_type, _) in content.into_iter().flat_map(Node::entries) {
        if media_type.name != MEDIA_TYPE {
            diagnostics.push(media_type.position.error(format!(
                "unsupported media type `{}` of {what}. Use `{MEDIA_TYPE}`.",
                media_type.name
            )));
        }
    }
}
