//! How results are written to stdout: a table on a terminal, tab-separated values in a pipe, or JSON.

pub mod progress;
pub mod sanitize;
pub mod text;

use std::io::{self, IsTerminal, Write};
use std::ops::RangeInclusive;

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table};
use serde::Serialize;

use self::sanitize::sanitize_for_terminal;

/// The narrowest table; a terminal that is narrower breaks the lines itself.
const NARROWEST: u16 = 60;
/// How many blanks follow a column.
const GAP: u16 = 2;

/// The form of the results.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    Table,
    Tsv,
    Json,
}

impl Format {
    pub fn choose(json: bool) -> Self {
        match json {
            true => Self::Json,
            false if io::stdout().is_terminal() => Self::Table,
            false => Self::Tsv,
        }
    }
}

/// A row of a table: what stands in each column, in the order of the headings.
pub trait Row {
    const HEADINGS: &'static [&'static str];
    /// How many columns a table on a terminal has: at least the first of these numbers, up to the last if the terminal
    /// is wide enough. The others are for programs.
    const SHOWN: RangeInclusive<usize>;

    fn cells(&self) -> Vec<&str>;
}

/// Prints a line to stderr that `--quiet` leaves out.
pub fn note(quiet: bool, text: &str) {
    if !quiet {
        // Nobody may be there to read it.
        let _ = writeln!(io::stderr(), "{text}");
    }
}

/// Writes rows as a table that fits the terminal.
pub fn table<R: Row>(out: &mut impl Write, rows: &[R]) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let (_, width) = console::Term::stdout().size();
    let width = width.max(NARROWEST);
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.cells().into_iter().map(sanitize_for_terminal).collect())
        .collect();
    let shown = columns(R::HEADINGS, R::SHOWN, &cells, width);
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .set_header(R::HEADINGS[..shown].iter().map(|it| it.to_uppercase()))
        .add_rows(cells.iter().map(|row| &row[..shown]));
    for column in table.column_iter_mut() {
        column.set_padding((0, GAP));
    }
    // An id that is broken in two cannot be copied.
    if let Some(id) = table.column_mut(0) {
        id.set_constraint(ColumnConstraint::ContentWidth);
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// How many columns fit.
fn columns(
    headings: &[&str],
    shown: RangeInclusive<usize>,
    cells: &[Vec<String>],
    width: u16,
) -> usize {
    let needed = |column: usize| {
        let cells = cells.iter().map(|row| row[column].as_str());
        let widest = cells
            .chain([headings[column]])
            .map(console::measure_text_width)
            .max();
        widest.unwrap_or_default() + usize::from(GAP)
    };
    let fits = |count: &usize| (0..*count).map(needed).sum::<usize>() <= usize::from(width);
    let least = *shown.start();
    shown.rev().find(fits).unwrap_or(least)
}

/// Writes rows as tab-separated values.
pub fn tsv<R: Row>(out: &mut impl Write, rows: &[R]) -> io::Result<()> {
    for row in rows {
        let cells: Vec<_> = row.cells().into_iter().map(escaped).collect();
        writeln!(out, "{}", cells.join("\t"))?;
    }
    Ok(())
}

/// Writes one JSON document.
pub fn json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// A value without the characters that separate values.
fn escaped(value: &str) -> String {
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

/// JSON with line breaks, its keys in the order in which they came.
pub fn pretty(json: &str) -> serde_json::Result<String> {
    let mut out = Vec::new();
    let mut from = serde_json::Deserializer::from_str(json);
    serde_transcode::transcode(&mut from, &mut serde_json::Serializer::pretty(&mut out))?;
    from.end()?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}
