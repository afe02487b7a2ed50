//! The names that a list has for its desktops.

use crate::desktops::names::DesktopNames;
use crate::input::columns::Column;
use crate::input::errors::{InputErrors, excerpt};
use crate::input::table::Row;

/// The names of the desktops so far.
#[derive(Default)]
pub struct Names {
    pub names: DesktopNames,
    /// The line of each name, by the place of the desktop; 0 where there is no name.
    lines: Vec<u32>,
}

impl Names {
    /// Adds the name that a row has for the desktop at a place in the list. Rows that call the same
    /// desktop differently are an error: one of them may mean another desktop.
    pub fn add(&mut self, place: usize, row: &Row, errors: &mut InputErrors) {
        let Some(name) = row.filled(Column::DesktopName) else {
            return;
        };
        let Some(earlier) = self.names.at(place) else {
            self.names.add(place, name);
            self.lines.resize(self.lines.len().max(place + 1), 0);
            // A line beyond four billion is one of a file that no list is.
            self.lines[place] = u32::try_from(row.line).unwrap_or(u32::MAX);
            return;
        };
        if earlier != name {
            let message = format!(
                "calls {} `{}`, but {} calls it `{}`",
                excerpt(row.cell(Column::DesktopId)),
                excerpt(name),
                errors.place(self.lines[place].into()),
                excerpt(earlier)
            );
            errors.add(row.line, message);
        }
    }
}
