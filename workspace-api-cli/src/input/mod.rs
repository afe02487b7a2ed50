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
mod line_numbers;
mod names;
mod people;
mod table;
mod target;

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;

use workspace_api::types::DesktopId;

use crate::cli::Desktops;
use crate::desktops::ids::DesktopIds;
use crate::desktops::names::DesktopNames;
use crate::desktops::unbindings::Unbindings;
use crate::error::CommandError;
use crate::input::columns::Column;
use crate::input::decode::Decoder;
use crate::input::delimited::is_content;
use crate::input::entries::Entries;
use crate::input::errors::InputErrors;
use crate::input::names::Names;
use crate::input::people::may_name_people;
use crate::input::table::{Row, Table};
use crate::output::text::pluralize;

pub use target::Target;

/// Returns the desktops of the arguments or of the file that they name, each once.
pub fn desktop_ids(
    desktops: &Desktops,
    purpose: Purpose,
) -> Result<List<DesktopIds>, CommandError> {
    match &desktops.from {
        Some(path) => read_desktop_ids(path, purpose),
        None => of_arguments(&desktops.ids),
    }
}

/// Returns the desktops of the arguments, each once.
pub fn of_arguments(arguments: &[String]) -> Result<List<DesktopIds>, CommandError> {
    let mut desktops = DesktopIds::default();
    let mut duplicates = 0;
    for argument in arguments {
        let id = ids::parse(argument.trim());
        let id = id.map_err(|error| CommandError::usage(format!("{error}; nothing was sent")))?;
        let (_, is_new) = desktops.insert(id.as_str());
        duplicates += usize::from(!is_new);
    }
    let mut notes = Vec::new();
    notes.extend(duplicates_note(duplicates, "id"));
    notes.extend(ids::note_about_names(&desktops));
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
fn read_desktop_ids(path: &Path, purpose: Purpose) -> Result<List<DesktopIds>, CommandError> {
    let name = file_name(path);
    let mut errors = InputErrors::of_lines();
    let mut desktops = DesktopIds::default();
    let mut duplicates = 0;
    let mut names = Names::default();
    let mut table = read_table(path, &mut errors, |row, errors| {
        if let Some(id) = desktop_id(&row, errors) {
            let (place, is_new) = desktops.insert(id.as_str());
            duplicates += usize::from(!is_new);
            names.add(place, &row, errors);
        }
    })?;
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
    let not_read = not_read.iter().map(|column| column.name().to_owned());
    table.unknown.splice(0..0, not_read);
    errors.into_result(&name)?;
    let notes = notes(&name, &table, duplicates_note(duplicates, "id"), &desktops)?;
    Ok(List {
        names: names.names.with_ids(&desktops),
        desktops,
        notes,
    })
}

/// Reads the desktops in a file, with the users to unbind from each. A target of the arguments is
/// that of every desktop; without one, each row has its own.
pub fn read_detachments(
    path: &Path,
    target: Option<&Target>,
) -> Result<List<Unbindings>, CommandError> {
    let name = file_name(path);
    let mut errors = InputErrors::of_lines();
    let mut entries = Entries::default();
    let mut names = Names::default();
    let mut has_all_users = target.is_some();
    let table = read_table(path, &mut errors, |row, errors| {
        if let Some(id) = desktop_id(&row, errors) {
            let target = match target {
                Some(target) => without_row_target(&row).map(|()| target.clone()),
                None => Target::of_row(&row),
            };
            has_all_users |= matches!(target, Ok(Target::AllUsers));
            match target {
                Ok(target) => {
                    let place = entries.add(row.line, &id, target, errors);
                    names.add(place, &row, errors);
                }
                Err(error) => {
                    errors.add(row.line, error);
                    if let Some(place) = entries.desktops.ids().place(id.as_str()) {
                        names.add(place, &row, errors);
                    }
                }
            }
        }
    })?;
    if has_all_users {
        reject_people_columns(&table, &mut errors);
    }
    reject_misspelt_columns(&table, &mut errors);
    errors.into_result(&name)?;
    let Entries {
        mut desktops,
        duplicates,
        ..
    } = entries;
    desktops.end_adding();
    let duplicates = duplicates_note(duplicates, "row");
    let notes = notes(&name, &table, duplicates, desktops.ids())?;
    Ok(List {
        names: names.names.with_ids(desktops.ids()),
        desktops,
        notes,
    })
}

/// Reads a file in the format that it has, and passes each row on.
fn read_table(
    path: &Path,
    errors: &mut InputErrors,
    add: impl FnMut(Row, &mut InputErrors),
) -> Result<Table, CommandError> {
    let name = file_name(path);
    let table = open(path)
        .map_err(|error| io::Error::other(format!("cannot read {name}: {error}")))
        .and_then(|file| read_text(Decoder::new(&name, file)?, errors, add));
    table.map_err(|error| CommandError::usage(error.to_string()))
}

fn read_text(
    mut text: impl BufRead,
    errors: &mut InputErrors,
    add: impl FnMut(Row, &mut InputErrors),
) -> io::Result<Table> {
    let mut beginning = String::new();
    loop {
        let start = beginning.len();
        let is_at_end = text.read_line(&mut beginning)? == 0;
        if is_at_end || is_content(&beginning[start..]) {
            break;
        }
    }
    if beginning.trim_start().starts_with(['{', '[']) {
        text.read_to_string(&mut beginning)?;
        Ok(json::read(&beginning, errors, add))
    } else {
        delimited::read(&beginning, text, errors, add)
    }
}

/// Returns the name of the file for messages.
fn file_name(path: &Path) -> String {
    if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    if path == Path::new("-") {
        Ok(Box::new(io::stdin().lock()))
    } else {
        Ok(Box::new(File::open(path)?))
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

fn duplicates_note(count: usize, noun: &str) -> Option<String> {
    let noun = format!("duplicate {noun}");
    (count > 0).then(|| format!("{} ignored", pluralize(count, &noun)))
}

/// Returns what the user has to know about a file before it is used; an error if it has no desktop.
fn notes(
    name: &str,
    table: &Table,
    duplicates: Option<String>,
    ids: &DesktopIds,
) -> Result<Vec<String>, CommandError> {
    if ids.is_empty() {
        return Err(CommandError::usage(format!("{name} contains no desktops")));
    }
    let mut notes = table.notes.clone();
    if !table.unknown.is_empty() {
        notes.push(format!("ignored columns: {}", table.unknown.join(", ")));
    }
    notes.extend(duplicates);
    for note in &mut notes {
        *note = format!("{name}: {note}");
    }
    notes.extend(ids::note_about_names(ids));
    Ok(notes)
}

#[cfg(test)]
mod tests;
