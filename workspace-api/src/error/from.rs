//! What the errors of others become: of credentials, of settings and of the HTTP client.

use super::{Error, ErrorKind};
use crate::{config, credentials};

impl From<credentials::Error> for Error {
    fn from(error: credentials::Error) -> Self {
        // What is said here is not said again by the source, so the source is the cause of the cause.
        let message = error.to_string();
        match error {
            credentials::Error::Request { source, .. } => {
                Self::with_source(ErrorKind::Credentials, message, source)
            }
            credentials::Error::Provider(source) => {
                Self::with_source(ErrorKind::Credentials, message, source)
            }
            _ => Self::new(ErrorKind::Credentials, message),
        }
    }
}

impl From<config::Error> for Error {
    fn from(error: config::Error) -> Self {
        Self::new(ErrorKind::Configuration, error.to_string())
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        let (kind, message) = if error.is_connect() {
            (
                ErrorKind::Connect,
                "no connection to the service, so nothing was sent",
            )
        } else if error.is_timeout() {
            (
                ErrorKind::Timeout,
                "no answer in time; the service may have done it all the same",
            )
        } else if error.is_builder() {
            (
                ErrorKind::InvalidInput,
                "the request could not be built, so nothing was sent",
            )
        } else {
            (
                ErrorKind::ConnectionLost,
                "the connection broke; the service may have done it all the same",
            )
        };
        Self::with_source(kind, message, error)
    }
}
