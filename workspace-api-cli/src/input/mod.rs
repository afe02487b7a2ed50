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
use crate::error::Failure;
use crate::output;

use columns::{Column, Table, read};
use entries::Entries;
use errors::Mistakes;
pub use target::Whom;
use target::row_whom;

/// A list of desktops, and remarks about it.
pub struct List<T> {
    desktops: Vec<T>,
    remarks: Vec<String>,
}

impl<T> List<T> {
    /// Tells the remarks and gives the desktops.
    pub fn tell(self, quiet: bool) -> Vec<T> {
        for remark in &self.remarks {
            output::note(quiet, remark);
        }
        self.desktops
    }
}

/// The ids that the arguments name or that are in the file that they name, each once.
pub fn named(desktops: &Desktops, quiet: bool) -> Result<Vec<DesktopId>, Failure> {
    match &desktops.from {
        Some(path) => Ok(desktop_ids(path)?.tell(quiet)),
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
pub fn no_desktop() -> Failure {
    Failure::usage("no desktop is named")
        .next_step("Give the ids of desktops, or a file with --from; --help has examples.")
}

/// The ids in a file, each once.
fn desktop_ids(path: &Path) -> Result<List<DesktopId>, Failure> {
    let (name, text) = load(path)?;
    let mut mistakes = Mistakes::default();
    let table = read(&text, &mut mistakes);
    let mut seen = HashSet::new();
    let mut desktops = Vec::new();
    for row in &table.rows {
        if let Some(id) = desktop_id(row.line, row.cell(Column::DesktopId), &mut mistakes)
            && seen.insert(id.to_ascii_lowercase())
        {
            desktops.push(id);
        }
    }
    finish(&name, &table, desktops, mistakes)
}

/// The desktops in a file, with whom to unbind from each. `whom` is what the arguments say, for every desktop.
pub fn detachments(
    path: &Path,
    whom: Option<&Whom>,
) -> Result<List<DetachInstancesDesktopInfo>, Failure> {
    let (name, text) = load(path)?;
    let mut mistakes = Mistakes::default();
    let table = read(&text, &mut mistakes);
    let mut entries = Entries::default();
    for row in &table.rows {
        let Some(id) = desktop_id(row.line, row.cell(Column::DesktopId), &mut mistakes) else {
            continue;
        };
        let says_whom = Column::WHOM
            .iter()
            .find(|column| !row.cell(**column).is_empty());
        let found = match (whom, says_whom) {
            (Some(_), Some(column)) => Err(format!(
                "`{}` says whom to unbind, and so do the arguments. Leave one out.",
                column.name()
            )),
            (Some(whom), None) => Ok(whom.clone()),
            (None, _) => row_whom(row),
        };
        match found {
            Ok(whom) => entries.add(row.line, id, whom, &mut mistakes),
            Err(what) => mistakes.add(row.line, what),
        }
    }
    finish(&name, &table, entries.desktops, mistakes)
}

fn desktop_id(line: u64, cell: &str, mistakes: &mut Mistakes) -> Option<DesktopId> {
    if cell.is_empty() {
        mistakes.add(line, "there is no desktop_id");
        return None;
    }
    match DesktopId::try_from(cell) {
        Ok(id) => Some(id),
        Err(error) => {
            mistakes.add(line, format!("the desktop id {cell:?} is {error}"));
            None
        }
    }
}

fn finish<T>(
    name: &str,
    table: &Table,
    desktops: Vec<T>,
    mistakes: Mistakes,
) -> Result<List<T>, Failure> {
    let desktops = mistakes.or(name, desktops)?;
    if desktops.is_empty() {
        return Err(Failure::usage(format!("{name} names no desktop")));
    }
    let remarks = match table.unused.as_slice() {
        [] => Vec::new(),
        unused => vec![format!("{name}: not used: {}", unused.join(", "))],
    };
    Ok(List { desktops, remarks })
}

/// The name of the file for messages, and its text.
fn load(path: &Path) -> Result<(String, String), Failure> {
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
    read.map_err(|error| Failure::usage(format!("{name} cannot be read: {error}")))?;
    let text = decode::text(bytes).map_err(|what| Failure::usage(format!("{name}{what}")))?;
    Ok((name, text))
}

#[cfg(test)]
mod tests;
