//! The types that are only in responses need no builders.
//!
//! Only tests of callers make such a value. Where all its properties are optional, `Default` and
//! the fields, which are public, make it as well, and a builder is a third of the code of a type.

use std::collections::{HashMap, HashSet};

use syn::{Attribute, Fields, File, GenericArgument, Item, PathArguments, Type};

use super::syntax::{implements, last_name, module};

/// Returns the types that no request contains and that have a `Default`.
pub fn without_builders(client: &mut File) -> HashSet<String> {
    let mut requested = HashSet::new();
    for item in module(client, "builder").into_iter().flatten() {
        if let Item::Struct(arguments) = item {
            field_names(&arguments.fields, &mut requested);
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
fn with_parts(requested: HashSet<String>, types: &[Item]) -> HashSet<String> {
    let mut items = HashMap::new();
    for item in types {
        match item {
            Item::Struct(declared) => items.insert(declared.ident.to_string(), item),
            Item::Enum(declared) => items.insert(declared.ident.to_string(), item),
            _ => None,
        };
    }
    let mut seen = HashSet::new();
    let mut unseen: Vec<_> = requested.into_iter().collect();
    while let Some(name) = unseen.pop() {
        let Some(item) = items.remove(&name) else {
            continue;
        };
        let mut found = HashSet::new();
        match item {
            Item::Struct(item) => field_names(&item.fields, &mut found),
            Item::Enum(item) => {
                for variant in &item.variants {
                    field_names(&variant.fields, &mut found);
                }
            }
            _ => {}
        }
        unseen.extend(found);
        seen.insert(name);
    }
    seen
}

/// Collects the names of the types that fields consist of.
fn field_names(fields: &Fields, found: &mut HashSet<String>) {
    for field in fields {
        names(&field.ty, found);
    }
}

/// Collects the names of the types that a type consists of.
fn names(ty: &Type, found: &mut HashSet<String>) {
    match ty {
        Type::Path(path) => {
            for segment in &path.path.segments {
                if let PathArguments::AngleBracketed(arguments) = &segment.arguments {
                    for argument in &arguments.args {
                        if let GenericArgument::Type(ty) = argument {
                            names(ty, found);
                        }
                    }
                }
            }
            // The others are modules.
            if let Some(last) = path.path.segments.last() {
                found.insert(last.ident.to_string());
            }
        }
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|ty| names(ty, found)),
        Type::Array(array) => names(&array.elem, found),
        Type::Reference(reference) => names(&reference.elem, found),
        _ => {}
    }
}

fn derives_default(attribute: &Attribute) -> bool {
    let mut is_default = false;
    if attribute.path().is_ident("derive") {
        // Other derives are skipped, and an error comes from the compiler.
        let _ = attribute.parse_nested_meta(|meta| {
            is_default |= meta.path.is_ident("Default");
            Ok(())
        });
    }
    is_default
}
