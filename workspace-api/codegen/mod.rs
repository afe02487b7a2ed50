//! From the contract to Rust: read → check → normalize → generate.
//!
//! `build.rs` runs this; the tests run it too, on contracts with planted mistakes. Each step is a file, and each step
//! reports what is wrong as [`Mistake`]s with a place in the contract, never as a panic.

mod document;
mod generate;
mod normalize;
mod openapi_3_0;
mod rules;

use std::fmt;

use document::Document;

/// The generated client as formatted Rust, or every mistake that was found in the contract, in the order of its lines.
pub fn client(yaml: &str) -> Result<String, Vec<Mistake>> {
    let document = Document::read(yaml)?;
    rules::check(&document)?;
    let contract = document.parse().map_err(|mistake| vec![mistake])?;
    generate::generate(&document, normalize::normalize(contract)).map_err(|mistake| vec![mistake])
}

/// Something in the contract that has to be mended before a client can be generated.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Mistake {
    /// Counted from 1, as editors do.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}
