//! The patterns of the contract, matched in a few instructions per character.
//!
//! Every id is matched with a pattern before it becomes part of a request, and regex-lite takes
//! about 800 instructions for each character. Most patterns are a few sets of characters between
//! `^` and `$`. They become an automaton whose states are the positions of these sets in the
//! pattern; the current states are the bits of one number. regex-lite matches all other patterns.

mod automaton;
mod parser;
#[cfg(test)]
mod tests;

use regress::{Error, Regex};

use automaton::Automaton;

/// A pattern of the contract, as `codegen/rules/patterns.rs` allows them.
pub(crate) struct Pattern(Matcher);

enum Matcher {
    Automaton(Box<Automaton>),
    Regex(Regex),
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    ///
    /// The pattern has a syntax that regex-lite does not read.
    pub(crate) fn new(pattern: &str) -> Result<Self, Error> {
        let matcher = match parser::parse(pattern) {
            Some(automaton) => Matcher::Automaton(Box::new(automaton)),
            None => Matcher::Regex(Regex::new(pattern)?),
        };
        Ok(Self(matcher))
    }

    /// Returns whether a part of the text matches the pattern.
    pub(crate) fn matches(&self, text: &str) -> bool {
        match &self.0 {
            Matcher::Automaton(automaton) => automaton.matches(text),
            Matcher::Regex(regex) => regex.is_match(text),
        }
    }
}
