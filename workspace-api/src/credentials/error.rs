//! Errors when fetching credentials or a project id.

use std::error::Error as StdError;
use std::fmt;
use std::iter::successors;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;

use crate::ErrorKind;
use crate::config::{self, ProjectName};
use crate::signing::format_time;
use crate::text::visible;

/// Why there are no credentials, or no project id. It never contains a secret.
///
/// The cause, if there is one, is in [`source`](StdError::source) and is not repeated in `Display`.
/// The error can be cloned, since all calls that wait for the same fetch get it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// No source has credentials, or a source has invalid ones.
    Config(config::Error),
    /// The provider returned expired credentials.
    Expired {
        /// When they expired.
        at: SystemTime,
    },
    /// The service rejected the credentials as expired, and the provider has no others.
    Rejected,
    /// A request for credentials or for a project id failed.
    Request {
        /// The request, such as `the login of the user … at https://iam.…`.
        request: String,
        /// The cause. Its `status`, `code` and `request_id` come from the service.
        source: crate::Error,
    },
    /// IAM does not have exactly one project of the name.
    Project {
        /// The name.
        name: ProjectName,
        /// The ids of the projects that IAM has for it; empty if it has none.
        found: Vec<String>,
    },
    /// A custom provider failed.
    Provider(Arc<dyn StdError + Send + Sync>),
}

impl Error {
    /// The error of a custom [provider](super::ProvideCredentials). Logs show what it prints.
    pub fn provider(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Provider(Arc::from(error.into()))
    }

    /// Returns whether the credentials were rejected (401). Retrying risks a lock-out.
    pub fn is_rejected(&self) -> bool {
        match self {
            Self::Request { source, .. } => source.status() == Some(StatusCode::UNAUTHORIZED),
            _ => false,
        }
    }

    /// The delay that the service asked for, counted from when this error was created.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Request { source, .. } => source.retry_after(),
            _ => None,
        }
    }

    /// The error of a client for requests that cannot be built.
    pub(super) fn without_client(source: crate::Error) -> Self {
        Self::Request {
            request: "preparing the requests for credentials".to_owned(),
            source,
        }
    }

    /// Returns whether the metadata service is not there, or has no credentials to give.
    pub(super) fn is_absent(&self) -> bool {
        let Self::Request { source, .. } = self else {
            return false;
        };
        source.kind() == ErrorKind::Connect
            || matches!(source.status().map(|s| s.as_u16()), Some(401 | 403 | 404))
    }

    /// The error and its causes, in one line.
    pub(super) fn with_causes(&self) -> String {
        let errors = successors(Some(self as &dyn StdError), |&error| error.source());
        let texts: Vec<_> = errors
            .map(|error| visible(&error.to_string()).into_owned())
            .collect();
        texts.join(": ")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Expired { at } => {
                let at = format_time(*at);
                write!(f, "the credentials expired at {at}. Get new ones.")
            }
            Self::Rejected => f.write_str(
                "the service rejected the credentials as expired, and there are no others. Get new \
                 ones.",
            ),
            Self::Request { request, .. } => write!(f, "{} failed", visible(request)),
            Self::Project { name, found } => {
                let ids = found.join(", ");
                let ids = visible(&ids);
                match (name, found.is_empty()) {
                    (ProjectName::OfRegion(region), true) => write!(
                        f,
                        "IAM has no project of the region {region} for these credentials."
                    )?,
                    (ProjectName::OfRegion(region), false) => {
                        write!(f, "IAM has several projects of the region {region}: {ids}.")?;
                    }
                    (ProjectName::Named(name), true) => write!(
                        f,
                        "IAM has no project with the name {name:?} for these credentials."
                    )?,
                    (ProjectName::Named(name), false) => {
                        write!(f, "IAM has several projects with the name {name:?}: {ids}.")?;
                    }
                }
                f.write_str(" Set the project id or HUAWEICLOUD_SDK_PROJECT_ID.")
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
            Self::Config(_) | Self::Expired { .. } | Self::Rejected | Self::Project { .. } => None,
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
        const KIND: ErrorKind = ErrorKind::Credentials;
        // The message is already that of `error`, so the cause is the cause of `error`.
        let message = error.to_string();
        match error {
            Error::Request { source, .. } => Self::with_source(KIND, message, source),
            Error::Provider(source) => Self::with_source(KIND, message, source),
            Error::Config(_) | Error::Expired { .. } | Error::Rejected | Error::Project { .. } => {
                Self::new(KIND, message)
            }
        }
    }
}
