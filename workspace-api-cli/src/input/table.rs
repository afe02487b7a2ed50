//! The rows of a list, whatever its format.

use std::collections::BTreeMap;

use crate::input::columns::Column;

/// A row of a list.
pub struct Row {
    /// The line that the row begins on, or the number of the entry in a JSON document.
    pub line: u64,
    cells: BTreeMap<Column, String>,
}

impl Row {
    pub fn new(line: u64, cells: BTreeMap<Column, String>) -> Self {
        Self { line, cells }
    }

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

/// The rows of a list.
#[derive(Default)]
pub struct Table {
    pub rows: Vec<Row>,
    /// The line of the header; 0 without one.
    pub header_line: u64,
    /// The known columns of the header.
    pub known: Vec<Column>,
    /// The headings of columns that are not known.
    pub unknown: Vec<String>,
    /// Notes that the user has to know before the list is used.
    pub notes: Vec<String>,
}
