//! Errors when resolving a setting.

use std::fmt;

use super::source::{SettingName, Skipped, Source};
use crate::ErrorKind;
use crate::text::visible;

/// Why a setting has no usable value. It never contains a secret.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// No source has a value.
    NotFound {
        /// The setting.
        setting: SettingName,
        /// Every source that was tried, and what is missing there.
        tried: Vec<Skipped>,
    },
    /// A source has an invalid value. Later sources are not tried, because they may belong to
    /// another account.
    Invalid {
        /// The setting.
        setting: SettingName,
        /// The source of the value.
        source: Source,
        /// The reason, and what to do.
        reason: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { setting, tried } => {
                write!(f, "no {setting} found; sources tried:")?;
                tried
                    .iter()
                    .try_for_each(|source| write!(f, "\n  {source}"))
            }
            Self::Invalid {
                setting,
                source,
                reason,
            } => write!(f, "invalid {setting} ({source}): {}", visible(reason)),
        }
    }
}

impl std::error::Error for Error {}

impl From<Error> for crate::Error {
    fn from(error: Error) -> Self {
        Self::new(ErrorKind::Configuration, error.to_string())
    }
}
