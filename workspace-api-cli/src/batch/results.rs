//! Prints the results of a run in the requested format.

use std::io::{self, Write};

use serde::Serialize;

use crate::error::CommandError;
use crate::output::{self, Format};
use crate::plan::outcome::Entry;

/// Prints tab-separated values as they come, and tables and JSON at the end.
pub struct ResultPrinter {
    format: Format,
    /// True if a table has the desktops that are done, too.
    all: bool,
    results: RunResults,
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
        Self {
            format,
            all,
            results: RunResults::default(),
            is_closed: false,
        }
    }

    pub fn add(&mut self, entries: Vec<Entry>) -> Result<(), CommandError> {
        match self.format {
            Format::Tsv => return self.print(|out| output::tsv(out, &entries)),
            Format::Json => self.results.desktops.extend(entries),
            Format::Table => {
                let all = self.all;
                let is_shown = |entry: &Entry| all || !entry.is_as_intended();
                let shown = entries.into_iter().filter(is_shown);
                self.results.desktops.extend(shown);
            }
        }
        Ok(())
    }

    pub fn add_jobs(&mut self, job_ids: &[String]) {
        if self.format == Format::Json {
            self.results.job_ids.extend_from_slice(job_ids);
        }
    }

    pub fn finish(&mut self) -> Result<(), CommandError> {
        let results = std::mem::take(&mut self.results);
        match self.format {
            Format::Tsv => Ok(()),
            Format::Table => self.print(|out| output::table(out, &results.desktops)),
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
