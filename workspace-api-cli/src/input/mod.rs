//! The desktops of `--from`: reads a list of ids or a CSV file, also as Excel writes it, and finds every mistake at once.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use workspace_api::types::{DesktopId, DetachInstancesDesktopInfo, DetachInstancesUserInfo};

use crate::cli::Desktops;
use crate::error::Failure;
use crate::plan::some;

mod columns;
mod decode;
mod entries;

use columns::{Column, Table, read};
use entries::Entries;

/// What is wrong in a file, by line.
#[derive(Default)]
pub struct Mistakes(Vec<(u64, String)>);

impl Mistakes {
    fn add(&mut self, line: u64, what: impl Into<String>) {
        self.0.push((line, what.into()));
    }

    /// The value, if nothing is wrong.
    fn or<T>(mut self, name: &str, value: T) -> Result<T, Failure> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort_by_key(|(line, _)| *line);
        let count = self.0.len();
        // Four hundred times the same would scroll away what is told beside it.
        let mut alike: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for (line, what) in self.0 {
            alike.entry(what).or_default().push(line);
        }
        let mut alike: Vec<_> = alike.into_iter().collect();
        alike.sort_by_key(|(_, lines)| lines.first().copied());
        let lines: String = alike
            .iter()
            .map(|(what, lines)| {
                let plural = if lines.len() == 1 { "" } else { "s" };
                let lines: Vec<_> = lines.iter().map(u64::to_string).collect();
                format!("\n  line{plural} {}: {what}", some(&lines, "more"))
            })
            .collect();
        let count = match count {
            1 => "a mistake".to_owned(),
            count => format!("{count} mistakes"),
        };
        let message = format!("{name} has {count}, so nothing was sent:{lines}");
        Err(Failure::usage(message)
            .next_step("The columns are described in `workspace detach --help`."))
    }
}

/// A list of desktops, and remarks about it.
pub struct List<T> {
    desktops: Vec<T>,
    remarks: Vec<String>,
}

impl<T> List<T> {
    /// Tells the remarks and gives the desktops.
    pub fn tell(self, quiet: bool) -> Vec<T> {
        for remark in self.remarks.iter().filter(|_| !quiet) {
            // Nobody may be there to read it.
            let _ = writeln!(io::stderr(), "{remark}");
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

/// Whom to unbind.
#[derive(Clone, Debug)]
pub enum Whom {
    Everyone,
    Named(Vec<DetachInstancesUserInfo>),
}

fn row_whom(row: &columns::Row) -> Result<Whom, String> {
    let name = row.cell(Column::UserName);
    let everyone = match row.cell(Column::AllUsers).to_ascii_lowercase().as_str() {
        "" | "false" | "no" | "0" => false,
        "true" | "yes" | "1" => true,
        other => {
            return Err(format!(
                "is_detach_all_users is `{other}`, not true or false"
            ));
        }
    };
    if everyone {
        return match Column::WHOM
            .iter()
            .find(|column| **column != Column::AllUsers && !row.cell(**column).is_empty())
        {
            None => Ok(Whom::Everyone),
            Some(column) => Err(format!(
                "is_detach_all_users unbinds everybody, but `{}` names somebody",
                column.name()
            )),
        };
    }
    if name.is_empty() {
        return Err(
            "nobody is named: give a user_name, or is_detach_all_users, or --user, --group or --all-users for all"
                .to_owned(),
        );
    }
    let user = match row.cell(Column::Type).to_ascii_uppercase().as_str() {
        "" | "USER" => DetachInstancesUserInfo::user(name),
        "GROUP" => DetachInstancesUserInfo::group(name),
        other => return Err(format!("the type is `{other}`, not USER or GROUP")),
    };
    let mut user = user.map_err(|error| error.message().unwrap_or_default().to_owned())?;
    let given = |column| Some(row.cell(column)).filter(|cell| !cell.is_empty());
    user.domain = given(Column::Domain).map(str::to_owned);
    user.user_id = given(Column::UserId)
        .map(|id| {
            id.parse()
                .map_err(|error| format!("the user_id is {error}"))
        })
        .transpose()?;
    user.user_group = given(Column::UserGroup)
        .map(|group| {
            group
                .parse()
                .map_err(|error| format!("the user_group is {error}"))
        })
        .transpose()?;
    Ok(Whom::Named(vec![user]))
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
