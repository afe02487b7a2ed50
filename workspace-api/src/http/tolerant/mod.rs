//! Reads the body of a success that is not what the contract says, so that one odd value does not
//! hide the others: the operation was carried out.
//!
//! A body is first read strictly, at no extra cost. If that fails, it is brought into the form of
//! the contract here and read again. At each position (a property, an item of a list, a value of a
//! map, the body itself):
//!
//! | the contract has | what is read |
//! | --- | --- |
//! | text | text; a number, `true`, `false`, a list or an object as its JSON, digit for digit |
//! | an integer | a whole number of 64 bits, also as `1.0`, and such a number as text |
//! | a number | a number, also as text |
//! | a boolean | `true` and `false`, also as text in any case |
//! | an object | an object; an absent or `null` property is absent |
//! | a map | an object; an absent or `null` one is empty |
//! | a list | a list; another value as its only item; an absent or `null` one is empty |
//!
//! A value that the table does not have is left out: the property is absent, and the map or the list
//! lacks it. Nothing is rounded or guessed: `1.5` is no integer. An item of a list of objects is never
//! left out, because an entry may stand for a failure; it becomes an object without values. What
//! was left out is logged as a warning.
//!
//! A body stays an error if it is no JSON, if it is another JSON type than the contract's, or if an
//! object in it has a key twice. So does the body of a reading method if it has neither a list nor
//! an object where the contract has a list of objects: nothing is lost by another request.

mod json;

use std::fmt::Write as _;

use json::{Data, Json};
use serde_json::Number;

/// Integers beyond this are not exact in a number with a fraction.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// The forms of the successes of a contract.
pub(crate) struct Shapes {
    /// The bodies, by operation id.
    pub(crate) bodies: &'static [(&'static str, Shape)],
    /// The schemas that the bodies refer to, by name.
    pub(crate) schemas: &'static [(&'static str, Shape)],
    /// The ids of the operations with a body whose success can have status 207.
    pub(crate) multi_status: &'static [&'static str],
}

/// The form of a value. Each is in the contract of the tests, not in every contract.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// Any JSON.
    Any,
    Text,
    Integer,
    Number,
    Boolean,
    List(&'static Shape),
    Map(&'static Shape),
    /// The properties by name, and the form of the others, if the client keeps them.
    Object(&'static [(&'static str, Shape)], Option<&'static Shape>),
    /// An item of a list or a value of a map that may be `null`.
    Nullable(&'static Shape),
    /// A named schema.
    Schema(&'static str),
}

/// A body in the form of the contract.
pub(crate) struct Tolerant {
    pub(crate) json: String,
    /// The positions of the values that were left out, such as `desktops[2].name`.
    pub(crate) left_out: Vec<String>,
    /// Whether something else is in the place of a list of objects.
    pub(crate) lacks_list: bool,
}

impl Shapes {
    /// Brings a body into the form of the contract. Returns `None` if it is no JSON of this form.
    pub(crate) fn read(&self, operation_id: &str, body: &[u8]) -> Option<Tolerant> {
        let text = String::from_utf8_lossy(body);
        let json = Json::parse(&text)?;
        let (_, shape) = self.bodies.iter().find(|(id, _)| *id == operation_id)?;
        let fits = match self.resolve(*shape) {
            Shape::Object(..) | Shape::Map(_) => matches!(json.data, Data::Object(_)),
            Shape::List(_) => matches!(json.data, Data::List(_)),
            _ => true,
        };
        let mut reader = Reader {
            shapes: self,
            path: String::new(),
            left_out: Vec::new(),
            lacks_list: false,
        };
        let json = reader.value(*shape, &json).filter(|_| fits)?;
        Some(Tolerant {
            json,
            left_out: reader.left_out,
            lacks_list: reader.lacks_list,
        })
    }

    /// Returns whether the body of an operation's success is an object that has this property.
    pub(crate) fn has_property(&self, operation_id: &str, key: &str) -> bool {
        let mut properties = self.properties(operation_id).iter();
        properties.any(|(name, _)| *name == key)
    }

    /// Returns the properties of the body of an operation's success, which are none unless it is an
    /// object.
    pub(crate) fn properties(&self, operation_id: &str) -> &'static [(&'static str, Shape)] {
        let body = self.bodies.iter().find(|(id, _)| *id == operation_id);
        let mut shape = body.map_or(Shape::Any, |(_, shape)| self.resolve(*shape));
        if let Shape::Nullable(inner) = shape {
            shape = self.resolve(*inner);
        }
        match shape {
            Shape::Object(properties, _) => properties,
            _ => &[],
        }
    }

    /// Returns the form that a reference stands for.
    fn resolve(&self, mut shape: Shape) -> Shape {
        // A reference may lead to itself.
        for _ in 0..=self.schemas.len() {
            let Shape::Schema(name) = shape else {
                return shape;
            };
            let schema = self.schemas.iter().find(|(schema, _)| *schema == name);
            shape = schema.map_or(Shape::Any, |(_, shape)| *shape);
        }
        Shape::Any
    }
}

struct Reader<'a> {
    shapes: &'a Shapes,
    /// The position in the body.
    path: String,
    left_out: Vec<String>,
    lacks_list: bool,
}

impl Reader<'_> {
    /// Returns a value as JSON of this form, or `None` if it is left out.
    fn value(&mut self, shape: Shape, json: &Json) -> Option<String> {
        let shape = self.shapes.resolve(shape);
        let inner = match shape {
            Shape::Nullable(inner) => *inner,
            _ => shape,
        };
        if let Data::Word("null") = json.data {
            return matches!(shape, Shape::Nullable(_) | Shape::Any).then(|| "null".to_owned());
        }
        let read = match self.shapes.resolve(inner) {
            Shape::Text => match &json.data {
                Data::Text(text) => Some(quoted(text)),
                _ => Some(quoted(json.raw)),
            },
            Shape::Integer => number(json).and_then(|number| integer(&number)),
            Shape::Number => number(json).map(|number| number.to_string()),
            Shape::Boolean => boolean(json).map(str::to_owned),
            Shape::List(item) => Some(self.list(*item, json)),
            Shape::Map(value) => self.object(&[], Some(*value), json),
            Shape::Object(properties, others) => self.object(properties, others.copied(), json),
            Shape::Any => Some(self.any(json)),
            Shape::Nullable(_) | Shape::Schema(_) => None,
        };
        if read.is_none() {
            self.left_out.push(self.path.clone());
        }
        read.or_else(|| matches!(shape, Shape::Nullable(_)).then(|| "null".to_owned()))
    }

    fn list(&mut self, item: Shape, json: &Json) -> String {
        let is_entry = matches!(self.shapes.resolve(item), Shape::Object(..));
        let items = match &json.data {
            Data::List(items) => items.as_slice(),
            _ => std::slice::from_ref(json),
        };
        self.lacks_list |= is_entry && !matches!(json.data, Data::List(_) | Data::Object(_));
        let mut read = Vec::with_capacity(items.len());
        for (index, json) in items.iter().enumerate() {
            let length = self.enter(format_args!("[{index}]"));
            match self.value(item, json) {
                Some(json) => read.push(json),
                None if is_entry => read.push("{}".to_owned()),
                None => {}
            }
            self.path.truncate(length);
        }
        format!("[{}]", read.join(","))
    }

    fn object(
        &mut self,
        properties: &[(&str, Shape)],
        others: Option<Shape>,
        json: &Json,
    ) -> Option<String> {
        let Data::Object(entries) = &json.data else {
            return None;
        };
        let mut read = Vec::with_capacity(entries.len());
        for (key, json) in entries {
            let property = properties.iter().find(|(name, _)| name == key);
            let Some(shape) = property.map(|(_, shape)| *shape).or(others) else {
                continue;
            };
            let separator = if self.path.is_empty() { "" } else { "." };
            let length = self.enter(format_args!("{separator}{key}"));
            if let Some(json) = self.value(shape, json) {
                read.push(format!("{}:{json}", quoted(key)));
            }
            self.path.truncate(length);
        }
        Some(format!("{{{}}}", read.join(",")))
    }

    fn any(&mut self, json: &Json) -> String {
        match &json.data {
            Data::List(_) => self.list(Shape::Nullable(&Shape::Any), json),
            Data::Object(_) => {
                let object = self.object(&[], Some(Shape::Any), json);
                object.unwrap_or_default()
            }
            Data::Text(text) => quoted(text),
            Data::Word("true" | "false") => json.raw.to_owned(),
            // A number that is too large for Rust stays readable.
            Data::Number | Data::Word(_) => match number(json) {
                Some(number) => number.to_string(),
                None => quoted(json.raw),
            },
        }
    }

    /// Goes to a part of the value, and returns the length of the path before.
    fn enter(&mut self, part: std::fmt::Arguments<'_>) -> usize {
        let length = self.path.len();
        // Writing to a `String` cannot fail.
        let _ = self.path.write_fmt(part);
        length
    }
}

/// Returns the number that a value is, or that its text is.
fn number(json: &Json) -> Option<Number> {
    match &json.data {
        Data::Number => serde_json::from_str(json.raw).ok(),
        Data::Text(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

/// Returns a number as an integer of 64 bits, if it is one.
fn integer(number: &Number) -> Option<String> {
    if let Some(integer) = number.as_i64() {
        return Some(integer.to_string());
    }
    let float = number.as_f64().filter(|_| number.is_f64())?;
    let is_exact = float.fract() == 0.0 && float.abs() < MAX_EXACT;
    // A negative zero would not be an integer again.
    is_exact.then(|| format!("{:.0}", float + 0.0))
}

fn boolean(json: &Json) -> Option<&'static str> {
    let text = match &json.data {
        Data::Word(text) => text,
        Data::Text(text) => text.as_str(),
        _ => return None,
    };
    ["true", "false"]
        .into_iter()
        .find(|word| text.eq_ignore_ascii_case(word))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
