//! The desktops of `--from`: reads a list of ids or a CSV file, also as Excel writes it, and finds every mistake at once.

mod columns;
mod decode;
mod entries;
mod errors;
mod target;

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use workspace_api::types::{DesktopId, DetachInstancesDesktopInfo};

use crate::cli::Desktops;
use crate::error::CommandError;
use crate::output;

use columns::{Column, Table, read};
use entries::Entries;
use errors::InputErrors;
pub use target::Target;
use target::row_target;

/// A list of desktops, and remarks about it.
pub struct List<T> {
    desktops: Vec<T>,
    notes: Vec<String>,
}

impl<T> List<T> {
    /// Tells the remarks and gives the desktops.
    pub fn print_notes(self, quiet: bool) -> Vec<T> {
        for note in &self.notes {
            output::note(quiet, note);
        }
        self.desktops
    }
}

/// The ids that the arguments name or that are in the file that they name, each once.
pub fn desktop_ids(desktops: &Desktops, quiet: bool) -> Result<Vec<DesktopId>, CommandError> {
    match &desktops.from {
        Some(path) => Ok(read_desktop_ids(path)?.print_notes(quiet)),
        None => {
            let mut seen = HashSet::new();
            let ids = desktops.ids.iter();
            Ok(ids
                .filter(|id| seen.insert(id.to_ascii_lowercase()))
                .cloned()
                .collect())
        }
    }
}

/// What to say if no desktop is named at all.
pub fn no_desktop() -> CommandError {
    CommandError::usage("no desktop is named")
        .hint("Give the ids of desktops, or a file with --from; --help has examples.")
}

/// The ids in a file, each once.
fn read_desktop_ids(path: &Path) -> Result<List<DesktopId>, CommandError> {
    let (name, text) = load(path)?;
    let mut errors = InputErrors::default();
    let table = read(&text, &mut errors);
    let mut seen = HashSet::new();
    let mut desktops = Vec::new();
    for row in &table.rows {
        if let Some(id) = desktop_id(row.line, row.cell(Column::DesktopId), &mut errors)
            && seen.insert(id.to_ascii_lowercase())
        {
            desktops.push(id);
        }
    }
    finish(&name, &table, desktops, errors)
}

/// The desktops in a file, with whom to unbind from each. `whom` is what the arguments say, for every desktop.
pub fn read_detachments(
    path: &Path,
    target: Option<&Target>,
) -> Result<List<DetachInstancesDesktopInfo>, CommandError> {
    let (name, text) = load(path)?;
    let mut errors = InputErrors::default();
    let table = read(&text, &mut errors);
    let mut entries = Entries::default();
    for row in &table.rows {
        let Some(id) = desktop_id(row.line, row.cell(Column::DesktopId), &mut errors) else {
            continue;
        };
        let says_whom = Column::TARGET
            .iter()
            .find(|column| !row.cell(**column).is_empty());
        let found = match (target, says_whom) {
            (Some(_), Some(column)) => Err(format!(
                "`{}` says whom to unbind, and so do the arguments. Leave one out.",
                column.name()
            )),
            (Some(target), None) => Ok(target.clone()),
            (None, _) => row_target(row),
        };
        match found {
            Ok(target) => entries.add(row.line, id, target, &mut errors),
            Err(what) => errors.add(row.line, what),
        }
    }
    finish(&name, &table, entries.desktops, errors)
}

fn desktop_id(line: u64, cell: &str, errors: &mut InputErrors) -> Option<DesktopId> {
    if cell.is_empty() {
        errors.add(line, "there is no desktop_id");
        return None;
    }
    match DesktopId::try_from(cell) {
        Ok(id) => Some(id),
        Err(error) => {
            errors.add(line, error.to_string());
            None
        }
    }
}

fn finish<T>(
    name: &str,
    table: &Table,
    desktops: Vec<T>,
    errors: InputErrors,
) -> Result<List<T>, CommandError> {
    let desktops = errors.into_result(name, desktops)?;
    if desktops.is_empty() {
        return Err(CommandError::usage(format!("{name} names no desktop")));
    }
    let notes = match table.unused.as_slice() {
        [] => Vec::new(),
        unused => vec![format!("{name}: not used: {}", unused.join(", "))],
    };
    Ok(List { desktops, notes })
}

/// The name of the file for messages, and its text.
fn load(path: &Path) -> Result<(String, String), CommandError> {
    let mut bytes = Vec::new();
    let (name, read) = match path == Path::new("-") {
        true => (
            "standard input".to_owned(),
            io::stdin().lock().read_to_end(&mut bytes).map(|_| ()),
        ),
        false => (
            path.display().to_string(),
            fs::read(path).map(|read| bytes = read),
        ),
    };
    read.map_err(|error| CommandError::usage(format!("{name} cannot be read: {error}")))?;
    let text = decode::text(bytes).map_err(|what| CommandError::usage(format!("{name}{what}")))?;
    Ok((name, text))
}

#[cfg(test)]
mod tests;
