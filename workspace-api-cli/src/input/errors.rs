//! The errors of a file, gathered so that all of them are reported at once.

use std::collections::BTreeMap;

use crate::error::CommandError;
use crate::output::text::{list_preview, pluralize};

/// The errors of an input file, by line.
#[derive(Default)]
pub struct InputErrors(Vec<(u64, String)>);

impl InputErrors {
    pub fn add(&mut self, line: u64, message: impl Into<String>) {
        self.0.push((line, message.into()));
    }

    /// Returns an error with all messages, if there are any.
    pub fn into_result(self, name: &str) -> Result<(), CommandError> {
        let count = match self.0.len() {
            0 => return Ok(()),
            1 => "an error".to_owned(),
            count => pluralize(count, "error"),
        };
        let mut report = vec![format!("{name} has {count}; nothing was sent:")];
        for (message, lines) in self.grouped() {
            let noun = if lines.len() == 1 { "line" } else { "lines" };
            report.push(format!("  {noun} {}: {message}", list_preview(&lines)));
        }
        Err(CommandError::usage(report.join("\n"))
            .hint("`workspace detach --help` describes the columns."))
    }

    /// Groups identical messages, so that the others stay visible. Groups and lines are in the
    /// order of the file.
    fn grouped(mut self) -> Vec<(String, Vec<String>)> {
        self.0.sort_by_key(|(line, _)| *line);
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        let mut indices: BTreeMap<String, usize> = BTreeMap::new();
        for (line, message) in self.0 {
            let index = *indices.entry(message.clone()).or_insert(groups.len());
            if index == groups.len() {
                groups.push((message, Vec::new()));
            }
            groups[index].1.push(line.to_string());
        }
        groups
    }
}
