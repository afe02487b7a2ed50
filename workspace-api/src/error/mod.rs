//! The one error of this crate: what went wrong, how sure we are that nothing happened, and what to ask for next.

mod display;
mod from;
mod kind;

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::Operation;
use crate::client::response::Redact;
use crate::types::ErrorResponse;

pub use kind::ErrorKind;

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed.
///
/// [`kind`](Self::kind) is for programs, `Display` for people. The cause, where there is one, is
/// [`source`](StdError::source) and is not repeated in `Display`. Secrets are in neither.
#[derive(Clone)]
pub struct Error(Arc<Repr>);

#[derive(Default)]
struct Repr {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    status: Option<StatusCode>,
    code: Option<String>,
    message: Option<String>,
    detail: Option<String>,
    request_id: Option<String>,
    encoded_authorization_message: Option<String>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Arc::new(Repr {
            kind,
            message: Some(message.into()),
            ..Repr::default()
        }))
    }

    /// An argument that breaks a rule of the contract; nothing was sent.
    pub(crate) fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    pub(crate) fn with_source(
        kind: ErrorKind,
        message: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self(Arc::new(Repr {
            kind,
            message: Some(message.into()),
            source: Some(source.into()),
            ..Repr::default()
        }))
    }

    /// The error with the answer that it was made of.
    pub(crate) fn answered(mut self, status: StatusCode, request_id: Option<&str>) -> Self {
        // Whoever makes an error is the only one to have it.
        if let Some(repr) = Arc::get_mut(&mut self.0) {
            repr.status = Some(status);
            repr.request_id = request_id.map(Into::into);
        }
        self
    }

    /// The error with other words.
    pub(crate) fn saying(mut self, message: String) -> Self {
        if let Some(repr) = Arc::get_mut(&mut self.0) {
            repr.message = Some(message);
        }
        self
    }

    /// The error with the operation that failed.
    pub(crate) fn of(mut self, operation: &'static Operation) -> Self {
        if let Some(repr) = Arc::get_mut(&mut self.0) {
            repr.operation = Some(operation);
        }
        self
    }

    /// The error without the secrets that a server may have repeated.
    pub(crate) fn redacted(mut self, redact: &Redact<'_>) -> Self {
        if let Some(repr) = Arc::get_mut(&mut self.0) {
            for text in [
                &mut repr.code,
                &mut repr.message,
                &mut repr.detail,
                &mut repr.request_id,
                &mut repr.encoded_authorization_message,
            ] {
                *text = text.take().map(|text| redact(&text));
            }
        }
        self
    }

    /// The error of a 4xx or 5xx.
    pub(crate) fn refused(status: StatusCode, headers: &HeaderMap, body: ErrorResponse) -> Self {
        let kind = match status.as_u16() {
            401 => ErrorKind::Unauthorized,
            403 => ErrorKind::Forbidden,
            404 => ErrorKind::NotFound,
            409 => ErrorKind::Conflict,
            429 => ErrorKind::TooManyRequests,
            500..=599 => ErrorKind::Server,
            _ => ErrorKind::BadRequest,
        };
        Self(Arc::new(Repr {
            kind,
            status: Some(status),
            code: body.error_code,
            message: body.error_msg,
            detail: body.error_detail,
            request_id: body.request_id,
            encoded_authorization_message: body.encoded_authorization_message,
            retry_after: retry_after(headers, SystemTime::now()),
            ..Repr::default()
        }))
    }

    /// The failure of one desktop of a batch.
    pub(crate) fn desktop(
        code: Option<String>,
        message: Option<String>,
        request_id: Option<String>,
    ) -> Self {
        Self(Arc::new(Repr {
            kind: ErrorKind::Desktop,
            code,
            message,
            request_id,
            ..Repr::default()
        }))
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed; none if the failure came before any.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// The HTTP status, if there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The service's or the gateway's code, such as `WKS.00010032` or `APIGW.0301`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What went wrong, in the words of whoever noticed it.
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// More about the cause, as the service gave it.
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// The id of the request, for the vendor's support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Why a 403 was given, encrypted. Decode it with `POST /v5/decode-authorization-message` of STS.
    pub fn encoded_authorization_message(&self) -> Option<&str> {
        self.0.encoded_authorization_message.as_deref()
    }

    /// How long the service asks to wait before the next attempt, as of when this error was made.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// On a 403, the IAM action that the caller lacks, such as `workspace:desktops:batchDetach`.
    pub fn iam_action(&self) -> Option<&'static str> {
        match self.0.kind {
            ErrorKind::Forbidden => self.0.operation?.iam_action,
            _ => None,
        }
    }

    /// Whether the service may have done what it was asked for although the call failed. If so, look before you repeat
    /// it.
    pub fn may_have_been_processed(&self) -> bool {
        use ErrorKind::{
            ConnectionLost, InvalidResponse, PartialFailure, Server, Timeout, UnexpectedStatus,
        };
        matches!(
            self.0.kind,
            ConnectionLost | InvalidResponse | PartialFailure | Server | Timeout | UnexpectedStatus
        )
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// How long the server asks to wait, as seconds or as a date.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match value.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => {
            let date = httpdate::parse_http_date(value).ok()?;
            Some(date.duration_since(now).unwrap_or_default())
        }
    }
}
