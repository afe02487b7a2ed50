//! YAML as a tree in which every key and value has its position.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use serde_saphyr::{
    Error, Location, MergeKeyPolicy, MessageFormatter, Options, Spanned, UserMessageFormatter,
    from_str_with_options, options,
};

mod ambiguous;

use super::diagnostic::{Diagnostic, Position};

/// A value and its position.
#[derive(Clone)]
pub struct Node {
    pub position: Position,
    pub data: Data,
}

#[derive(Clone)]
pub enum Data {
    Scalar(Value),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key of a map and its position.
#[derive(Clone)]
pub struct Key {
    pub position: Position,
    pub name: String,
    /// Why this is not a valid key. [`Node::read`] returns no tree with such a key.
    error: Option<Diagnostic>,
}

impl Node {
    /// Reads a YAML document. Reports every key that is not text, but only the first syntax error.
    pub fn read(yaml: &str) -> Result<Self, Vec<Diagnostic>> {
        let node: Self = from_str_with_options(yaml, reader_options())
            .map_err(|error| vec![syntax_error(&error)])?;
        let mut diagnostics = Vec::new();
        node.collect_key_errors(&mut diagnostics);
        ambiguous::check(yaml, &node, &mut diagnostics);
        if diagnostics.is_empty() {
            Ok(node)
        } else {
            // Aliases repeat the errors of their anchors.
            diagnostics.sort();
            diagnostics.dedup();
            Err(diagnostics)
        }
    }

    fn collect_key_errors(&self, diagnostics: &mut Vec<Diagnostic>) {
        for (key, value) in self.entries() {
            diagnostics.extend(key.error.clone());
            value.collect_key_errors(diagnostics);
        }
        for item in self.items() {
            item.collect_key_errors(diagnostics);
        }
    }

    pub fn to_value(&self) -> Value {
        match &self.data {
            Data::Scalar(value) => value.clone(),
            Data::List(items) => items.iter().map(Node::to_value).collect(),
            Data::Map(entries) => {
                // Sorted, because other crates of the build decide whether `Map` keeps the order.
                let mut entries: Vec<_> = entries
                    .iter()
                    .map(|(key, node)| (key.name.clone(), node.to_value()))
                    .collect();
                entries.sort_by(|(one, _), (other, _)| one.cmp(other));
                Value::Object(entries.into_iter().collect::<Map<_, _>>())
            }
        }
    }

    /// Returns the entries of a map, and no entries for any other value.
    pub fn entries(&self) -> impl Iterator<Item = (&Key, &Node)> {
        let entries = match &self.data {
            Data::Map(entries) => entries.as_slice(),
            Data::Scalar(_) | Data::List(_) => &[],
        };
        entries.iter().map(|(key, node)| (key, node))
    }

    /// Returns the items of a list, and no items for any other value.
    pub fn items(&self) -> &[Node] {
        match &self.data {
            Data::List(items) => items,
            Data::Scalar(_) | Data::Map(_) => &[],
        }
    }

    /// Returns the value of a key of this map.
    pub fn get(&self, name: &str) -> Option<&Node> {
        let (_, node) = self.entries().find(|(key, _)| key.name == name)?;
        Some(node)
    }

    /// Returns the position of a key of this map, or that of the map if it has no such key.
    pub fn position_of(&self, name: &str) -> Position {
        match self.entries().find(|(key, _)| key.name == name) {
            Some((key, _)) => key.position,
            None => self.position,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar(value) => value.as_str(),
            Data::List(_) | Data::Map(_) => None,
        }
    }
}

/// YAML 1.2 without merge keys and tags, as the tools of other languages read it.
fn reader_options() -> Options {
    options! {
        // The limits are for untrusted input.
        budget: None,
        merge_keys: MergeKeyPolicy::Error,
        reject_unsupported_tags: true,
        strict_booleans: true,
    }
}

fn syntax_error(error: &Error) -> Diagnostic {
    let error = error.without_snippet();
    let message = match error {
        Error::MultipleDocuments { .. } => {
            "a second YAML document starts here. Keep the contract in one document.".to_owned()
        }
        Error::MergeKeyNotAllowed { .. } => {
            "YAML merge keys are not supported. Write the keys out.".to_owned()
        }
        Error::UnsupportedTag { .. } => {
            "YAML tags are not supported. Write a plain value.".to_owned()
        }
        Error::UnknownAnchor { .. } => {
            "this YAML alias has no anchor. Correct its name, or put the text in quotes.".to_owned()
        }
        _ => format!(
            "invalid YAML: {}. Check the indentation, quotes and colons here and in the line \
             before.",
            UserMessageFormatter.format_message(error)
        ),
    };
    let position = error.location().map_or(Position::START, Position::from);
    position.error(message)
}

impl From<Location> for Position {
    fn from(location: Location) -> Self {
        Self {
            line: location.line(),
            column: location.column(),
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Data>::deserialize(deserializer)?;
        Ok(Self {
            // Of an alias, this is the position of its anchor: the error is there.
            position: spanned.defined.into(),
            data: spanned.value,
        })
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DataVisitor)
    }
}

struct DataVisitor;

impl<'de> Visitor<'de> for DataVisitor {
    type Value = Data;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar, a list or a map")
    }

    fn visit_unit<E>(self) -> Result<Data, E> {
        Ok(Data::Scalar(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Data, E> {
        Ok(Data::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Data, E> {
        Ok(Data::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Data, E> {
        Ok(Data::Scalar(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Data, E> {
        Ok(Data::Scalar(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Data, E> {
        Ok(Data::Scalar(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Data, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Data::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Data, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = map.next_entry::<Node, Node>()? {
            entries.push((Key::from(key), value));
        }
        Ok(Data::Map(entries))
    }
}

impl From<&str> for Key {
    fn from(name: &str) -> Self {
        Self {
            position: Position::START,
            name: name.to_owned(),
            error: None,
        }
    }
}

impl From<Node> for Key {
    fn from(Node { position, data }: Node) -> Self {
        let (name, error) = match data {
            Data::Scalar(Value::String(name)) => (name, None),
            Data::Scalar(Value::Number(number)) if !number.is_f64() => {
                let error = format!("a key must be text. Write '{number}' in quotes.");
                (number.to_string(), Some(error))
            }
            _ => {
                let error = "a key must be text. Put it in quotes.".to_owned();
                (String::new(), Some(error))
            }
        };
        Self {
            position,
            name,
            error: error.map(|error| position.error(error)),
        }
    }
}
