//! Removes the builders of types that are only in responses.
//!
//! Only tests of callers make such a value. Where all its properties are optional, `Default` and
//! the fields, which are public, make it as well, and a builder is a third of the code of a type.

use std::collections::{HashMap, HashSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, File, Item};

use super::syntax::{implements, last_name, module};

/// Removes the builder of each type that no request contains and that has a `Default`.
pub fn remove_builders(client: &mut File) {
    let mut requested = HashSet::new();
    for item in module(client, "builder").into_iter().flatten() {
        if let Item::Struct(arguments) = item {
            names(arguments.fields.to_token_stream(), &mut requested);
        }
    }
    let Some(types) = module(client, "types") else {
        return;
    };
    let requested = with_parts(requested, types);
    let mut removed = HashSet::new();
    for item in types.iter() {
        match item {
            Item::Struct(item) if item.attrs.iter().any(derives_default) => {
                removed.insert(item.ident.to_string());
            }
            Item::Impl(item) if implements(item, "Default") => {
                removed.insert(last_name(&item.self_ty));
            }
            _ => {}
        }
    }
    removed.retain(|name| !requested.contains(name));

    // `impl Lamp { pub fn builder() -> builder::Lamp { … } }`
    types.retain(|item| match item {
        Item::Impl(item) => item.trait_.is_some() || !removed.contains(&last_name(&item.self_ty)),
        _ => true,
    });
    for item in types {
        if let Item::Mod(module) = item
            && module.ident == "builder"
            && let Some((_, items)) = &mut module.content
        {
            items.retain(|item| match item {
                Item::Struct(item) => !removed.contains(&item.ident.to_string()),
                Item::Impl(item) => !removed.contains(&last_name(&item.self_ty)),
                _ => true,
            });
        }
    }
}

/// Adds the types that types consist of.
fn with_parts(mut unseen: HashSet<String>, types: &[Item]) -> HashSet<String> {
    let mut parts = HashMap::new();
    for item in types {
        let (name, content) = match item {
            Item::Struct(item) => (&item.ident, item.fields.to_token_stream()),
            Item::Enum(item) => (&item.ident, item.variants.to_token_stream()),
            _ => continue,
        };
        parts.insert(name.to_string(), content);
    }
    let mut seen = HashSet::new();
    while !unseen.is_empty() {
        let mut next = HashSet::new();
        for name in unseen {
            if let Some(content) = parts.remove(&name) {
                names(content, &mut next);
                seen.insert(name);
            }
        }
        unseen = next;
    }
    seen
}

fn names(tokens: TokenStream, found: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => {
                found.insert(name.to_string());
            }
            TokenTree::Group(group) => names(group.stream(), found),
            _ => {}
        }
    }
}

fn derives_default(attribute: &Attribute) -> bool {
    let mut derived = HashSet::new();
    if attribute.path().is_ident("derive") {
        names(attribute.meta.to_token_stream(), &mut derived);
    }
    derived.contains("Default")
}
