//! Finds items of the generated client that have the same name, and leads back to the names in the
//! contract that they come from.
//!
//! The rules predict most collisions. This finds the others, such as a schema that is named like
//! the type of another schema's property, before the compiler does.

use std::collections::{HashMap, HashSet};

use syn::{Fields, File, ImplItem, Item, ItemImpl, Type};

use super::diagnostic::Diagnostic;
use super::document::Document;
use super::rules::types::origins;

/// Returns the error of the first repeated item.
pub fn check(document: &Document, client: &File) -> Result<(), Diagnostic> {
    let mut repeated = Vec::new();
    collect(&client.items, &mut repeated);
    let Some(name) = repeated.first() else {
        return Ok(());
    };
    let origins = origins(document);
    let origins = origins.get(name).map_or(&[][..], Vec::as_slice);
    Err(match origins {
        [first, .., last] => last.position.error(format!(
            "{} and {} (line {}) both become `{name}` in the client. Rename one.",
            last.what, first.what, first.position.line
        )),
        [only] => only.position.error(format!(
            "{} becomes `{name}` in the client, which is already the name of something else. \
             Rename it.",
            only.what
        )),
        [] => document.root.position.error(format!(
            "the generated client has two items `{name}`. Rename what becomes one of them."
        )),
    })
}

/// Collects the names that a module, a type or an implementation has twice.
fn collect(items: &[Item], repeated: &mut Vec<String>) {
    let mut types = Names::default();
    let mut values = Names::default();
    let mut methods: HashMap<String, Names> = HashMap::new();
    for item in items {
        match item {
            Item::Mod(item) => {
                types.add(&item.ident, repeated);
                if let Some((_, items)) = &item.content {
                    collect(items, repeated);
                }
            }
            Item::Struct(item) => {
                types.add(&item.ident, repeated);
                collect_fields(&item.ident.to_string(), &item.fields, repeated);
            }
            Item::Enum(item) => {
                types.add(&item.ident, repeated);
                let mut variants = Names::default();
                for variant in &item.variants {
                    if variants.repeats(&variant.ident) {
                        repeated.push(item.ident.to_string());
                    }
                }
            }
            Item::Type(item) => types.add(&item.ident, repeated),
            Item::Fn(item) => values.add(&item.sig.ident, repeated),
            Item::Const(item) if item.ident != "_" => values.add(&item.ident, repeated),
            Item::Impl(item) if item.trait_.is_none() => {
                collect_methods(item, &mut methods, repeated);
            }
            _ => {}
        }
    }
}

fn collect_fields(owner: &str, fields: &Fields, repeated: &mut Vec<String>) {
    let mut names = Names::default();
    for field in fields {
        if let Some(name) = &field.ident
            && names.repeats(name)
        {
            repeated.push(owner.to_owned());
        }
    }
}

fn collect_methods(
    item: &ItemImpl,
    methods: &mut HashMap<String, Names>,
    repeated: &mut Vec<String>,
) {
    let Type::Path(owner) = item.self_ty.as_ref() else {
        return;
    };
    let Some(owner) = owner.path.segments.last() else {
        return;
    };
    let names = methods.entry(owner.ident.to_string()).or_default();
    for item in &item.items {
        if let ImplItem::Fn(function) = item
            && names.repeats(&function.sig.ident)
        {
            repeated.push(owner.ident.to_string());
        }
    }
}

#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    fn repeats(&mut self, name: &proc_macro2::Ident) -> bool {
        !self.0.insert(name.to_string())
    }

    fn add(&mut self, name: &proc_macro2::Ident, repeated: &mut Vec<String>) {
        if self.repeats(name) {
            repeated.push(name.to_string());
        }
    }
}
