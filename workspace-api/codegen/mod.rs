//! Generates Rust from the contract: read → check → normalize → generate → patch → divide.
//!
//! The build script runs it, and so do tests and benchmarks, on other contracts. Each step is a
//! file; each step returns diagnostics with a position in the contract and never panics.

mod bisect;
mod constants;
mod diagnostic;
mod divide;
mod document;
mod documentation;
mod generate;
pub mod names;
mod normalize;
mod openapi_3_0;
mod patch;
pub mod print;
mod repeated;
mod requested;
mod responses;
mod rules;
#[path = "../src/yaml/mod.rs"]
pub mod tree;
mod variants;
pub mod yaml;

pub use diagnostic::Diagnostic;
use divide::Client;
use document::Document;

/// Returns the generated client as one file, or every error in the contract, in the order of its
/// lines.
// The build script needs the client in parts.
#[allow(dead_code)]
pub fn client(yaml: &str) -> Result<String, Vec<Diagnostic>> {
    divided_client(yaml).map(|client| client.text())
}

/// Returns the generated client in parts, or every error in the contract, in the order of its
/// lines.
pub fn divided_client(yaml: &str) -> Result<Client, Vec<Diagnostic>> {
    let document = Document::read(yaml)?;
    rules::check(&document)?;
    generate_client(&document).map_err(|diagnostic| vec![locate(&document, diagnostic)])
}

/// Gives an error without a position that of the operation or schema that cannot be generated.
fn locate(document: &Document, diagnostic: Diagnostic) -> Diagnostic {
    if diagnostic.position != document.root.position {
        return diagnostic;
    }
    let failed = bisect::failed_part(document, |part| generate_client(part).is_ok());
    match failed {
        Some(part) => part.error(diagnostic),
        None => diagnostic,
    }
}

fn generate_client(document: &Document) -> Result<Client, Diagnostic> {
    let contract = normalize::normalize(document.parse()?, &requested::names(document));
    let client = generate::generate(&contract).and_then(|tokens| {
        let client = patch::read::client(tokens);
        client.map_err(|error| format!("its output is not valid Rust: {error}"))
    });
    let client = client.map_err(|error| {
        document.root.position.error(format!(
            "progenitor cannot generate code for this: {error}. Rewrite this part of the contract."
        ))
    })?;
    let patch::Patched {
        mut client,
        written,
    } = patch::patch(document, client)?;
    repeated::check(document, &client)?;
    client.items.extend(constants::constants(document)?);
    client.items.push(responses::shapes(document));
    Ok(Client::new(client, &written))
}
