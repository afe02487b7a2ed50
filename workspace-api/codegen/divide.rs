//! Divides the client into a part for each type and each operation.
//!
//! After an edit of the contract, the compiler rechecks every item whose line number changed. In
//! one file, these are all items below the edit; with a file for each part, only those of the parts
//! that the edit changed.

use std::collections::{HashMap, HashSet};
use std::mem;

use syn::{File, GenericArgument, Item, ItemImpl, ItemMod, PathArguments, Type};

use super::patch::Written;
use super::patch::syntax::last_name;
use super::print::print;

/// Maximum number of characters of the type in the name of a file.
const MAX_NAME: usize = 100;

/// The client as printed Rust.
pub struct Client {
    sections: Vec<Section>,
}

enum Section {
    /// Items that belong to no part, and the start or end of a module.
    Common(String),
    /// The name of a file, and its items.
    Part(String, String),
}

impl Client {
    /// Prints the client, with the code that was written.
    pub fn new(client: File, written: &Written) -> Self {
        let mut sections = Vec::new();
        let mut common = Vec::new();
        for item in client.items {
            match item {
                Item::Mod(module) if is_divided(&module) => {
                    flush(&mut common, &mut sections);
                    divide(module, "", written, &mut sections);
                }
                _ => common.push(item),
            }
        }
        flush(&mut common, &mut sections);
        Self { sections }
    }

    /// Returns the client as one file.
    pub fn text(&self) -> String {
        let texts = self.sections.iter().map(|section| match section {
            Section::Common(text) | Section::Part(_, text) => text.as_str(),
        });
        texts.collect()
    }
}

// Tests and benchmarks compile the generator, but only need the client as one file.
#[allow(dead_code)]
impl Client {
    /// Returns the client as a file that includes its parts.
    pub fn main(&self) -> String {
        let texts = self.sections.iter().map(|section| match section {
            Section::Common(text) => text.clone(),
            Section::Part(file, _) => format!("include!({file:?});\n"),
        });
        texts.collect()
    }

    /// Returns the parts: the names of their files, and their texts.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sections.iter().filter_map(|section| match section {
            Section::Common(_) => None,
            Section::Part(file, text) => Some((file.as_str(), text.as_str())),
        })
    }
}

/// Whether this is a module of types, of their builders or of the builders of operations.
fn is_divided(module: &ItemMod) -> bool {
    (module.ident == "types" || module.ident == "builder") && module.content.is_some()
}

/// Divides a module. `outer` is the prefix of the names of its files.
fn divide(mut module: ItemMod, outer: &str, written: &Written, sections: &mut Vec<Section>) {
    let items = match &mut module.content {
        Some((_, items)) => mem::take(items),
        None => Vec::new(),
    };
    let prefix = format!("{outer}{}-", module.ident);
    let empty = print(&[Item::Mod(module)]);
    let start = empty.trim_end().trim_end_matches('}');
    sections.push(Section::Common(format!("{start}\n")));

    let types: HashSet<_> = items.iter().filter_map(declared).collect();
    let mut common = Vec::new();
    let mut modules = Vec::new();
    let mut parts = Parts::<Vec<Item>>::default();
    for item in items {
        if let Some(name) = owner(&item, &types) {
            parts.of(&name).push(item);
            continue;
        }
        match item {
            Item::Mod(module) if is_divided(&module) => modules.push(module),
            _ => common.push(item),
        }
    }
    flush(&mut common, sections);
    for (name, items) in parts.take() {
        let mut text = print(&items);
        // An operation may have the name of a type.
        if prefix == "types-" {
            let written = items.iter().filter_map(|item| {
                let name = declared(item)?;
                written.types.get(&name)
            });
            text.extend(written.cloned());
        }
        sections.push(part(&prefix, &name, text));
    }
    if prefix == "types-builder-" {
        let mut parts = Parts::<String>::default();
        for (name, code) in &written.builders {
            parts.of(name).push_str(code);
        }
        for (name, text) in parts.take() {
            sections.push(part(&prefix, &name, text));
        }
    }
    for module in modules {
        divide(module, &prefix, written, sections);
    }
    sections.push(Section::Common("}\n".to_owned()));
}

fn part(prefix: &str, name: &str, text: String) -> Section {
    Section::Part(format!("parts/{prefix}{name}.rs"), text)
}

/// What belongs to the file of each type, in the order of the types.
#[derive(Default)]
struct Parts<T> {
    names: Vec<String>,
    parts: HashMap<String, T>,
}

impl<T: Default> Parts<T> {
    /// Returns the part of a type. Some file systems do not distinguish the case of names, and all
    /// limit their length, so types may share one.
    fn of(&mut self, ty: &str) -> &mut T {
        let name: String = ty.to_lowercase().chars().take(MAX_NAME).collect();
        let Self { names, parts } = self;
        parts.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            T::default()
        })
    }

    /// Takes the parts, with the names of their files.
    fn take(mut self) -> impl Iterator<Item = (String, T)> {
        let names = self.names.into_iter();
        names.filter_map(move |name| self.parts.remove_entry(&name))
    }
}

/// Adds the items that belong to no part.
fn flush(items: &mut Vec<Item>, sections: &mut Vec<Section>) {
    sections.push(Section::Common(print(&mem::take(items))));
}

/// Returns the name of the type that an item declares.
fn declared(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

/// Returns which of the types an item belongs to.
fn owner(item: &Item, types: &HashSet<String>) -> Option<String> {
    match item {
        Item::Impl(item) => named(item).into_iter().find(|name| types.contains(name)),
        _ => declared(item),
    }
}

/// Returns the name of the type that an `impl` is for, and those of the parameters of the trait, as
/// in `impl From<DesktopId> for String`.
fn named(item: &ItemImpl) -> Vec<String> {
    let mut names = vec![name(&item.self_ty)];
    let last = item
        .trait_
        .as_ref()
        .and_then(|(path, _)| path.segments.last());
    if let Some(last) = last
        && let PathArguments::AngleBracketed(arguments) = &last.arguments
    {
        for argument in &arguments.args {
            if let GenericArgument::Type(ty) = argument {
                names.push(name(ty));
            }
        }
    }
    names
}

fn name(ty: &Type) -> String {
    match ty {
        Type::Reference(reference) => name(&reference.elem),
        _ => last_name(ty),
    }
}
