//! Errors for the tests of programs that handle them.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;

use super::{CredentialsKind, Error, ErrorKind, Parts};
use crate::operation::Operation;

/// The parts of an [`Error`], to test code that handles errors; from [`Error::builder`].
#[must_use = "no error is made before `build`"]
pub struct ErrorBuilder(Parts);

impl Error {
    /// Starts an error of this kind, to test code that handles errors.
    ///
    /// ```
    /// use workspace_api::{Error, ErrorKind};
    ///
    /// let error = Error::builder(ErrorKind::Desktop)
    ///     .code("WKS.00010032")
    ///     .message("The desktop is restarting.")
    ///     .build();
    /// assert_eq!(error.to_string(), "WKS.00010032: The desktop is restarting.");
    /// assert!(!error.may_have_been_processed());
    /// ```
    pub fn builder(kind: ErrorKind) -> ErrorBuilder {
        ErrorBuilder(Parts {
            kind,
            ..Parts::default()
        })
    }
}

impl ErrorBuilder {
    /// The operation that failed, one of [`OPERATIONS`](crate::OPERATIONS).
    pub fn operation(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// The HTTP status.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    /// The code of the service or the gateway.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    /// The message.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.0.message = Some(message.into());
        self
    }

    /// More about the cause.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// The id of the request.
    pub fn request_id(mut self, request_id: impl Into<String>) -> Self {
        self.0.request_id = Some(request_id.into());
        self
    }

    /// The reason for a 403, encrypted.
    pub fn encoded_authorization_message(mut self, message: impl Into<String>) -> Self {
        self.0.encoded_authorization_message = Some(message.into());
        self
    }

    /// The delay that the service asked for.
    pub fn retry_after(mut self, delay: Duration) -> Self {
        self.0.retry_after = Some(delay);
        self
    }

    /// The kind of the credentials that the service rejected.
    pub fn credentials_kind(mut self, kind: CredentialsKind) -> Self {
        self.0.credentials = Some(kind);
        self
    }

    /// The cause.
    pub fn source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// The value of [`Error::may_have_been_processed`]. Default: that of the kind.
    pub fn may_have_been_processed(mut self, may_have_been_processed: bool) -> Self {
        self.0.may_have_been_processed = Some(may_have_been_processed);
        self
    }

    /// Returns the error.
    pub fn build(self) -> Error {
        Error::from(self.0)
    }
}
