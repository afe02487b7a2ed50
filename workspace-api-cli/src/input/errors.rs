//! What is wrong in a list, gathered so that all of it is reported at once.

use std::collections::BTreeMap;

use crate::error::Failure;
use crate::output::text::some;

/// What is wrong in a file, by line.
#[derive(Default)]
pub struct Mistakes(Vec<(u64, String)>);

impl Mistakes {
    pub fn add(&mut self, line: u64, what: impl Into<String>) {
        self.0.push((line, what.into()));
    }

    /// The value, if nothing is wrong.
    pub fn or<T>(mut self, name: &str, value: T) -> Result<T, Failure> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort_by_key(|(line, _)| *line);
        let count = self.0.len();
        // Four hundred times the same would scroll away what is told beside it.
        let mut alike: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for (line, what) in self.0 {
            alike.entry(what).or_default().push(line);
        }
        let mut alike: Vec<_> = alike.into_iter().collect();
        alike.sort_by_key(|(_, lines)| lines.first().copied());
        let lines: String = alike
            .iter()
            .map(|(what, lines)| {
                let plural = if lines.len() == 1 { "" } else { "s" };
                let lines: Vec<_> = lines.iter().map(u64::to_string).collect();
                format!("\n  line{plural} {}: {what}", some(&lines, "more"))
            })
            .collect();
        let count = match count {
            1 => "a mistake".to_owned(),
            count => format!("{count} mistakes"),
        };
        let message = format!("{name} has {count}, so nothing was sent:{lines}");
        Err(Failure::usage(message)
            .next_step("The columns are described in `workspace detach --help`."))
    }
}
