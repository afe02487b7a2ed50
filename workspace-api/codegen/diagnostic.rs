//! Errors in the contract and their positions.

use std::fmt;

pub use super::tree::node::Position;

/// The start of the message of an error that is not in the contract but in the generator.
pub const INTERNAL: &str = "internal error of the generator, not an error in the contract";

/// An error in the contract that must be fixed before a client can be generated.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Diagnostic {
    pub position: Position,
    /// The error and its fix.
    pub message: String,
}

impl Position {
    /// Makes the diagnostic of an error at this position.
    pub fn error(self, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            position: self,
            message: message.into(),
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.position;
        write!(f, "{line}:{column}: {}", self.message)
    }
}
