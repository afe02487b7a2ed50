//! Prints the results of a run in the requested format.

use std::io::{self, IsTerminal, Write};

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::desktops::names::DesktopNames;
use crate::desktops::texts::Texts;
use crate::error::CommandError;
use crate::output::format::Format;
use crate::output::lines::LineWriter;
use crate::output::stdout::{Stdout, write_to_stdout};
use crate::output::text::group_digits;
use crate::output::{self, table};
use crate::plan::entries::KeptEntries;
use crate::plan::outcome::{Entry, Status};

/// Number of rows of a table that does not have every desktop.
const MAX_ROWS: usize = 20;

/// Prints lines as they come, and tables and a JSON document at the end.
pub struct ResultPrinter<'n> {
    format: Format,
    /// True if a table has the desktops that are done, too.
    all: bool,
    /// `None` for a format that is printed at the end.
    lines: Option<LineWriter>,
    results: RunResults<'n>,
    /// Number of desktops that a table has no room for.
    hidden: usize,
    /// True once the reader has closed the pipe. A run is not stopped half-way because of that.
    is_closed: bool,
}

/// The results as a JSON document.
struct RunResults<'n> {
    desktops: KeptEntries<'n>,
    job_ids: Texts,
}

impl Serialize for RunResults<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut results = serializer.serialize_struct("RunResults", 2)?;
        results.serialize_field("desktops", &self.desktops)?;
        results.serialize_field("job_ids", &self.job_ids)?;
        results.end()
    }
}

impl<'n> ResultPrinter<'n> {
    /// `names` are the names that the entries have from the list.
    pub fn new(format: Format, all: bool, names: &'n DesktopNames) -> Self {
        let lines = match format {
            Format::Lines(lines) => Some(LineWriter::new(lines)),
            Format::Table | Format::Json => None,
        };
        Self {
            format,
            all: all || !io::stdout().is_terminal(),
            lines,
            results: RunResults {
                desktops: KeptEntries::new(names),
                job_ids: Texts::default(),
            },
            hidden: 0,
            is_closed: false,
        }
    }

    pub fn add(&mut self, entries: Vec<Entry>) -> Result<(), CommandError> {
        let Some(mut lines) = self.lines.take() else {
            if self.all || self.format == Format::Json {
                for entry in &entries {
                    self.results.desktops.push(entry);
                }
            } else {
                self.add_noteworthy(entries);
            }
            return Ok(());
        };
        let printed = print(&mut self.is_closed, |out| lines.write(out, &entries));
        self.lines = Some(lines);
        printed
    }

    /// Keeps the first entries that a person has to know about. The summary counts all.
    fn add_noteworthy(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            if entry.is_as_intended() || entry.outcome == Status::NotSent {
                continue;
            }
            if self.results.desktops.len() < MAX_ROWS {
                self.results.desktops.push(&entry);
            } else {
                self.hidden += 1;
            }
        }
    }

    pub fn add_jobs(&mut self, job_ids: &[String]) {
        if self.format == Format::Json {
            for id in job_ids {
                self.results.job_ids.push(id);
            }
        }
    }

    pub fn finish(&mut self) -> Result<(), CommandError> {
        if let Format::Lines(_) = self.format {
            return self.add(Vec::new());
        }
        let Self {
            format,
            results,
            hidden,
            is_closed,
            ..
        } = self;
        print(is_closed, |out| {
            if *format == Format::Json {
                return output::json(out, results);
            }
            table::write(out, results.desktops.iter())?;
            match *hidden {
                0 => Ok(()),
                count => writeln!(out, "and {} more", group_digits(count)),
            }
        })
    }
}

/// Prints to stdout, unless its reader has closed the pipe.
fn print(
    is_closed: &mut bool,
    write: impl FnOnce(&mut Stdout) -> io::Result<()>,
) -> Result<(), CommandError> {
    if *is_closed {
        return Ok(());
    }
    match write_to_stdout(write) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            *is_closed = true;
            Ok(())
        }
        Err(error) => Err(CommandError::from(error).context("cannot write the results")),
    }
}
