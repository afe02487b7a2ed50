//! Prints the results of a run in the requested format.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::error::CommandError;
use crate::output::format::Format;
use crate::output::lines::LineWriter;
use crate::output::text::group_digits;
use crate::output::{self, table};
use crate::plan::outcome::{Entry, Status};

/// Number of rows of a table that does not have every desktop.
const MAX_ROWS: usize = 20;

/// Prints lines as they come, and tables and a JSON document at the end.
pub struct ResultPrinter {
    format: Format,
    /// True if a table has the desktops that are done, too.
    all: bool,
    /// `None` for a format that is printed at the end.
    lines: Option<LineWriter>,
    results: RunResults,
    /// Number of desktops that a table has no room for.
    hidden: usize,
    /// True once the reader has closed the pipe. A run is not stopped half-way because of that.
    is_closed: bool,
}

/// The results as a JSON document.
#[derive(Default, Serialize)]
struct RunResults {
    desktops: Vec<Entry>,
    job_ids: Vec<String>,
}

impl ResultPrinter {
    pub fn new(format: Format, all: bool) -> Self {
        let lines = match format {
            Format::Lines(lines) => Some(LineWriter::new(lines)),
            Format::Table | Format::Json => None,
        };
        Self {
            format,
            all: all || !io::stdout().is_terminal(),
            lines,
            results: RunResults::default(),
            hidden: 0,
            is_closed: false,
        }
    }

    pub fn add(&mut self, entries: Vec<Entry>) -> Result<(), CommandError> {
        let Some(mut lines) = self.lines.take() else {
            if self.all || self.format == Format::Json {
                self.results.desktops.extend(entries);
            } else {
                self.add_noteworthy(entries);
            }
            return Ok(());
        };
        let printed = self.print(|out| lines.write(out, &entries));
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
                self.results.desktops.push(entry);
            } else {
                self.hidden += 1;
            }
        }
    }

    pub fn add_jobs(&mut self, job_ids: &[String]) {
        if self.format == Format::Json {
            self.results.job_ids.extend_from_slice(job_ids);
        }
    }

    pub fn finish(&mut self) -> Result<(), CommandError> {
        let results = std::mem::take(&mut self.results);
        match self.format {
            Format::Lines(_) => self.add(Vec::new()),
            Format::Table => {
                let hidden = self.hidden;
                self.print(|out| {
                    table::write(out, &results.desktops)?;
                    match hidden {
                        0 => Ok(()),
                        count => writeln!(out, "and {} more", group_digits(count)),
                    }
                })
            }
            Format::Json => self.print(|out| output::json(out, &results)),
        }
    }

    fn print(
        &mut self,
        write: impl FnOnce(&mut io::BufWriter<io::StdoutLock<'static>>) -> io::Result<()>,
    ) -> Result<(), CommandError> {
        if self.is_closed {
            return Ok(());
        }
        let mut out = io::BufWriter::new(io::stdout().lock());
        match write(&mut out).and_then(|()| out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(())
            }
            Err(error) => Err(CommandError::from(error).context("cannot write the results")),
        }
    }
}
