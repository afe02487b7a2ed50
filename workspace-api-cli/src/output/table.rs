//! Lays rows out for a person: as columns that fit the terminal, or on a narrow one as one value
//! per line. A word such as an id is never broken, so that it can be copied.

use std::borrow::Cow;
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
/// The column that follows the id.
const NAME: &str = "desktop_name";

/// Writes rows as a table that fits the terminal. The rows are passed through twice, because the
/// longest value of a column decides its width.
pub fn write<R: Row>(
    out: &mut impl Write,
    rows: impl Iterator<Item = R> + Clone,
) -> io::Result<()> {
    write_within(out, rows, terminal_width())
}

/// Returns the number of columns that the user or the terminal sets.
fn terminal_width() -> usize {
    let columns = env::var("COLUMNS").ok();
    match columns.and_then(|columns| columns.parse().ok()) {
        Some(columns) if columns > 0 => columns,
        _ => usize::from(console::Term::stdout().size().1),
    }
}

fn write_within<R: Row>(
    out: &mut impl Write,
    rows: impl Iterator<Item = R> + Clone,
    width: usize,
) -> io::Result<()> {
    let headings = R::HEADINGS[..*R::SHOWN.end()].iter().enumerate();
    let mut columns: Vec<_> = headings
        .map(|(index, heading)| Column::new(index, heading))
        .collect();
    let mut is_empty = true;
    for row in rows.clone() {
        is_empty = false;
        for (column, cell) in columns.iter_mut().zip(row.cells()) {
            column.add(&cell);
        }
    }
    if is_empty {
        return Ok(());
    }
    let first = R::HEADINGS[0];
    columns.retain(|column| column.heading == first || column.is_filled);
    // People recognize a desktop by its name.
    if let Some(name) = columns.iter().position(|column| column.heading == NAME) {
        let name = columns.remove(name);
        columns.insert(1.min(columns.len()), name);
    }
    let always_shown = &R::HEADINGS[..*R::SHOWN.start()];
    if width < MIN_WIDTH {
        return write_records(out, &columns, rows, width);
    }
    let all: Vec<_> = columns.iter().collect();
    let unnamed = columns.iter().filter(|column| column.heading != NAME);
    let unnamed: Vec<_> = unnamed.collect();
    let fitting = fit(&all, always_shown, width).or_else(|| fit(&unnamed, always_shown, width));
    let Some(columns) = fitting else {
        return write_records(out, &columns, rows, width);
    };
    let headings: Vec<_> = columns
        .iter()
        .map(|(column, _)| vec![column.heading.to_uppercase()])
        .collect();
    write_row(out, &columns, &headings)?;
    for row in rows {
        let values = row.cells();
        let cells: Vec<_> = columns
            .iter()
            .map(|(column, width)| wrap(&column.value(&values), *width))
            .collect();
        write_row(out, &columns, &cells)?;
    }
    Ok(())
}

/// A column of a table.
struct Column {
    /// Its number in a row.
    index: usize,
    heading: &'static str,
    /// Width of the widest value.
    width: usize,
    is_filled: bool,
}

impl Column {
    fn new(index: usize, heading: &'static str) -> Self {
        Self {
            index,
            heading,
            width: heading.len(),
            is_filled: false,
        }
    }

    fn add(&mut self, cell: &str) {
        let cell = sanitize_for_terminal(cell);
        let widths = cell.lines().map(measure_text_width);
        self.width = self.width.max(widths.max().unwrap_or_default());
        self.is_filled |= !cell.is_empty();
    }

    /// Returns the value in a row.
    fn value(&self, cells: &[Cow<'_, str>]) -> String {
        sanitize_for_terminal(cells.get(self.index).map_or("", |cell| cell))
    }
}

/// Returns the columns that fit, each with its width: the values of one are wrapped, and columns at
/// the end, which are for programs, are left out. Returns `None` if there is not enough room for the
/// columns that are always shown.
fn fit<'c>(
    columns: &[&'c Column],
    always_shown: &[&str],
    width: usize,
) -> Option<Vec<(&'c Column, usize)>> {
    let mut fitting: Vec<_> = columns
        .iter()
        .map(|column| (*column, column.width))
        .collect();
    loop {
        let all = fitting.iter().map(|(_, width)| width + GAP).sum::<usize>();
        let all = all.saturating_sub(GAP);
        if all <= width {
            return Some(fitting);
        }
        let excess = all - width;
        let wrapped = fitting
            .iter_mut()
            .find(|(column, _)| column.heading == WRAPPED);
        if let Some((_, wrapped)) = wrapped
            && *wrapped >= MIN_WRAPPED + excess
        {
            *wrapped -= excess;
            return Some(fitting);
        }
        let (last, _) = fitting.pop()?;
        if always_shown.contains(&last.heading) || last.heading == NAME {
            return None;
        }
    }
}

/// Writes the lines of a row.
fn write_row(
    out: &mut impl Write,
    columns: &[(&Column, usize)],
    cells: &[Vec<String>],
) -> io::Result<()> {
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    for line in 0..height {
        let mut text = String::new();
        for ((_, width), cell) in columns.iter().zip(cells) {
            let value = cell.get(line).map_or("", String::as_str);
            text.push_str(value);
            let padding = width.saturating_sub(measure_text_width(value)) + GAP;
            text.extend(std::iter::repeat_n(' ', padding));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

/// Writes each value on a line of its own, and an empty line between two rows.
fn write_records<R: Row>(
    out: &mut impl Write,
    columns: &[Column],
    rows: impl Iterator<Item = R>,
    width: usize,
) -> io::Result<()> {
    let names = columns.iter().map(|column| column.heading.len()).max();
    let indent = names.unwrap_or_default() + GAP;
    for (number, row) in rows.enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        let cells = row.cells();
        for column in columns {
            let value = column.value(&cells);
            if value.is_empty() {
                continue;
            }
            let lines = wrap(&value, width.saturating_sub(indent).max(MIN_WRAPPED));
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
