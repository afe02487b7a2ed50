//! Generates the client with progenitor, and adds what only the contract knows: operations, limits and version.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use heck::ToShoutySnakeCase;
use openapiv3::OpenAPI;
use proc_macro2::{Ident, Span, TokenStream};
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::quote;

use super::diagnostic::Diagnostic;
use super::document::{Document, operations};
use super::normalize::normalize;
use super::patch;
use super::yaml::Node;

pub fn generate(document: &Document, contract: OpenAPI) -> Result<String, Diagnostic> {
    let tokens = client(&contract).map_err(|error| {
        let fine = |value| {
            serde_json::from_value(value).is_ok_and(|rest| client(&normalize(rest)).is_ok())
        };
        document.bisect_failure(fine).error(format!(
            "progenitor cannot generate code for this: {error}. Rewrite this part of the contract."
        ))
    })?;
    let client = syn::parse2(tokens).map_err(|error| {
        let position = document.root.position;
        position.error(format!("progenitor generated invalid Rust: {error}."))
    })?;
    let client = patch::patch(document, client)?;
    let (table, limits, version) = (table(document), limits(document), version(document));
    let file = syn::parse_quote! { #client #table #limits #version };
    Ok(prettyplease::unparse(&file))
}

pub(super) fn client(contract: &OpenAPI) -> Result<TokenStream, String> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote! { crate::Inner })
        // In Rust one type serves bodies and paths: the desktops of a batch are also read by path.
        .with_replacement(
            "BatchDesktopId",
            "crate::types::DesktopId",
            [TypeImpl::FromStr, TypeImpl::Display].into_iter(),
        );
    // progenitor panics on unsupported input. The panic hook is global, so a lock guards the change.
    static HOOK: Mutex<()> = Mutex::new(());
    let _changing = HOOK.lock().unwrap_or_else(PoisonError::into_inner);
    let silent = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(contract)
    }));
    std::panic::set_hook(silent);
    match result {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(panic) => Err(match panic.downcast_ref::<String>() {
            Some(message) => message.lines().next().unwrap_or_default().to_owned(),
            None => panic
                .downcast_ref::<&str>()
                .unwrap_or(&"a panic")
                .to_string(),
        }),
    }
}

/// The operations as data, for what the generated methods do not know: methods, paths and IAM actions.
fn table(document: &Document) -> TokenStream {
    let mut operations: Vec<_> = operations(document).collect();
    operations.sort_by_key(|operation| operation.id());
    let rows = operations.iter().map(|operation| {
        let (id, method, path) = (operation.id(), operation.method.to_uppercase(), operation.path);
        let iam_action = match operation.node.get("x-huaweicloud-iam-action").and_then(Node::text) {
            Some(action) => quote! { Some(#action) },
            None => quote! { None },
        };
        let answer = answer(document, operation.node);
        quote! {
            crate::Operation { id: #id, method: #method, path: #path, iam_action: #iam_action, response_body: crate::ResponseBody::#answer }
        }
    });
    quote! {
        /// The operations of the contract, in the order of their ids.
        pub const OPERATIONS: &[crate::Operation] = &[#(#rows),*];
    }
}

/// What the body of a success is: the client refuses anything else as not being the service's answer.
fn answer(document: &Document, operation: &Node) -> Ident {
    let responses = operation
        .get("responses")
        .into_iter()
        .flat_map(Node::entries);
    let success = responses
        .filter(|(status, _)| status.name.starts_with('2'))
        .find_map(|(_, node)| document.follow(node));
    let media_type = success.and_then(|node| node.get("content")?.get("application/json"));
    let schema = media_type.and_then(|node| document.follow(node.get("schema")?));
    let answer = match schema {
        None => "Empty",
        Some(schema) if schema.get("type").and_then(Node::text) == Some("object") => "Object",
        Some(_) => "Json",
    };
    Ident::new(answer, Span::call_site())
}

/// The version, which other code may need while it is compiled.
fn version(document: &Document) -> TokenStream {
    let info = document.root.get("info");
    let version = info
        .and_then(|info| info.get("version")?.text())
        .unwrap_or_default();
    quote! {
        /// The version of the contract.
        pub const OPENAPI_VERSION: &str = #version;
    }
}

/// The longest lists, which the generated types do not enforce.
fn limits(document: &Document) -> TokenStream {
    let schemas = document
        .resolve("#/components/schemas")
        .into_iter()
        .flat_map(Node::entries);
    let limits = schemas.flat_map(|(schema, node)| {
        let properties = node.get("properties").into_iter().flat_map(Node::entries);
        properties.filter_map(move |(property, node)| {
            let most = node.get("maxItems")?.to_value().as_u64()? as usize;
            let name = format!("{}_{}", schema.name, property.name).to_shouty_snake_case();
            let name = Ident::new(&name, Span::call_site());
            let documentation = format!(
                "The most items of `{}` in `{}`.",
                property.name, schema.name
            );
            Some(quote! { #[doc = #documentation] pub const #name: usize = #most; })
        })
    });
    quote! {
        /// The longest lists that the contract allows.
        pub mod limits { #(#limits)* }
    }
}
