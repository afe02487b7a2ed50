//! The bodies of errors: those of Workspace, of its gateway, and of IAM.

use std::sync::LazyLock;
use std::time::Duration;

use memchr::memchr;
use memchr::memmem::Finder;
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::excerpt::excerpt;
use crate::error::Parts;
use crate::{Error, ErrorKind};

/// The content of an error body, in any of the known forms.
#[derive(Default)]
pub(super) struct ErrorBody {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) detail: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) encoded_authorization_message: Option<String>,
}

impl ErrorBody {
    /// Reads a body. One of an unknown form becomes the message.
    pub(super) fn read(body: &[u8]) -> Self {
        let mut error = match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Self::from_object(&object),
            Ok(other) => Self {
                message: text(&other),
                ..Self::default()
            },
            Err(_) => Self::default(),
        };
        if error.code.is_none() && error.message.is_none() {
            error.message = Some(excerpt(body)).filter(|text| !text.is_empty());
        }
        error
    }

    fn from_object(object: &Map<String, Value>) -> Self {
        // IAM puts its errors into an object of their own.
        let object = match object.get("error") {
            Some(Value::Object(inner)) => inner,
            _ => object,
        };
        let first = |keys: &[&str]| keys.iter().find_map(|key| text(object.get(*key)?));
        Self {
            code: first(&["error_code", "errorCode", "code"]),
            message: first(&["error_msg", "errorMsg", "message", "error"]),
            detail: first(&["error_detail", "errorDetail"]),
            encoded_authorization_message: first(&["encoded_authorization_message"]),
            request_id: first(&["request_id"]),
        }
    }

    /// Returns whether the service or its gateway wrote the body: both send a code.
    fn is_of_the_service(&self) -> bool {
        self.code.is_some() || self.encoded_authorization_message.is_some()
    }

    /// Makes the error of a response with status 4xx or 5xx.
    ///
    /// A rejection needs an error body: a proxy may send the same status after it forwarded the
    /// request. The exception is 429, which a rate limiter sends before it forwards anything.
    pub(super) fn into_error(self, status: StatusCode, retry_after: Option<Duration>) -> Error {
        let kind = ErrorKind::from_status(status);
        let is_proven = kind == ErrorKind::TooManyRequests
            || status.is_client_error() && self.is_of_the_service();
        Error::from(Parts {
            kind,
            may_have_been_processed: match kind {
                ErrorKind::Server | ErrorKind::UnexpectedStatus => None,
                _ => Some(!is_proven),
            },
            status: Some(status),
            code: self.code,
            message: self.message,
            detail: self.detail,
            request_id: self.request_id,
            encoded_authorization_message: self.encoded_authorization_message,
            retry_after,
            ..Parts::default()
        })
    }
}

/// The keys of the known error bodies. A gateway may report an error with the status of a success.
#[derive(Deserialize)]
pub(super) struct ErrorEnvelope {
    #[serde(default)]
    error_code: Value,
    #[serde(default, rename = "errorCode")]
    camel_case_code: Value,
    #[serde(default)]
    error: Value,
    #[serde(default)]
    code: Value,
    #[serde(default)]
    message: Value,
}

impl ErrorEnvelope {
    /// Returns whether `object`, the body of a success, is an error body: one whose keys the contract
    /// does not have as properties of a success, so that the caller would not see them.
    pub(super) fn is_in(object: &[u8], is_documented: &dyn Fn(&str) -> bool) -> bool {
        // Most successes have none of the keys, and are parsed only once.
        static KEYS: LazyLock<[Finder<'_>; 2]> =
            LazyLock::new(|| ["error", "code"].map(Finder::new));
        let may_have_key =
            memchr(b'\\', object).is_some() || KEYS.iter().any(|key| key.find(object).is_some());
        may_have_key
            && serde_json::from_slice::<Self>(object)
                .is_ok_and(|envelope| envelope.is_error(is_documented))
    }

    fn is_error(&self, is_documented: &dyn Fn(&str) -> bool) -> bool {
        let has_content = |value: &Value| text(value).is_some() || value.is_object();
        let is_unseen = |key, value| has_content(value) && !is_documented(key);
        is_unseen("error_code", &self.error_code)
            || is_unseen("errorCode", &self.camel_case_code)
            || is_unseen("error", &self.error)
            || (has_content(&self.code)
                && has_content(&self.message)
                && !(is_documented("code") && is_documented("message")))
    }
}

/// The text of a JSON value that is a number or a string with content.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_may_have_the_keys_of_an_error_if_the_contract_documents_them() {
        let contract = ["error_code", "error", "code"];
        for (body, is_error, is_error_by_contract) in [
            (r#"{"error_code":""}"#, false, false),
            (r#"{"error_code":"WKS.1"}"#, true, false),
            (r#"{"errorCode":"WKS.1"}"#, true, true),
            (r#"{"error":{"code":"WKS.1"}}"#, true, false),
            (r#"{"code":"WKS.1"}"#, false, false),
            (r#"{"code":"WKS.1","message":"m"}"#, true, true),
        ] {
            let is_in =
                |keys: &[&str]| ErrorEnvelope::is_in(body.as_bytes(), &|key| keys.contains(&key));
            assert_eq!(is_in(&[]), is_error, "{body}");
            assert_eq!(is_in(&contract), is_error_by_contract, "{body}");
            assert!(!is_in(&[&contract[..], &["errorCode", "message"]].concat()));
        }
    }
}
