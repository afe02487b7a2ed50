//! Why there are no credentials, or no project id.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;

use crate::ErrorKind;
use crate::config::{self, Region};
use crate::signing::format_time;

/// Why there are no credentials, or no project id. It never contains a secret.
///
/// The cause, where there is one, is [`source`](StdError::source) and is not repeated in `Display`. The error can be
/// cloned, since all calls that waited for the same refresh get it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// No place has credentials, or a place has some that cannot be used.
    Config(config::Error),
    /// The provider's credentials have expired already.
    Expired {
        /// When they expired.
        at: SystemTime,
    },
    /// A request for them failed.
    Request {
        /// What failed, such as `the login at https://iam.…`.
        what: String,
        /// What came back instead; its `status`, `code` and `request_id` are the service's.
        source: crate::Error,
    },
    /// IAM does not know exactly one project of the region.
    Project {
        /// The region.
        region: Region,
        /// The ids of the projects that IAM has for it; empty if none.
        found: Vec<String>,
    },
    /// One's own [`ProvideCredentials`](super::ProvideCredentials) failed.
    Provider(Arc<dyn StdError + Send + Sync>),
}

impl Error {
    /// The error of one's own [`ProvideCredentials`](super::ProvideCredentials). What `error` prints ends up in logs.
    pub fn provider(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Provider(Arc::from(error.into()))
    }

    pub(super) fn request(what: impl Into<String>) -> impl FnOnce(crate::Error) -> Self {
        let what = what.into();
        move |source| Self::Request { what, source }
    }

    /// Whether what was given was refused, so that asking again would only come nearer to a lock.
    pub fn is_rejected(&self) -> bool {
        matches!(self, Self::Request { source, .. } if source.status() == Some(StatusCode::UNAUTHORIZED))
    }

    /// How long the service asks to wait before it is asked again, as of when this error was made.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Request { source, .. } => source.retry_after(),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Expired { at } => {
                write!(
                    f,
                    "the credentials expired at {}; get new ones",
                    format_time(*at)
                )
            }
            Self::Request { what, .. } => write!(f, "{what} failed"),
            Self::Project { region, found } => {
                match found.as_slice() {
                    [] => write!(
                        f,
                        "IAM has no project of the region {region} for these credentials"
                    )?,
                    ids => write!(
                        f,
                        "IAM has several projects of the region {region}: {}",
                        ids.join(", ")
                    )?,
                }
                f.write_str(". Give the project id, or set HUAWEICLOUD_SDK_PROJECT_ID.")
            }
            Self::Provider(_) => f.write_str("the credentials provider failed"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Request { source, .. } => Some(source),
            Self::Provider(source) => Some(&**source),
            Self::Config(_) | Self::Expired { .. } | Self::Project { .. } => None,
        }
    }
}

impl From<config::Error> for Error {
    fn from(error: config::Error) -> Self {
        Self::Config(error)
    }
}

impl From<Error> for crate::Error {
    fn from(error: Error) -> Self {
        // What is said here is not said again by the source, so the source is the cause of the cause.
        let message = error.to_string();
        match error {
            Error::Request { source, .. } => {
                Self::with_source(ErrorKind::Credentials, message, source)
            }
            Error::Provider(source) => Self::with_source(ErrorKind::Credentials, message, source),
            _ => Self::new(ErrorKind::Credentials, message),
        }
    }
}
