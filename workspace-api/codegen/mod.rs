//! Generates Rust from the contract: read → check → normalize → generate → patch → divide.
//! From normalizing to dividing, shares of the contract are processed at the same time.
//!
//! The build script runs it, and so do tests and benchmarks, on other contracts. Each step is a
//! file; each step returns diagnostics with a position in the contract and never panics.

mod bisect;
mod client;
mod constants;
mod diagnostic;
mod divide;
pub mod document;
mod documentation;
mod generate;
pub mod names;
mod normalize;
mod openapi_3_0;
pub mod patch;
pub mod print;
mod repeated;
mod requested;
mod responses;
mod rules;
mod shared;
mod shares;
#[path = "../src/yaml/mod.rs"]
pub mod tree;
mod variants;
pub mod yaml;

use std::num::NonZero;
use std::thread;

use client::{Block, Client};
pub use diagnostic::Diagnostic;
use document::Document;
use patch::Labels;

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
    let shares = thread::available_parallelism().map_or(1, NonZero::get);
    client_of_shares(yaml, shares)
}

/// Generates the client in up to so many shares. It is the same for any number.
fn client_of_shares(yaml: &str, shares: usize) -> Result<Client, Vec<Diagnostic>> {
    let document = Document::read(yaml)?;
    rules::check(&document)?;
    generate_client(&document, shares).map_err(|diagnostics| {
        let diagnostics = diagnostics.into_iter();
        diagnostics.map(|error| locate(&document, error)).collect()
    })
}

/// Gives an error without a position that of the operation or schema that cannot be generated.
fn locate(document: &Document, diagnostic: Diagnostic) -> Diagnostic {
    if diagnostic.position != document.root.position {
        return diagnostic;
    }
    match bisect::failed_part(document, |part| generate_client(part, 1).is_ok()) {
        Some(part) => part.error(diagnostic),
        None => diagnostic,
    }
}

fn generate_client(document: &Document, shares: usize) -> Result<Client, Vec<Diagnostic>> {
    let labels = Labels::new(document);
    let generate = |share: &Document| generate_blocks(share, &labels);
    let mut blocks = match shares::generate(document, shares, generate) {
        Some(blocks) => blocks,
        None => generate(document)?,
    };
    // These belong to the whole contract.
    let mut items = constants::constants(document).map_err(|error| vec![error])?;
    items.push(responses::shapes(document));
    blocks.push(Block::common(&items));
    Ok(Client::new(blocks))
}

/// Generates what belongs to the operations and schemas of a contract, or of a share of it. The
/// labels are those of the whole contract.
fn generate_blocks(document: &Document, labels: &Labels) -> Result<Vec<Block>, Vec<Diagnostic>> {
    let contract = normalize::normalize(
        document.parse().map_err(|error| vec![error])?,
        &requested::names(document),
    );
    let client = generate::generate(&contract).and_then(|tokens| {
        let client = patch::read::client(tokens);
        client.map_err(|error| format!("its output is not valid Rust: {error}"))
    });
    let client = client.map_err(|error| {
        vec![document.root.position.error(format!(
            "progenitor cannot generate code for this: {error}. Rewrite this part of the contract."
        ))]
    })?;
    let patch::Patched { client, written } = patch::patch(document, labels, client)?;
    repeated::check(document, &client).map_err(|error| vec![error])?;
    Ok(divide::blocks(
        client,
        written,
        &generate::places(&contract),
    ))
}
