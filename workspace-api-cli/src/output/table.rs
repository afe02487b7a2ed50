//! Lays rows out for a person: as columns that fit the terminal, or on a narrow one as one value
//! per line. A word such as an id is never broken, so that it can be copied.

use std::env;
use std::io::{self, Write};

use console::measure_text_width;

use crate::output::Row;
use crate::output::sanitize::sanitize_for_terminal;

/// Minimum width of a table with columns.
const MIN_WIDTH: usize = 60;
/// Minimum width of a column whose values are wrapped.
const MIN_WRAPPED: usize = 16;
/// Number of spaces after a column.
const GAP: usize = 2;
/// The column whose values are wrapped where there is not enough room: it has sentences.
const WRAPPED: &str = "error_msg";

/// Writes rows as a table that fits the terminal.
pub fn write<R: Row>(out: &mut impl Write, rows: &[R]) -> io::Result<()> {
    write_within(out, rows, terminal_width())
}

/// Returns the number of columns that the user or the terminal says.
fn terminal_width() -> usize {
    let columns = env::var("COLUMNS").ok();
    match columns.and_then(|columns| columns.parse().ok()) {
        Some(columns) if columns > 0 => columns,
        _ => usize::from(console::Term::stdout().size().1),
    }
}

fn write_within<R: Row>(out: &mut impl Write, rows: &[R], width: usize) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut columns: Vec<_> = R::HEADINGS[..*R::SHOWN.end()]
        .iter()
        .map(|heading| Column::new(heading))
        .collect();
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(row.cells()) {
            column.add(&cell);
        }
    }
    let first = R::HEADINGS[0];
    columns.retain(|column| column.heading == first || column.is_filled);
    let always_shown = &R::HEADINGS[..*R::SHOWN.start()];
    if width < MIN_WIDTH || !fit(&mut columns, always_shown, width) {
        return write_records(out, &columns, rows.len(), width);
    }
    let headings: Vec<_> = columns
        .iter()
        .map(|column| vec![column.heading.to_uppercase()])
        .collect();
    write_row(out, &columns, &headings)?;
    for row in 0..rows.len() {
        let cells: Vec<_> = columns
            .iter()
            .map(|column| wrap(&column.cells[row], column.width))
            .collect();
        write_row(out, &columns, &cells)?;
    }
    Ok(())
}

/// A column of a table.
struct Column {
    heading: &'static str,
    cells: Vec<String>,
    /// Width of the widest value, or the width to wrap values at.
    width: usize,
    is_filled: bool,
}

impl Column {
    fn new(heading: &'static str) -> Self {
        Self {
            heading,
            cells: Vec::new(),
            width: heading.len(),
            is_filled: false,
        }
    }

    fn add(&mut self, cell: &str) {
        let cell = sanitize_for_terminal(cell);
        let widths = cell.lines().map(measure_text_width);
        self.width = self.width.max(widths.max().unwrap_or_default());
        self.is_filled |= !cell.is_empty();
        self.cells.push(cell);
    }
}

/// Makes columns fit: wraps the values of one, and leaves columns at the end out, which are for
/// programs. Returns false if there is not enough room for the columns that are always shown.
fn fit(columns: &mut Vec<Column>, always_shown: &[&str], width: usize) -> bool {
    loop {
        let all = columns
            .iter()
            .map(|column| column.width + GAP)
            .sum::<usize>();
        let all = all.saturating_sub(GAP);
        if all <= width {
            return true;
        }
        let excess = all - width;
        let wrapped = columns.iter_mut().find(|column| column.heading == WRAPPED);
        if let Some(wrapped) = wrapped
            && wrapped.width >= MIN_WRAPPED + excess
        {
            wrapped.width -= excess;
            return true;
        }
        if columns
            .last()
            .is_none_or(|last| always_shown.contains(&last.heading))
        {
            return false;
        }
        columns.pop();
    }
}

/// Writes the lines of a row.
fn write_row(out: &mut impl Write, columns: &[Column], cells: &[Vec<String>]) -> io::Result<()> {
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    for line in 0..height {
        let mut text = String::new();
        for (column, cell) in columns.iter().zip(cells) {
            let value = cell.get(line).map_or("", String::as_str);
            text.push_str(value);
            let padding = column.width.saturating_sub(measure_text_width(value)) + GAP;
            text.extend(std::iter::repeat_n(' ', padding));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

/// Writes each value on a line of its own, and an empty line between two rows.
fn write_records(
    out: &mut impl Write,
    columns: &[Column],
    rows: usize,
    width: usize,
) -> io::Result<()> {
    let names = columns.iter().map(|column| column.heading.len()).max();
    let indent = names.unwrap_or_default() + GAP;
    for row in 0..rows {
        if row > 0 {
            writeln!(out)?;
        }
        for column in columns {
            let value = &column.cells[row];
            if value.is_empty() {
                continue;
            }
            let lines = wrap(value, width.saturating_sub(indent).max(MIN_WRAPPED));
            let mut name = column.heading;
            for line in lines {
                writeln!(out, "{name:indent$}{line}")?;
                name = "";
            }
        }
    }
    Ok(())
}

/// Breaks a text into lines of this width, between words; words of scripts without spaces are
/// broken anywhere.
fn wrap(text: &str, width: usize) -> Vec<String> {
    if measure_text_width(text) <= width && !text.contains('\n') {
        return vec![text.to_owned()];
    }
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() {
                if measure_text_width(&line) + 1 + measure_text_width(word) <= width {
                    line.push(' ');
                } else {
                    lines.push(std::mem::take(&mut line));
                }
            }
            if word.is_ascii() {
                line.push_str(word);
                continue;
            }
            for c in word.chars() {
                let mut buffer = [0; 4];
                let c = c.encode_utf8(&mut buffer);
                if !line.is_empty() && measure_text_width(&line) + measure_text_width(c) > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push_str(c);
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests;
