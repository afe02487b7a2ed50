//! Redaction: replaces secrets in a response, because a server may repeat what it was sent.
//!
//! A secret is replaced in every spelling, and so is every part of it that is long enough to help
//! somebody to guess the rest.

mod secrets;
mod signatures;
mod spelling;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

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
        self.replace(text, REDACTED)
    }
}

impl Secrets {
    /// Replaces the secrets in `text` by another text.
    pub(crate) fn replace<'a>(&self, text: Cow<'a, [u8]>, shown: &str) -> Cow<'a, [u8]> {
        let found = self.find(&text);
        replace(text, &found, shown)
    }
}

/// Returns whether `text` may have a signature.
pub(crate) fn may_have_signature(text: &[u8]) -> bool {
    signatures::may_be_in(text)
}

/// Replaces the signatures in `text`.
pub(crate) fn redact_signatures(text: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let found = signatures::find(&text);
    replace(text, &found, REDACTED)
}

/// Replaces parts of a text, which are in ascending order.
fn replace<'a>(text: Cow<'a, [u8]>, parts: &[Range<usize>], shown: &str) -> Cow<'a, [u8]> {
    if parts.is_empty() {
        return text;
    }
    let mut replaced = Vec::with_capacity(text.len());
    let mut copied = 0;
    for part in parts {
        replaced.extend_from_slice(&text[copied..part.start]);
        replaced.extend_from_slice(shown.as_bytes());
        copied = part.end;
    }
    replaced.extend_from_slice(&text[copied..]);
    Cow::Owned(replaced)
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
