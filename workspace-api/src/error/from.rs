//! The conversion of errors of the HTTP client.

use reqwest::header::InvalidHeaderValue;

use super::{ConnectionProblem, Error, ErrorKind};

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        let (kind, message) = if error.is_connect() {
            (ErrorKind::Connect, not_connected(&error))
        } else if error.is_timeout() {
            let message = "timed out; the service may still have processed the request";
            (ErrorKind::Timeout, message)
        } else if error.is_builder() {
            let message = "invalid request; it was not sent";
            (ErrorKind::InvalidInput, message)
        } else {
            let message = match ConnectionProblem::of(&error) {
                Some(ConnectionProblem::NotHttp) => {
                    "the response is not HTTP, as if the port expected TLS; the service may still \
                     have processed the request"
                }
                _ => "connection lost; the service may still have processed the request",
            };
            (ErrorKind::ConnectionLost, message)
        };
        Self::with_source(kind, message, error)
    }
}

/// Explains why there is no connection.
fn not_connected(error: &reqwest::Error) -> &'static str {
    match ConnectionProblem::of(error) {
        Some(ConnectionProblem::UnknownHost) => "the host is unknown; no request was sent",
        Some(ConnectionProblem::InvalidCertificate) => {
            "the server's certificate was rejected; no request was sent"
        }
        Some(ConnectionProblem::NotTls) => {
            "the endpoint does not speak TLS on this port; no request was sent"
        }
        Some(ConnectionProblem::Proxy) => "no connection through the proxy; no request was sent",
        Some(ConnectionProblem::ProxyAuthentication) => {
            "the proxy rejected its user name or password; no request was sent"
        }
        _ => "connection failed; no request was sent",
    }
}

/// A header parameter of a generated method has a value that a header cannot carry.
impl From<InvalidHeaderValue> for Error {
    fn from(error: InvalidHeaderValue) -> Self {
        let message = "invalid header parameter; no request was sent";
        Self::with_source(ErrorKind::InvalidInput, message, error)
    }
}
