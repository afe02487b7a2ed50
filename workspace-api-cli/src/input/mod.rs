//! Reads the desktops of `--from`: a list of ids or a CSV file, also as Excel saves it.
//!
//! All errors of a file are found before any is reported, because a person corrects a file in one
//! go.

mod columns;
mod decode;
mod entries;
mod errors;
mod people;
mod target;

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use workspace_api::types::{DesktopId, DetachInstancesDesktopInfo};

use crate::cli::Desktops;
use crate::error::CommandError;
use crate::input::columns::{Column, Row, Table};
use crate::input::entries::Entries;
use crate::input::errors::InputErrors;
use crate::input::people::may_name_people;

pub use target::Target;

/// Returns the desktops of the arguments or of the file that they name, each once.
pub fn desktop_ids(desktops: &Desktops, purpose: Purpose) -> Result<List<DesktopId>, CommandError> {
    if let Some(path) = &desktops.from {
        return read_desktop_ids(path, purpose);
    }
    Ok(List {
        desktops: distinct(desktops.ids.iter().cloned()),
        notes: Vec::new(),
    })
}

/// The error of a command without desktops.
pub fn no_desktop() -> CommandError {
    CommandError::usage("no desktops given")
        .hint("Use desktop ids, or a file with --from; --help has examples.")
}

/// What the desktops of a list of ids are for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// Their records are read, which affects nobody.
    Read,
    /// Everyone on them is logged off.
    LogOff,
}

/// A list of desktops, and what the user has to know about the file before it is used.
pub struct List<T> {
    pub desktops: Vec<T>,
    pub notes: Vec<String>,
}

/// Reads the ids in a file, each once. Other columns are not checked.
fn read_desktop_ids(path: &Path, purpose: Purpose) -> Result<List<DesktopId>, CommandError> {
    let (name, text) = load(path)?;
    let mut errors = InputErrors::default();
    let table = columns::read(&text, &mut errors);
    let not_read: Vec<_> = Column::TARGET
        .iter()
        .copied()
        .filter(|column| table.known.contains(column))
        .collect();
    if purpose == Purpose::LogOff {
        let known = not_read.iter().filter(|column| column.names_people());
        let unknown = table.unknown.iter().map(String::as_str);
        let unknown = unknown.filter(|heading| may_name_people(heading));
        for heading in known.map(|column| column.name()).chain(unknown) {
            let message = format!(
                "a log-off affects everyone on a desktop, so `{heading}` cannot be honored; \
                 remove the column"
            );
            errors.add(table.header_line, message);
        }
    }
    let ids = table
        .rows
        .iter()
        .filter_map(|row| desktop_id(row, &mut errors))
        .collect::<Vec<_>>();
    let ignored = not_read.iter().map(|column| column.name());
    let ignored: Vec<_> = ignored
        .chain(table.unknown.iter().map(String::as_str))
        .collect();
    finish(&name, &ignored, distinct(ids), errors)
}

/// Reads the desktops in a file, with the users to unbind from each. A target of the arguments is
/// that of every desktop; without one, each row has its own.
pub fn read_detachments(
    path: &Path,
    target: Option<&Target>,
) -> Result<List<DetachInstancesDesktopInfo>, CommandError> {
    let (name, text) = load(path)?;
    let mut errors = InputErrors::default();
    let table = columns::read(&text, &mut errors);
    let mut entries = Entries::default();
    for row in &table.rows {
        let Some(id) = desktop_id(row, &mut errors) else {
            continue;
        };
        let target = match target {
            Some(target) => without_row_target(row).map(|()| target.clone()),
            None => Target::of_row(row),
        };
        match target {
            Ok(target) => entries.add(row.line, id, target, &mut errors),
            Err(error) => errors.add(row.line, error),
        }
    }
    let all_users = |desktop: &DetachInstancesDesktopInfo| desktop.is_detach_all_users;
    if target.is_some() || entries.desktops.iter().any(all_users) {
        reject_people_columns(&table, &mut errors);
    }
    let ignored: Vec<_> = table.unknown.iter().map(String::as_str).collect();
    finish(&name, &ignored, entries.desktops, errors)
}

/// Rejects columns that may name the users to unbind, where others would be unbound.
fn reject_people_columns(table: &Table, errors: &mut InputErrors) {
    for heading in table
        .unknown
        .iter()
        .filter(|heading| may_name_people(heading))
    {
        let message = format!(
            "column `{heading}` may name the users to unbind, but is not read; call it \
             `user_name`, or remove it"
        );
        errors.add(table.header_line, message);
    }
}

/// Checks that a row leaves the users to the arguments.
fn without_row_target(row: &Row) -> Result<(), String> {
    match row.first_filled(Column::TARGET) {
        None => Ok(()),
        Some(column) => Err(format!(
            "the arguments name the users, so `{}` must be empty",
            column.name()
        )),
    }
}

fn desktop_id(row: &Row, errors: &mut InputErrors) -> Option<DesktopId> {
    let cell = row.cell(Column::DesktopId);
    if cell.is_empty() {
        errors.add(row.line, "no desktop_id in this row");
        return None;
    }
    match DesktopId::try_from(cell) {
        Ok(id) => Some(id),
        Err(error) => {
            errors.add(row.line, error.to_string());
            None
        }
    }
}

/// Returns the ids without repetitions. The service does not distinguish upper and lower case.
pub fn distinct(ids: impl IntoIterator<Item = DesktopId>) -> Vec<DesktopId> {
    let mut seen = HashSet::new();
    ids.into_iter()
        .filter(|id| seen.insert(id.as_str().to_ascii_lowercase()))
        .collect()
}

fn finish<T>(
    name: &str,
    ignored: &[&str],
    desktops: Vec<T>,
    errors: InputErrors,
) -> Result<List<T>, CommandError> {
    errors.into_result(name)?;
    if desktops.is_empty() {
        return Err(CommandError::usage(format!("{name} contains no desktops")));
    }
    let mut notes = Vec::new();
    if !ignored.is_empty() {
        notes.push(format!("{name}: ignored columns: {}", ignored.join(", ")));
    }
    Ok(List { desktops, notes })
}

/// Returns the name of the file for messages, and its text.
fn load(path: &Path) -> Result<(String, String), CommandError> {
    let (name, bytes) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes);
        ("standard input".to_owned(), read.map(|_| bytes))
    } else {
        (path.display().to_string(), fs::read(path))
    };
    let bytes =
        bytes.map_err(|error| CommandError::usage(format!("cannot read {name}: {error}")))?;
    let text = decode::text(&name, bytes).map_err(CommandError::usage)?;
    Ok((name, text))
}

#[cfg(test)]
mod tests;
