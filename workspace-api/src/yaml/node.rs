//! The tree of a YAML document.

use serde_json::Value;

/// A line and a column. Both count from 1, as editors do; the column counts characters.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Position {
    pub line: u64,
    pub column: u64,
}

impl Position {
    pub const START: Self = Self { line: 1, column: 1 };
}

/// A value and its position. An alias has the position of its anchor: an error is there.
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
}

impl Node {
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

    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar(value) => value.as_str(),
            Data::List(_) | Data::Map(_) => None,
        }
    }
}
