//! The names that a list has for its desktops.

use crate::desktops::names::DesktopNames;
use crate::input::columns::Column;
use crate::input::errors::{InputErrors, excerpt};
use crate::input::table::Row;

/// The names of the desktops so far.
#[derive(Default)]
pub struct Names {
    pub names: DesktopNames,
    /// The line of each name.
    lines: Vec<u64>,
}

impl Names {
    /// Adds the name of a row. Rows that call the same desktop differently are an error: one of them
    /// may mean another desktop.
    pub fn add(&mut self, row: &Row, errors: &mut InputErrors) {
        let (id, Some(name)) = (row.cell(Column::DesktopId), row.filled(Column::DesktopName))
        else {
            return;
        };
        let number = self.names.insert(id, name);
        let Some(first) = self.lines.get(number) else {
            self.lines.push(row.line);
            return;
        };
        let earlier = self.names.get(id).unwrap_or_default();
        if earlier != name {
            let message = format!(
                "calls {} `{}`, but {} calls it `{}`",
                excerpt(id),
                excerpt(name),
                errors.place(*first),
                excerpt(earlier)
            );
            errors.add(row.line, message);
        }
    }
}
