//! Reads an OpenAPI document into the operations that the sandbox serves. Errors have a position.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use axum::http::{Method, StatusCode};

use super::example::Example;
use super::parameter::{Form, Parameter, ParameterLocation};
use super::path::{check_template, path_template};
use super::reference::follow;
use super::schema::{Schema, SchemaCompiler, UnknownProperties};
use super::{Contract, DocumentedResponse, Operation, RequestBody};
use crate::error::Error;
use crate::json::Json;
use crate::position::{self, Step, steps};

/// The keys of a path item that are operations.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

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

    /// Parses an OpenAPI 3.0 document, YAML or JSON.
    pub(crate) fn parse(yaml: &str) -> Result<Self, Error> {
        let json = as_json(yaml)?;
        let document: Json = serde_json::from_str(&json).map_err(|error| {
            Error::Contract(position::error_at_value(yaml, &[], &error.to_string()))
        })?;
        let schemas = SchemaCompiler::new(&document.to_value())
            .map_err(|message| Error::Contract(position::error_at_key(yaml, &[], &message)))?;
        let mut parser = Parser {
            yaml,
            document: &document,
            schemas,
        };
        let version = document.get("openapi").and_then(Json::text);
        if !version.is_some_and(|version| version.starts_with("3.0.")) {
            return Err(parser.error(
                &[Step::from("openapi")],
                "the sandbox reads OpenAPI 3.0 (`openapi: 3.0.3`)",
            ));
        }
        let mut operations = parser.operations()?;
        let schemas = Arc::new(parser.schemas.finish());
        for operation in &mut operations {
            operation.schemas = schemas.clone();
        }
        Ok(Self {
            yaml: yaml.to_owned(),
            json,
            operations: operations.into_iter().map(Arc::new).collect(),
        })
    }
}

/// Returns the document as JSON with its keys in their order.
fn as_json(yaml: &str) -> Result<String, Error> {
    let mut json = Vec::new();
    let options = position::reader_options();
    serde_saphyr::with_deserializer_from_str_with_options(yaml, options, |yaml| {
        serde_transcode::transcode(yaml, &mut serde_json::Serializer::new(&mut json))
            .map_err(serde::de::Error::custom)
    })
    .map_err(|error| Error::Contract(position::describe(&error)))?;
    Ok(String::from_utf8_lossy(&json).into_owned())
}

/// Parses the parts of a document. `at` is the path to the operation or path item that a part
/// belongs to: errors are reported there.
struct Parser<'d> {
    yaml: &'d str,
    document: &'d Json,
    schemas: SchemaCompiler,
}

impl<'d> Parser<'d> {
    fn error(&self, at: &[Step], message: impl AsRef<str>) -> Error {
        Error::Contract(position::error_at_key(self.yaml, at, message.as_ref()))
    }

    fn operations(&mut self) -> Result<Vec<Operation>, Error> {
        let Some(paths @ Json::Object(_)) = self.document.get("paths") else {
            return Err(self.error(&[], "the document has no `paths`"));
        };
        let mut operations = Vec::new();
        let mut templates = BTreeMap::new();
        for (path, item) in paths.entries() {
            let at = steps!["paths", path.as_str()];
            check_template(path).map_err(|message| self.error(&at, message))?;
            if let Some(other) = templates.insert(path_template(path), path) {
                return Err(self.error(&at, format!("`{path}` and `{other}` are the same path")));
            }
            let item = self.resolve(item, &at)?;
            for (key, operation) in item.entries() {
                if METHODS.contains(&key.as_str()) {
                    let at = steps!["paths", path.as_str(), key.as_str()];
                    let method = Method::from_bytes(key.to_uppercase().as_bytes())
                        .map_err(|error| self.error(&at, error.to_string()))?;
                    let operation = self.operation(path, method, item, operation, &at)?;
                    operations.push(operation);
                }
            }
        }
        Ok(operations)
    }

    fn operation(
        &mut self,
        path: &str,
        method: Method,
        item: &'d Json,
        operation: &'d Json,
        at: &[Step],
    ) -> Result<Operation, Error> {
        let Some(id) = operation.get("operationId").and_then(Json::text) else {
            return Err(self.error(at, "the operation has no `operationId`"));
        };
        let iam_action = operation.get("x-huaweicloud-iam-action");
        let body = match operation.get("requestBody") {
            Some(body) => {
                let body = self.resolve(body, at)?;
                self.request_body(body, at)?
            }
            None => None,
        };
        let mut responses = BTreeMap::new();
        let (mut success, mut example) = (None, None);
        for (status, response) in entries(operation, "responses") {
            let response = self.resolve(response, at)?;
            if let Some(status) = success_status(status)
                && success.is_none()
            {
                success = Some(status);
                example = Example::of_response(response, self.document);
            }
            let response = self.response(response, at)?;
            responses.insert(status.to_uppercase(), response);
        }
        Ok(Operation {
            id: id.to_owned(),
            method,
            path: path.to_owned(),
            iam_action: iam_action.and_then(Json::text).map(str::to_owned),
            requires_authentication: self.requires_authentication(operation),
            success: success.unwrap_or(StatusCode::OK),
            example,
            schemas: Arc::default(),
            parameters: self.parameters(item, operation, at)?,
            body,
            responses,
        })
    }

    /// Whether each alternative of the `security` requirement names a scheme. An empty list, or an
    /// empty alternative in it, allows everyone.
    fn requires_authentication(&self, operation: &Json) -> bool {
        let security = operation
            .get("security")
            .or_else(|| self.document.get("security"));
        let alternatives = security.map_or(&[][..], Json::items);
        let names_a_scheme = |alternative: &Json| alternative.entries().next().is_some();
        !alternatives.is_empty() && alternatives.iter().all(names_a_scheme)
    }

    /// The parameters of the path item and of the operation, which replace those of the same place
    /// and name.
    fn parameters(
        &mut self,
        item: &'d Json,
        operation: &'d Json,
        at: &[Step],
    ) -> Result<Vec<Parameter>, Error> {
        let mut parameters = BTreeMap::new();
        for holder in [item, operation] {
            for parameter in holder.get("parameters").map_or(&[][..], Json::items) {
                let parameter = self.resolve(parameter, at)?;
                if let Some(parameter) = self.parameter(parameter, at)? {
                    parameters.insert((parameter.location, parameter.name.clone()), parameter);
                }
            }
        }
        Ok(parameters.into_values().collect())
    }

    /// Parses a parameter. Returns `None` for a cookie, which is not checked.
    fn parameter(&mut self, parameter: &'d Json, at: &[Step]) -> Result<Option<Parameter>, Error> {
        let name = text(parameter, "name");
        let location = match text(parameter, "in") {
            "path" => ParameterLocation::Path,
            "query" => ParameterLocation::Query,
            "header" => ParameterLocation::Header,
            _ => return Ok(None),
        };
        let Some(schema) = parameter.get("schema") else {
            return Err(self.error(at, format!("the parameter `{name}` has no `schema`")));
        };
        let resolved = self.resolve(schema, at)?;
        let items = match resolved.get("items") {
            Some(items) => self.resolve(items, at)?,
            None => &Json::NULL,
        };
        let form = Form::new(parameter, location, resolved, items);
        Ok(Some(Parameter {
            name: name.to_owned(),
            location,
            required: is_required(parameter),
            schema: self.schema(schema, UnknownProperties::Allowed, at)?,
            form,
        }))
    }

    fn request_body(&mut self, body: &'d Json, at: &[Step]) -> Result<Option<RequestBody>, Error> {
        let Some(schema) = json_schema(body) else {
            return Ok(None);
        };
        Ok(Some(RequestBody {
            required: is_required(body),
            schema: self.schema(schema, UnknownProperties::Allowed, at)?,
        }))
    }

    fn response(&mut self, response: &'d Json, at: &[Step]) -> Result<DocumentedResponse, Error> {
        let mut headers = Vec::new();
        for (name, header) in entries(response, "headers") {
            if is_required(self.resolve(header, at)?) {
                headers.push(name.clone());
            }
        }
        let schema = match json_schema(response) {
            Some(schema) => Some(self.schema(schema, UnknownProperties::Rejected, at)?),
            None => None,
        };
        Ok(DocumentedResponse { schema, headers })
    }

    fn schema(
        &mut self,
        schema: &Json,
        unknown: UnknownProperties,
        at: &[Step],
    ) -> Result<Schema, Error> {
        let compiled = self.schemas.compile(&schema.to_value(), unknown);
        compiled.map_err(|message| self.error(at, message))
    }

    /// Follows `$ref`s to the value that they refer to.
    fn resolve(&self, value: &'d Json, at: &[Step]) -> Result<&'d Json, Error> {
        follow(self.document, value).map_err(|message| self.error(at, message))
    }
}

/// The keys and values of the object under `key`; nothing if there is none.
fn entries<'v>(value: &'v Json, key: &str) -> impl Iterator<Item = (&'v String, &'v Json)> {
    value.get(key).into_iter().flat_map(Json::entries)
}

fn text<'v>(value: &'v Json, key: &str) -> &'v str {
    value.get(key).and_then(Json::text).unwrap_or_default()
}

fn is_required(value: &Json) -> bool {
    value.get("required").is_some_and(Json::is_true)
}

/// Returns the status of a success: that of a range such as `2XX` is 200.
fn success_status(status: &str) -> Option<StatusCode> {
    if status.eq_ignore_ascii_case("2XX") {
        return Some(StatusCode::OK);
    }
    status.parse().ok().filter(StatusCode::is_success)
}

fn json_schema(holder: &Json) -> Option<&Json> {
    holder
        .get("content")?
        .get("application/json")?
        .get("schema")
}
