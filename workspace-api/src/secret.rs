//! Text that must never be printed: the one type that every secret of this crate is kept in.

use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// A secret: shown as `[redacted]` by `Debug` and `Display`, wiped from memory when dropped.
///
/// ```
/// use workspace_api::Secret;
///
/// let password = Secret::new("correct horse");
/// assert_eq!(format!("{password} {password:?}"), "[redacted] [redacted]");
/// assert_eq!(password.expose(), "correct horse");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Keeps `value` from being printed. The caller's own copies are the caller's to wipe.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The secret itself. Hand it to what needs it, never to a log.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// `text` without the secret, plain or as JSON writes it: a server may repeat what it was sent. What has less than 8
    /// characters is a placeholder, and to take it out would garble the text.
    pub(crate) fn redact(&self, text: &str) -> String {
        let secret = self.expose();
        let quoted = Zeroizing::new(serde_json::Value::from(secret).to_string());
        let forms = [secret, quoted.trim_matches('"')];
        let forms = forms.into_iter().filter(|form| form.len() >= 8);
        forms.fold(text.to_owned(), |text, form| {
            text.replace(form, "[redacted]")
        })
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}
