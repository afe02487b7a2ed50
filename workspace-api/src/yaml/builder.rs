//! Builds the tree from the parser's events, without recursion.

use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, ScanError};
use serde_json::Value;

use super::error::{Error, Reason};
use super::node::{Data, Key, Node, Position};
use super::scalar;

/// Maximum depth of lists and maps, so that functions can visit the tree by recursion.
const MAX_DEPTH: usize = 255;
/// Maximum number of nodes that aliases copy.
const MAX_COPIES: usize = 100_000;

type Result<T> = std::result::Result<T, Error>;

/// A parsed document.
pub struct Document {
    pub root: Node,
    /// The keys that are not text.
    pub key_errors: Vec<Error>,
}

/// Parses a YAML document, or returns the first syntax error.
pub fn parse(yaml: &str) -> Result<Document> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(yaml) {
        let (event, span) = event.map_err(|error| Error::from(&error))?;
        builder.add_event(event, Position::from(span.start))?;
    }
    let root = builder.root.unwrap_or(Node {
        position: Position::START,
        data: Data::Scalar(Value::Null),
    });
    Ok(Document {
        root,
        key_errors: builder.key_errors,
    })
}

#[derive(Default)]
struct Builder {
    /// The lists and maps that have not ended, the outermost first.
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    /// The nodes that aliases can refer to, by the number of their anchor.
    anchored: HashMap<usize, Node>,
    copies: usize,
    key_errors: Vec<Error>,
}

/// A list or map that has not ended.
struct Open {
    position: Position,
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map {
        entries: Vec<(Key, Node)>,
        /// The key whose value comes next.
        key: Option<Key>,
    },
}

impl Builder {
    fn add_event(&mut self, event: Event<'_>, position: Position) -> Result<()> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(Error::new(position, Reason::SecondDocument));
                }
            }
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, _, Some(_))
            | Event::MappingStart(_, _, Some(_)) => return Err(Error::new(position, Reason::Tag)),
            Event::Scalar(text, ScalarStyle::Plain, anchor, None) => {
                if text == "<<" && self.is_key_next() {
                    return Err(Error::new(position, Reason::MergeKey));
                }
                let Some(value) = scalar::plain(&text) else {
                    let reason = format!("value `{text}` is not a finite number");
                    return Err(Error::new(position, Reason::Invalid(reason)));
                };
                let data = Data::Scalar(value);
                self.add(Node { position, data }, anchor);
            }
            Event::Scalar(text, _, anchor, None) => {
                let data = Data::Scalar(Value::String(text.into_owned()));
                self.add(Node { position, data }, anchor);
            }
            Event::SequenceStart(_, anchor, None) => {
                self.open(position, anchor, Content::List(Vec::new()))?;
            }
            Event::MappingStart(_, anchor, None) => {
                let content = Content::Map {
                    entries: Vec::new(),
                    key: None,
                };
                self.open(position, anchor, content)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close()?,
            Event::Alias(anchor) => {
                let node = self.copy(anchor, position)?;
                self.add(node, 0);
            }
            _ => {}
        }
        Ok(())
    }

    fn is_key_next(&self) -> bool {
        let content = self.open.last().map(|open| &open.content);
        matches!(content, Some(Content::Map { key: None, .. }))
    }

    fn open(&mut self, position: Position, anchor: usize, content: Content) -> Result<()> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(position));
        }
        self.open.push(Open {
            position,
            anchor,
            content,
        });
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        // The parser reports an end without a start.
        let Some(closed) = self.open.pop() else {
            return Ok(());
        };
        let data = match closed.content {
            Content::List(items) => Data::List(items),
            Content::Map { entries, .. } => {
                check_keys(&entries)?;
                Data::Map(entries)
            }
        };
        let position = closed.position;
        self.add(Node { position, data }, closed.anchor);
        Ok(())
    }

    /// Adds a complete node to the list or map that contains it.
    fn add(&mut self, node: Node, anchor: usize) {
        // Anchors count from 1.
        if anchor > 0 {
            self.anchored.insert(anchor, node.clone());
        }
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut parent.content {
            Content::List(items) => items.push(node),
            Content::Map { entries, key } => match key.take() {
                Some(key) => entries.push((key, node)),
                None => *key = Some(into_key(node, &mut self.key_errors)),
            },
        }
    }

    /// Returns the node that an alias refers to.
    fn copy(&mut self, anchor: usize, position: Position) -> Result<Node> {
        let Some(node) = self.anchored.get(&anchor) else {
            let reason = "this YAML alias is inside of its anchor".to_owned();
            return Err(Error::new(position, Reason::Invalid(reason)));
        };
        let (nodes, depth) = size(node);
        if self.open.len() + depth > MAX_DEPTH {
            return Err(too_deep(position));
        }
        self.copies += nodes;
        if self.copies > MAX_COPIES {
            let reason = format!("YAML aliases repeat more than {MAX_COPIES} values");
            return Err(Error::new(position, Reason::Invalid(reason)));
        }
        Ok(node.clone())
    }
}

/// Returns the number of nodes and their depth.
fn size(node: &Node) -> (usize, usize) {
    let items = node.items().iter();
    let (mut nodes, mut depth) = (1, 0);
    for part in items.chain(node.entries().map(|(_, value)| value)) {
        let (inner_nodes, inner_depth) = size(part);
        nodes += inner_nodes;
        depth = depth.max(inner_depth);
    }
    match node.data {
        Data::Scalar(_) => (nodes, depth),
        Data::List(_) | Data::Map(_) => (nodes, depth + 1),
    }
}

fn too_deep(position: Position) -> Error {
    let reason = format!("more than {MAX_DEPTH} lists and maps are nested");
    Error::new(position, Reason::Invalid(reason))
}

fn into_key(node: Node, errors: &mut Vec<Error>) -> Key {
    let position = node.position;
    let (name, reason) = match node.data {
        Data::Scalar(Value::String(name)) => (name, None),
        Data::Scalar(Value::Number(number)) if !number.is_f64() => {
            let number = number.to_string();
            (number.clone(), Some(Reason::Key(Some(number))))
        }
        _ => (String::new(), Some(Reason::Key(None))),
    };
    errors.extend(reason.map(|reason| Error::new(position, reason)));
    Key { position, name }
}

/// Checks that no key is repeated.
fn check_keys(entries: &[(Key, Node)]) -> Result<()> {
    let mut lines = HashMap::with_capacity(entries.len());
    for (Key { position, name }, _) in entries {
        // A key without a name is an error already.
        if let Some(first) = lines.insert(name.as_str(), position.line)
            && !name.is_empty()
        {
            return Err(Error::new(*position, Reason::KeyTwice(name.clone(), first)));
        }
    }
    Ok(())
}

impl From<Marker> for Position {
    fn from(marker: Marker) -> Self {
        Self {
            line: marker.line() as u64,
            column: marker.col() as u64 + 1,
        }
    }
}

impl From<&ScanError> for Error {
    fn from(error: &ScanError) -> Self {
        let position = Position::from(*error.marker());
        match error.kind() {
            ErrorKind::UnknownAnchor => Error::new(position, Reason::UnknownAnchor),
            ErrorKind::RecursionLimitExceeded => too_deep(position),
            _ => Error::new(position, Reason::Invalid(error.info())),
        }
    }
}
