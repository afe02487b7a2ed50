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

type SchemaObject = Map<String, Value>;

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
    fn of_schema(&self, schema: &'d Value, wholes: &[&'d SchemaObject]) -> Option<Value> {
        let (schema, wholes) = self.enter(schema, wholes)?;
        if let Some(example) = schema.get("example") {
            return Some(example.clone());
        }
        if let Some(items) = schema.get("items") {
            return Some(Value::Array(vec![self.of_schema(items, &wholes)?]));
        }
        let parts = schema.get("allOf").and_then(Value::as_array);
        // A reference with a description of its own may be to a value of any type.
        if let Some([part]) = parts.map(Vec::as_slice)
            && !["properties", "required"]
                .iter()
                .any(|key| schema.contains_key(*key))
        {
            return self.of_schema(part, &wholes);
        }
        let mut object = Map::new();
        let mut required = Vec::new();
        self.add_properties(schema, &wholes, &mut object, &mut required)?;
        let is_complete = required.iter().all(|name| object.contains_key(*name));
        (is_complete && !object.is_empty()).then_some(Value::Object(object))
    }

    /// Adds the examples of an object's properties, those of each part of an `allOf` first, and the
    /// names that the object must have, which may be properties of another part.
    fn add_properties(
        &self,
        schema: &'d SchemaObject,
        wholes: &[&'d SchemaObject],
        object: &mut Map<String, Value>,
        required: &mut Vec<&'d str>,
    ) -> Option<()> {
        let parts = schema.get("allOf").and_then(Value::as_array);
        for part in parts.into_iter().flatten() {
            let (part, wholes) = self.enter(part, wholes)?;
            match part.get("example") {
                Some(Value::Object(example)) => object.extend(example.clone()),
                _ => self.add_properties(part, &wholes, object, required)?,
            }
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            if let Some(example) = self.of_schema(property, wholes) {
                object.insert(name.clone(), example);
            }
        }
        let names = schema.get("required").and_then(Value::as_array);
        required.extend(names.into_iter().flatten().filter_map(Value::as_str));
        Some(())
    }

    /// Resolves a schema that is part of these others, and adds it to them. Returns `None` for a part
    /// of itself, and once enough schemas were read.
    fn enter(
        &self,
        schema: &'d Value,
        wholes: &[&'d SchemaObject],
    ) -> Option<(&'d SchemaObject, Vec<&'d SchemaObject>)> {
        self.remaining.set(self.remaining.get().checked_sub(1)?);
        let schema = self.resolve(schema)?.as_object()?;
        if wholes.iter().any(|whole| std::ptr::eq(*whole, schema)) {
            return None;
        }
        Some((schema, [wholes, &[schema]].concat()))
    }

    fn resolve(&self, value: &'d Value) -> Option<&'d Value> {
        follow(self.document, value).ok()
    }
}
