//! The conversion of errors of the HTTP client.

use reqwest::header::InvalidHeaderValue;

use super::{Error, ErrorKind};

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

/// A header parameter of a generated method has a value that a header cannot carry.
impl From<InvalidHeaderValue> for Error {
    fn from(error: InvalidHeaderValue) -> Self {
        let message = "invalid header parameter; no request was sent";
        Self::with_source(ErrorKind::InvalidInput, message, error)
    }
}
