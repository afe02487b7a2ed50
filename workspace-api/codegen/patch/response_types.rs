//! The types that are only in responses need no builders.
//!
//! Only tests of callers make such a value. Where all its properties are optional, `Default` and
//! the fields, which are public, make it as well, and a builder is a third of the code of a type.

use std::collections::{HashMap, HashSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, File, Item};

use super::syntax::{implements, last_name, module};

/// Returns the types that no request contains and that have a `Default`.
pub fn without_builders(client: &mut File) -> HashSet<String> {
    let mut requested = HashSet::new();
    for item in module(client, "builder").into_iter().flatten() {
        if let Item::Struct(arguments) = item {
            names(arguments.fields.to_token_stream(), &mut requested);
        }
    }
    let mut without = HashSet::new();
    let Some(types) = module(client, "types") else {
        return without;
    };
    let requested = with_parts(requested, types);
    for item in types.iter() {
        match item {
            Item::Struct(item) if item.attrs.iter().any(derives_default) => {
                without.insert(item.ident.to_string());
            }
            Item::Impl(item) if implements(item, "Default") => {
                without.insert(last_name(&item.self_ty));
            }
            _ => {}
        }
    }
    without.retain(|name| !requested.contains(name));
    without
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
