//! Entries that are kept until the end of a run, in little memory: those of a batch differ only in
//! their desktops.

use serde::{Serialize, Serializer};

use crate::desktops::names::DesktopNames;
use crate::desktops::packed::PackedIds;
use crate::desktops::texts::DistinctTexts;
use crate::plan::outcome::Entry;

/// Stands for the id of the desktop. JSON has no control characters, so it cannot mean anything else.
const ID: &str = "\u{1}";

/// The contents of entries, without their desktops.
#[derive(Clone, Debug, Default)]
pub struct Statements(DistinctTexts);

impl Statements {
    /// Returns the number of what the entry says, which is added if it is new. The name of the
    /// desktop is left out if it is in `names`.
    pub fn insert(&mut self, entry: &Entry, names: &DesktopNames) -> u32 {
        let id = entry.desktop_id.as_str();
        let name = entry.desktop_name.clone();
        let entry = Entry {
            desktop_name: name.filter(|name| names.get(id) != Some(name)),
            error: None,
            ..entry.clone()
        };
        // An entry is text and numbers, which JSON can hold.
        let json = serde_json::to_string(&entry).unwrap_or_default();
        // No run has four billion entries: they would take more memory than a machine has.
        u32::try_from(self.0.insert(&json.replace(id, ID))).unwrap_or(u32::MAX)
    }

    /// Returns the entry of a desktop that says this.
    pub fn entry(&self, number: u32, id: &str, names: &DesktopNames) -> Option<Entry> {
        let json = self.0.get(number as usize).replace(ID, id);
        let entry: Entry = serde_json::from_str(&json).ok()?;
        Some(Entry {
            desktop_name: names.get(id).map(str::to_owned).or(entry.desktop_name),
            ..entry
        })
    }
}

/// A list of entries. Each takes 20 bytes and, if it says something that no other says, that.
///
/// The errors themselves are not kept.
pub struct KeptEntries<'n> {
    names: &'n DesktopNames,
    ids: PackedIds,
    statements: Statements,
    /// The content of each entry.
    numbers: Vec<u32>,
}

impl<'n> KeptEntries<'n> {
    pub fn new(names: &'n DesktopNames) -> Self {
        Self {
            names,
            ids: PackedIds::default(),
            statements: Statements::default(),
            numbers: Vec::new(),
        }
    }

    pub fn push(&mut self, entry: &Entry) {
        self.ids.push(entry.desktop_id.as_str());
        let number = self.statements.insert(entry, self.names);
        self.numbers.push(number);
    }

    /// Replaces an entry by another one of the same desktop.
    pub fn replace(&mut self, index: usize, entry: &Entry) {
        self.numbers[index] = self.statements.insert(entry, self.names);
    }

    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    pub fn get(&self, index: usize) -> Option<Entry> {
        let number = self.numbers.get(index)?;
        let id = self.ids.text(index);
        self.statements.entry(*number, &id, self.names)
    }

    pub fn iter(&self) -> impl Iterator<Item = Entry> + Clone {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

impl Serialize for KeptEntries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests;
