//! Changes the builders of the operations.

use std::collections::HashMap;

use heck::ToPascalCase as _;
use proc_macro2::Ident;
use quote::quote;
use syn::{Expr, ImplItemFn, Item, ItemImpl, ItemStruct, Stmt, parse_quote};

use super::types::Types;
use crate::codegen::document::{Document, Operation, operations};
use crate::codegen::names::argument;
use crate::codegen::patch::rename::rename_builders;
use crate::codegen::patch::syntax::{functions, last_name, parameter};
use crate::codegen::yaml::Node;

/// Changes the builders: names, documentation, and text in a path without a copy.
pub fn refine(document: &Document, types: &Types, items: &mut [Item]) {
    let operations: HashMap<_, _> = operations(document)
        .map(|operation| (operation.id().to_pascal_case(), operation))
        .collect();
    for item in items.iter_mut() {
        rename_builders(item);
        match item {
            Item::Struct(item) => item.attrs.push(parse_quote! {
                #[must_use = "nothing is sent before `send`"]
            }),
            Item::Impl(item) if item.trait_.is_none() => {
                document_methods(document, &operations, item);
            }
            _ => {}
        }
    }
    let mut texts = HashMap::new();
    for item in items.iter() {
        if let Item::Struct(item) = item {
            texts.insert(item.ident.to_string(), text_fields(types, item));
        }
    }
    for item in items.iter_mut() {
        if let Item::Impl(item) = item
            && item.trait_.is_none()
            && let Some(texts) = texts.get(&last_name(&item.self_ty))
        {
            for send in functions(item).filter(|function| function.sig.ident == "send") {
                borrow_texts(send, texts);
            }
        }
    }
}

/// Returns the names of the parameters that are text.
fn text_fields(types: &Types, builder: &ItemStruct) -> Vec<Ident> {
    let mut names = Vec::new();
    for field in &builder.fields {
        if let (Some(name), Some(ty)) = (&field.ident, parameter(&field.ty, "Result")) {
            let ty = last_name(ty);
            if ty == "String" || types.texts.contains(&ty) {
                names.push(name.clone());
            }
        }
    }
    names
}

/// Documents the methods of an operation's builder.
fn document_methods(
    document: &Document,
    operations: &HashMap<String, Operation>,
    item: &mut ItemImpl,
) {
    let name = last_name(&item.self_ty);
    let operation = operations.get(&name);
    for function in functions(item) {
        let method = function.sig.ident.to_string();
        match method.as_str() {
            // The client's method makes it.
            "new" => function.vis = parse_quote! { pub(super) },
            "send" => {}
            "body_map" => function.attrs.push(parse_quote! {
                /// Changes the body.
            }),
            _ => {
                let description =
                    operation.and_then(|operation| description(document, operation, &method));
                if let Some(description) = description {
                    function.attrs.push(parse_quote! { #[doc = #description] });
                }
            }
        }
    }
}

/// Puts text into the path of a request without a copy.
fn borrow_texts(send: &mut ImplItemFn, names: &[Ident]) {
    for statement in &mut send.block.stmts {
        if let Stmt::Local(local) = statement
            && let Some(init) = &mut local.init
            && let Expr::Macro(url) = init.expr.as_mut()
        {
            let mut tokens = url.mac.tokens.to_string();
            for name in names {
                let copied = quote! { &#name.to_string() }.to_string();
                tokens = tokens.replace(&copied, &quote! { #name.as_str() }.to_string());
            }
            if let Ok(tokens) = tokens.parse() {
                url.mac.tokens = tokens;
            }
        }
    }
}

/// Returns the description of a parameter or of the body.
fn description(document: &Document, operation: &Operation, method: &str) -> Option<String> {
    if method == "body" {
        let body = document.follow(operation.node.get("requestBody")?)?;
        return body.get("description")?.text().map(str::to_owned);
    }
    let parameters = [operation.item, operation.node].map(|node| node.get("parameters"));
    let mut parameters = parameters.into_iter().flatten().flat_map(Node::items);
    parameters.find_map(|parameter| {
        let parameter = document.follow(parameter)?;
        let name = parameter.get("name")?.text()?;
        let is_named = argument(name) == method;
        let description = parameter.get("description")?.text()?;
        is_named.then(|| description.to_owned())
    })
}
