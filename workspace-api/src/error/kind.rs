//! Error kinds, for programs that decide what to do next.

use std::fmt;

use reqwest::StatusCode;

/// The kind of an [`Error`](crate::Error).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client could not be built from its settings. Nothing was sent.
    Configuration,
    /// An argument breaks a rule of the contract. Nothing was sent.
    InvalidInput,
    /// No credentials were found, or IAM did not return the project id. Nothing was sent to
    /// Workspace.
    Credentials,
    /// The connection failed. Nothing was sent.
    Connect,
    /// The call timed out. The service may have processed the request.
    Timeout,
    /// The connection ended after the request was sent. The service may have processed it.
    ConnectionLost,
    /// 400, and every documented 4xx without a kind of its own: the service rejected the request.
    BadRequest,
    /// 401: the token or the signature is invalid or expired. More than five invalid signatures in
    /// a row lock the access key, so do not retry with the same credentials.
    Unauthorized,
    /// 403: the caller lacks the [IAM action](crate::Error::iam_action).
    Forbidden,
    /// 404. The service often returns 400 instead.
    NotFound,
    /// 409: the state of a desktop does not allow the operation now.
    Conflict,
    /// 429: too many requests, also after the last retry.
    TooManyRequests,
    /// 5xx. The service may have processed the request.
    Server,
    /// A status that the service does not document, such as a redirect or 408. The service may have
    /// processed the request. Redirects are not followed, so that credentials are not sent to
    /// another host.
    UnexpectedStatus,
    /// A success whose body does not match the contract. The service may have processed the
    /// request, or another server may have responded in its place.
    #[default]
    InvalidResponse,
    /// The service reported that the operation failed on this desktop of a batch. The desktop was
    /// not changed.
    Desktop,
    /// Some desktops of a batch failed, are unknown or were not sent, for different reasons: see
    /// [`BatchOutcome`](crate::BatchOutcome).
    PartialFailure,
    /// The run was [stopped](crate::StopHandle) before this desktop was sent, or the runtime of a
    /// bulk read was shut down before the response arrived.
    Stopped,
}

/// The kind of the credentials that a request had.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum CredentialsKind {
    /// A user token of IAM.
    UserToken,
    /// A permanent access key.
    AccessKey,
    /// A temporary access key.
    TemporaryAccessKey,
}

impl ErrorKind {
    /// Returns the name in the serialized form of errors, such as `not_found`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::InvalidInput => "invalid_input",
            Self::Credentials => "credentials",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::ConnectionLost => "connection_lost",
            Self::BadRequest => "bad_request",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::TooManyRequests => "too_many_requests",
            Self::Server => "server",
            Self::UnexpectedStatus => "unexpected_status",
            Self::InvalidResponse => "invalid_response",
            Self::Desktop => "desktop",
            Self::PartialFailure => "partial_failure",
            Self::Stopped => "stopped",
        }
    }

    /// The kind of a response with status 4xx or 5xx.
    pub(crate) fn from_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 => Self::Conflict,
            429 => Self::TooManyRequests,
            500..=599 => Self::Server,
            400 | 405 | 413 | 415 | 422 | 431 => Self::BadRequest,
            _ => Self::UnexpectedStatus,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
