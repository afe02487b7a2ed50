//! Redaction of the credentials of a request in its response.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::Secret;
use crate::http::{Redact, Secrets};
use crate::signing::{AccessKey, SecretKey, SecurityToken};

/// Minimum length of an access key id that is shortened.
const MIN_LENGTH: usize = 8;

/// The replacement of the secrets of some credentials.
pub(super) struct Redaction {
    secrets: Secrets,
    /// Finds the access key id, which is no secret, and what is shown instead.
    access_key: Option<(Finder<'static>, String)>,
}

impl Redaction {
    pub(super) fn of_token(token: &Secret) -> Self {
        Self {
            secrets: Secrets::new([token.expose()]),
            access_key: None,
        }
    }

    pub(super) fn of_key(
        access_key: &AccessKey,
        secret_key: &SecretKey,
        security_token: Option<&SecurityToken>,
    ) -> Self {
        let token = security_token.map(|token| token.secret().expose());
        let id = access_key.as_str();
        let shown = (id.len() >= MIN_LENGTH).then(|| access_key.to_string());
        Self {
            secrets: Secrets::new([secret_key.secret().expose()].into_iter().chain(token)),
            access_key: shown.map(|shown| (Finder::new(id).into_owned(), shown)),
        }
    }
}

impl Redact for Redaction {
    fn redact_bytes<'a>(&self, text: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        let text = self.secrets.redact_bytes(text);
        let Some((access_key, shown)) = &self.access_key else {
            return text;
        };
        replace(redact_signatures(text), access_key, shown)
    }
}

fn replace<'a>(text: Cow<'a, [u8]>, finder: &Finder<'_>, replacement: &str) -> Cow<'a, [u8]> {
    let mut replaced = Vec::new();
    let mut copied = 0;
    for found in finder.find_iter(&text) {
        replaced.extend_from_slice(&text[copied..found]);
        replaced.extend_from_slice(replacement.as_bytes());
        copied = found + finder.needle().len();
    }
    if copied == 0 {
        return text;
    }
    replaced.extend_from_slice(&text[copied..]);
    Cow::Owned(replaced)
}

/// Replaces signatures: anyone who obtains one can replay its request for 15 minutes.
fn redact_signatures(text: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    const START: &[u8] = b"Signature=";
    static FINDER: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(START));
    let mut redacted = Vec::new();
    let mut rest = &text[..];
    while let Some(position) = FINDER.find(rest) {
        let (before, signature) = rest.split_at(position + START.len());
        redacted.extend_from_slice(before);
        redacted.extend_from_slice(b"[redacted]");
        let digits = signature.iter().take_while(|byte| byte.is_ascii_hexdigit());
        rest = &signature[digits.count()..];
    }
    if redacted.is_empty() {
        return text;
    }
    redacted.extend_from_slice(rest);
    Cow::Owned(redacted)
}
