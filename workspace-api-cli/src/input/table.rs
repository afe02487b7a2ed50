//! The rows of a list and its columns, the same for every format.

use crate::input::columns::Column;

/// A row of a list.
pub struct Row {
    /// The line that the row begins on, or the number of the entry in a JSON document.
    pub line: u64,
    cells: Box<[(Column, String)]>,
}

/// The values of a row, by column.
#[derive(Default)]
pub struct Cells(Vec<(Column, String)>);

impl Cells {
    /// Returns the value in a column, which is empty if it is new.
    pub fn entry(&mut self, column: Column) -> &mut String {
        let position = self.0.iter().position(|(known, _)| *known == column);
        let index = position.unwrap_or(self.0.len());
        if position.is_none() {
            self.0.push((column, String::new()));
        }
        &mut self.0[index].1
    }
}

impl Row {
    pub fn new(line: u64, cells: Cells) -> Self {
        Self {
            line,
            cells: cells.0.into_boxed_slice(),
        }
    }

    /// Returns the value in a column without surrounding spaces; empty if there is none.
    pub fn cell(&self, column: Column) -> &str {
        let cell = self.cells.iter().find(|(known, _)| *known == column);
        cell.map_or("", |(_, cell)| cell.trim())
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

/// The columns of a list, and its other properties.
#[derive(Default)]
pub struct Table {
    /// The line of the header; 0 without one.
    pub header_line: u64,
    /// The known columns of the header.
    pub known: Vec<Column>,
    /// The headings of columns that are not known.
    pub unknown: Vec<String>,
    /// Notes that the user has to know before the list is used.
    pub notes: Vec<String>,
}
