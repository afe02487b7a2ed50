//! Why a setting cannot be had.

use std::fmt;

use super::{Skipped, Source};
use crate::ErrorKind;

/// Why a setting cannot be had. It never contains a secret.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// No place has it.
    NotFound {
        /// What is missing, such as `credentials`.
        setting: &'static str,
        /// Every place that was looked at, and what was missing there.
        tried: Vec<Skipped>,
    },
    /// A place has one that cannot be used. Later places are not tried instead: they may be another account's.
    Invalid {
        /// What cannot be used, such as `endpoint`.
        setting: &'static str,
        /// The place.
        source: Source,
        /// What is wrong there and what to do.
        why: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { setting, tried } => {
                write!(f, "no {setting} found in any of these places:")?;
                tried.iter().try_for_each(|place| write!(f, "\n  {place}"))
            }
            Self::Invalid {
                setting,
                source,
                why,
            } => write!(f, "cannot use the {setting} in {source}: {why}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<Error> for crate::Error {
    fn from(error: Error) -> Self {
        Self::new(ErrorKind::Configuration, error.to_string())
    }
}
