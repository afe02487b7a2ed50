//! The vendor's profile file: `[basic]` with `ak`, `sk`, `security_token`, `project_id` and `iam_endpoint`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use configparser::ini::Ini;

use super::setting::Absent;
use super::variables::PROFILE_FILE;
use super::{Environment, Source};
use crate::Secret;

const SECTION: &str = "basic";

/// The entries of `[basic]`, or why there are none.
pub(crate) struct Profile(Result<Vec<(String, Secret)>, Absent>);

impl Profile {
    pub(crate) fn read(environment: &Environment) -> Self {
        Self(read(environment, PROFILE_FILE, "credentials").and_then(|text| entries(text.expose())))
    }

    /// Where an entry is or would be.
    pub(crate) fn source(environment: &Environment, entry: &str) -> Source {
        let path = environment
            .file(PROFILE_FILE, "credentials")
            .unwrap_or_else(|| Path::new("~/.huaweicloud/credentials").into());
        Source::File {
            path,
            entry: format!("[{SECTION}] {entry}"),
        }
    }

    /// The entry; an empty one counts as missing.
    pub(crate) fn get(&self, key: &str) -> Result<&Secret, Absent> {
        let entries = self.0.as_ref().map_err(Clone::clone)?;
        let entry = entries
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value);
        entry.ok_or_else(|| Absent::Missing(format!("[{SECTION}] has no `{key}`")))
    }
}

/// The text of the file that `variable` names, else of `name` in the folder `.huaweicloud`.
pub(super) fn read(
    environment: &Environment,
    variable: &str,
    name: &str,
) -> Result<Secret, Absent> {
    let path: PathBuf = environment
        .file(variable, name)
        .ok_or_else(|| Absent::Missing("HOME is not set".to_owned()))?;
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Secret::new(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(Absent::Missing("the file does not exist".to_owned()))
        }
        Err(error) => Err(Absent::Wrong(format!("the file cannot be read: {error}"))),
    }
}

fn entries(text: &str) -> Result<Vec<(String, Secret)>, Absent> {
    let mut defaults = Ini::new().defaults();
    // A key may contain `#` and `;`.
    defaults.enable_inline_comments = false;
    let mut ini = Ini::new_from_defaults(defaults);
    // The parser names the line and never what is in it.
    ini.read(text.trim_start_matches('\u{feff}').to_owned())
        .map_err(|error| Absent::Wrong(format!("the file is not an INI file: {error}")))?;
    let section = ini.remove_section(SECTION);
    let section =
        section.ok_or_else(|| Absent::Missing(format!("the file has no section [{SECTION}]")))?;
    let entries = section
        .into_iter()
        .filter_map(|(key, value)| Some((key, value.filter(|v| !v.is_empty())?.into())));
    Ok(entries.collect())
}
