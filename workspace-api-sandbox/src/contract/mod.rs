//! The OpenAPI document, read at run time: which operations there are, what a request must be, what an answer may be.

mod parse;
mod schema;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

use schema::Schema;

use crate::http::api_error::ApiError;

pub(crate) struct Contract {
    pub(crate) yaml: String,
    pub(crate) json: String,
    pub(crate) operations: Vec<Arc<Operation>>,
}

pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    /// The path template, such as `/v2/{project_id}/desktops/logoff`.
    pub(crate) path: String,
    /// The IAM action that a caller needs.
    pub(crate) iam_action: Option<String>,
    /// Whether a caller must show who they are.
    pub(crate) requires_authentication: bool,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<RequestBody>,
    pub(crate) responses: BTreeMap<String, DocumentedResponse>,
}

pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) location: ParameterLocation,
    pub(crate) required: bool,
    pub(crate) schema: Schema,
    pub(crate) is_string: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum ParameterLocation {
    Path,
    Query,
    Header,
}

pub(crate) struct RequestBody {
    pub(crate) required: bool,
    pub(crate) schema: Schema,
}

/// One documented answer: its JSON body, if it has one, and the headers that it must have.
pub(crate) struct DocumentedResponse {
    pub(crate) schema: Option<Schema>,
    pub(crate) headers: Vec<String>,
}

impl Operation {
    /// Checks the parameters. A path that cannot be a resource's is a resource that does not exist.
    pub(crate) fn check_parameters(
        &self,
        path: &BTreeMap<String, String>,
        query: &[(String, String)],
        headers: &HeaderMap,
    ) -> Result<(), ApiError> {
        for parameter in &self.parameters {
            let name = &parameter.name;
            let text = match parameter.location {
                ParameterLocation::Path => path.get(name).cloned(),
                ParameterLocation::Query => query
                    .iter()
                    .find(|(key, _)| key == name)
                    .map(|(_, value)| value.clone()),
                ParameterLocation::Header => headers
                    .get(name)
                    .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
            };
            let Some(text) = text else {
                if parameter.required {
                    return Err(ApiError::bad_request(format!(
                        "the parameter {name} is missing"
                    )));
                }
                continue;
            };
            let value = if parameter.is_string {
                Value::String(text)
            } else {
                serde_json::from_str(&text).unwrap_or(Value::String(text))
            };
            if let Err(violation) = parameter.schema.check(&value) {
                let what = format!("{name}: {violation}");
                return Err(match parameter.location {
                    ParameterLocation::Path => {
                        ApiError::not_found("The project or the desktop does not exist.")
                            .with_detail(what)
                    }
                    _ => ApiError::bad_request(what),
                });
            }
        }
        Ok(())
    }

    /// Reads and checks a request body. `None` if there is none and none is needed.
    pub(crate) fn check_body(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Option<Value>, ApiError> {
        let Some(expected) = &self.body else {
            return Ok(None);
        };
        if body.is_empty() {
            return match expected.required {
                true => Err(ApiError::bad_request("the request has no body")),
                false => Ok(None),
            };
        }
        if let Some(media) = headers.get("content-type") {
            let media = String::from_utf8_lossy(media.as_bytes()).to_ascii_lowercase();
            if media.split(';').next().map(str::trim) != Some("application/json") {
                return Err(ApiError::bad_request(
                    "the Content-Type is not application/json",
                ));
            }
        }
        let text = std::str::from_utf8(body)
            .map_err(|error| ApiError::bad_request(format!("the body is not UTF-8: {error}")))?;
        let value: Value = serde_json::from_str(text)
            .map_err(|error| ApiError::bad_request(format!("the body is not JSON: {error}")))?;
        match expected.schema.check(&value) {
            Ok(()) => Ok(Some(value)),
            Err(violation) => Err(ApiError::bad_request(violation)),
        }
    }

    /// Checks an answer before it leaves: what is wrong with it, if the document does not allow it.
    pub(crate) fn check_response(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), String> {
        let range = format!("{}XX", status.as_u16() / 100);
        let response = [status.as_str(), range.as_str(), "DEFAULT"]
            .into_iter()
            .find_map(|key| self.responses.get(key))
            .ok_or_else(|| format!("status {status} is not documented"))?;
        if let Some(missing) = response
            .headers
            .iter()
            .find(|name| !headers.contains_key(name.as_str()))
        {
            return Err(format!(
                "the header {missing} of status {status} is missing"
            ));
        }
        match &response.schema {
            None if body.is_empty() => Ok(()),
            None => Err(format!("status {status} has no body")),
            Some(schema) => {
                let value: Value = serde_json::from_slice(body)
                    .map_err(|error| format!("the body of status {status} is not JSON: {error}"))?;
                schema
                    .check(&value)
                    .map_err(|violation| format!("status {status}: {violation}"))
            }
        }
    }
}
