//! The vendor's profile file: `[basic]` with `ak`, `sk`, `security_token`, `project_id` and
//! `iam_endpoint`.

use configparser::ini::Ini;

use super::environment::Environment;
use super::setting::LookupError;
use super::source::Source;
use super::variables::PROFILE_FILE;
use super::vendor_file::VendorFile;
use crate::Secret;

const FILE: VendorFile = VendorFile {
    variable: PROFILE_FILE,
    folder: ".huaweicloud",
    name: "credentials",
};
const SECTION: &str = "basic";
/// The entries that select credentials.
const CREDENTIALS: [&str; 4] = ["ak", "sk", "idp_id", "id_token_file"];

/// The entries of `[basic]`, or why there are none.
pub(crate) struct Profile(Result<Vec<(String, Secret)>, LookupError>);

impl Profile {
    pub(crate) fn read(environment: &Environment) -> Self {
        Self(
            FILE.read(environment)
                .and_then(|text| entries(text.expose())),
        )
    }

    /// The profile when other credentials than its keys are used: its project belongs to its keys.
    pub(super) fn ignored() -> Self {
        Self(Err(LookupError::NotFound(
            "ignored, because it belongs to this file's keys, which are not in use".to_owned(),
        )))
    }

    /// Returns a warning if other users of this machine can read the file.
    pub(super) fn warning(environment: &Environment) -> Option<String> {
        FILE.warning(environment)
    }

    /// The source of an entry, whether or not the file has it.
    pub(crate) fn source(environment: &Environment, entry: &str) -> Source {
        FILE.source(environment, format!("[{SECTION}] {entry}"))
    }

    /// Returns the first entry that belongs to credentials.
    pub(super) fn credentials(&self) -> Result<&Secret, LookupError> {
        let found = CREDENTIALS.iter().find_map(|key| self.get(key).ok());
        match found {
            Some(value) => Ok(value),
            None => self.get("ak"),
        }
    }

    /// Returns the value of an entry; an empty one counts as missing.
    pub(crate) fn get(&self, key: &str) -> Result<&Secret, LookupError> {
        let entries = self.0.as_ref().map_err(Clone::clone)?;
        match entries.iter().find(|(name, _)| name == key) {
            Some((_, value)) => Ok(value),
            None => Err(LookupError::NotFound(format!("[{SECTION}] has no `{key}`"))),
        }
    }
}

fn entries(text: &str) -> Result<Vec<(String, Secret)>, LookupError> {
    check_lines(text)?;
    let mut defaults = Ini::new().defaults();
    // A key may contain `#` and `;`.
    defaults.enable_inline_comments = false;
    let mut ini = Ini::new_from_defaults(defaults);
    // The parser's error has the line number but no content, so it cannot show a key.
    ini.read(text.trim_start_matches('\u{feff}').to_owned())
        .map_err(|error| LookupError::Invalid(format!("the file is not valid INI: {error}")))?;
    let Some(section) = ini.remove_section(SECTION) else {
        return Err(LookupError::NotFound(format!(
            "the file has no section [{SECTION}]"
        )));
    };
    let entries = section
        .into_iter()
        .filter_map(|(key, value)| Some((key, value.filter(|v| !v.is_empty())?.into())));
    Ok(entries.collect())
}

/// Rejects what the parser would read in a way that nobody means: a section or an entry that is
/// there twice could pair the keys of two accounts, and an indented line would be cut off.
fn check_lines(text: &str) -> Result<(), LookupError> {
    let mut sections: Vec<(String, usize)> = Vec::new();
    let mut keys: Vec<(String, usize)> = Vec::new();
    let lines = text.trim_start_matches('\u{feff}').lines();
    for (number, line) in lines.enumerate().map(|(index, line)| (index + 1, line)) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(section) = trimmed.strip_prefix('[') {
            let section = section.split(']').next().unwrap_or_default().trim();
            reject_second(&mut sections, section, "section", number)?;
            keys.clear();
            continue;
        }
        if line.starts_with(char::is_whitespace) && !keys.is_empty() {
            return Err(LookupError::Invalid(format!(
                "line {number} is indented, so it would continue the value before it. Write each \
                 entry in one line without indentation."
            )));
        }
        let key = trimmed.split(['=', ':']).next().unwrap_or_default().trim();
        reject_second(&mut keys, key, "entry", number)?;
    }
    Ok(())
}

/// Records a name, or rejects it if it is there already. Names are compared as the parser does.
fn reject_second(
    seen: &mut Vec<(String, usize)>,
    name: &str,
    what: &str,
    line: usize,
) -> Result<(), LookupError> {
    let name = name.to_lowercase();
    if let Some((_, first)) = seen.iter().find(|(other, _)| *other == name) {
        return Err(LookupError::Invalid(format!(
            "the {what} in line {line} is already in line {first}. Keep one of them."
        )));
    }
    seen.push((name, line));
    Ok(())
}
