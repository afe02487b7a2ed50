//! Writes results to stdout: a table on a terminal, tab-separated values in a pipe, or JSON.

pub mod names;
pub mod progress;
pub mod sanitize;
pub mod text;

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::ops::RangeInclusive;

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table};
use serde::Serialize;

use crate::output::sanitize::sanitize_for_terminal;

/// Minimum width of a table; a narrower terminal wraps the lines itself.
const MIN_WIDTH: u16 = 60;
/// Number of spaces after a column.
const GAP: u16 = 2;

/// The format of the results.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    Table,
    Tsv,
    Json,
}

impl Format {
    pub fn choose(json: bool) -> Self {
        if json {
            Self::Json
        } else if io::stdout().is_terminal() {
            Self::Table
        } else {
            Self::Tsv
        }
    }
}

/// A row of a table.
pub trait Row {
    const HEADINGS: &'static [&'static str];
    /// Minimum and maximum number of columns on a terminal, depending on its width. The other
    /// columns are for programs.
    const SHOWN: RangeInclusive<usize>;

    /// Returns one value for each heading.
    fn cells(&self) -> Vec<Cow<'_, str>>;
}

/// Prints a line to stderr, unless the command is quiet.
pub fn note(quiet: bool, text: &str) {
    if !quiet {
        // A closed stderr is no reason to stop.
        let _ = writeln!(io::stderr(), "{}", sanitize_for_terminal(text));
    }
}

/// Writes rows as a table that fits the terminal.
pub fn table<R: Row>(out: &mut impl Write, rows: &[R]) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let (_, width) = console::Term::stdout().size();
    let width = width.max(MIN_WIDTH);
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let cells = row.cells();
            cells
                .iter()
                .map(|cell| sanitize_for_terminal(cell))
                .collect()
        })
        .collect();
    let shown = column_count(R::HEADINGS, R::SHOWN, &cells, width);
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .set_header(
            R::HEADINGS[..shown]
                .iter()
                .map(|heading| heading.to_uppercase()),
        )
        .add_rows(cells.iter().map(|row| &row[..shown]));
    for column in table.column_iter_mut() {
        column.set_padding((0, GAP));
    }
    // Keep an id on one line, so that it can be copied.
    if let Some(id) = table.column_mut(0) {
        id.set_constraint(ColumnConstraint::ContentWidth);
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Returns the number of columns that fit.
fn column_count(
    headings: &[&str],
    shown: RangeInclusive<usize>,
    cells: &[Vec<String>],
    width: u16,
) -> usize {
    let mut used = 0;
    for column in 0..*shown.end() {
        used += column_width(headings, cells, column);
        if used > usize::from(width) {
            return column.max(*shown.start());
        }
    }
    *shown.end()
}

/// Returns the width of a column whose values are not wrapped.
fn column_width(headings: &[&str], cells: &[Vec<String>], column: usize) -> usize {
    let values = cells.iter().map(|row| row[column].as_str());
    let widths = values
        .chain([headings[column]])
        .map(console::measure_text_width);
    widths.max().unwrap_or_default() + usize::from(GAP)
}

/// Writes rows as tab-separated values.
pub fn tsv<R: Row>(out: &mut impl Write, rows: &[R]) -> io::Result<()> {
    for row in rows {
        let cells: Vec<_> = row.cells().iter().map(|cell| escape(cell)).collect();
        writeln!(out, "{}", cells.join("\t"))?;
    }
    Ok(())
}

/// Returns a value without the characters that separate values and lines.
fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\\' => escaped.push_str("\\\\"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Writes one JSON document.
pub fn json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// Returns JSON with line breaks and indentation, its keys in their original order.
pub fn pretty(json: &str) -> serde_json::Result<String> {
    let mut out = Vec::new();
    let mut from = serde_json::Deserializer::from_str(json);
    serde_transcode::transcode(&mut from, &mut serde_json::Serializer::pretty(&mut out))?;
    from.end()?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}
