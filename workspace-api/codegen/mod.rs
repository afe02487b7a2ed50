//! From the contract to Rust: read → check → normalize → generate.
//!
//! `build.rs` runs this; the tests run it too, on contracts with planted errors. Each step is a file, and each step
//! reports what is wrong as [`Mistake`]s with a place in the contract, never as a panic.

mod diagnostic;
mod document;
mod generate;
mod normalize;
mod openapi_3_0;
mod patch;
mod rules;

pub use diagnostic::Diagnostic;
use document::Document;

/// The generated client as formatted Rust, or every mistake that was found in the contract, in the order of its lines.
pub fn client(yaml: &str) -> Result<String, Vec<Diagnostic>> {
    let document = Document::read(yaml)?;
    rules::check(&document)?;
    let contract = document.parse().map_err(|mistake| vec![mistake])?;
    generate::generate(&document, normalize::normalize(contract)).map_err(|mistake| vec![mistake])
}
