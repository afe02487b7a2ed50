//! Line and column of a value in a YAML text, for errors that show only after the whole text has
//! been parsed.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_saphyr::{Options, SnippetMode, Spanned, UserMessageFormatter};

/// Options to read YAML 1.2 without the library's limits of size, which are for untrusted input.
/// The limit of depth stays.
pub(crate) fn reader_options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: usize::MAX,
            max_nodes: usize::MAX,
            max_total_scalar_bytes: usize::MAX,
        },
        strict_booleans: true,
    }
}

/// One step on the path from a YAML node to a node inside it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Key(String),
    Item(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(item: usize) -> Self {
        Self::Item(item)
    }
}

/// A path such as `steps!["projects", 0, "name"]`.
macro_rules! steps {
    ($($step:expr),* $(,)?) => { vec![$($crate::position::Step::from($step)),*] };
}
pub(crate) use steps;

/// Line and column, both from 1.
#[derive(Clone, Copy)]
struct Position {
    line: u64,
    column: u64,
}

/// Returns `LINE:COLUMN: message` with the position of the value at `path`.
pub(crate) fn error_at_value(yaml: &str, path: &[Step], message: &str) -> String {
    let part = Part::Value;
    with_position(find(yaml, Search { path, part }), message)
}

/// Returns `LINE:COLUMN: message` with the position of the key that `path` ends with.
pub(crate) fn error_at_key(yaml: &str, path: &[Step], message: &str) -> String {
    let part = Part::Key;
    with_position(find(yaml, Search { path, part }), message)
}

/// Returns a YAML error as `LINE:COLUMN: message`, without an excerpt of the text.
pub(crate) fn describe(error: &serde_saphyr::Error) -> String {
    let mut message = error.render_with_options(serde_saphyr::render_options! {
        formatter: &UserMessageFormatter,
        snippets: SnippetMode::Off,
    });
    let mut position = error.location().map(|location| Position {
        line: location.line(),
        column: location.column(),
    });
    // The library puts the position at the end of its message; an error that passed through a list or
    // map also has the positions of those. Editors expect it at the beginning, as compilers write it.
    while let Some((rest, innermost)) = trailing_position(&message) {
        message.truncate(rest);
        position = Some(innermost);
    }
    if let Some(Position { line, column }) = position {
        message = message.replace(&format!(" at line {line}, column {column}"), "");
    }
    with_position(position, &message)
}

/// Returns the length of a message without the position at its end, and that position.
fn trailing_position(message: &str) -> Option<(usize, Position)> {
    let (rest, position) = message.rsplit_once(" at line ")?;
    let (line, column) = position.split_once(", column ")?;
    let position = Position {
        line: line.parse().ok()?,
        column: column.parse().ok()?,
    };
    Some((rest.len(), position))
}

fn with_position(position: Option<Position>, message: &str) -> String {
    // A missing value has no position; use the start of the text.
    let Position { line, column } = position.unwrap_or(Position { line: 1, column: 1 });
    format!("{line}:{column}: {message}")
}

fn find(yaml: &str, search: Search<'_>) -> Option<Position> {
    let found =
        serde_saphyr::with_deserializer_from_str_with_options(yaml, reader_options(), |d| {
            search.deserialize(d)
        });
    found.ok().flatten()
}

/// The search for the node at a path, carried out by the deserializer.
#[derive(Clone, Copy)]
struct Search<'p> {
    path: &'p [Step],
    part: Part,
}

/// The node whose position is wanted.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// The last key of the path.
    Key,
    /// The value at the path.
    Value,
}

impl Search<'_> {
    /// The search from the next node on the path.
    fn next(self) -> Self {
        Self {
            path: &self.path[1..],
            ..self
        }
    }

    fn is_at_key(self) -> bool {
        self.part == Part::Key && self.path.len() == 1
    }
}

impl<'de> DeserializeSeed<'de> for Search<'_> {
    type Value = Option<Position>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.path.is_empty() {
            let node = Spanned::<IgnoredAny>::deserialize(deserializer)?;
            return Ok(Some(position_of(&node)));
        }
        deserializer.deserialize_any(self)
    }
}

fn position_of<T>(node: &Spanned<T>) -> Position {
    Position {
        line: node.referenced.line(),
        column: node.referenced.column(),
    }
}

impl<'de> Visitor<'de> for Search<'_> {
    type Value = Option<Position>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping or a sequence")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            if self.path[0] != Step::Key(key.value.clone()) {
                map.next_value::<IgnoredAny>()?;
            } else if self.is_at_key() {
                found = Some(position_of(&key));
                map.next_value::<IgnoredAny>()?;
            } else {
                found = map.next_value_seed(self.next())?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        for index in 0.. {
            if self.path[0] != Step::Item(index) {
                if sequence.next_element::<IgnoredAny>()?.is_none() {
                    break;
                }
            } else if let Some(position) = sequence.next_element_seed(self.next())? {
                found = position;
            }
        }
        Ok(found)
    }
}
