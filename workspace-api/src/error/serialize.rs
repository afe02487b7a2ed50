//! Errors as data: how they are compared, and the one form in which they are serialized.

use std::error::Error as StdError;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{Error, ErrorKind};
use crate::text::visible;

/// Errors are equal if all their parts are. Their causes are compared by their texts.
impl PartialEq for Error {
    fn eq(&self, other: &Self) -> bool {
        self.kind() == other.kind()
            && self.operation() == other.operation()
            && self.status() == other.status()
            && self.code() == other.code()
            && self.message() == other.message()
            && self.detail() == other.detail()
            && self.request_id() == other.request_id()
            && self.encoded_authorization_message() == other.encoded_authorization_message()
            && self.retry_after() == other.retry_after()
            && self.may_have_been_processed() == other.may_have_been_processed()
            && self.0.summary == other.0.summary
            && causes(self).eq(causes(other))
    }
}

/// The causes of an error, from the nearest to the first.
pub(super) fn causes(error: &Error) -> impl Iterator<Item = String> {
    let mut cause = error.source();
    std::iter::from_fn(move || {
        let current = cause?;
        cause = current.source();
        Some(visible(&current.to_string()).into_owned())
    })
}

impl Error {
    /// Returns the message, the detail and the causes: what has no field of its own in the
    /// serialized form, and is `error_msg` there.
    pub fn reason(&self) -> String {
        let mut reason = match (self.message(), self.status()) {
            (Some(message), _) => message.to_owned(),
            (None, Some(status)) => format!("{status}: no reason given"),
            (None, None) => "no reason given".to_owned(),
        };
        if let Some(detail) = self.detail() {
            reason = format!("{reason} ({detail})");
        }
        for cause in causes(self) {
            reason = format!("{reason}: {cause}");
        }
        match &self.0.summary {
            Some(summary) => format!("{summary}: {reason}"),
            None => reason,
        }
    }

    /// Returns the error and its causes on one line.
    pub(crate) fn with_causes(&self) -> String {
        let mut text = self.to_string();
        for cause in causes(self) {
            text = format!("{text}: {cause}");
        }
        text
    }

    /// Adds the fields of the serialized form, except the request id.
    pub(crate) fn serialize_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("error_kind", &self.kind())?;
        if let Some(status) = self.status() {
            map.serialize_entry("status", &status.as_u16())?;
        }
        if let Some(code) = self.code() {
            map.serialize_entry("error_code", code)?;
        }
        map.serialize_entry("error_msg", &self.reason())
    }
}

/// The form in which the command prints errors: `error_kind`, `status`, `error_code`, `error_msg`
/// (with the detail and the causes) and `request_id`; what is unknown is absent.
///
/// ```
/// # use workspace_api::{Error, ErrorKind};
/// let error = Error::builder(ErrorKind::NotFound).code("WKS.0202").message("No desktop.").build();
/// assert_eq!(
///     serde_json::to_string(&error)?,
///     r#"{"error_kind":"not_found","error_code":"WKS.0202","error_msg":"No desktop."}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.serialize_fields(&mut map)?;
        if let Some(request_id) = self.request_id() {
            map.serialize_entry("request_id", request_id)?;
        }
        map.end()
    }
}

impl Serialize for ErrorKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
