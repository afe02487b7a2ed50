//! Redaction: replaces secrets in a response, because a server may repeat what it was sent.
//!
//! A secret is replaced in every spelling, and so is every part of it that is long enough to help
//! somebody to guess the rest.

mod secrets;
mod spelling;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderValue};

use crate::Secret;

pub(crate) use secrets::Secrets;

/// The text that replaces a secret.
const REDACTED: &str = "[redacted]";

/// Secrets that were sent with a request and must not appear in its response.
pub(crate) trait Redact: Sync {
    /// Replaces the secrets in `text`, and copies it only if there are any.
    fn redact_bytes<'a>(&self, text: Cow<'a, [u8]>) -> Cow<'a, [u8]>;
}

impl Redact for Secrets {
    fn redact_bytes<'a>(&self, text: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        let found = self.find(&text);
        if found.is_empty() {
            return text;
        }
        let mut redacted = Vec::with_capacity(text.len());
        let mut copied = 0;
        for secret in found {
            redacted.extend_from_slice(&text[copied..secret.start]);
            redacted.extend_from_slice(REDACTED.as_bytes());
            copied = secret.end;
        }
        redacted.extend_from_slice(&text[copied..]);
        Cow::Owned(redacted)
    }
}

impl Redact for Secret {
    fn redact_bytes<'a>(&self, text: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        Secrets::new([self.expose()]).redact_bytes(text)
    }
}

/// The secrets of several owners.
impl<const N: usize> Redact for [&dyn Redact; N] {
    fn redact_bytes<'a>(&self, text: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        self.iter()
            .fold(text, |text, secrets| secrets.redact_bytes(text))
    }
}

/// A request without a secret redacts nothing.
impl Redact for Option<&Secret> {
    fn redact_bytes<'a>(&self, text: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        match self {
            Some(secret) => secret.redact_bytes(text),
            None => text,
        }
    }
}

/// Redacts the values of headers.
pub(super) fn redact_headers(headers: &mut HeaderMap, secrets: &dyn Redact) {
    for value in headers.values_mut() {
        if let Cow::Owned(redacted) = secrets.redact_bytes(value.as_bytes().into()) {
            let replaced = HeaderValue::from_bytes(&redacted);
            *value = replaced.unwrap_or(HeaderValue::from_static(REDACTED));
        }
    }
}

/// Redacts a body.
pub(super) fn redact_body(body: Bytes, secrets: &dyn Redact) -> Bytes {
    match secrets.redact_bytes(body.as_ref().into()) {
        Cow::Borrowed(_) => body,
        Cow::Owned(redacted) => redacted.into(),
    }
}
