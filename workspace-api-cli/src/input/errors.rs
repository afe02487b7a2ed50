//! The errors of an input file, gathered so that all of them are reported at once.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use crate::error::CommandError;
use crate::output::text::{PREVIEW_LENGTH, group_digits, pluralize, preview};

/// Maximum number of different errors that are printed.
const MAX_GROUPS: usize = 20;
/// Maximum number of characters of a value that an error shows.
const MAX_EXCERPT: usize = 60;

/// The errors of an input file, by line or by entry. Only those that are printed take memory: a file
/// may have an error in each of a million lines.
pub struct InputErrors {
    /// The counted things, as singular and plural: lines, or the entries of a JSON document.
    noun: [&'static str; 2],
    count: usize,
    /// The errors that come first in the file, in its order.
    groups: Vec<Group>,
    /// The hashes of all different messages.
    messages: HashSet<u64>,
    hasher: RandomState,
}

/// The lines with the same error.
struct Group {
    message: String,
    /// The first lines, in their order.
    first: Vec<u64>,
    count: usize,
}

impl Group {
    fn add(&mut self, line: u64) {
        self.count += 1;
        let index = self.first.partition_point(|first| *first <= line);
        self.first.insert(index, line);
        self.first.truncate(PREVIEW_LENGTH);
    }
}

impl InputErrors {
    pub fn of_lines() -> Self {
        Self {
            noun: ["line", "lines"],
            count: 0,
            groups: Vec::new(),
            messages: HashSet::new(),
            hasher: RandomState::new(),
        }
    }

    /// Counts entries from now on, not lines.
    pub fn count_entries(&mut self) {
        self.noun = ["entry", "entries"];
    }

    /// Returns how a message refers to another line.
    pub fn place(&self, line: u64) -> String {
        format!("{} {line}", self.noun[0])
    }

    /// Adds an error. Identical messages become one, so that the others stay visible.
    pub fn add(&mut self, line: u64, message: impl Into<String>) {
        let message = message.into();
        self.count += 1;
        let mut known = self.groups.iter_mut();
        if let Some(group) = known.find(|group| group.message == message) {
            group.add(line);
        } else if self.messages.insert(self.hasher.hash_one(&message)) {
            self.groups.push(Group {
                message,
                first: vec![line],
                count: 1,
            });
        }
        // The errors about the header come last.
        self.groups.sort_by_key(|group| group.first[0]);
        self.groups.truncate(MAX_GROUPS);
    }

    /// Returns an error with all messages, if there are any.
    pub fn into_result(self, name: &str) -> Result<(), CommandError> {
        let count = match self.count {
            0 => return Ok(()),
            1 => "an error".to_owned(),
            count => pluralize(count, "error"),
        };
        let mut report = vec![format!("{name} has {count}; nothing was sent:")];
        let [one, many] = self.noun;
        for group in &self.groups {
            let noun = if group.count == 1 { one } else { many };
            let lines: Vec<_> = group.first.iter().map(u64::to_string).collect();
            let lines = preview(&lines, group.count);
            report.push(format!("  {noun} {lines}: {}", group.message));
        }
        match self.messages.len() - self.groups.len() {
            0 => {}
            others => report.push(format!("  and {} more", group_digits(others))),
        }
        Err(CommandError::usage(report.join("\n"))
            .hint("`workspace detach --help` describes the columns."))
    }
}

/// Returns the beginning of a value, for a message.
pub fn excerpt(value: &str) -> String {
    match value.char_indices().nth(MAX_EXCERPT) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests;
