//! Reads the desktops of `--from`: a list of ids, a CSV file, also as Excel saves it, or JSON, as
//! the service lists desktops.
//!
//! All errors of a file are found before any is reported, because a person corrects a file in one
//! go.

mod columns;
mod decode;
mod delimited;
mod entries;
mod errors;
mod ids;
mod json;
mod people;
mod table;
mod target;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use workspace_api::types::{DesktopId, DetachInstancesDesktopInfo};

use crate::cli::Desktops;
use crate::error::CommandError;
use crate::input::columns::Column;
use crate::input::entries::Entries;
use crate::input::errors::{InputErrors, excerpt};
use crate::input::people::may_name_people;
use crate::input::table::{Row, Table};
use crate::output::names::DesktopNames;
use crate::output::text::pluralize;

pub use target::Target;

/// Returns the desktops of the arguments or of the file that they name, each once.
pub fn desktop_ids(
    desktops: &Desktops,
    purpose: Purpose,
) -> Result<List<Vec<DesktopId>>, CommandError> {
    match &desktops.from {
        Some(path) => read_desktop_ids(path, purpose),
        None => of_arguments(&desktops.ids),
    }
}

/// Returns the desktops of the arguments, each once.
pub fn of_arguments(arguments: &[String]) -> Result<List<Vec<DesktopId>>, CommandError> {
    let mut all = Vec::new();
    for argument in arguments {
        let id = ids::parse(argument.trim());
        all.push(id.map_err(|error| CommandError::usage(format!("{error}; nothing was sent")))?);
    }
    let (desktops, duplicates) = distinct(all);
    let mut notes = Vec::new();
    notes.extend(duplicates_note(duplicates, "id"));
    notes.extend(ids::note_about_names(desktops.iter()));
    Ok(List {
        desktops,
        notes,
        names: DesktopNames::default(),
    })
}

/// The error of a command without desktops.
pub fn no_desktop() -> CommandError {
    CommandError::usage("no desktops given").hint(
        "Use desktop ids, or a file with --from; `--from -` reads standard input. --help has \
         examples.",
    )
}

/// The purpose of the desktops in a list of ids.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// Their records are read, which affects nobody.
    Read,
    /// Everyone on them is logged off.
    LogOff,
}

/// Desktops or what is made of them, and what the user has to know about them before they are used.
pub struct List<T> {
    pub desktops: T,
    pub notes: Vec<String>,
    /// The names of the desktops, as far as the file has them.
    pub names: DesktopNames,
}

impl<T> List<T> {
    /// Returns the list with something else in the place of its desktops.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> List<U> {
        List {
            desktops: change(self.desktops),
            notes: self.notes,
            names: self.names,
        }
    }
}

/// Reads the ids in a file, each once. Other columns are not checked.
fn read_desktop_ids(path: &Path, purpose: Purpose) -> Result<List<Vec<DesktopId>>, CommandError> {
    let (name, text) = load(path)?;
    let mut errors = InputErrors::of_lines();
    let mut table = read_table(&text, &mut errors);
    let not_read = Column::TARGET.iter();
    let not_read: Vec<_> = not_read
        .filter(|column| table.known.contains(column))
        .copied()
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
    let mut all = Vec::new();
    for row in &table.rows {
        all.extend(desktop_id(row, &mut errors));
    }
    let not_read = not_read.iter().map(|column| column.name().to_owned());
    table.unknown.splice(0..0, not_read);
    let names = desktop_names(&table, &mut errors);
    let (desktops, duplicates) = distinct(all);
    errors.into_result(&name)?;
    let mut notes = notes(&name, &table, duplicates_note(duplicates, "id"));
    notes.extend(ids::note_about_names(desktops.iter()));
    finish(
        &name,
        List {
            desktops,
            notes,
            names,
        },
    )
}

/// Reads the desktops in a file, with the users to unbind from each. A target of the arguments is
/// that of every desktop; without one, each row has its own.
pub fn read_detachments(
    path: &Path,
    target: Option<&Target>,
) -> Result<List<Vec<DetachInstancesDesktopInfo>>, CommandError> {
    let (name, text) = load(path)?;
    let mut errors = InputErrors::of_lines();
    let table = read_table(&text, &mut errors);
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
    reject_misspelt_columns(&table, &mut errors);
    let names = desktop_names(&table, &mut errors);
    errors.into_result(&name)?;
    let Entries {
        desktops,
        duplicates,
        ..
    } = entries;
    let all: Vec<_> = desktops
        .iter()
        .filter_map(|desktop| desktop.desktop_id.as_ref())
        .collect();
    let mut notes = notes(&name, &table, duplicates_note(duplicates, "row"));
    notes.extend(ids::note_about_names(all.into_iter()));
    finish(
        &name,
        List {
            desktops,
            notes,
            names,
        },
    )
}

/// Reads a list in the format that it has.
fn read_table(text: &str, errors: &mut InputErrors) -> Table {
    if text.trim_start().starts_with(['{', '[']) {
        json::read(text, errors)
    } else {
        delimited::read(text, errors)
    }
}

/// Rejects headings that are probably typos of a column that the file lacks: to ignore one could
/// unbind the wrong users.
fn reject_misspelt_columns(table: &Table, errors: &mut InputErrors) {
    for heading in &table.unknown {
        if let Some(closest) = Column::closest(heading)
            && !table.known.contains(&closest)
        {
            let closest = closest.name();
            let message = format!("unknown column `{heading}`; did you mean `{closest}`?");
            errors.add(table.header_line, message);
        }
    }
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
    match ids::parse(cell) {
        Ok(id) => Some(id),
        Err(error) => {
            errors.add(row.line, error);
            None
        }
    }
}

/// Returns the names of the desktops. Rows that call the same desktop differently are an error: one
/// of them may mean another desktop.
fn desktop_names(table: &Table, errors: &mut InputErrors) -> DesktopNames {
    let mut names = DesktopNames::default();
    let mut lines = HashMap::new();
    for row in &table.rows {
        let (id, Some(name)) = (row.cell(Column::DesktopId), row.filled(Column::DesktopName))
        else {
            continue;
        };
        match names.get(id) {
            None => {
                names.insert(id, name);
                lines.insert(id.to_ascii_lowercase(), row.line);
            }
            Some(earlier) if earlier == name => {}
            Some(earlier) => {
                let first = lines.get(&id.to_ascii_lowercase()).copied();
                let message = format!(
                    "calls {} `{}`, but {} calls it `{}`",
                    excerpt(id),
                    excerpt(name),
                    errors.place(first.unwrap_or_default()),
                    excerpt(earlier)
                );
                errors.add(row.line, message);
            }
        }
    }
    names
}

/// Returns the ids without repetitions, and the number of those. The service does not distinguish
/// upper and lower case.
fn distinct(ids: Vec<DesktopId>) -> (Vec<DesktopId>, usize) {
    let all = ids.len();
    let mut seen = HashSet::new();
    let mut distinct = ids;
    distinct.retain(|id| seen.insert(id.as_str().to_ascii_lowercase()));
    let duplicates = all - distinct.len();
    (distinct, duplicates)
}

fn duplicates_note(count: usize, noun: &str) -> Option<String> {
    let noun = format!("duplicate {noun}");
    (count > 0).then(|| format!("{} ignored", pluralize(count, &noun)))
}

/// Returns what the user has to know about a file before it is used.
fn notes(name: &str, table: &Table, duplicates: Option<String>) -> Vec<String> {
    let mut notes = table.notes.clone();
    if !table.unknown.is_empty() {
        notes.push(format!("ignored columns: {}", table.unknown.join(", ")));
    }
    notes.extend(duplicates);
    for note in &mut notes {
        *note = format!("{name}: {note}");
    }
    notes
}

fn finish<T>(name: &str, list: List<Vec<T>>) -> Result<List<Vec<T>>, CommandError> {
    if list.desktops.is_empty() {
        return Err(CommandError::usage(format!("{name} contains no desktops")));
    }
    Ok(list)
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
