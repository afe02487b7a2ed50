//! Writes rows as lines: tab-separated values, CSV or JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::output::Row;
use crate::output::format::LineFormat;
use crate::output::sanitize::{escape_json, escape_value, sanitize_for_terminal};

/// Characters at the beginning of a value that make a spreadsheet read it as a formula.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// Writes rows as soon as they are known.
pub struct LineWriter {
    format: LineFormat,
    /// True once the header was written.
    has_begun: bool,
}

impl LineWriter {
    pub fn new(format: LineFormat) -> Self {
        Self {
            format,
            has_begun: false,
        }
    }

    /// Writes rows, the first time after the header.
    pub fn write<R: Row + Serialize>(
        &mut self,
        out: &mut impl Write,
        rows: impl IntoIterator<Item = R>,
    ) -> io::Result<()> {
        self.begin::<R>(out)?;
        for row in rows {
            match self.format {
                LineFormat::Tsv { .. } => tsv_line(out, row.cells().iter())?,
                LineFormat::Csv { .. } => csv_line(out, row.cells().iter())?,
                LineFormat::Json => {
                    let json = serde_json::to_string(&row)?;
                    writeln!(out, "{}", escape_json(json))?;
                }
            }
        }
        Ok(())
    }

    /// Writes the header, unless it was written already.
    pub fn begin<R: Row>(&mut self, out: &mut impl Write) -> io::Result<()> {
        if self.has_begun {
            return Ok(());
        }
        self.has_begun = true;
        match self.format {
            LineFormat::Tsv { header: true } => tsv_line(out, R::HEADINGS.iter()),
            LineFormat::Csv { byte_order_mark } => {
                if byte_order_mark {
                    out.write_all("\u{feff}".as_bytes())?;
                }
                csv_line(out, R::HEADINGS.iter())
            }
            LineFormat::Tsv { header: false } | LineFormat::Json => Ok(()),
        }
    }
}

fn tsv_line<V: AsRef<str>>(
    out: &mut impl Write,
    values: impl Iterator<Item = V>,
) -> io::Result<()> {
    let values: Vec<_> = values.map(|value| escape_value(value.as_ref())).collect();
    writeln!(out, "{}", values.join("\t"))
}

/// Writes a line of CSV. A value of several lines becomes one line, because not every reader
/// accepts line breaks, and control characters are replaced.
fn csv_line<V: AsRef<str>>(
    out: &mut impl Write,
    values: impl Iterator<Item = V>,
) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(out);
    for value in values {
        let value = value.as_ref().replace(['\n', '\r', '\t'], " ");
        let value = sanitize_for_terminal(&value);
        if value.starts_with(FORMULA) {
            // A spreadsheet hides the apostrophe, and shows the rest as text.
            writer.write_field(format!("'{value}"))?;
        } else {
            writer.write_field(value)?;
        }
    }
    writer.write_record(None::<&[u8]>)?;
    writer.flush()
}

#[cfg(test)]
mod tests;
