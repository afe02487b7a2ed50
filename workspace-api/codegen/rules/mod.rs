//! The rules of this project for its contract.

mod operations;
mod schemas;

use super::Mistake;
use super::document::{Document, ERROR_SCHEMA};
use super::openapi_3_0;

/// Every mistake in the contract, in the order of its lines.
pub fn check(document: &Document) -> Result<(), Vec<Mistake>> {
    let mut mistakes = Vec::new();
    openapi_3_0::check(document, &mut mistakes);
    if document.resolve(ERROR_SCHEMA).is_none() {
        mistakes.push(document.root.place_of("components").mistake(format!(
            "there is no schema for errors. Define '{ERROR_SCHEMA}'."
        )));
    }
    operations::check(document, &mut mistakes);
    schemas::check(document, &mut mistakes);
    mistakes.sort();
    mistakes.dedup();
    if mistakes.is_empty() {
        Ok(())
    } else {
        Err(mistakes)
    }
}
