//! Redaction: replaces secrets in a response, because a server may repeat what it was sent.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt::Display;

use bytes::Bytes;
use memchr::memchr;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::Secret;

/// The text that replaces a secret.
const REDACTED: &str = "[redacted]";
/// Minimum length, in bytes, of a secret that is replaced. A shorter one is treated as a
/// placeholder: replacing it would garble the text.
const MIN_LENGTH: usize = 8;

/// Secrets that were sent with a request and must not appear in its response.
pub(crate) trait Redact: Sync {
    /// Replaces the secrets in `text`, and copies it only if there are any.
    fn redact_bytes<'a>(&self, text: Cow<'a, [u8]>) -> Cow<'a, [u8]>;
}

/// The responses that are redacted.
#[derive(Clone, Copy)]
pub(crate) enum Redaction<'a> {
    /// Headers and body of every response.
    All(&'a dyn Redact),
    /// Headers and body of every response that is not a success.
    Errors(&'a dyn Redact),
}

impl Redact for Secret {
    fn redact_bytes<'a>(&self, text: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        let secret = self.expose();
        if text.len() < secret.len() {
            return text;
        }
        let text = replace(text, secret, &REDACTED);
        if memchr(b'\\', &text).is_none() {
            return text;
        }
        // JSON may write some characters of the secret as escapes.
        let json = Zeroizing::new(Value::from(secret).to_string());
        replace(text, json.trim_matches('"'), &REDACTED)
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

/// Replaces `secret` in `text`. A short secret is not replaced.
pub(crate) fn replace<'a>(
    text: Cow<'a, [u8]>,
    secret: &str,
    replacement: &dyn Display,
) -> Cow<'a, [u8]> {
    let secret = secret.as_bytes();
    if secret.len() < MIN_LENGTH || text.len() < secret.len() {
        return text;
    }
    let mut replaced = Vec::new();
    let mut copied = 0;
    while let Some(found) = find(&text[copied..], secret) {
        replaced.extend_from_slice(&text[copied..copied + found]);
        replaced.extend_from_slice(replacement.to_string().as_bytes());
        copied += found + secret.len();
    }
    if copied == 0 {
        return text;
    }
    replaced.extend_from_slice(&text[copied..]);
    Cow::Owned(replaced)
}

/// Finds a secret by one of its bytes: a capital letter, because most text in responses is in lower
/// case. Nothing has to be prepared for this search, and as a rule it finds nothing.
fn find(text: &[u8], secret: &[u8]) -> Option<usize> {
    let anchor = secret.iter().position(u8::is_ascii_uppercase);
    let anchor = anchor.unwrap_or_default();
    let mut searched = anchor;
    while let Some(found) = memchr(secret[anchor], text.get(searched..)?) {
        let start = searched + found - anchor;
        if text[start..].starts_with(secret) {
            return Some(start);
        }
        searched += found + 1;
    }
    None
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

/// Redacts a body. JSON can write any character as an escape, so the strings of a JSON body with
/// escapes are redacted as the text that they stand for.
pub(super) fn redact_body(body: Bytes, secrets: &dyn Redact) -> Bytes {
    let body = match secrets.redact_bytes(body.as_ref().into()) {
        Cow::Borrowed(_) => body,
        Cow::Owned(redacted) => redacted.into(),
    };
    if memchr(b'\\', &body).is_none() {
        return body;
    }
    let Ok(mut json) = serde_json::from_slice(&body) else {
        return body;
    };
    if redact_strings(&mut json, secrets) {
        return json.to_string().into();
    }
    body
}

/// Redacts the strings in a JSON value, and returns whether there was a secret.
fn redact_strings(json: &mut Value, secrets: &dyn Redact) -> bool {
    let mut found = false;
    match json {
        Value::String(text) => found = redact_string(text, secrets),
        Value::Array(items) => {
            for item in items {
                found |= redact_strings(item, secrets);
            }
        }
        Value::Object(entries) => {
            for (mut key, mut value) in std::mem::take(entries) {
                found |= redact_string(&mut key, secrets);
                found |= redact_strings(&mut value, secrets);
                entries.insert(key, value);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    found
}

fn redact_string(text: &mut String, secrets: &dyn Redact) -> bool {
    let Cow::Owned(redacted) = secrets.redact_bytes(text.as_bytes().into()) else {
        return false;
    };
    *text = String::from_utf8_lossy(&redacted).into_owned();
    true
}
