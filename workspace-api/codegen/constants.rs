//! Items that progenitor does not generate: the operations, the maximum lengths of lists, the
//! version of the contract, and the function that all setters call.

use std::collections::HashMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Item;

use super::diagnostic::Diagnostic;
use super::document::{Document, Operation, operations};
use super::names;
use super::yaml::{Key, Node};

pub fn constants(document: &Document) -> Result<Vec<Item>, Diagnostic> {
    let operations = operation_table(document);
    let limits = limits(document)?;
    let version = version(document);
    let convert = convert();
    Ok([operations, limits, version, convert]
        .map(Item::Verbatim)
        .into())
}

/// Generates the operations as data: their methods, paths, IAM actions and response bodies.
fn operation_table(document: &Document) -> TokenStream {
    let mut operations: Vec<_> = operations(document).collect();
    operations.sort_by_key(Operation::id);
    let rows = operations.iter().map(|operation| {
        let id = operation.id();
        let method = operation.method.to_uppercase();
        let path = operation.path;
        let action = operation.node.get("x-huaweicloud-iam-action");
        let iam_action = if let Some(action) = action.and_then(Node::text) {
            quote! { Some(#action) }
        } else {
            quote! { None }
        };
        let body = response_body(document, operation);
        quote! {
            crate::Operation {
                id: #id,
                method: #method,
                path: #path,
                iam_action: #iam_action,
                response_body: crate::ResponseBody::#body
            }
        }
    });
    quote! {
        /// The operations of the contract, in the order of their ids.
        pub const OPERATIONS: &[crate::Operation] = &[#(#rows),*];
    }
}

/// Returns the kind of body that a success has. The client rejects a success with another body,
/// because it does not come from the service.
fn response_body(document: &Document, operation: &Operation) -> Ident {
    let kind = match success_schema(document, operation) {
        None => "Empty",
        Some(schema) if schema.get("type").and_then(Node::text) == Some("object") => "Object",
        Some(_) => "Json",
    };
    Ident::new(kind, Span::call_site())
}

/// Returns the schema of the body of a success, or `None` if it has no body.
pub fn success_schema<'a>(document: &'a Document, operation: &Operation<'a>) -> Option<&'a Node> {
    let mut responses = operation.node.get("responses")?.entries();
    let (_, success) = responses.find(|(status, _)| status.name.starts_with('2'))?;
    let media_type = document
        .follow(success)?
        .get("content")?
        .get("application/json")?;
    document.follow(media_type.get("schema")?)
}

/// Generates the maximum lengths of lists.
fn limits(document: &Document) -> Result<TokenStream, Diagnostic> {
    let mut limits = Vec::new();
    let mut named: HashMap<String, (&Key, &Key)> = HashMap::new();
    let schemas = document.resolve("#/components/schemas");
    for (schema, node) in schemas.into_iter().flat_map(Node::entries) {
        let properties = node.get("properties");
        for (property, node) in properties.into_iter().flat_map(Node::entries) {
            if let Some(maximum) = maximum_items(node) {
                let name = names::constant(&schema.name, &property.name);
                if let Some((other, list)) = named.insert(name.clone(), (schema, property)) {
                    return Err(property.position.error(format!(
                        "the limits of `{}` in `{}` (line {}) and of `{}` in `{}` both become \
                         `limits::{name}` in the client. Rename one.",
                        list.name, other.name, list.position.line, property.name, schema.name
                    )));
                }
                let name = Ident::new(&name, Span::call_site());
                let documentation = format!(
                    "Maximum length of `{}` in `{}`.",
                    property.name, schema.name
                );
                limits.push(quote! {
                    #[doc = #documentation]
                    pub const #name: usize = #maximum;
                });
            }
        }
    }
    Ok(quote! {
        /// Maximum lengths of lists. The generated methods reject longer ones.
        pub mod limits { #(#limits)* }
    })
}

fn maximum_items(list: &Node) -> Option<usize> {
    let maximum = list.get("maxItems")?.to_value().as_u64()?;
    usize::try_from(maximum).ok()
}

/// Generates the version as a constant, so that other code can use it while it is compiled.
fn version(document: &Document) -> TokenStream {
    let version = document.resolve("#/info/version").and_then(Node::text);
    let version = version.unwrap_or_default();
    quote! {
        /// The version of the contract.
        pub const OPENAPI_VERSION: &str = #version;
    }
}

/// Generates the function that converts the value of a setter.
fn convert() -> TokenStream {
    quote! {
        /// Converts the value of a setter. The error begins with the name of the setter.
        #[allow(dead_code)]
        fn convert<V, T>(value: V, name: &str) -> ::std::result::Result<T, ::std::string::String>
        where
            V: ::std::convert::TryInto<T>,
            V::Error: ::std::fmt::Display,
        {
            value.try_into().map_err(|error| format!("{name}: {error}"))
        }
    }
}
