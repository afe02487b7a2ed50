//! Divides the generated items into those of each type and each operation, and prints them.

use std::collections::{BTreeMap, HashSet};
use std::mem;

use syn::{File, GenericArgument, ImplItem, Item, ItemImpl, ItemMod, PathArguments, Type};

use super::client::Block;
use super::patch::Written;
use super::patch::syntax::last_name;
use super::print::{print, print_inner};

/// Prints the client of a contract or of a share of it. `places` are those of its operations.
pub fn blocks(client: File, mut written: Written, places: &[String]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut common = Vec::new();
    for item in client.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                blocks.push(Block::common(&mem::take(&mut common)));
                divide_types(module, &mut written, &mut blocks);
            }
            Item::Mod(module) if module.ident == "builder" => {
                blocks.push(Block::common(&mem::take(&mut common)));
                blocks.push(divide_builders(module, places));
            }
            Item::Impl(mut item) if item.trait_.is_none() => {
                blocks.push(Block::common(&mem::take(&mut common)));
                let methods = mem::take(&mut item.items);
                let mut block = Block::start(Item::Impl(item));
                for (index, method) in methods.iter().enumerate() {
                    let name = match method {
                        ImplItem::Fn(method) => method.sig.ident.to_string(),
                        _ => String::new(),
                    };
                    block.add(place(places, index), name, print_inner(method));
                }
                blocks.push(block);
            }
            _ => common.push(item),
        }
    }
    blocks.push(Block::common(&common));
    blocks
}

fn divide_types(mut module: ItemMod, written: &mut Written, blocks: &mut Vec<Block>) {
    let items = content(&mut module);
    let types: HashSet<_> = items.iter().filter_map(declared).collect();
    let mut common = Vec::new();
    let mut defaults = Block::default();
    let mut builders = Block::default();
    let mut parts: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    for item in items {
        if let Some(name) = owner(&item, &types) {
            parts.entry(name).or_default().push(item);
            continue;
        }
        match item {
            Item::Mod(mut module) if module.ident == "defaults" => {
                let functions = content(&mut module);
                defaults = Block::start(Item::Mod(module));
                for function in functions {
                    if let Item::Fn(item) = &function {
                        let name = item.sig.ident.to_string();
                        // What types share is before what belongs to one.
                        let is_shared = !item.sig.generics.params.is_empty();
                        let place = format!("{}{name}", if is_shared { " " } else { "" });
                        defaults.add(place, name, print_inner(&function));
                    }
                }
            }
            Item::Mod(module) if module.ident == "builder" => {
                builders = Block::start(Item::Mod(module));
            }
            _ => common.push(item),
        }
    }
    let mut limits = Block::default();
    for (name, text) in mem::take(&mut written.limits) {
        LIMITS.clone_into(&mut limits.start);
        limits.end = "}\n";
        limits.add(name.clone(), name, text);
    }
    let mut declarations = Block {
        files: Some("types-"),
        ..Block::default()
    };
    for (name, items) in parts {
        let mut text = print(&items);
        text += &written.types.remove(&name).unwrap_or_default();
        declarations.add(name.clone(), name, text);
    }
    builders.files = Some("types-builder-");
    for (name, text) in mem::take(&mut written.builders) {
        builders.add(name.clone(), name, text);
    }
    let mut start = Block::start(Item::Mod(module));
    let end = Block {
        end: mem::take(&mut start.end),
        ..Block::default()
    };
    let common = Block::common(&common);
    blocks.extend([start, defaults, common, limits, declarations, builders, end]);
}

/// Divides the builders of the operations.
fn divide_builders(mut module: ItemMod, places: &[String]) -> Block {
    let items = content(&mut module);
    let types: HashSet<_> = items.iter().filter_map(declared).collect();
    let mut common = Vec::new();
    let mut builders: Vec<(String, Vec<Item>)> = Vec::new();
    for item in items {
        match owner(&item, &types) {
            Some(name) => match builders.last_mut() {
                Some((last, items)) if *last == name => items.push(item),
                _ => builders.push((name, vec![item])),
            },
            None => common.push(item),
        }
    }
    let mut block = Block::start(Item::Mod(module));
    block.start += &print(&common);
    block.files = Some("builder-");
    for (index, (name, items)) in builders.into_iter().enumerate() {
        block.add(place(places, index), name, print(&items));
    }
    block
}

/// Returns the place of what belongs to an operation. Anything else is behind them.
fn place(places: &[String], index: usize) -> String {
    let place = places.get(index).cloned();
    place.unwrap_or_else(|| format!("~{index}"))
}

/// The start of the module of the limits of texts.
const LIMITS: &str = "\
#[doc = r\" The limits of the text types.\"]
pub mod texts {
";

/// Takes the items of a module.
fn content(module: &mut ItemMod) -> Vec<Item> {
    match &mut module.content {
        Some((_, items)) => mem::take(items),
        None => Vec::new(),
    }
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
