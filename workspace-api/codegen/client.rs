//! The client as printed Rust: one file, or one that includes a file for each type and operation.
//!
//! After an edit of the contract, the compiler rechecks every item whose line number changed. In
//! one file, these are all items below the edit; with a file for each part, only those of the parts
//! that the edit changed.
//!
//! It consists of blocks, whose entries may come from several shares of the contract (`shares.rs`).

use std::collections::{BTreeMap, HashMap, HashSet};

use syn::Item;

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

/// A module, the methods of the client, or items around them.
#[derive(Default)]
pub struct Block {
    /// What is before the entries. Every share that has entries has the same.
    pub start: String,
    /// Types by their names, and what belongs to an operation by its place among the operations.
    pub entries: BTreeMap<String, Entry>,
    pub end: &'static str,
    /// The prefix of the files of the entries, unless they are in that of the block.
    pub files: Option<&'static str>,
}

#[derive(PartialEq)]
pub struct Entry {
    name: String,
    text: String,
}

impl Block {
    pub fn common(items: &[Item]) -> Self {
        Self {
            start: print(items),
            ..Self::default()
        }
    }

    /// Begins a block with an item whose braces are empty.
    pub fn start(empty: Item) -> Self {
        let text = print(&[empty]);
        Self {
            start: format!("{}\n", text.trim_end().trim_end_matches('}')),
            end: "}\n",
            ..Self::default()
        }
    }

    pub fn add(&mut self, place: String, name: String, text: String) {
        self.entries.insert(place, Entry { name, text });
    }

    /// Adds the entries of the same block of another share. Returns whether they are those that one
    /// client of both shares would have: it has each name once. `shared` are the names of what both
    /// shares have.
    pub fn merge(&mut self, other: Self, shared: &HashSet<String>) -> bool {
        if self.start.is_empty() {
            self.start = other.start;
            self.end = other.end;
        } else if !other.start.is_empty() && self.start != other.start {
            return false;
        }
        let names: HashSet<_> = self.entries.values().map(|it| it.name.clone()).collect();
        for (place, entry) in other.entries {
            let is_new = !names.contains(&entry.name);
            let is_same = shared.contains(&entry.name) && self.entries.get(&place) == Some(&entry);
            if !is_new && !is_same {
                return false;
            }
            self.entries.insert(place, entry);
        }
        true
    }
}

impl Client {
    pub fn new(blocks: Vec<Block>) -> Self {
        let mut sections = Vec::new();
        for block in blocks {
            sections.push(Section::Common(block.start));
            let entries = block.entries.into_values();
            match block.files {
                Some(prefix) => {
                    let mut parts = Parts::default();
                    for Entry { name, text } in entries {
                        parts.of(&name).push_str(&text);
                    }
                    sections.extend(parts.take().map(|(name, text)| {
                        Section::Part(format!("parts/{prefix}{name}.rs"), text)
                    }));
                }
                None => sections.push(Section::Common(entries.map(|entry| entry.text).collect())),
            }
            sections.push(Section::Common(block.end.to_owned()));
        }
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

/// What belongs to the file of each type, in the order of the types.
#[derive(Default)]
struct Parts {
    names: Vec<String>,
    parts: HashMap<String, String>,
}

impl Parts {
    /// Returns the part of a type. Some file systems do not distinguish the case of names, and all
    /// limit their length, so types may share one.
    fn of(&mut self, ty: &str) -> &mut String {
        let name: String = ty.to_lowercase().chars().take(MAX_NAME).collect();
        let Self { names, parts } = self;
        parts.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            String::new()
        })
    }

    /// Takes the parts, with the names of their files.
    fn take(mut self) -> impl Iterator<Item = (String, String)> {
        let names = self.names.into_iter();
        names.filter_map(move |name| self.parts.remove_entry(&name))
    }
}
