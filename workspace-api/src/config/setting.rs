//! A setting: its value, the source of the value, and the sources that were skipped.

use super::endpoint::InvalidValue;
use super::error::Error;
use super::source::{SettingName, SkipReason, Skipped, Source};

/// Why a source supplies no value.
#[derive(Clone)]
pub(crate) enum LookupError {
    /// It has none; the next source is tried.
    NotFound(String),
    /// Its value is invalid. The next source may belong to another account and is not tried.
    Invalid(String),
}

impl LookupError {
    pub(crate) fn not_set() -> Self {
        Self::NotFound("not set".to_owned())
    }

    /// A part of a source is there without the part that it needs.
    pub(crate) fn incomplete(present: &str, missing: &str) -> Self {
        Self::Invalid(format!(
            "`{present}` is set, but `{missing}` is not. Set both, or neither to use the next \
             source."
        ))
    }
}

impl From<InvalidValue> for LookupError {
    fn from(invalid: InvalidValue) -> Self {
        Self::Invalid(invalid.to_string())
    }
}

/// A setting: its value, if a source has one, and the sources that were skipped.
#[derive(Clone, Debug)]
pub struct Setting<T> {
    name: SettingName,
    /// The source that decides, and its value or why that is invalid.
    found: Option<(Source, Result<T, String>)>,
    skipped: Vec<Skipped>,
}

impl<T> Setting<T> {
    pub(crate) fn new(name: SettingName) -> Self {
        Self {
            name,
            found: None,
            skipped: Vec::new(),
        }
    }

    /// Takes the value of the next source. Once a value is found, valid or not, later sources are
    /// only recorded.
    pub(crate) fn try_source(&mut self, source: Source, value: Result<T, LookupError>) {
        match (value, &self.found) {
            (Ok(value), None) => self.found = Some((source, Ok(value))),
            (Err(LookupError::Invalid(reason)), None) => self.found = Some((source, Err(reason))),
            (Ok(_), Some((first, _))) => {
                let reason = SkipReason::Overridden(first.clone());
                self.skip(source, reason);
            }
            (Err(LookupError::NotFound(text)), _) => {
                self.skip(source, SkipReason::NotFound(text));
            }
            (Err(LookupError::Invalid(text)), Some(_)) => {
                self.skip(source, SkipReason::Invalid(text));
            }
        }
    }

    pub(crate) fn skip(&mut self, source: Source, reason: SkipReason) {
        self.skipped.push(Skipped { source, reason });
    }

    /// Changes the value, if there is one.
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        Setting {
            name: self.name,
            found: self
                .found
                .map(|(source, value)| (source, value.map(change))),
            skipped: self.skipped,
        }
    }

    /// Replaces the value, if there is one.
    pub(crate) fn and_value<U>(self, value: Option<U>) -> Setting<U> {
        let found = match (self.found, value) {
            (Some((source, Ok(_))), Some(value)) => Some((source, Ok(value))),
            (Some((source, Err(reason))), _) => Some((source, Err(reason))),
            (Some((_, Ok(_))), None) | (None, _) => None,
        };
        Setting {
            name: self.name,
            found,
            skipped: self.skipped,
        }
    }

    /// Returns whether a source decides, be its value valid or not.
    pub(crate) fn is_decided(&self) -> bool {
        self.found.is_some()
    }

    /// The name of the setting.
    pub fn name(&self) -> SettingName {
        self.name
    }

    /// The value; `None` if no source has one, or if it is [invalid](Self::error).
    pub fn value(&self) -> Option<&T> {
        match &self.found {
            Some((_, Ok(value))) => Some(value),
            _ => None,
        }
    }

    /// The source of the value, or of the invalid value.
    pub fn source(&self) -> Option<&Source> {
        self.found.as_ref().map(|(source, _)| source)
    }

    /// Why the value is invalid; `None` if it is valid or there is none.
    pub fn error(&self) -> Option<Error> {
        match &self.found {
            Some((source, Err(reason))) => Some(Error::Invalid {
                setting: self.name,
                source: source.clone(),
                reason: reason.clone(),
            }),
            _ => None,
        }
    }

    /// The sources that have no value or come later, in the order in which they were tried.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Returns the value.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], with every source that was tried, if there is none; [`Error::Invalid`]
    /// if the source that decides has an invalid one.
    pub fn require(self) -> Result<T, Error> {
        match self.found {
            Some((_, Ok(value))) => Ok(value),
            Some((source, Err(reason))) => Err(Error::Invalid {
                setting: self.name,
                source,
                reason,
            }),
            None => Err(Error::NotFound {
                setting: self.name,
                tried: self.skipped,
            }),
        }
    }
}
