//! Generates Rust from the contract: read → check → normalize → generate →
//! patch.
//!
//! The build script runs it, and so do tests and benchmarks, on other contracts. Each step is a
//! file; each step returns diagnostics with a position in the contract and never panics.

mod constants;
mod diagnostic;
mod document;
mod generate;
mod normalize;
mod openapi_3_0;
mod patch;
mod rules;
#[path = "../src/yaml/mod.rs"]
pub mod tree;
pub mod yaml;

pub use diagnostic::Diagnostic;
use document::Document;

/// Returns the generated client as formatted Rust, or every error in the contract, in the order of
/// its lines.
pub fn client(yaml: &str) -> Result<String, Vec<Diagnostic>> {
    let document = Document::read(yaml)?;
    rules::check(&document)?;
    generate_client(&document).map_err(|diagnostic| vec![diagnostic])
}

fn generate_client(document: &Document) -> Result<String, Diagnostic> {
    let contract = normalize::normalize(document.parse()?);
    let client = generate::generate(document, &contract)?;
    let client = patch::patch(document, client)?;
    let constants = constants::constants(document);
    let file = syn::parse_quote! { #client #constants };
    Ok(prettyplease::unparse(&file))
}
