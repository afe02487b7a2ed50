//! The project's rules for the contract: what the generator needs beyond valid `OpenAPI`.
//!
//! The lint rules in `openapi/rules/` check what the clients of other languages need.

mod bodies;
mod combinations;
mod contract;
mod enums;
mod exclusive;
mod operations;
mod parameters;
pub mod patterns;
mod positions;
mod recursion;
mod schemas;
mod texts;
mod tolerance;
pub mod types;
mod values;

use super::diagnostic::Diagnostic;
use super::document::Document;
use super::openapi_3_0;
use super::shared::ERROR_SCHEMA;

/// Returns every error in the contract in the order of its lines, after those of its structure: what
/// is misspelt also seems to be missing.
pub fn check(document: &Document) -> Result<(), Vec<Diagnostic>> {
    let mut structure = Vec::new();
    openapi_3_0::check(document, &mut structure);
    let mut diagnostics = Vec::new();
    if document.resolve(ERROR_SCHEMA).is_none() {
        let position = document.root.position_of("components");
        diagnostics.push(position.error(format!(
            "there is no schema for error bodies. Define '{ERROR_SCHEMA}'."
        )));
    }
    contract::check(document, &mut diagnostics);
    operations::check(document, &mut diagnostics);
    schemas::check(document, &mut diagnostics);
    recursion::check(document, &mut diagnostics);
    types::check(document, &mut diagnostics);
    texts::check(&document.root, &mut diagnostics);
    structure.sort();
    diagnostics.sort();
    structure.append(&mut diagnostics);
    structure.dedup();
    if structure.is_empty() {
        return Ok(());
    }
    Err(structure)
}
