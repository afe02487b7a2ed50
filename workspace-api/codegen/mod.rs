//! Generates Rust from the contract: read → check → normalize → generate.
//!
//! The build script runs it, and so do tests and benchmarks, on other contracts. Each step is a
//! file; each step returns diagnostics with a position in the contract and never panics.

mod diagnostic;
mod document;
mod generate;
mod normalize;
mod openapi_3_0;
mod patch;
mod rules;
pub mod yaml;

pub use diagnostic::Diagnostic;
use document::Document;

/// Returns the generated client as formatted Rust, or every error in the contract, in the order of
/// its lines.
pub fn client(yaml: &str) -> Result<String, Vec<Diagnostic>> {
    let document = Document::read(yaml)?;
    rules::check(&document)?;
    let contract = document.parse().map_err(|diagnostic| vec![diagnostic])?;
    generate::generate(&document, normalize::normalize(contract))
        .map_err(|diagnostic| vec![diagnostic])
}
