//! Prints the results of a run in the requested format.

use std::io::{self, Write};

use serde::Serialize;

use crate::error::CommandError;
use crate::output::{self, Format};
use crate::plan::outcome::Entry;

/// Prints tab-separated values as they come, and tables and JSON at the end.
pub struct ResultPrinter {
    format: Format,
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
    pub fn new(format: Format) -> Self {
        Self {
            format,
            results: RunResults::default(),
            is_closed: false,
        }
    }

    pub fn add(&mut self, entries: &[Entry]) -> Result<(), CommandError> {
        if self.format == Format::Tsv {
            return self.print(|out| output::tsv(out, entries));
        }
        self.results.desktops.extend_from_slice(entries);
        Ok(())
    }

    pub fn add_jobs(&mut self, job_ids: Vec<String>) {
        self.results.job_ids.extend(job_ids);
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
