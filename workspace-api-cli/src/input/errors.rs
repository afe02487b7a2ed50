//! The errors of an input file, gathered so that all of them are reported at once.

use std::collections::BTreeMap;

use crate::error::CommandError;
use crate::output::text::{group_digits, list_preview, pluralize};

/// Maximum number of different errors that are printed.
const MAX_GROUPS: usize = 20;
/// Maximum number of characters of a value that an error shows.
const MAX_EXCERPT: usize = 60;

/// The errors of an input file, by line or by entry.
pub struct InputErrors {
    /// The counted things, as singular and plural: lines, or the entries of a JSON document.
    noun: [&'static str; 2],
    errors: Vec<(u64, String)>,
}

impl InputErrors {
    pub fn of_lines() -> Self {
        Self {
            noun: ["line", "lines"],
            errors: Vec::new(),
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

    pub fn add(&mut self, line: u64, message: impl Into<String>) {
        self.errors.push((line, message.into()));
    }

    /// Returns an error with all messages, if there are any.
    pub fn into_result(self, name: &str) -> Result<(), CommandError> {
        let count = match self.errors.len() {
            0 => return Ok(()),
            1 => "an error".to_owned(),
            count => pluralize(count, "error"),
        };
        let mut report = vec![format!("{name} has {count}; nothing was sent:")];
        let [one, many] = self.noun;
        let groups = self.grouped();
        for (message, lines) in groups.iter().take(MAX_GROUPS) {
            let noun = if lines.len() == 1 { one } else { many };
            report.push(format!("  {noun} {}: {message}", list_preview(lines)));
        }
        if groups.len() > MAX_GROUPS {
            let others = groups.len() - MAX_GROUPS;
            report.push(format!("  and {} more", group_digits(others)));
        }
        Err(CommandError::usage(report.join("\n"))
            .hint("`workspace detach --help` describes the columns."))
    }

    /// Groups identical messages, so that the others stay visible. Groups and lines are in the
    /// order of the file.
    fn grouped(mut self) -> Vec<(String, Vec<String>)> {
        self.errors.sort_by_key(|(line, _)| *line);
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        let mut indices: BTreeMap<String, usize> = BTreeMap::new();
        for (line, message) in self.errors {
            let index = *indices.entry(message.clone()).or_insert(groups.len());
            if index == groups.len() {
                groups.push((message, Vec::new()));
            }
            groups[index].1.push(line.to_string());
        }
        groups
    }
}

/// Returns the beginning of a value, for a message.
pub fn excerpt(value: &str) -> String {
    match value.char_indices().nth(MAX_EXCERPT) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}
