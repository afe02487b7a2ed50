//! Reads an OpenAPI document into the operations that the sandbox serves, and says where it is wrong.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use axum::http::Method;
use serde_json::{Value, json};

use super::schema::Schema;
use super::{Contract, DocumentedResponse, Operation, Parameter, ParameterLocation, RequestBody};
use crate::error::Error;
use crate::position::{self, Step, steps};

impl Contract {
    /// The contract that the client is generated from.
    pub(crate) fn embedded() -> Result<Arc<Self>, Error> {
        static EMBEDDED: OnceLock<Arc<Contract>> = OnceLock::new();
        if let Some(contract) = EMBEDDED.get() {
            return Ok(contract.clone());
        }
        let contract = Arc::new(Self::parse(workspace_api::OPENAPI_YAML)?);
        Ok(EMBEDDED.get_or_init(|| contract).clone())
    }

    /// Reads an OpenAPI 3.0 document, YAML or JSON.
    pub(crate) fn parse(yaml: &str) -> Result<Self, Error> {
        let document: Value = serde_saphyr::from_str(yaml)
            .map_err(|error| Error::Contract(position::describe(&error)))?;
        let parser = Parser {
            yaml,
            document: &document,
        };
        let version = document.get("openapi").and_then(Value::as_str);
        if !version.is_some_and(|version| version.starts_with("3.0.")) {
            return Err(parser.error(
                &[Step::from("openapi")],
                "the sandbox reads OpenAPI 3.0 (`openapi: 3.0.3`)",
            ));
        }
        Ok(Self {
            yaml: yaml.to_owned(),
            json: document.to_string(),
            operations: parser.operations()?,
        })
    }
}

/// Reads the parts of a document, and knows where they stand when one is wrong.
struct Parser<'d> {
    yaml: &'d str,
    document: &'d Value,
}

impl<'d> Parser<'d> {
    fn error(&self, path: &[Step], what: impl AsRef<str>) -> Error {
        Error::Contract(position::error_at_key(self.yaml, path, what.as_ref()))
    }

    fn operations(&self) -> Result<Vec<Arc<Operation>>, Error> {
        let Some(paths) = self.document.get("paths").and_then(Value::as_object) else {
            return Err(self.error(&[], "the document has no `paths`"));
        };
        let mut operations = Vec::new();
        let mut templates = BTreeMap::new();
        for (path, item) in paths {
            let at = steps!["paths", path.as_str()];
            check_template(path).map_err(|what| self.error(&at, what))?;
            if let Some(other) = templates.insert(path_template(path), path) {
                return Err(self.error(&at, format!("`{path}` and `{other}` are the same path")));
            }
            let item = self.resolve(item, &at)?;
            for (method, operation) in item.as_object().into_iter().flatten() {
                let methods = [
                    "get", "put", "post", "delete", "options", "head", "patch", "trace",
                ];
                if !methods.contains(&method.as_str()) {
                    continue;
                }
                let at = steps!["paths", path.as_str(), method.as_str()];
                let method = Method::from_bytes(method.to_uppercase().as_bytes())
                    .map_err(|error| self.error(&at, error.to_string()))?;
                operations.push(Arc::new(
                    self.operation(path, method, item, operation, &at)?,
                ));
            }
        }
        Ok(operations)
    }

    fn operation(
        &self,
        path: &str,
        method: Method,
        item: &'d Value,
        operation: &'d Value,
        at: &[Step],
    ) -> Result<Operation, Error> {
        let Some(id) = operation.get("operationId").and_then(Value::as_str) else {
            return Err(self.error(at, "the operation has no `operationId`"));
        };
        let mut parameters = BTreeMap::new();
        let lists = [item.get("parameters"), operation.get("parameters")];
        for parameter in lists
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten()
        {
            if let Some(parameter) = self.parameter(self.resolve(parameter, at)?, at)? {
                parameters.insert(parameter.name.clone(), parameter);
            }
        }
        let body = match operation.get("requestBody") {
            Some(body) => self.request_body(self.resolve(body, at)?, at)?,
            None => None,
        };
        let mut responses = BTreeMap::new();
        for (status, response) in operation
            .get("responses")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            responses.insert(
                status.to_uppercase(),
                self.response(self.resolve(response, at)?, at)?,
            );
        }
        let security = operation
            .get("security")
            .or_else(|| self.document.get("security"));
        let alternatives = security.and_then(Value::as_array);
        Ok(Operation {
            id: id.to_owned(),
            method,
            path: path.to_owned(),
            iam_action: operation
                .get("x-huaweicloud-iam-action")
                .and_then(Value::as_str)
                .map(str::to_owned),
            // An empty list, or an empty alternative in it, lets everybody in.
            requires_authentication: alternatives.is_some_and(|all| {
                !all.is_empty()
                    && all
                        .iter()
                        .all(|one| one.as_object().is_some_and(|one| !one.is_empty()))
            }),
            parameters: parameters.into_values().collect(),
            body,
            responses,
        })
    }

    fn parameter(&self, parameter: &'d Value, at: &[Step]) -> Result<Option<Parameter>, Error> {
        let text = |key: &str| {
            parameter
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let location = match text("in") {
            "path" => ParameterLocation::Path,
            "query" => ParameterLocation::Query,
            "header" => ParameterLocation::Header,
            _ => return Ok(None),
        };
        let Some(schema) = parameter.get("schema") else {
            return Err(self.error(
                at,
                format!("the parameter `{}` has no `schema`", text("name")),
            ));
        };
        let kind = self.resolve(schema, at)?.get("type");
        Ok(Some(Parameter {
            name: text("name").to_owned(),
            location,
            required: parameter
                .get("required")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            schema: self.schema(schema, at)?,
            is_string: kind.is_none_or(|kind| kind == "string"),
        }))
    }

    fn request_body(&self, body: &'d Value, at: &[Step]) -> Result<Option<RequestBody>, Error> {
        let Some(schema) = json_schema_of(body) else {
            return Ok(None);
        };
        Ok(Some(RequestBody {
            required: body
                .get("required")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            schema: self.schema(schema, at)?,
        }))
    }

    fn response(&self, response: &'d Value, at: &[Step]) -> Result<DocumentedResponse, Error> {
        let mut headers = Vec::new();
        for (name, header) in response
            .get("headers")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            if self.resolve(header, at)?.get("required") == Some(&json!(true)) {
                headers.push(name.clone());
            }
        }
        let schema = match json_schema_of(response) {
            Some(schema) => Some(self.schema(schema, at)?),
            None => None,
        };
        Ok(DocumentedResponse { schema, headers })
    }

    fn schema(&self, schema: &Value, at: &[Step]) -> Result<Schema, Error> {
        Schema::compile(schema, self.document).map_err(|what| self.error(at, what))
    }

    /// What a `$ref` leads to, or the value itself.
    fn resolve(&self, value: &'d Value, at: &[Step]) -> Result<&'d Value, Error> {
        let mut value = value;
        // More hops than this can only be a circle.
        for _ in 0..16 {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return Ok(value);
            };
            let target = reference
                .strip_prefix('#')
                .and_then(|pointer| self.document.pointer(pointer));
            value = target.ok_or_else(|| {
                self.error(at, format!("`{reference}` leads nowhere in this document"))
            })?;
        }
        Err(self.error(at, "its `$ref`s go in a circle"))
    }
}

fn json_schema_of(content: &Value) -> Option<&Value> {
    content
        .get("content")?
        .get("application/json")?
        .get("schema")
}

/// Routes are matched segment by segment, so a parameter must be a segment.
fn check_template(path: &str) -> Result<(), String> {
    let Some(segments) = path.strip_prefix('/') else {
        return Err(format!("the path `{path}` does not begin with `/`"));
    };
    for segment in segments.split('/') {
        let inner = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        let name = inner.unwrap_or(segment);
        if name.contains(['{', '}'])
            || segment.starts_with([':', '*'])
            || inner.is_some_and(|name| name.is_empty() || name.starts_with('*'))
        {
            return Err(format!(
                "the sandbox cannot serve the path segment `{segment}`: a parameter must be a whole segment"
            ));
        }
    }
    Ok(())
}

fn path_template(path: &str) -> String {
    let templates = path.split('/').map(|segment| {
        if segment.starts_with('{') {
            "{}"
        } else {
            segment
        }
    });
    templates.collect::<Vec<_>>().join("/")
}
