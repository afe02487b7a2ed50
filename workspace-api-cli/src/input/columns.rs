//! From text to rows: finds the separator and the columns, whichever spreadsheet wrote them.

use std::collections::BTreeMap;

use crate::input::errors::InputErrors;

/// A column that is used.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Column {
    DesktopId,
    UserName,
    Type,
    UserId,
    Domain,
    UserGroup,
    AllUsers,
}

impl Column {
    const ALL: &'static [Self] = &[
        Self::DesktopId,
        Self::UserName,
        Self::Type,
        Self::UserId,
        Self::Domain,
        Self::UserGroup,
        Self::AllUsers,
    ];
    /// The columns that say whom to unbind.
    pub const TARGET: &'static [Self] = Self::ALL.split_at(1).1;

    /// The API's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::DesktopId => "desktop_id",
            Self::UserName => "user_name",
            Self::Type => "type",
            Self::UserId => "user_id",
            Self::Domain => "domain",
            Self::UserGroup => "user_group",
            Self::AllUsers => "is_detach_all_users",
        }
    }

    /// The column of a heading: `Desktop ID` and `desktop-id` are `desktop_id`.
    fn find(heading: &str) -> Option<Self> {
        let heading = normal(heading);
        Self::ALL
            .iter()
            .copied()
            .find(|column| column.name() == heading)
    }

    /// The column that a heading is a slip of the pen for.
    fn guess(heading: &str) -> Option<Self> {
        let heading = normal(heading);
        let near = |column: &Self| strsim::damerau_levenshtein(&heading, column.name()) <= 2;
        Self::ALL
            .iter()
            .copied()
            .find(|column| heading.len() > 4 && near(column))
    }
}

/// Whether a word at the head of a list is more likely a heading than an id.
fn is_heading(word: &str) -> bool {
    let word = normal(word);
    Column::guess(&word).is_some() || ["id", "ids", "desktop", "desktops", "name"].contains(&&*word)
}

fn normal(heading: &str) -> String {
    heading.trim().to_lowercase().replace([' ', '-'], "_")
}

/// A row, and the line that it begins on.
pub struct Row {
    pub line: u64,
    cells: BTreeMap<Column, String>,
}

impl Row {
    /// What stands in the column, without blanks around it; empty if there is nothing.
    pub fn cell(&self, column: Column) -> &str {
        self.cells.get(&column).map_or("", |cell| cell.trim())
    }
}

/// The rows of a file.
#[derive(Default)]
pub struct Table {
    pub rows: Vec<Row>,
    /// The headings of columns that are not used.
    pub unused: Vec<String>,
}

/// Reads CSV with a header, or one id per line.
pub fn read(text: &str, errors: &mut InputErrors) -> Table {
    let (separator, text, skipped) = separator(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let mut table = Table::default();
    let mut columns: Option<Vec<Option<Column>>> = None;
    let mut lines = Lines::new(text, skipped);
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line) + skipped;
                errors.add(line, error.to_string());
                continue;
            }
        };
        let start = record.position().map_or(0, csv::Position::byte);
        let line = lines.line_of_record(start as usize);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let Some(known) = &columns else {
            let found: Vec<_> = record.iter().map(Column::find).collect();
            if found.contains(&Some(Column::DesktopId)) {
                check_header(line, &record, &found, &mut table, errors);
                columns = Some(found);
            } else if record.len() == 1 && !is_heading(&record[0]) {
                columns = Some(vec![Some(Column::DesktopId)]);
                table
                    .rows
                    .push(row(line, &record, &[Some(Column::DesktopId)], errors));
            } else {
                let headings: Vec<_> = record.iter().map(str::trim).collect();
                errors.add(
                    line,
                    format!(
                        "there is no column `desktop_id`, only: {}",
                        headings.join(", ")
                    ),
                );
                return table;
            }
            continue;
        };
        table.rows.push(row(line, &record, known, errors));
    }
    table
}

fn row(
    line: u64,
    record: &csv::StringRecord,
    columns: &[Option<Column>],
    errors: &mut InputErrors,
) -> Row {
    let extra = record
        .iter()
        .skip(columns.len())
        .find(|cell| !cell.trim().is_empty());
    if let Some(cell) = extra {
        let (found, expected) = (record.len(), columns.len());
        errors.add(
            line,
            match expected {
                1 => {
                    format!("`{cell}` follows the id, but there is a header for one column or none")
                }
                _ => format!("there are {found} values for {expected} columns"),
            },
        );
    }
    let cells = columns
        .iter()
        .zip(record)
        .filter_map(|(column, cell)| Some(((*column)?, cell.to_owned())))
        .collect();
    Row { line, cells }
}

fn check_header(
    line: u64,
    record: &csv::StringRecord,
    found: &[Option<Column>],
    table: &mut Table,
    errors: &mut InputErrors,
) {
    for (at, (column, heading)) in found.iter().zip(record).enumerate() {
        match column {
            Some(column) if found[..at].contains(&Some(*column)) => {
                errors.add(line, format!("there are two columns `{}`", column.name()));
            }
            Some(_) => {}
            None => match Column::guess(heading) {
                // To pass over a column that was meant could unbind others than those who were meant.
                Some(meant) => errors.add(
                    line,
                    format!(
                        "the column `{}` is not known; is it `{}`?",
                        heading.trim(),
                        meant.name()
                    ),
                ),
                None if heading.trim().is_empty() => {}
                None => table.unused.push(heading.trim().to_owned()),
            },
        }
    }
}

/// The separator, the text without Excel's line about it, and how many lines that were.
fn separator(text: &str) -> (u8, &str, u64) {
    let first = text.lines().next().unwrap_or_default();
    if let Some([separator]) = first
        .strip_prefix("sep=")
        .map(|rest| rest.trim_end().as_bytes())
    {
        let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
        return (*separator, rest, 1);
    }
    let header = text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .unwrap_or_default();
    let count = |separator: &u8| header.bytes().filter(|byte| byte == separator).count();
    let most = b",;\t"
        .iter()
        .rev()
        .max_by_key(|separator| count(separator));
    (*most.unwrap_or(&b','), text, 0)
}

/// Counts lines from the beginning of a text to each of its records.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str, skipped: u64) -> Self {
        Self {
            text,
            at: 0,
            line: skipped + 1,
        }
    }

    /// The line of the record that the reader says begins at `start`. The reader takes empty lines and comments in
    /// front of a record for a part of it; a person does not.
    fn line_of_record(&mut self, start: usize) -> u64 {
        self.go_to(start);
        loop {
            let rest = &self.text[self.at..];
            let line = rest.split_inclusive('\n').next().unwrap_or_default();
            let is_passed_over =
                line.starts_with('#') || line.trim_end_matches(['\r', '\n']).is_empty();
            if line.is_empty() || !is_passed_over {
                return self.line;
            }
            self.go_to(self.at + line.len());
        }
    }

    fn go_to(&mut self, at: usize) {
        let at = at.clamp(self.at, self.text.len());
        let passed = &self.text.as_bytes()[self.at..at];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = at;
    }
}
