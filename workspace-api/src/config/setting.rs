//! A setting, the place where it was found, and the places that were passed over.

use std::fmt;
use std::path::PathBuf;

use super::{Error, InvalidValue};

/// A place where settings are found.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Source {
    /// Given by hand: an argument, or a call of the program that uses this crate.
    Explicit,
    /// Environment variables, by name.
    Variables(Vec<String>),
    /// An entry of a file.
    File {
        /// The file.
        path: PathBuf,
        /// The entry, as a person finds it in the file: `[basic] ak`.
        entry: String,
    },
    /// Built from the region.
    Region,
    /// The metadata service of the ECS instance that this program runs on, by its URL.
    InstanceMetadata(String),
}

impl Source {
    pub(crate) fn variable(name: &str) -> Self {
        Self::Variables(vec![name.to_owned()])
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Explicit => f.write_str("given by hand"),
            Self::Variables(names) => {
                let plural = if names.len() == 1 { "" } else { "s" };
                write!(f, "environment variable{plural} {}", names.join(", "))
            }
            Self::File { path, entry } => write!(f, "{}: {entry}", path.display()),
            Self::Region => f.write_str("built from the region"),
            Self::InstanceMetadata(url) => write!(f, "instance metadata at {url}"),
        }
    }
}

/// A place that did not give a setting its value, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Skipped {
    /// The place.
    pub source: Source,
    /// Why it was passed over, such as `not set`.
    pub why: String,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.why)
    }
}

/// Why a place gives no value.
#[derive(Clone)]
pub(crate) enum Absent {
    /// There is none: go on to the next place.
    Missing(String),
    /// There is one that cannot be used. The next place may be another account's, so do not go on.
    Wrong(String),
}

impl Absent {
    pub(crate) fn not_set() -> Self {
        Self::Missing("not set".to_owned())
    }
}

impl From<InvalidValue> for Absent {
    fn from(invalid: InvalidValue) -> Self {
        Self::Wrong(invalid.to_string())
    }
}

/// A setting: its value if it was found, where, and the places that were passed over.
#[derive(Clone, Debug)]
pub struct Setting<T> {
    name: &'static str,
    found: Option<(T, Source)>,
    skipped: Vec<Skipped>,
}

impl<T> Setting<T> {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            found: None,
            skipped: Vec::new(),
        }
    }

    /// Looks at the next place. Once the value is found, the later places are only taken down.
    pub(crate) fn look(
        &mut self,
        source: Source,
        place: impl FnOnce() -> Result<T, Absent>,
    ) -> Result<(), Error> {
        match (place(), &self.found) {
            (Ok(value), None) => self.found = Some((value, source)),
            (Ok(_), Some((_, first))) => {
                let why = format!("has one too, but comes later than: {first}");
                self.pass_over(source, why);
            }
            (Err(Absent::Wrong(why)), None) => {
                return Err(Error::Invalid {
                    setting: self.name,
                    source,
                    why,
                });
            }
            (Err(Absent::Missing(why) | Absent::Wrong(why)), _) => self.pass_over(source, why),
        }
        Ok(())
    }

    pub(crate) fn pass_over(&mut self, source: Source, why: impl Into<String>) {
        self.skipped.push(Skipped {
            source,
            why: why.into(),
        });
    }

    /// The value; `None` if no place has one.
    pub fn value(&self) -> Option<&T> {
        self.found.as_ref().map(|(value, _)| value)
    }

    /// Where the value was found.
    pub fn source(&self) -> Option<&Source> {
        self.found.as_ref().map(|(_, source)| source)
    }

    /// The places that have no value or come later, in the order in which they were looked at.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// The value.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], with every place that was looked at, if there is none.
    pub fn require(self) -> Result<T, Error> {
        match self.found {
            Some((value, _)) => Ok(value),
            None => Err(Error::NotFound {
                setting: self.name,
                tried: self.skipped,
            }),
        }
    }
}
