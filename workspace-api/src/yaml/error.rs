//! Why a text is not the YAML that is expected.

use std::fmt;

use super::node::Position;

/// An error and its position.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Error {
    pub position: Position,
    pub reason: Reason,
}

#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Reason {
    /// A key that is not text, with its text if it is a number.
    Key(Option<String>),
    /// A key that its map has already, and the line of the first one.
    KeyTwice(String, u64),
    SecondDocument,
    MergeKey,
    Tag,
    UnknownAnchor,
    /// Anything else, in words.
    Invalid(String),
}

impl Error {
    pub(super) fn new(position: Position, reason: Reason) -> Self {
        Self { position, reason }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(Some(number)) => {
                write!(f, "a key must be text. Write '{number}' in quotes.")
            }
            Self::Key(None) => f.write_str("a key must be text. Put it in quotes."),
            Self::KeyTwice(name, line) => {
                write!(
                    f,
                    "the key `{name}` is already in line {line}. Rename or remove one."
                )
            }
            Self::SecondDocument => f.write_str("a second YAML document starts here"),
            Self::MergeKey => f.write_str("YAML merge keys are not supported. Write the keys out."),
            Self::Tag => f.write_str("YAML tags are not supported. Write a plain value."),
            Self::UnknownAnchor => f.write_str(
                "this YAML alias has no anchor. Correct its name, or put the text in quotes.",
            ),
            Self::Invalid(reason) => f.write_str(reason),
        }
    }
}
