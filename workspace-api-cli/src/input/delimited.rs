//! Reads text as rows: CSV with a header, whichever spreadsheet saved it, or one id per line.

use std::io::{self, BufRead, Read};

use csv::StringRecord;

use crate::input::columns::{Column, is_heading, may_mean_desktop_id};
use crate::input::errors::{InputErrors, excerpt};
use crate::input::ids::{looks_like_id, without_comment};
use crate::input::line_numbers::LineNumbers;
use crate::input::table::{Cells, Row, Table};
use crate::output::text::list_preview;

/// The meaning of a column, by its heading.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Heading {
    Read(Column),
    Ignored,
    /// There is no heading, so the column must be empty.
    Missing,
}

/// Reads CSV with a header, or one id per line, and passes each row on. `beginning` has the lines up
/// to the first one with content; `rest` is the text after it.
pub fn read(
    beginning: &str,
    rest: impl BufRead,
    errors: &mut InputErrors,
    mut add: impl FnMut(Row, &mut InputErrors),
) -> io::Result<Table> {
    let (separator, beginning, skipped) = separator(beginning);
    let mut lines = LineNumbers::new(skipped + 1);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .comment(Some(b'#'))
        .from_reader(lines.watch(beginning.as_bytes().chain(rest)));
    let mut table = Table::default();
    let mut headings: Option<Vec<Heading>> = None;
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) if error.is_io_error() => return Err(error.into()),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line) + skipped;
                errors.add(line, error.to_string());
                continue;
            }
        }
        let start = record.position().map_or(0, csv::Position::byte);
        let line = lines.line_of_record(start);
        let end = reader.position().byte();
        if let Some((line, text)) = lines.unclosed_quotation_mark(end, separator) {
            let text = excerpt(text.trim());
            let message = format!("the quotation mark before `{text}` is not closed on this line");
            errors.add(line, message);
            return Ok(table);
        }
        let first = record.get(0).unwrap_or_default().trim_start();
        if first.starts_with('#') || record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if let Some(headings) = &headings {
            add(row(line, &record, headings, errors), errors);
        } else if has_id_column(&record) {
            headings = Some(header(line, &record, &mut table, errors));
        } else if is_id(&record) {
            let only_ids = vec![Heading::Read(Column::DesktopId)];
            add(row(line, &record, &only_ids, errors), errors);
            headings = Some(only_ids);
        } else {
            errors.add(line, missing_id_column(&record));
            return Ok(table);
        }
    }
    Ok(table)
}

fn has_id_column(record: &StringRecord) -> bool {
    let mut columns = record.iter().map(Column::of_heading);
    columns.any(|column| column == Some(Column::DesktopId))
}

/// Returns true for a first line that is an id, and no header.
fn is_id(record: &StringRecord) -> bool {
    let has_comment = without_comment(&record[0]).is_some();
    has_comment || (record.len() == 1 && !is_heading(&record[0]))
}

/// Returns the message about a header without the ids of the desktops.
fn missing_id_column(record: &StringRecord) -> String {
    let mut cells = record.iter().map(str::trim);
    if cells.clone().all(looks_like_id) {
        return format!("{} ids in one line; write one id per line", record.len());
    }
    let found: Vec<_> = cells.clone().map(excerpt).collect();
    let found = list_preview(&found);
    match cells.find(|heading| may_mean_desktop_id(heading)) {
        Some(typo) => {
            format!("no column `desktop_id`; found: {found}; is `{typo}` meant? Rename it")
        }
        None => format!(
            "no column `desktop_id`; found: {found}; without a header, write one id per line"
        ),
    }
}

/// Checks a header, and returns the meaning of each heading.
fn header(
    line: u64,
    record: &StringRecord,
    table: &mut Table,
    errors: &mut InputErrors,
) -> Vec<Heading> {
    table.header_line = line;
    let mut headings = Vec::new();
    for heading in record {
        let heading = heading.trim();
        headings.push(match Column::of_heading(heading) {
            _ if heading.is_empty() => Heading::Missing,
            None => {
                table.unknown.push(excerpt(heading));
                Heading::Ignored
            }
            // A list may have several names of a desktop, such as `desktop_name` and `hostname`.
            Some(Column::DesktopName) if table.known.contains(&Column::DesktopName) => {
                Heading::Ignored
            }
            Some(column) => {
                if table.known.contains(&column) {
                    errors.add(line, format!("duplicate column `{}`", column.name()));
                }
                table.known.push(column);
                Heading::Read(column)
            }
        });
    }
    headings
}

fn row(line: u64, record: &StringRecord, headings: &[Heading], errors: &mut InputErrors) -> Row {
    let is_id_list = headings.len() == 1;
    let mut cells = Cells::default();
    if is_id_list && let Some(id) = without_comment(&record[0]) {
        id.clone_into(cells.entry(Column::DesktopId));
        return Row::new(line, cells);
    }
    let mut extra = record.iter().skip(headings.len());
    if let Some(cell) = extra.find(|cell| !cell.trim().is_empty()) {
        let message = if is_id_list {
            format!(
                "`{}` follows the id; write one id per line",
                excerpt(cell.trim())
            )
        } else {
            format!("{} values for {} columns", record.len(), headings.len())
        };
        errors.add(line, message);
    }
    for (index, (heading, cell)) in headings.iter().zip(record).enumerate() {
        match heading {
            Heading::Read(column) => {
                cell.clone_into(cells.entry(*column));
            }
            Heading::Ignored => {}
            Heading::Missing if cell.trim().is_empty() => {}
            Heading::Missing => {
                let message = format!("column {} has a value but no heading", index + 1);
                errors.add(line, message);
            }
        }
    }
    Row::new(line, cells)
}

/// Returns true for a line that is neither empty nor a comment.
pub fn is_content(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with('#')
}

/// Returns the separator, the text without Excel's line about it, and the number of lines that were
/// left out.
fn separator(beginning: &str) -> (u8, &str, u64) {
    let (first, rest) = beginning.split_once('\n').unwrap_or((beginning, ""));
    if let Some(separator) = first.strip_prefix("sep=")
        && let [separator] = separator.trim_end().as_bytes()
    {
        return (*separator, rest, 1);
    }
    let header = beginning.lines().find(|line| is_content(line));
    let header = header.unwrap_or_default();
    let mut most = (b',', 0);
    for separator in [b',', b';', b'\t'] {
        let count = header.bytes().filter(|byte| *byte == separator).count();
        if count > most.1 {
            most = (separator, count);
        }
    }
    (most.0, beginning, 0)
}
