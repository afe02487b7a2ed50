//! The conversion of errors of the HTTP client.

use reqwest::header::InvalidHeaderValue;

use super::{Error, ErrorKind};

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        let (kind, message) = if error.is_connect() {
            let message = "connection failed; no request was sent";
            (ErrorKind::Connect, message)
        } else if error.is_timeout() {
            let message = "timed out; the service may still have processed the request";
            (ErrorKind::Timeout, message)
        } else if error.is_builder() {
            let message = "invalid request; it was not sent";
            (ErrorKind::InvalidInput, message)
        } else {
            let message = "connection lost; the service may still have processed the request";
            (ErrorKind::ConnectionLost, message)
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
