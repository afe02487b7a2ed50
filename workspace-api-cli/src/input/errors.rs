//! What is wrong in a list, gathered so that all of it is reported at once.

use std::collections::BTreeMap;

use crate::error::CommandError;
use crate::output::text::list_preview;

/// What is wrong in a file, by line.
#[derive(Default)]
pub struct InputErrors(Vec<(u64, String)>);

impl InputErrors {
    pub fn add(&mut self, line: u64, what: impl Into<String>) {
        self.0.push((line, what.into()));
    }

    /// The value, if nothing is wrong.
    pub fn into_result<T>(mut self, name: &str, value: T) -> Result<T, CommandError> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort_by_key(|(line, _)| *line);
        let count = self.0.len();
        // Four hundred times the same would scroll away what is told beside it.
        let mut grouped: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for (line, what) in self.0 {
            grouped.entry(what).or_default().push(line);
        }
        let mut grouped: Vec<_> = grouped.into_iter().collect();
        grouped.sort_by_key(|(_, lines)| lines.first().copied());
        let lines: String = grouped
            .iter()
            .map(|(what, lines)| {
                let plural = if lines.len() == 1 { "" } else { "s" };
                let lines: Vec<_> = lines.iter().map(u64::to_string).collect();
                format!("\n  line{plural} {}: {what}", list_preview(&lines, "more"))
            })
            .collect();
        let count = match count {
            1 => "a mistake".to_owned(),
            count => format!("{count} mistakes"),
        };
        let message = format!("{name} has {count}, so nothing was sent:{lines}");
        Err(CommandError::usage(message)
            .hint("The columns are described in `workspace detach --help`."))
    }
}
