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
    name: "credentials",
};
const SECTION: &str = "basic";

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

    /// The source of an entry, whether or not the file has it.
    pub(crate) fn source(environment: &Environment, entry: &str) -> Source {
        FILE.source(environment, format!("[{SECTION}] {entry}"))
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
