//! Makes the generated types convenient, and able to grow: a new optional property, parameter or
//! enum value must not break a caller.
//!
//! progenitor's types can be written as literals, which a new property breaks. Its text types
//! dereference to `String`, its builders have the names of what they build, and their setters take
//! `Option<_>`, which plain text is not. The build stops if a part to change is not found.

mod operation_builders;
mod type_builders;
mod types;

use syn::{File, Item, ItemStruct, parse_quote};

use super::messages::Labels;
use super::response_types;
use super::syntax::{is_doc, module};
use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::Document;
use crate::codegen::yaml::Node;
use types::Types;
pub use types::Written;

/// Changes the types and the builders of the operations. Returns the code that is written, not
/// changed.
pub fn refine(
    document: &Document,
    labels: &Labels,
    client: &mut File,
) -> Result<Written, Diagnostic> {
    let without = response_types::without_builders(client);
    for item in &mut client.items {
        if let Item::Struct(item) = item
            && item.ident == "Client"
        {
            document_client(document, item);
        }
    }
    let types = match module(client, "types") {
        Some(items) => types::refine(labels, &without, items).map_err(|problem| {
            document.root.position.error(format!(
                "the generated types cannot be refined: {problem}. Adapt \
                 workspace-api/codegen/patch/ to this version of progenitor."
            ))
        })?,
        None => Types::default(),
    };
    if let Some(items) = module(client, "builder") {
        operation_builders::refine(document, &types, items);
    }
    Ok(types.written)
}

/// Documents the client; progenitor's title is that of the contract.
fn document_client(document: &Document, client: &mut ItemStruct) {
    let text = |pointer| document.resolve(pointer).and_then(Node::text);
    let description = text("#/info/description").unwrap_or_default().trim();
    let version = text("#/info/version").unwrap_or_default();
    let documentation = format!(
        "A client of the operations of the contract, version {version}. [`Client::builder`] \
         makes one.\n\nClones share connections, credentials and settings, so a clone is \
         cheap.\n\n# The service\n\n{description}"
    );
    client.attrs.retain(|attribute| !is_doc(attribute));
    client.attrs.push(parse_quote! { #[doc = #documentation] });
}
