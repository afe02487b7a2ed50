//! The contract as it was written: a tree that remembers the line and column of everything in it.
//!
//! `openapiv3` forgets where a thing stood, so the checks run on this tree and only a checked tree becomes `OpenAPI`.

use openapiv3::OpenAPI;
use saphyr::{LoadableYamlNode, MarkedYaml, Marker, Scalar, YamlData};
use serde_json::{Map, Value};

use super::diagnostic::{Diagnostic, Position};

/// The schema of every error body. One for all, so that the client has one type for all errors.
pub const ERROR_SCHEMA: &str = "#/components/schemas/ErrorResponse";

const METHODS: [&str; 7] = ["delete", "get", "head", "options", "patch", "post", "put"];

pub struct Document {
    pub root: Node,
}

pub struct Node {
    pub position: Position,
    pub data: Data,
}

pub enum Data {
    Scalar(Value),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

pub struct Key {
    pub position: Position,
    pub name: String,
}

impl Document {
    /// Every key and value that no contract has is reported, not only the first.
    pub fn read(yaml: &str) -> Result<Self, Vec<Diagnostic>> {
        let start = Position { line: 1, column: 1 };
        let documents = MarkedYaml::load_from_str(yaml).map_err(|error| {
            vec![Position::from(error.marker()).error(format!(
                "this is not YAML: {}. Check the indentation, quotes and colons here and in the line before.",
                error.info()
            ))]
        })?;
        let mistake = match documents.as_slice() {
            [one] => {
                let mut diagnostics = Vec::new();
                let root = Node::read(one, &mut diagnostics);
                // What an alias repeats is one mistake, at the place of its anchor.
                diagnostics.sort();
                diagnostics.dedup();
                return if diagnostics.is_empty() {
                    Ok(Self { root })
                } else {
                    Err(diagnostics)
                };
            }
            [] => start.error("the contract is empty. Restore it from version control."),
            [_, second, ..] => Position::from(&second.span.start)
                .error("a second YAML document starts here. Keep the contract in one document."),
        };
        Err(vec![mistake])
    }

    /// The contract in the types of `openapiv3`.
    pub fn parse(&self) -> Result<OpenAPI, Diagnostic> {
        let parses = |value: Value| {
            serde_json::from_value::<OpenAPI>(value).map_err(|error| error.to_string())
        };
        parses(self.root.to_value()).map_err(|error| {
            self.bisect_failure(|value| parses(value).is_ok())
                .error(format!(
                    "this is not what OpenAPI 3.0 allows here: {error}."
                ))
        })
    }

    /// The place of the path or component without which the contract is `fine`; the start of the contract if there is
    /// no such part.
    pub fn bisect_failure(&self, fine: impl Fn(Value) -> bool) -> Position {
        let whole = self.root.to_value();
        let components = self
            .root
            .get("components")
            .into_iter()
            .flat_map(Node::entries);
        let sections = components.map(|(key, node)| (format!("/components/{}", key.name), node));
        let paths = self
            .root
            .get("paths")
            .map(|node| ("/paths".to_owned(), node));
        for (pointer, section) in paths.into_iter().chain(sections) {
            for (key, _) in section.entries() {
                let mut rest = whole.clone();
                if let Some(Value::Object(map)) = rest.pointer_mut(&pointer) {
                    map.remove(&key.name);
                }
                if fine(rest) {
                    return key.position;
                }
            }
        }
        self.root.position
    }

    /// What `#/components/SECTION/NAME` stands for.
    pub fn resolve(&self, reference: &str) -> Option<&Node> {
        let parts: Vec<&str> = reference.strip_prefix("#/")?.split('/').collect();
        parts
            .into_iter()
            .try_fold(&self.root, |node, part| node.get(part))
    }

    /// The node itself or, where it is a `$ref`, what it refers to.
    pub fn follow<'a>(&'a self, node: &'a Node) -> Option<&'a Node> {
        match node.get("$ref") {
            Some(reference) => self.resolve(reference.text()?),
            None => Some(node),
        }
    }
}

impl Node {
    fn read(yaml: &MarkedYaml, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let position = Position::from(&yaml.span.start);
        let data = match &yaml.data {
            YamlData::Value(scalar) => Data::Scalar(match scalar {
                Scalar::Null => Value::Null,
                Scalar::Boolean(value) => (*value).into(),
                Scalar::Integer(value) => (*value).into(),
                Scalar::FloatingPoint(value) => value.into_inner().into(),
                Scalar::String(value) => value.as_ref().into(),
            }),
            YamlData::Sequence(items) => {
                let read = |item| Node::read(item, diagnostics);
                Data::List(items.iter().map(read).collect())
            }
            YamlData::Mapping(entries) => {
                let read =
                    |(key, value)| (Key::read(key, diagnostics), Node::read(value, diagnostics));
                Data::Map(entries.iter().map(read).collect())
            }
            _ => {
                diagnostics.push(
                    position.error("YAML tags have no meaning in a contract. Write a plain value."),
                );
                Data::Scalar(Value::Null)
            }
        };
        Self { position, data }
    }

    pub fn to_value(&self) -> Value {
        match &self.data {
            Data::Scalar(value) => value.clone(),
            Data::List(items) => items.iter().map(Node::to_value).collect(),
            Data::Map(entries) => {
                // Sorted, because whether `Map` keeps the order is up to other crates of the build.
                let mut entries: Vec<_> = entries
                    .iter()
                    .map(|(key, node)| (key.name.clone(), node.to_value()))
                    .collect();
                entries.sort_by(|(one, _), (other, _)| one.cmp(other));
                Value::Object(entries.into_iter().collect::<Map<_, _>>())
            }
        }
    }

    /// The entries of a map; none for anything else.
    pub fn entries(&self) -> impl Iterator<Item = (&Key, &Node)> {
        let entries = if let Data::Map(entries) = &self.data {
            entries.as_slice()
        } else {
            &[]
        };
        entries.iter().map(|(key, node)| (key, node))
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> &[Node] {
        if let Data::List(items) = &self.data {
            items
        } else {
            &[]
        }
    }

    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries()
            .find(|(key, _)| key.name == name)
            .map(|(_, node)| node)
    }

    /// The place of a key of this map, or of the map where it has no such key.
    pub fn position_of(&self, name: &str) -> Position {
        self.entries()
            .find(|(key, _)| key.name == name)
            .map_or(self.position, |(key, _)| key.position)
    }

    pub fn text(&self) -> Option<&str> {
        if let Data::Scalar(value) = &self.data {
            value.as_str()
        } else {
            None
        }
    }
}

impl Key {
    fn read(yaml: &MarkedYaml, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let position = Position::from(&yaml.span.start);
        let name = match &yaml.data {
            YamlData::Value(Scalar::String(name)) => name.to_string(),
            YamlData::Value(Scalar::Integer(number)) => {
                diagnostics.push(
                    position.error(format!("a key must be text. Write '{number}' in quotes.")),
                );
                number.to_string()
            }
            _ => {
                diagnostics.push(position.error("a key must be text. Put it in quotes."));
                String::new()
            }
        };
        Self { position, name }
    }
}

impl From<&Marker> for Position {
    fn from(marker: &Marker) -> Self {
        // The parser counts columns from 0.
        Self {
            line: marker.line(),
            column: marker.col() + 1,
        }
    }
}

/// An operation and where it was found.
pub struct Operation<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub item: &'a Node,
    pub node: &'a Node,
}

impl<'a> Operation<'a> {
    pub fn id(&self) -> &'a str {
        self.node
            .get("operationId")
            .and_then(Node::text)
            .unwrap_or_default()
    }
}

pub fn operations(document: &Document) -> impl Iterator<Item = Operation<'_>> {
    let paths = document
        .root
        .get("paths")
        .into_iter()
        .flat_map(Node::entries);
    paths.flat_map(|(path, item)| {
        item.entries()
            .filter(|(method, _)| METHODS.contains(&method.name.as_str()))
            .map(|(method, node)| Operation {
                method: &method.name,
                path: &path.name,
                item,
                node,
            })
    })
}

/// Two ids that differ in case or underscores alone would become one method.
pub fn method_name(operation_id: &str) -> String {
    operation_id
        .chars()
        .filter(|c| *c != '_')
        .flat_map(char::to_lowercase)
        .collect()
}
