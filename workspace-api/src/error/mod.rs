//! The error type of this crate: what failed, whether the request may have been processed, and
//! which permission is missing.

mod builder;
mod connect;
mod display;
mod from;
mod kind;
mod serialize;

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;

use crate::operation::Operation;

pub use builder::ErrorBuilder;
pub use connect::ConnectionProblem;
pub use kind::{CredentialsKind, ErrorKind};

/// The gateway's code for a token that is no longer valid.
const EXPIRED: &str = "0307";
/// The gateway's message, under a code of several meanings, for a token that it cannot read because
/// it is too old.
const UNREADABLE: &str = "decrypt token fail";

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// An error of this crate.
///
/// [`kind`](Self::kind) is for programs, `Display` is for people. The cause, if there is one, is
/// [`source`](StdError::source), and `Display` does not repeat it. Neither contains a secret.
/// `Debug` prints the words and the causes, so that they are readable when `main` returns the error;
/// `{:#?}` prints the parts. [`Error::builder`] makes errors for tests.
///
/// ```no_run
/// # async fn example(client: &workspace_api::Client) {
/// use workspace_api::ErrorKind;
///
/// match client.desktops().detach_info("4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001").await {
///     Ok(records) => println!("{} records", records.len()),
///     Err(error) if error.kind() == ErrorKind::NotFound => println!("no such desktop"),
///     Err(error) if error.iam_action().is_some() => println!("not permitted: {error}"),
///     Err(error) => println!("{error}"),
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Error(Arc<Parts>);

/// The parts of an [`Error`].
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) kind: ErrorKind,
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) detail: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) encoded_authorization_message: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) credentials: Option<CredentialsKind>,
    pub(crate) source: Option<Arc<dyn StdError + Send + Sync>>,
    /// The value of [`Error::may_have_been_processed`], if the kind does not decide it.
    pub(crate) may_have_been_processed: Option<bool>,
    /// How many desktops of a batch the error concerns.
    pub(crate) summary: Option<String>,
    /// The body of a success that reports failed desktops although the contract promises no body.
    pub(crate) batch_report: Option<Bytes>,
}

impl From<Parts> for Error {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::from(Parts {
            kind,
            message: Some(message.into()),
            ..Parts::default()
        })
    }

    /// An argument of a generated method is invalid. The message is empty if it was not set.
    #[cold]
    pub(crate) fn invalid_argument(name: &str, message: String) -> Self {
        if message.is_empty() {
            return Self::invalid_input(format!("{name} is missing"));
        }
        Self::invalid_input(message)
    }

    /// An argument is invalid, and nothing was sent. The generated methods call this.
    pub(crate) fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    pub(crate) fn with_source(
        kind: ErrorKind,
        message: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::from(Parts {
            kind,
            message: Some(message.into()),
            source: Some(Arc::from(source.into())),
            ..Parts::default()
        })
    }

    /// The service reported a failure of one desktop in a batch.
    pub(crate) fn desktop(
        code: Option<String>,
        message: Option<String>,
        request_id: Option<String>,
    ) -> Self {
        Self::from(Parts {
            kind: ErrorKind::Desktop,
            code,
            message,
            request_id,
            ..Parts::default()
        })
    }

    /// Adds the response that the error is about.
    pub(crate) fn with_response(self, status: StatusCode, request_id: Option<&str>) -> Self {
        self.change(|parts| {
            parts.status = Some(status);
            parts.request_id = request_id.map(Into::into);
        })
    }

    /// Adds more about the cause, unless there is something already.
    pub(crate) fn with_detail_if_none(self, detail: String) -> Self {
        self.change(|parts| {
            parts.detail.get_or_insert(detail);
        })
    }

    /// Replaces the message.
    pub(crate) fn with_message(self, message: String) -> Self {
        self.change(|parts| parts.message = Some(message))
    }

    /// Adds the kind of the credentials of the request to an error that is about them.
    pub(crate) fn with_credentials(self, kind: CredentialsKind) -> Self {
        self.change(|parts| {
            if parts.kind == ErrorKind::Unauthorized {
                parts.credentials = Some(kind);
            }
        })
    }

    /// Adds the code of the service or the gateway.
    pub(crate) fn with_code(self, code: Option<String>) -> Self {
        self.change(|parts| parts.code = code)
    }

    /// Adds the body of a success that reports failed desktops.
    pub(crate) fn with_batch_report(self, body: Bytes) -> Self {
        self.change(|parts| parts.batch_report = Some(body))
    }

    /// The body of a success that reports failed desktops although the contract promises no body.
    pub(crate) fn batch_report(&self) -> Option<&Bytes> {
        self.0.batch_report.as_ref()
    }

    /// Replaces the detail.
    pub(crate) fn with_detail(self, detail: String) -> Self {
        self.change(|parts| parts.detail = Some(detail))
    }

    /// Returns the error of a batch whose desktops all have this one.
    pub(crate) fn for_all(&self, summary: String, may_have_been_processed: bool) -> Self {
        let mut parts = self.copy();
        parts.may_have_been_processed = Some(may_have_been_processed);
        parts.summary = Some(summary);
        Self::from(parts)
    }

    /// Returns the error as the reason why other desktops were not sent.
    pub(crate) fn of_unsent(&self) -> Self {
        let mut parts = self.copy();
        parts.may_have_been_processed = Some(false);
        Self::from(parts)
    }

    fn copy(&self) -> Parts {
        let parts = &self.0;
        Parts {
            kind: parts.kind,
            operation: parts.operation,
            status: parts.status,
            code: parts.code.clone(),
            message: parts.message.clone(),
            detail: parts.detail.clone(),
            request_id: parts.request_id.clone(),
            encoded_authorization_message: parts.encoded_authorization_message.clone(),
            retry_after: parts.retry_after,
            credentials: parts.credentials,
            source: parts.source.clone(),
            may_have_been_processed: parts.may_have_been_processed,
            summary: parts.summary.clone(),
            batch_report: None,
        }
    }

    /// Returns the error of a batch whose desktops have several.
    pub(crate) fn partial_failure(message: String, may_have_been_processed: bool) -> Self {
        Self::from(Parts {
            kind: ErrorKind::PartialFailure,
            message: Some(message),
            may_have_been_processed: Some(may_have_been_processed),
            ..Parts::default()
        })
    }

    /// Returns whether both errors have the same cause, so that one of them is enough.
    pub(crate) fn has_same_reason(&self, other: &Self) -> bool {
        let (a, b) = (&self.0, &other.0);
        Arc::ptr_eq(a, b)
            || (a.kind, a.status, &a.code, &a.message) == (b.kind, b.status, &b.code, &b.message)
    }

    /// Adds the operation that failed.
    pub(crate) fn with_operation(self, operation: &'static Operation) -> Self {
        self.change(|parts| parts.operation = Some(operation))
    }

    /// Changes an error that was just made: it has no other owner yet, so `get_mut` succeeds.
    fn change(mut self, change: impl FnOnce(&mut Parts)) -> Self {
        if let Some(parts) = Arc::get_mut(&mut self.0) {
            change(parts);
        }
        self
    }

    /// The kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed; `None` if no operation had started.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// The HTTP status; `None` without a response.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The code of the service or the gateway, such as `WKS.00010032` or `APIGW.0301`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The message of the service or of this crate.
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// More about the cause: the service's `error_detail` or, with a 401, a hint about the clock.
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// The id of the request, for the vendor's support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The reason for a 403, encrypted. `POST /v5/decode-authorization-message` of STS decodes it.
    pub fn encoded_authorization_message(&self) -> Option<&str> {
        self.0.encoded_authorization_message.as_deref()
    }

    /// Returns whether the connection failed for a reason that another attempt with the same
    /// settings shares: an unknown host, an invalid certificate, another protocol than TLS, or a
    /// proxy that rejects its user name or password. Such a call is not retried.
    pub fn is_permanent_connect_failure(&self) -> bool {
        let source = self.source();
        self.0.kind == ErrorKind::Connect
            && source.is_some_and(|source| !connect::is_transient(source))
    }

    /// The problem of the connection, if it is known.
    pub fn connection_problem(&self) -> Option<ConnectionProblem> {
        match self.0.kind {
            ErrorKind::Connect | ErrorKind::ConnectionLost => ConnectionProblem::of(self.source()?),
            _ => None,
        }
    }

    /// The kind of the credentials that the service rejected; `None` unless the kind is
    /// [`ErrorKind::Unauthorized`].
    pub fn credentials_kind(&self) -> Option<CredentialsKind> {
        self.0.credentials
    }

    /// The number of the gateway's code: `0301` for `APIGW.0301` and for `APIG.0301`, which is the
    /// prefix in some regions.
    pub fn gateway_code(&self) -> Option<&str> {
        let code = self.code()?;
        code.strip_prefix("APIGW.").or(code.strip_prefix("APIG."))
    }

    /// Returns whether a 403 is for want of a permission, which an administrator can give.
    ///
    /// There are others: the account is blocked, the gateway lets nobody in, or the service is
    /// disabled.
    fn is_permission_missing(&self) -> bool {
        /// The messages of the services and IAM; the codes of permissions are not documented.
        const WORDS: [&str; 8] = [
            "permission",
            "not allowed",
            "not authorized",
            "unauthorized",
            "denied",
            "policy",
            "privilege",
            "forbidden",
        ];
        /// The service is disabled.
        const DISABLED: &str = "WKS.00010099";
        if self.0.kind != ErrorKind::Forbidden {
            return false;
        }
        if self.encoded_authorization_message().is_some() {
            return true;
        }
        let Some(code) = self.code() else {
            return false;
        };
        if self.gateway_code().is_some() || code == DISABLED {
            return false;
        }
        let is_of_iam = code.starts_with("PAP5.") || code.starts_with("IAM.");
        let message = self.message().unwrap_or_default().to_lowercase();
        is_of_iam || WORDS.iter().any(|word| message.contains(word))
    }

    /// Returns whether the service says that the token is no longer valid: the request was not
    /// processed, and another token may succeed.
    pub(crate) fn is_expired_token(&self) -> bool {
        let has_code = self.gateway_code() == Some(EXPIRED);
        let is_unreadable = |message: &str| message.to_lowercase().contains(UNREADABLE);
        self.kind() == ErrorKind::Unauthorized
            && (has_code || self.message().is_some_and(is_unreadable))
    }

    /// The delay that the service asked for, counted from when this error was created.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The IAM action that the caller lacks, such as `workspace:desktops:batchDetach`; `None`
    /// unless the kind is [`ErrorKind::Forbidden`] and the reason is a permission.
    pub fn iam_action(&self) -> Option<&'static str> {
        if self.is_permission_missing() {
            self.0.operation?.iam_action
        } else {
            None
        }
    }

    /// Returns whether the service may have processed the request although the call failed. If so,
    /// check before you retry.
    ///
    /// Only a response that the service or its gateway documents as a rejection proves that nothing
    /// was done: one of 400, 401, 403, 404, 405, 409, 413, 415, 422 and 431 with their error code,
    /// or 429. A proxy may send any other status, such as 408, after it forwarded the request.
    pub fn may_have_been_processed(&self) -> bool {
        use ErrorKind::{
            ConnectionLost, InvalidResponse, PartialFailure, Server, Timeout, UnexpectedStatus,
        };
        if let Some(may_have_been_processed) = self.0.may_have_been_processed {
            return may_have_been_processed;
        }
        matches!(
            self.0.kind,
            ConnectionLost | InvalidResponse | PartialFailure | Server | Timeout | UnexpectedStatus
        )
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}
