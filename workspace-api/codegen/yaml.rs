//! Reads the contract's YAML.

use serde_json::{Map, Value};

mod ambiguous;

use super::diagnostic::{Diagnostic, Position};
use super::tree::builder::parse;
use super::tree::error::{Error, Reason};
pub use super::tree::node::{Data, Key, Node};

impl Node {
    /// Reads a YAML document. Reports every key that is not text, but only the first syntax error.
    pub fn read(yaml: &str) -> Result<Self, Vec<Diagnostic>> {
        let document = parse(yaml).map_err(|error| {
            let tab = first_tab(yaml, &error);
            vec![tab.unwrap_or_else(|| error.into())]
        })?;
        let (node, errors) = (document.root, document.key_errors);
        let mut diagnostics: Vec<_> = errors.into_iter().map(Diagnostic::from).collect();
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

    /// Returns a map of copies of these entries.
    pub fn map<'a>(
        position: Position,
        entries: impl IntoIterator<Item = (&'a Key, &'a Self)>,
    ) -> Self {
        let entries = entries.into_iter();
        Self {
            position,
            data: Data::Map(entries.map(|(k, v)| (k.clone(), v.clone())).collect()),
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

    /// Returns whether this is the scalar `true`.
    pub fn is_true(&self) -> bool {
        matches!(self.data, Data::Scalar(Value::Bool(true)))
    }

    /// Returns the value of the entry with this index in a map.
    pub fn value_at(&self, index: usize) -> Option<&Self> {
        match &self.data {
            Data::Map(entries) => entries.get(index).map(|(_, node)| node),
            Data::Scalar(_) | Data::List(_) => None,
        }
    }

    /// Returns the position of a key of this map, or that of the map if it has no such key.
    pub fn position_of(&self, name: &str) -> Position {
        match self.entries().find(|(key, _)| key.name == name) {
            Some((key, _)) => key.position,
            None => self.position,
        }
    }
}

/// Returns the error of a tab in the indentation. The parser may report what is before the tab.
fn first_tab(yaml: &str, error: &Error) -> Option<Diagnostic> {
    match &error.reason {
        Reason::Invalid(reason) if reason.contains("tab") => {}
        _ => return None,
    }
    let from = usize::try_from(error.position.line).ok()?.checked_sub(1)?;
    (1..).zip(yaml.lines()).skip(from).find_map(|(line, text)| {
        let indentation = text.len() - text.trim_start().len();
        let column = text[..indentation].find('\t')? as u64 + 1;
        Some(Position { line, column }.error("a tab in the indentation. Indent with spaces."))
    })
}

impl From<Error> for Diagnostic {
    fn from(Error { position, reason }: Error) -> Self {
        position.error(match reason {
            Reason::SecondDocument => format!("{reason}. Keep the contract in one document."),
            Reason::Invalid(reason) => format!(
                "invalid YAML: {reason}. Check the indentation, quotes and colons here and in the \
                 line before."
            ),
            _ => reason.to_string(),
        })
    }
}
