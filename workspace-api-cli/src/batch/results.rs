//! Prints what became of desktops, in the form that was asked for.

use std::io::{self, Write};

use serde::Serialize;

use crate::error::Failure;
use crate::output::{self, Format};
use crate::plan::outcome::Entry;

/// Prints tab-separated values as they come, and tables and JSON at the end.
pub struct Printer {
    format: Format,
    document: Document,
    /// Whoever read our output has seen enough. That is no reason to stop half-way.
    is_closed: bool,
}

#[derive(Default, Serialize)]
struct Document {
    desktops: Vec<Entry>,
    job_ids: Vec<String>,
}

impl Printer {
    pub fn new(format: Format) -> Self {
        Self {
            format,
            document: Document::default(),
            is_closed: false,
        }
    }

    pub fn add(&mut self, entries: &[Entry]) -> Result<(), Failure> {
        if self.format == Format::Tsv {
            return self.print(|out| output::tsv(out, entries));
        }
        self.document.desktops.extend_from_slice(entries);
        Ok(())
    }

    pub fn add_jobs(&mut self, job_ids: Vec<String>) {
        self.document.job_ids.extend(job_ids);
    }

    pub fn finish(&mut self) -> Result<(), Failure> {
        let document = std::mem::take(&mut self.document);
        match self.format {
            Format::Tsv => Ok(()),
            Format::Table => self.print(|out| output::table(out, &document.desktops)),
            Format::Json => self.print(|out| output::json(out, &document)),
        }
    }

    fn print(
        &mut self,
        print: impl FnOnce(&mut io::BufWriter<io::StdoutLock<'static>>) -> io::Result<()>,
    ) -> Result<(), Failure> {
        if self.is_closed {
            return Ok(());
        }
        let mut out = io::BufWriter::new(io::stdout().lock());
        match print(&mut out).and_then(|()| out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(())
            }
            Err(error) => Err(Failure::from(error).about("the results cannot be written")),
        }
    }
}
