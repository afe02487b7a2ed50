//! The rules of this project for its contract.

mod operations;
mod schemas;

use super::diagnostic::Diagnostic;
use super::document::{Document, ERROR_SCHEMA};
use super::openapi_3_0;

/// Every mistake in the contract, in the order of its lines.
pub fn check(document: &Document) -> Result<(), Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    openapi_3_0::check(document, &mut diagnostics);
    if document.resolve(ERROR_SCHEMA).is_none() {
        diagnostics.push(document.root.position_of("components").error(format!(
            "there is no schema for errors. Define '{ERROR_SCHEMA}'."
        )));
    }
    operations::check(document, &mut diagnostics);
    schemas::check(document, &mut diagnostics);
    diagnostics.sort();
    diagnostics.dedup();
    if diagnostics.is_empty() {
        Ok(())
    } else {
        Err(diagnostics)
    }
}
