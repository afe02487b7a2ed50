//! Generates shares of the contract at the same time.
//!
//! The types of `syn` stay in their thread, so each thread reads, generates, patches and prints a
//! share of the contract. Operations that refer to the same schema are in one share. The exception
//! is a schema whose code does not depend on who refers to it, such as an id: every share that needs
//! it generates it. A contract whose operations all refer to one another has one share.
//!
//! The client does not depend on the number of shares. If a share fails, or if two have a type of
//! the same name, the contract is generated as a whole, which finds the diagnostics.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::thread::{self, Builder};

use super::client::Block;
use super::diagnostic::Diagnostic;
use super::document::{Document, SCHEMAS};
use super::names::type_name;
use super::shared::ERROR_SCHEMA;
use super::yaml::{Data, Node};

const SCHEMAS_PATH: &str = "#/components/schemas";

/// Minimum number of paths of a share. With fewer, a thread takes longer than it saves.
const MIN_PATHS: usize = 5;

/// Bytes of the stack of a thread: those of a program, where others have a fourth.
const STACK: usize = 8 << 20;

/// The functions of defaults that do not belong to a type.
const DEFAULTS: [&str; 4] = [
    "default_bool",
    "default_i64",
    "default_nzu64",
    "default_u64",
];

/// Generates the contract in up to `count` shares, each with `generate`. Returns `None` if it must be
/// generated as a whole.
pub fn generate(
    document: &Document,
    count: usize,
    generate: impl Fn(&Document) -> Result<Vec<Block>, Vec<Diagnostic>> + Sync,
) -> Option<Vec<Block>> {
    let paths = document.root.get("paths")?.entries().count();
    let count = count.min(paths / MIN_PATHS);
    if count < 2 {
        return None;
    }
    let everywhere = everywhere(document);
    let mut shares = divide(document, &everywhere, count);
    let last = shares.pop()?;
    if shares.is_empty() {
        return None;
    }
    let generate = &generate;
    let generate = move |share: Share| generate(&share.document(document)).ok();
    let generated: Option<Vec<_>> = thread::scope(|scope| {
        let spawn = |share| {
            let thread = Builder::new().stack_size(STACK);
            thread.spawn_scoped(scope, move || generate(share)).ok()
        };
        let threads: Vec<_> = shares.into_iter().map(spawn).collect();
        let last = generate(last);
        let others = threads.into_iter().map(|thread| thread?.join().ok()?);
        // All of them, because each has to be joined.
        let generated: Vec<_> = others.chain([last]).collect();
        generated.into_iter().collect()
    });
    let types = everywhere.iter().map(|name| type_name(name));
    let common: HashSet<_> = types.chain(DEFAULTS.map(str::to_owned)).collect();
    let mut generated = generated?.into_iter();
    let mut blocks = generated.next()?;
    for others in generated {
        if blocks.len() != others.len() {
            return None;
        }
        let mut pairs = blocks.iter_mut().zip(others);
        if !pairs.all(|(block, other)| block.merge(other, &common)) {
            return None;
        }
    }
    Some(blocks)
}

/// The names of paths and schemas of the contract.
#[derive(Default)]
struct Share<'a> {
    paths: HashSet<&'a str>,
    schemas: HashSet<&'a str>,
    /// The number of nodes, without those of the schemas that are in other shares, too.
    size: usize,
}

impl Share<'_> {
    /// Returns the contract without the paths and schemas of other shares.
    fn document(&self, document: &Document) -> Document {
        Document::new(changed(&document.root, |key, node| match key {
            "paths" => only(node, &self.paths),
            "components" => changed(node, |key, node| match key {
                "schemas" => only(node, &self.schemas),
                _ => node.clone(),
            }),
            _ => node.clone(),
        }))
    }

    fn add(&mut self, other: Self) {
        self.paths.extend(other.paths);
        self.schemas.extend(other.schemas);
        self.size += other.size;
    }
}

fn changed(map: &Node, change: impl Fn(&str, &Node) -> Node) -> Node {
    let entries = map
        .entries()
        .map(|(key, node)| (key.clone(), change(&key.name, node)));
    Node {
        position: map.position,
        data: Data::Map(entries.collect()),
    }
}

fn only(map: &Node, names: &HashSet<&str>) -> Node {
    let entries = map
        .entries()
        .filter(|(key, _)| names.contains(key.name.as_str()));
    Node::map(map.position, entries)
}

/// Returns the schemas that may be in several shares: plain values, and the schema of errors if it
/// only refers to such.
fn everywhere(document: &Document) -> HashSet<&str> {
    let schemas = document.resolve(SCHEMAS_PATH).into_iter();
    let values = schemas.flat_map(Node::entries).filter(|(_, schema)| {
        let kind = schema.get("type").and_then(Node::text);
        let is_value = matches!(kind, Some("boolean" | "integer" | "number" | "string"));
        is_value && document.schemas_of(schema).is_empty()
    });
    let mut everywhere: HashSet<_> = values.map(|(key, _)| key.name.as_str()).collect();
    if errors(document).all(|name| everywhere.contains(name)) {
        everywhere.extend(ERROR_SCHEMA.strip_prefix(SCHEMAS));
    }
    everywhere
}

/// Returns what the schema of errors refers to.
fn errors(document: &Document) -> impl Iterator<Item = &str> {
    let schema = document.resolve(ERROR_SCHEMA);
    let references = schema.map(|schema| document.schemas_of(schema));
    references.into_iter().flatten()
}

/// Divides the contract into at most `count` shares of about the same size.
fn divide<'a>(
    document: &'a Document,
    everywhere: &HashSet<&'a str>,
    count: usize,
) -> Vec<Share<'a>> {
    let mut groups: Vec<_> = groups(document, everywhere).into_iter().collect();
    groups.sort_by_key(|group| Reverse(group.size));
    let mut shares: Vec<Share> = Vec::new();
    shares.resize_with(count, Share::default);
    for group in groups {
        if let Some(smallest) = shares.iter_mut().min_by_key(|share| share.size) {
            smallest.add(group);
        }
    }
    shares.retain(|share| share.size > 0);
    let unused = |name: &&&str| shares.iter().all(|share| !share.schemas.contains(**name));
    let unused: Vec<_> = everywhere.iter().filter(unused).copied().collect();
    for share in &mut shares {
        share.schemas.extend(ERROR_SCHEMA.strip_prefix(SCHEMAS));
        share.schemas.extend(errors(document));
    }
    if let Some(first) = shares.first_mut() {
        first.schemas.extend(unused);
    }
    shares
}

/// Returns the smallest shares into which the contract can be divided.
fn groups<'a>(document: &'a Document, everywhere: &HashSet<&'a str>) -> Vec<Share<'a>> {
    let entries = |path| document.resolve(path).into_iter().flat_map(Node::entries);
    let mut shares = Vec::new();
    let mut nodes = Vec::new();
    let mut of_schemas = HashMap::new();
    for (key, node) in entries(SCHEMAS_PATH) {
        let name = key.name.as_str();
        if !everywhere.contains(name) {
            of_schemas.insert(name, shares.len());
            nodes.push(node);
            shares.push(Share {
                schemas: HashSet::from([name]),
                size: size(node),
                ..Share::default()
            });
        }
    }
    for (key, node) in entries("#/paths") {
        nodes.push(node);
        shares.push(Share {
            paths: HashSet::from([key.name.as_str()]),
            size: size(node),
            ..Share::default()
        });
    }
    // The share that another one belongs to, or itself.
    let mut owners: Vec<usize> = (0..shares.len()).collect();
    for (index, node) in nodes.into_iter().enumerate() {
        for name in document.schemas_of(node) {
            match of_schemas.get(name) {
                Some(other) => {
                    let (one, other) = (owner(&mut owners, index), owner(&mut owners, *other));
                    owners[one.max(other)] = one.min(other);
                }
                None => {
                    shares[index].schemas.insert(name);
                }
            }
        }
    }
    let mut groups: BTreeMap<usize, Share> = BTreeMap::new();
    for (index, share) in shares.into_iter().enumerate() {
        groups
            .entry(owner(&mut owners, index))
            .or_default()
            .add(share);
    }
    groups.into_values().collect()
}

/// Returns the share that one belongs to in the end, and shortens the way to it.
fn owner(owners: &mut [usize], mut share: usize) -> usize {
    while owners[share] != share {
        owners[share] = owners[owners[share]];
        share = owners[share];
    }
    share
}

/// Returns the number of nodes.
fn size(node: &Node) -> usize {
    let values = node.entries().map(|(_, value)| value).chain(node.items());
    1 + values.map(size).sum::<usize>()
}

#[cfg(test)]
mod tests;
