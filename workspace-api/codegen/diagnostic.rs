//! An error in the contract and its position.

use std::fmt;

/// An error in the contract that must be fixed before a client can be generated.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Diagnostic {
    pub position: Position,
    /// What is wrong and what to do.
    pub message: String,
}

/// Line and column in the contract.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Position {
    /// Counted from 1, as editors do.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
}

impl Position {
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
