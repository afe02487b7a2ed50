//! Generates a table of the calls of a client, so that a test can make each with values as JSON:
//! whatever operations the contract has, no list of them is kept by hand.

use std::collections::HashMap;
use std::fmt::Write as _;

use quote::ToTokens as _;
use syn::{
    FnArg, GenericArgument, ImplItem, ImplItemFn, Item, ItemImpl, PathArguments, ReturnType, Type,
    TypeParamBound, WherePredicate,
};

use crate::codegen::names::argument;
use crate::codegen::yaml::Node;

/// Returns the functions `send` and `read` of a client.
pub fn table(contract: &Node, client: &str) -> syn::Result<String> {
    let client = syn::parse_file(client)?.items;
    let methods = functions(&client, "Client");
    let builders = client.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_ref(),
        _ => None,
    });
    let builders = builders.map_or(&[][..], |(_, items)| items);
    let (mut send, mut read) = (String::new(), String::new());
    for (id, item, operation) in operations(contract) {
        let name = method_name(id);
        let Some(method) = methods.iter().find(|(it, _)| method_name(it) == name) else {
            continue;
        };
        let builder = result(method.1)
            .map(|ty| last_name(&ty))
            .unwrap_or_default();
        let setters = functions(builders, &builder);
        let owners = [item, operation]
            .into_iter()
            .filter_map(|it| it.get("parameters"));
        let entries = owners
            .flat_map(Node::items)
            .filter_map(|it| follow(contract, it));
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
        if operation.get("requestBody").is_some() {
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
        let success = setters
            .get("send")
            .and_then(|send| result(send))
            .and_then(|ty| inner(&ty))
            .and_then(|ty| inner(&ty));
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

/// Returns the id, the path item and the node of each operation.
fn operations(contract: &Node) -> Vec<(&str, &Node, &Node)> {
    let items = contract.get("paths").into_iter().flat_map(Node::entries);
    let operations = items.flat_map(|(_, item)| item.entries().map(move |(_, node)| (item, node)));
    operations
        .filter_map(|(item, node)| Some((node.get("operationId")?.text()?, item, node)))
        .collect()
}

fn follow<'a>(contract: &'a Node, node: &'a Node) -> Option<&'a Node> {
    let Some(reference) = node.get("$ref").and_then(Node::text) else {
        return Some(node);
    };
    let mut keys = reference.strip_prefix("#/")?.split('/');
    keys.try_fold(contract, |node, key| node.get(key))
}

fn method_name(name: &str) -> String {
    name.replace('_', "").to_lowercase()
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
            argument_of(&bound.path).map(|ty| ty.to_token_stream().to_string())
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

/// Returns `T` of `Type<T>`.
fn inner(ty: &Type) -> Option<Type> {
    match ty {
        Type::Path(path) => argument_of(&path.path).cloned(),
        _ => None,
    }
}

fn argument_of(path: &syn::Path) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn last_name(ty: &Type) -> String {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|it| it.ident.to_string()),
        _ => None,
    }
    .unwrap_or_default()
}
