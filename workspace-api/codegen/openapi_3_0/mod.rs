//! Which keys and values OpenAPI 3.0 allows where.
//!
//! A misspelt key, or a line with the wrong indentation, ends up in an object that does not have
//! this key. The tables are therefore complete: an unknown key is an error, which a lenient parser
//! would ignore.

mod objects;
mod spec;
mod unsupported;

use super::diagnostic::Diagnostic;
use super::document::Document;
use objects::CONTRACT;

/// Checks the structure of the contract.
pub fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    CONTRACT.check(document, &document.root, diagnostics);
    if let Some(node) = document.root.get("openapi")
        && let Some(version) = node.text()
        && !version.starts_with("3.0.")
    {
        let error = format!("unsupported version {version} of OpenAPI. Write `openapi: 3.0.3`.");
        diagnostics.push(node.position.error(error));
    }
}
