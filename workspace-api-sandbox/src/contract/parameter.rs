//! The parameters of a request: how their values are written, and their checks.

use serde_json::Value;

use super::schema::{Schema, Schemas};
use crate::http::api_error::ApiError;
use crate::json::Json;

/// A parameter that the contract documents.
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) location: ParameterLocation,
    pub(crate) required: bool,
    pub(crate) schema: Schema,
    pub(crate) form: Form,
}

#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum ParameterLocation {
    Path,
    Query,
    Header,
}

/// How the value of a parameter is written.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// As it is.
    Text,
    /// As JSON: a number or a truth value.
    Json,
    /// Items. Without a separator, each of them is a parameter.
    List {
        items_are_text: bool,
        separator: Option<char>,
    },
}

impl Form {
    /// Returns the form of a parameter with this schema, whose items, if it is a list, have the schema
    /// `items`.
    pub(crate) fn new(
        parameter: &Json,
        location: ParameterLocation,
        schema: &Json,
        items: &Json,
    ) -> Self {
        match kind(schema) {
            None | Some("string") => Self::Text,
            Some("array") => Self::List {
                items_are_text: matches!(kind(items), None | Some("string")),
                separator: separator(parameter, location),
            },
            Some(_) => Self::Json,
        }
    }

    /// Returns the value that is written as these texts: one or, for a list, any number.
    fn value(self, texts: &[String]) -> Value {
        match self {
            Self::Text => Value::String(texts[0].clone()),
            Self::Json => json_or_text(&texts[0]),
            Self::List {
                items_are_text,
                separator,
            } => {
                let mut items = Vec::new();
                for text in texts {
                    match separator {
                        Some(separator) => items.extend(text.split(separator)),
                        None => items.push(text.as_str()),
                    }
                }
                let form = if items_are_text {
                    Value::from
                } else {
                    json_or_text
                };
                items.into_iter().map(form).collect()
            }
        }
    }
}

/// Returns the type of a schema, if it says one.
fn kind(schema: &Json) -> Option<&str> {
    schema.get("type").and_then(Json::text)
}

/// Returns the character between the items of a list, or `None` if each of them is a parameter.
fn separator(parameter: &Json, location: ParameterLocation) -> Option<char> {
    let is_exploded = parameter.get("explode").is_none_or(Json::is_true);
    match parameter.get("style").and_then(Json::text) {
        Some("spaceDelimited") => Some(' '),
        Some("pipeDelimited") => Some('|'),
        _ if location == ParameterLocation::Query && is_exploded => None,
        _ => Some(','),
    }
}

/// A text that is no JSON is kept, so that the error quotes it.
fn json_or_text(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

impl Parameter {
    /// Checks a parameter that is in the request as these texts: none, one or, for a list, several.
    pub(crate) fn check(&self, texts: &[String], schemas: &Schemas) -> Result<(), ApiError> {
        let name = &self.name;
        if texts.is_empty() {
            if self.required {
                let message = format!("the parameter {name} is missing");
                return Err(ApiError::bad_request(message));
            }
            return Ok(());
        }
        let Err(violation) = schemas.check(self.schema, &self.form.value(texts)) else {
            return Ok(());
        };
        let detail = format!("{name}: {violation}");
        Err(match self.location {
            ParameterLocation::Path => {
                ApiError::not_found("The project or the desktop does not exist.")
                    .with_detail(detail)
            }
            ParameterLocation::Query | ParameterLocation::Header => ApiError::bad_request(detail),
        })
    }
}
