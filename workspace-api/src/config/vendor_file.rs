//! The files of the vendor's tools: where they are, and reading them.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::setting::LookupError;
use super::source::Source;
use crate::Secret;

/// A file of the vendor's tools.
pub(super) struct VendorFile {
    /// The variable with the path of the file.
    pub(super) variable: &'static str,
    /// The folder in the home folder, where the file is without the variable.
    pub(super) folder: &'static str,
    /// The name of the file in that folder.
    pub(super) name: &'static str,
}

impl VendorFile {
    /// Returns the source of an entry, whether or not the file exists.
    pub(super) fn source(&self, environment: &Environment, entry: String) -> Source {
        let path = self
            .path(environment)
            .unwrap_or_else(|| Path::new("~").join(self.folder).join(self.name));
        Source::File { path, entry }
    }

    /// Reads the file. The text may hold keys.
    pub(super) fn read(&self, environment: &Environment) -> Result<Secret, LookupError> {
        let Some(path) = self.path(environment) else {
            return Err(LookupError::NotFound("HOME is not set".to_owned()));
        };
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Secret::new(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(LookupError::NotFound("the file does not exist".to_owned()))
            }
            Err(error) => Err(LookupError::Invalid(format!(
                "the file cannot be read: {error}"
            ))),
        }
    }

    /// Returns a warning if other users of this machine can read or change the file, which may hold
    /// keys.
    #[cfg(unix)]
    pub(super) fn warning(&self, environment: &Environment) -> Option<String> {
        use std::os::unix::fs::PermissionsExt;

        const READABLE_BY_OTHERS: u32 = 0o044;
        const WRITABLE_BY_OTHERS: u32 = 0o022;
        let path = self.path(environment)?;
        let mode = std::fs::metadata(&path).ok()?.permissions().mode();
        let what = if mode & WRITABLE_BY_OTHERS != 0 {
            "change"
        } else if mode & READABLE_BY_OTHERS != 0 {
            "read"
        } else {
            return None;
        };
        let path = path.display();
        Some(format!(
            "other users of this machine can {what} {path}. Run `chmod 600 {path}`."
        ))
    }

    /// Elsewhere, the folder of the user is not readable by others.
    #[cfg(not(unix))]
    pub(super) fn warning(&self, _environment: &Environment) -> Option<String> {
        None
    }

    /// The path of the file; `None` without a home folder. A path in a variable can begin with
    /// `~/`.
    fn path(&self, environment: &Environment) -> Option<PathBuf> {
        let home = environment
            .os_text("HOME")
            .or_else(|| environment.os_text("USERPROFILE"))
            .map(PathBuf::from);
        let Some(path) = environment.os_text(self.variable) else {
            return Some(home?.join(self.folder).join(self.name));
        };
        let path = PathBuf::from(path);
        match (path.strip_prefix("~"), home) {
            (Ok(below), Some(home)) => Some(home.join(below)),
            _ => Some(path),
        }
    }
}
