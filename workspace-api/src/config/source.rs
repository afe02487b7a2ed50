//! Where settings come from, and why a source was skipped. These are values, so that a program can
//! show them in its own way.

use std::fmt;
use std::path::PathBuf;

use crate::text::visible;

/// The name of a setting.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SettingName {
    /// The region.
    Region,
    /// The endpoint of Workspace.
    Endpoint,
    /// The endpoint of IAM.
    IamEndpoint,
    /// The endpoint of STS.
    StsEndpoint,
    /// The id of the project.
    ProjectId,
    /// The name of the project, from which IAM looks up the id.
    ProjectName,
    /// The proxy.
    Proxy,
    /// The file of certificate authorities.
    CaFile,
    /// The credentials.
    Credentials,
}

impl fmt::Display for SettingName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Region => "region",
            Self::Endpoint => "endpoint",
            Self::IamEndpoint => "IAM endpoint",
            Self::StsEndpoint => "STS endpoint",
            Self::ProjectId => "project id",
            Self::ProjectName => "project name",
            Self::Proxy => "proxy",
            Self::CaFile => "CA file",
            Self::Credentials => "credentials",
        })
    }
}

/// Where a setting comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Source {
    /// An explicit value: an argument, or a call of the program that uses this crate.
    Explicit {
        /// The name of the setting in the program, such as `--endpoint`; see
        /// [`Overrides::label`](super::Overrides::label).
        label: &'static str,
    },
    /// Environment variables, by name.
    Variables(Vec<String>),
    /// An entry of a file.
    File {
        /// The file.
        path: PathBuf,
        /// The entry as it can be found in the file, such as `[basic] ak`.
        entry: String,
    },
    /// Derived from the region.
    Region,
    /// The metadata service of the ECS instance that this program runs on, by its URL.
    InstanceMetadata(String),
    /// The temporary access key of an agency, and the source of the credentials that assume it.
    Agency {
        /// The name of the agency.
        name: String,
        /// The source of the credentials that assume it.
        assumed_with: Box<Source>,
    },
}

impl Source {
    pub(crate) fn variable(name: &str) -> Self {
        Self::Variables(vec![name.to_owned()])
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Explicit { label } => f.write_str(label),
            Self::Variables(names) => {
                let plural = if names.len() == 1 { "" } else { "s" };
                write!(f, "environment variable{plural} {}", names.join(", "))
            }
            Self::File { path, entry } => {
                let path = path.display().to_string();
                write!(f, "{}: {}", visible(&path), visible(entry))
            }
            Self::Region => f.write_str("derived from the region"),
            Self::InstanceMetadata(url) => write!(f, "instance metadata at {}", visible(url)),
            Self::Agency { name, assumed_with } => {
                write!(f, "agency {}, assumed with {assumed_with}", visible(name))
            }
        }
    }
}

/// A source that did not supply the value of a setting, and the reason.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Skipped {
    /// The source.
    pub source: Source,
    /// The reason.
    pub reason: SkipReason,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.reason)
    }
}

/// Why a source was skipped.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SkipReason {
    /// It has no value; the text says what is missing, such as `not set`.
    NotFound(String),
    /// Its value is invalid, but an earlier source takes precedence; the text says what is invalid.
    Invalid(String),
    /// It has a value too, but this source takes precedence.
    Overridden(Source),
    /// It has no effect on this client; the text says what applies instead.
    NotUsed(String),
    /// It was not tried, because an earlier source has a value.
    NotTried,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound(text) | Self::Invalid(text) => f.write_str(&visible(text)),
            Self::NotUsed(text) => write!(f, "not used: {text}"),
            Self::Overridden(by) => write!(f, "also set, but {by} takes precedence"),
            Self::NotTried => f.write_str("not tried, because an earlier source has a value"),
        }
    }
}
