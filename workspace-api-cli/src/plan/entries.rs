//! Entries that are kept until the end of a run, in little memory: those of a batch differ only in
//! their desktops.

use std::num::NonZeroU32;

use serde::{Serialize, Serializer};

use crate::desktops::names::DesktopNames;
use crate::desktops::packed::PackedIds;
use crate::desktops::texts::{DistinctTexts, Short};
use crate::plan::outcome::Entry;

/// Stands for the id of the desktop. JSON has no control characters, so it cannot mean anything else.
const ID: &str = "\u{1}";
/// The parts of JSON that nearly every entry has.
const SHORT: Short = Short(&[
    ("{\"desktop_id\":\"\u{1}\",\"outcome\":\"", "\u{2}"),
    ("\",\"error_kind\":\"", "\u{3}"),
    (",\"status\":", "\u{4}"),
    (",\"error_code\":\"", "\u{5}"),
    (",\"error_msg\":\"", "\u{6}"),
    (",\"job_id\":\"", "\u{7}"),
    ("\"}", "\u{8}"),
]);

/// The statements about desktops, by the number of the desktop in a list. Each takes eight bytes;
/// equal contents and equal responses are kept once.
#[derive(Clone, Debug, Default)]
pub struct Statements {
    /// The contents of the entries: all that is not about the desktop or the response.
    contents: DistinctTexts,
    /// Request id and time of the responses.
    responses: DistinctTexts,
    /// The names that the service has for desktops.
    names: DesktopNames,
    numbers: Vec<Option<Numbers>>,
}

/// The number of the content and that of the response.
#[derive(Clone, Copy, Debug)]
struct Numbers {
    content: NonZeroU32,
    response: u32,
}

impl Statements {
    /// Replaces the statement about a desktop. Leaves out the name if `names` has it.
    pub fn set(&mut self, index: usize, entry: &Entry, names: &DesktopNames) {
        let id = entry.desktop_id.as_str();
        if let Some(name) = entry.desktop_name.as_deref()
            && names.get(id) != Some(name)
        {
            self.names.set(index, name);
        }
        let content = Entry {
            desktop_name: None,
            request_id: None,
            time: None,
            error: None,
            ..entry.clone()
        };
        // An entry is text and numbers, which JSON can hold.
        let content = serde_json::to_string(&content).unwrap_or_default();
        let content = SHORT.shorten(content.replace(id, ID));
        let response = (&entry.request_id, &entry.time);
        let response = serde_json::to_string(&response).unwrap_or_default();
        let content = self.contents.insert(&content);
        let response = self.responses.insert(&response);
        if self.numbers.len() <= index {
            self.numbers.resize(index + 1, None);
        }
        // No run has four billion entries: they would take more memory than a machine has.
        self.numbers[index] = Some(Numbers {
            content: u32::try_from(content)
                .map_or(NonZeroU32::MAX, |n| NonZeroU32::MIN.saturating_add(n)),
            response: u32::try_from(response).unwrap_or(u32::MAX),
        });
    }

    /// Returns the entry of a desktop, if there is a statement about it.
    pub fn get(&self, index: usize, id: &str, names: &DesktopNames) -> Option<Entry> {
        let numbers = (*self.numbers.get(index)?)?;
        let content = self.contents.get(numbers.content.get() as usize - 1);
        let entry: Entry = serde_json::from_str(&SHORT.restore(content).replace(ID, id)).ok()?;
        let response = self.responses.get(numbers.response as usize);
        let (request_id, time) = serde_json::from_str(response).ok()?;
        let name = names.get(id).or_else(|| self.names.at(index));
        Some(Entry {
            desktop_name: name.map(str::to_owned),
            request_id,
            time,
            ..entry
        })
    }
}

/// A list of entries. Each takes 16 bytes for the id of the desktop, and its statement.
///
/// The errors themselves are not kept.
pub struct KeptEntries<'n> {
    names: &'n DesktopNames,
    ids: PackedIds,
    statements: Statements,
}

impl<'n> KeptEntries<'n> {
    pub fn new(names: &'n DesktopNames) -> Self {
        Self {
            names,
            ids: PackedIds::default(),
            statements: Statements::default(),
        }
    }

    pub fn push(&mut self, entry: &Entry) {
        self.statements.set(self.len(), entry, self.names);
        self.ids.push(entry.desktop_id.as_str());
    }

    /// Replaces an entry by another one of the same desktop.
    pub fn replace(&mut self, index: usize, entry: &Entry) {
        self.statements.set(index, entry, self.names);
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn get(&self, index: usize) -> Option<Entry> {
        let id = self.ids.text(index);
        self.statements.get(index, &id, self.names)
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
