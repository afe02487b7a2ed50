//! Reads text as rows: finds the separator and the columns, whichever spreadsheet saved it.

use std::collections::BTreeMap;

use csv::StringRecord;

use crate::input::errors::InputErrors;

/// A column that is read.
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
    /// The columns that name the users to unbind.
    pub const TARGET: &'static [Self] = Self::ALL.split_at(1).1;

    /// Returns the API's name.
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

    /// Returns true for a column that says who is affected.
    pub fn names_people(self) -> bool {
        matches!(self, Self::UserName | Self::UserId | Self::UserGroup)
    }

    /// Returns the column of a heading: `Desktop ID` and `desktop-id` are `desktop_id`.
    fn of_heading(heading: &str) -> Option<Self> {
        let heading = normalize(heading);
        Self::ALL
            .iter()
            .copied()
            .find(|column| column.name() == heading)
    }

    /// Returns the column that a heading is probably a typo of.
    fn closest(heading: &str) -> Option<Self> {
        let heading = normalize(heading);
        if heading.len() <= 4 {
            return None;
        }
        let is_close = |column: &Self| strsim::damerau_levenshtein(&heading, column.name()) <= 2;
        Self::ALL.iter().copied().find(is_close)
    }
}

/// Returns true for a first word that is more likely a heading than an id.
fn is_heading(word: &str) -> bool {
    let word = normalize(word);
    let is_known = ["id", "ids", "desktop", "desktops", "name"].contains(&word.as_str());
    is_known || Column::closest(&word).is_some()
}

fn normalize(heading: &str) -> String {
    heading.trim().to_lowercase().replace([' ', '-'], "_")
}

/// A row of a file.
pub struct Row {
    /// The line that the row begins on.
    pub line: u64,
    cells: BTreeMap<Column, String>,
}

impl Row {
    /// Returns the value in a column without surrounding spaces; empty if there is none.
    pub fn cell(&self, column: Column) -> &str {
        self.cells.get(&column).map_or("", |cell| cell.trim())
    }

    /// Returns the value in a column, or `None` if it is empty.
    pub fn filled(&self, column: Column) -> Option<&str> {
        Some(self.cell(column)).filter(|cell| !cell.is_empty())
    }

    /// Returns the first of the columns that has a value.
    pub fn first_filled(
        &self,
        columns: impl IntoIterator<Item = &'static Column>,
    ) -> Option<Column> {
        let mut columns = columns.into_iter().copied();
        columns.find(|column| self.filled(*column).is_some())
    }
}

/// The rows of a file.
#[derive(Default)]
pub struct Table {
    pub rows: Vec<Row>,
    /// The line of the header; 0 without one.
    pub header_line: u64,
    /// The known columns of the header.
    pub known: Vec<Column>,
    /// The headings of columns that are not known.
    pub unknown: Vec<String>,
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
        let line = lines.line_of_record(start);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if let Some(columns) = &columns {
            table.rows.push(row(line, &record, columns, errors));
            continue;
        }
        let headings: Vec<_> = record.iter().map(Column::of_heading).collect();
        if headings.contains(&Some(Column::DesktopId)) {
            table.header_line = line;
            table.known = headings.iter().copied().flatten().collect();
            table.unknown = check_header(line, &record, &headings, errors);
            columns = Some(headings);
        } else if record.len() == 1 && !is_heading(&record[0]) {
            let only_ids = vec![Some(Column::DesktopId)];
            table.rows.push(row(line, &record, &only_ids, errors));
            columns = Some(only_ids);
        } else {
            errors.add(line, missing_id_column(&record));
            return table;
        }
    }
    table
}

/// Returns the message about a header without the ids of the desktops.
fn missing_id_column(record: &StringRecord) -> String {
    let headings: Vec<_> = record.iter().map(str::trim).collect();
    let message = format!("no column `desktop_id`; found: {}", headings.join(", "));
    let typo = headings
        .iter()
        .find(|heading| Column::closest(heading) == Some(Column::DesktopId));
    match typo {
        Some(typo) => format!("{message}; is `{typo}` meant?"),
        None => message,
    }
}

fn row(
    line: u64,
    record: &StringRecord,
    columns: &[Option<Column>],
    errors: &mut InputErrors,
) -> Row {
    let mut extra = record.iter().skip(columns.len());
    if let Some(cell) = extra.find(|cell| !cell.trim().is_empty()) {
        let message = match columns.len() {
            1 => format!("`{cell}` follows the id, but the file has only one column"),
            expected => format!("{} values for {expected} columns", record.len()),
        };
        errors.add(line, message);
    }
    let mut cells = BTreeMap::new();
    for (column, cell) in columns.iter().zip(record) {
        if let Some(column) = column {
            cells.insert(*column, cell.to_owned());
        }
    }
    Row { line, cells }
}

/// Checks a header and returns the headings of columns that are not known.
fn check_header(
    line: u64,
    record: &StringRecord,
    columns: &[Option<Column>],
    errors: &mut InputErrors,
) -> Vec<String> {
    let mut unknown = Vec::new();
    for (index, (column, heading)) in columns.iter().zip(record).enumerate() {
        let heading = heading.trim();
        if let Some(column) = column {
            if columns[..index].contains(&Some(*column)) {
                errors.add(line, format!("duplicate column `{}`", column.name()));
            }
        } else if let Some(closest) = Column::closest(heading) {
            // Ignoring a misspelt column could unbind the wrong users.
            let closest = closest.name();
            errors.add(
                line,
                format!("unknown column `{heading}`; did you mean `{closest}`?"),
            );
        } else if !heading.is_empty() {
            unknown.push(heading.to_owned());
        }
    }
    unknown
}

/// Returns the separator, the text without Excel's line about it, and the number of lines that were
/// left out.
fn separator(text: &str) -> (u8, &str, u64) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if let Some(separator) = first.strip_prefix("sep=")
        && let [separator] = separator.trim_end().as_bytes()
    {
        return (*separator, rest, 1);
    }
    let mut lines = text.lines();
    let is_content = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    let header = lines.find(is_content).unwrap_or_default();
    let mut most = (b',', 0);
    for separator in [b',', b';', b'\t'] {
        let count = header.bytes().filter(|byte| *byte == separator).count();
        if count > most.1 {
            most = (separator, count);
        }
    }
    (most.0, text, 0)
}

/// Counts lines from the beginning of a text to each of its records.
struct Lines<'t> {
    text: &'t str,
    /// Offset in the text, in bytes.
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

    /// Returns the line on which the record at this offset begins. The reader counts empty lines
    /// and comments in front of a record as a part of it; a person does not.
    fn line_of_record(&mut self, start: u64) -> u64 {
        self.advance_to(usize::try_from(start).unwrap_or(usize::MAX));
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let line = rest.split_inclusive('\n').next().unwrap_or_default();
            let is_empty = line.trim_end_matches(['\r', '\n']).is_empty();
            let is_ignored = line.starts_with('#') || is_empty;
            if line.is_empty() || !is_ignored {
                return self.line;
            }
            self.advance_to(self.at + line.len());
        }
    }

    fn advance_to(&mut self, at: usize) {
        let at = at.clamp(self.at, self.text.len());
        let passed = self.text.get(self.at..at).unwrap_or_default();
        self.line += passed.matches('\n').count() as u64;
        self.at = at;
    }
}
