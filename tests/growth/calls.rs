//! Generates a table of the calls of a client from its contract, so that a test can make each call
//! with values as JSON. Nobody keeps a list of the operations by hand.

use std::collections::HashMap;
use std::fmt::Write as _;

use quote::ToTokens as _;
use syn::{
    FnArg, ImplItem, ImplItemFn, Item, ItemImpl, ReturnType, Type, TypeParamBound, WherePredicate,
    parse_quote,
};

use crate::codegen::document::{Document, method_name, operations};
use crate::codegen::names::argument;
use crate::codegen::patch::syntax::{last_name, last_parameter};
use crate::codegen::yaml::Node;

/// Returns the functions `send` and `read` of a client.
pub fn table(document: &Document, client: &str) -> syn::Result<String> {
    let client = syn::parse_file(client)?.items;
    let methods = functions(&client, "Client");
    let builders = client.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_ref(),
        _ => None,
    });
    let builders = builders.map_or(&[][..], |(_, items)| items);
    let (mut send, mut read) = (String::new(), String::new());
    for operation in operations(document) {
        let id = operation.id();
        let name = method_name(id);
        let Some(method) = methods.iter().find(|(it, _)| method_name(it) == name) else {
            continue;
        };
        let builder = result(method.1)
            .map(|ty| last_name(&ty))
            .unwrap_or_default();
        let setters = functions(builders, &builder);
        let owners = [operation.item, operation.node]
            .into_iter()
            .filter_map(|it| it.get("parameters"));
        let entries = owners
            .flat_map(Node::items)
            .filter_map(|it| document.follow(it));
        let text = |entry: &Node, key| {
            entry
                .get(key)
                .and_then(Node::text)
                .unwrap_or_default()
                .to_owned()
        };
        let mut values: Vec<_> = entries
            .map(|it| {
                (
                    format!("{} {}", text(it, "in"), text(it, "name")),
                    argument(&text(it, "name")),
                )
            })
            .collect();
        if operation.node.get("requestBody").is_some() {
            values.push(("body".to_owned(), "body".to_owned()));
        }
        let mut calls = String::new();
        for (name, setter) in values {
            let set = setters.get(&setter).and_then(|it| taken(it));
            let ty = set.unwrap_or_default();
            // Writing to a `String` cannot fail.
            let _ = writeln!(
                calls,
                "if let Some(value) = values.read::<{ty}>({name:?})? {{ call = call.{setter}(value); }}"
            );
        }
        let _ = writeln!(
            send,
            "{id:?} => {{ let mut call = client.{}(); {calls} crate::values::request(call.send()) }}",
            method.0
        );
        let success = setters.get("send").and_then(|send| result(send));
        let success = success
            .as_ref()
            .and_then(last_parameter)
            .and_then(last_parameter);
        if let Some(success) = success.filter(|ty| !matches!(ty, Type::Tuple(_))) {
            let success = success.to_token_stream();
            let _ = writeln!(
                read,
                "{id:?} => crate::values::read_again::<{success}>(&super::RESPONSES, operation, body),"
            );
        }
    }
    Ok(format!(
        "use super::types;
        pub(crate) fn send(client: &super::Client, operation: &str, values: &crate::values::Values) -> Result<String, String> {{
            let _ = values;
            match operation {{ {send} _ => Err(\"no operation\".to_owned()) }}
        }}
        pub(crate) fn read(operation: &str, body: &str) -> Result<String, String> {{
            let _ = body;
            match operation {{ {read} _ => Err(\"no body\".to_owned()) }}
        }}"
    ))
}

/// Returns the functions of the inherent implementations of a type, by name.
fn functions<'a>(items: &'a [Item], name: &str) -> HashMap<String, &'a ImplItemFn> {
    let is_inherent = |item: &&ItemImpl| item.trait_.is_none() && last_name(&item.self_ty) == name;
    let implementations = items.iter().filter_map(|item| match item {
        Item::Impl(item) => Some(item),
        _ => None,
    });
    let items = implementations
        .filter(is_inherent)
        .flat_map(|item| &item.items);
    let functions = items.filter_map(|item| match item {
        ImplItem::Fn(function) => Some((function.sig.ident.to_string(), function)),
        _ => None,
    });
    functions.collect()
}

/// Returns the type that the argument of a setter is converted to.
fn taken(setter: &ImplItemFn) -> Option<String> {
    let Some(FnArg::Typed(_)) = setter.sig.inputs.last() else {
        return None;
    };
    let clause = setter.sig.generics.where_clause.as_ref()?;
    let Some(WherePredicate::Type(value)) = clause.predicates.first() else {
        return None;
    };
    match value.bounds.first()? {
        TypeParamBound::Trait(bound) => {
            let path = &bound.path;
            let taken = last_parameter(&parse_quote! { #path })?.to_token_stream();
            Some(taken.to_string())
        }
        _ => None,
    }
}

fn result(function: &ImplItemFn) -> Option<Type> {
    match &function.sig.output {
        ReturnType::Type(_, ty) => Some((**ty).clone()),
        ReturnType::Default => None,
    }
}
