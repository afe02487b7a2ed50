//! The contract's example of a success. A body without an example of its own is put together from
//! the examples in its schema.

use std::cell::Cell;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::{Map, Value};

use super::reference::follow;

/// Maximum number of schemas that one example is put together from: they may refer to each other in
/// many ways.
const MAX_SCHEMAS: usize = 1000;

/// The headers that the server sets to match the body.
const FRAMING: [HeaderName; 5] = [
    header::CONNECTION,
    header::CONTENT_ENCODING,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::TRANSFER_ENCODING,
];

/// An example of a response.
pub(crate) struct Example {
    /// The documented headers that have an example.
    pub(crate) headers: HeaderMap,
    /// `None` is an empty body.
    pub(crate) body: Option<Value>,
}

impl Example {
    /// Returns the example of a response, or `None` if it has a body but no example of it.
    pub(crate) fn of_response(response: &Value, document: &Value) -> Option<Self> {
        let examples = Examples {
            document,
            remaining: Cell::new(MAX_SCHEMAS),
        };
        let content = response.get("content").and_then(Value::as_object);
        let body = match content {
            Some(content) if !content.is_empty() => {
                Some(examples.of_holder(content.get("application/json")?)?)
            }
            _ => None,
        };
        Some(Self {
            headers: examples.of_headers(response),
            body,
        })
    }
}

/// Finds the examples of a response.
struct Examples<'d> {
    document: &'d Value,
    /// How many more schemas are read.
    remaining: Cell<usize>,
}

impl<'d> Examples<'d> {
    /// The example of a media type or header: its own, the first of several, or that of its schema.
    fn of_holder(&self, holder: &'d Value) -> Option<Value> {
        let first = || {
            let mut examples = holder.get("examples")?.as_object()?.values();
            self.resolve(examples.next()?)?.get("value")
        };
        match holder.get("example").or_else(first) {
            Some(example) => Some(example.clone()),
            None => self.of_schema(holder.get("schema")?, &[]),
        }
    }

    /// Leaves out headers without an example, and those that frame the body.
    fn of_headers(&self, response: &'d Value) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let documented = response.get("headers").and_then(Value::as_object);
        for (name, header) in documented.into_iter().flatten() {
            let example = self
                .resolve(header)
                .and_then(|header| self.of_holder(header));
            let text = match example {
                Some(Value::String(text)) => text,
                Some(value) => value.to_string(),
                None => continue,
            };
            if let Ok(name) = name.parse::<HeaderName>()
                && !FRAMING.contains(&name)
                && let Ok(value) = HeaderValue::from_str(&text)
            {
                headers.insert(name, value);
            }
        }
        headers
    }

    /// The example of a schema, which is part of these others. A part of itself has none.
    fn of_schema(&self, schema: &'d Value, wholes: &[&Value]) -> Option<Value> {
        self.remaining.set(self.remaining.get().checked_sub(1)?);
        let schema = self.resolve(schema)?;
        if wholes.iter().any(|whole| std::ptr::eq(*whole, schema)) {
            return None;
        }
        let wholes = [wholes, &[schema]].concat();
        if let Some(example) = schema.get("example") {
            return Some(example.clone());
        }
        if let Some(items) = schema.get("items") {
            return Some(Value::Array(vec![self.of_schema(items, &wholes)?]));
        }
        let mut object = Map::new();
        for part in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let Value::Object(part) = self.of_schema(part, &wholes)? else {
                return None;
            };
            object.extend(part);
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            if let Some(example) = self.of_schema(property, &wholes) {
                object.insert(name.clone(), example);
            }
        }
        let required = schema.get("required").and_then(Value::as_array);
        let mut required = required.into_iter().flatten().filter_map(Value::as_str);
        let is_complete = required.all(|name| object.contains_key(name));
        (is_complete && !object.is_empty()).then_some(Value::Object(object))
    }

    fn resolve(&self, value: &'d Value) -> Option<&'d Value> {
        follow(self.document, value).ok()
    }
}
