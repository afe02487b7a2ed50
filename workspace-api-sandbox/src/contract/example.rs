//! The contract's example of a success. A body without an example of its own is put together from
//! the examples in its schema.

use std::cell::Cell;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::Value;

use super::reference::follow;
use crate::http::api_error::json;
use crate::json::Json;

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
    pub(crate) body: Option<Json>,
}

impl Example {
    /// Returns the example of a response, or `None` if it has a body but no example of it.
    pub(crate) fn of_response(response: &Json, document: &Json) -> Option<Self> {
        let examples = Examples {
            document,
            remaining: Cell::new(MAX_SCHEMAS),
        };
        let content = response.get("content");
        let body = match content {
            Some(content) if content.entries().next().is_some() => {
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
    document: &'d Json,
    /// How many more schemas are read.
    remaining: Cell<usize>,
}

impl<'d> Examples<'d> {
    /// The example of a media type or header: its own, the first of several, or that of its schema.
    fn of_holder(&self, holder: &'d Json) -> Option<Json> {
        let first = || {
            let (_, first) = holder.get("examples")?.entries().next()?;
            self.resolve(first)?.get("value")
        };
        match holder.get("example").or_else(first) {
            Some(example) => Some(example.clone()),
            None => self.of_schema(holder.get("schema")?, &[]),
        }
    }

    /// Leaves out headers without an example, and those that frame the body.
    fn of_headers(&self, response: &'d Json) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let documented = response.get("headers").into_iter();
        for (name, header) in documented.flat_map(Json::entries) {
            let example = self
                .resolve(header)
                .and_then(|header| self.of_holder(header));
            let text = match example {
                Some(Json::Scalar(Value::String(text))) => text,
                Some(value) => json(&value),
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
    fn of_schema(&self, schema: &'d Json, wholes: &[&'d Json]) -> Option<Json> {
        let (schema, wholes) = self.enter(schema, wholes)?;
        if let Some(example) = schema.get("example") {
            return Some(example.clone());
        }
        if let Some(items) = schema.get("items") {
            return Some(Json::List(vec![self.of_schema(items, &wholes)?]));
        }
        let parts = schema.get("allOf").map(Json::items);
        // A reference with a description of its own may be to a value of any type.
        if let Some([part]) = parts
            && ["properties", "required"]
                .iter()
                .all(|key| schema.get(key).is_none())
        {
            return self.of_schema(part, &wholes);
        }
        let mut object = Vec::new();
        let mut required = Vec::new();
        self.add_properties(schema, &wholes, &mut object, &mut required)?;
        let has = |name: &str| object.iter().any(|(known, _)| known == name);
        let is_complete = required.iter().all(|name| has(name));
        (is_complete && !object.is_empty()).then_some(Json::Object(object))
    }

    /// Adds the examples of an object's properties and of the parts of its `allOf`, and the
    /// names that the object must have, which may be properties of another part.
    fn add_properties(
        &self,
        schema: &'d Json,
        wholes: &[&'d Json],
        object: &mut Vec<(String, Json)>,
        required: &mut Vec<&'d str>,
    ) -> Option<()> {
        for (keyword, value) in schema.entries() {
            match keyword.as_str() {
                "allOf" => {
                    for part in value.items() {
                        let (part, wholes) = self.enter(part, wholes)?;
                        match part.get("example") {
                            Some(example @ Json::Object(_)) => {
                                for (name, example) in example.entries() {
                                    set(object, name, example.clone());
                                }
                            }
                            _ => self.add_properties(part, &wholes, object, required)?,
                        }
                    }
                }
                "properties" => {
                    for (name, property) in value.entries() {
                        if let Some(example) = self.of_schema(property, wholes) {
                            set(object, name, example);
                        }
                    }
                }
                "required" => required.extend(value.items().iter().filter_map(Json::text)),
                _ => {}
            }
        }
        Some(())
    }

    /// Resolves a schema that is part of these others, and adds it to them. Returns `None` for a part
    /// of itself, and once enough schemas were read.
    fn enter(&self, schema: &'d Json, wholes: &[&'d Json]) -> Option<(&'d Json, Vec<&'d Json>)> {
        self.remaining.set(self.remaining.get().checked_sub(1)?);
        let schema = self.resolve(schema)?;
        if wholes.iter().any(|whole| std::ptr::eq(*whole, schema)) {
            return None;
        }
        Some((schema, [wholes, &[schema]].concat()))
    }

    fn resolve(&self, value: &'d Json) -> Option<&'d Json> {
        follow(self.document, value).ok()
    }
}

/// Sets the value of a key of an object, which keeps its place if it is there already.
fn set(object: &mut Vec<(String, Json)>, name: &str, value: Json) {
    match object.iter_mut().find(|(known, _)| known == name) {
        Some((_, known)) => *known = value,
        None => object.push((name.to_owned(), value)),
    }
}
