//! The contract, read at run time: its operations, and the checks of requests and responses.

pub(crate) mod example;
mod parameter;
mod parse;
mod path;
mod reference;
mod schema;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

use crate::http::api_error::ApiError;
use example::Example;
use parameter::{Parameter, ParameterLocation};
use schema::{Schema, Schemas};

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
    pub(crate) requires_authentication: bool,
    /// The status of a success.
    pub(crate) success: StatusCode,
    /// The contract's example of a success.
    pub(crate) example: Option<Example>,
    schemas: Arc<Schemas>,
    parameters: Vec<Parameter>,
    body: Option<RequestBody>,
    /// By status, range of statuses such as `4XX`, or `DEFAULT`.
    responses: BTreeMap<String, DocumentedResponse>,
}

struct RequestBody {
    required: bool,
    schema: Schema,
}

/// A response as the contract documents it.
struct DocumentedResponse {
    /// The schema of the JSON body. `None`: the body is empty.
    schema: Option<Schema>,
    /// The names of the required headers.
    headers: Vec<String>,
}

impl Operation {
    /// Checks the parameters. An invalid path parameter refers to a resource that does not exist.
    pub(crate) fn check_parameters(
        &self,
        path: &BTreeMap<String, String>,
        query: &[(String, String)],
        headers: &HeaderMap,
    ) -> Result<(), ApiError> {
        for parameter in &self.parameters {
            let name = parameter.name.as_str();
            let texts = match parameter.location {
                ParameterLocation::Path => path.get(name).cloned().into_iter().collect(),
                ParameterLocation::Query => find_in_query(query, name),
                ParameterLocation::Header => find_in_headers(headers, name),
            };
            parameter.check(&texts, &self.schemas)?;
        }
        Ok(())
    }

    /// Parses and checks a request body. Returns `None` if there is none and none is required.
    pub(crate) fn check_body(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Option<Value>, ApiError> {
        let Some(expected) = &self.body else {
            return Ok(None);
        };
        if body.is_empty() {
            if expected.required {
                return Err(ApiError::bad_request("the request has no body"));
            }
            return Ok(None);
        }
        if let Some(media_type) = headers.get("content-type")
            && !is_json(&String::from_utf8_lossy(media_type.as_bytes()))
        {
            return Err(ApiError::bad_request(
                "the Content-Type is not application/json",
            ));
        }
        let text = std::str::from_utf8(body)
            .map_err(|error| ApiError::bad_request(format!("the body is not UTF-8: {error}")))?;
        let value = serde_json::from_str(text)
            .map_err(|error| ApiError::bad_request(format!("the body is not JSON: {error}")))?;
        self.schemas
            .check(expected.schema, &value)
            .map_err(ApiError::bad_request)?;
        Ok(Some(value))
    }

    /// Checks a response before it is sent. The error says how it breaks the contract.
    pub(crate) fn check_response(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), String> {
        let Some(documented) = self.documented_response(status) else {
            return Err(format!("status {status} is not documented"));
        };
        for name in &documented.headers {
            if !headers.contains_key(name) {
                return Err(format!("the header {name} of status {status} is missing"));
            }
        }
        let Some(schema) = documented.schema else {
            if body.is_empty() {
                return Ok(());
            }
            return Err(format!("status {status} has no body"));
        };
        let value = serde_json::from_slice(body)
            .map_err(|error| format!("the body of status {status} is not JSON: {error}"))?;
        self.schemas
            .check(schema, &value)
            .map_err(|violation| format!("status {status}: {violation}"))
    }

    fn documented_response(&self, status: StatusCode) -> Option<&DocumentedResponse> {
        let range = format!("{}XX", status.as_u16() / 100);
        self.responses
            .get(status.as_str())
            .or_else(|| self.responses.get(&range))
            .or_else(|| self.responses.get("DEFAULT"))
    }
}

fn find_in_query(query: &[(String, String)], name: &str) -> Vec<String> {
    let found = query.iter().filter(|(key, _)| key == name);
    found.map(|(_, value)| value.clone()).collect()
}

fn find_in_headers(headers: &HeaderMap, name: &str) -> Vec<String> {
    let value = headers.get(name).into_iter();
    value
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect()
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
