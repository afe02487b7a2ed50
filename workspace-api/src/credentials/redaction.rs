//! Redaction of the credentials of a request in its response.

use std::borrow::Cow;

use crate::Secret;
use crate::http::{Redact, Secrets, may_have_signature, redact_signatures};
use crate::signing::{AccessKey, SecretKey, SecurityToken};

/// Minimum length of an access key id that is shortened.
const MIN_LENGTH: usize = 8;

/// The replacement of the secrets of some credentials.
pub(super) struct Redaction {
    secrets: Secrets,
    access_key: Option<KeyRedaction>,
}

/// The replacement of an access key id, which is no secret, and of signatures.
struct KeyRedaction {
    id: Secrets,
    /// What is shown instead of the id.
    shown: String,
    /// The id and the secrets, for one search for all of them.
    all: Secrets,
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
        let secrets = [secret_key.secret().expose()].into_iter().chain(token);
        let id = Some(access_key.as_str()).filter(|id| id.len() >= MIN_LENGTH);
        let access_key = KeyRedaction {
            id: Secrets::new(id),
            shown: access_key.to_string(),
            all: Secrets::new(secrets.clone().chain(id)),
        };
        Self {
            secrets: Secrets::new(secrets),
            access_key: Some(access_key),
        }
    }
}

impl Redact for Redaction {
    fn redact_bytes<'a>(&self, text: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        let Some(key) = &self.access_key else {
            return self.secrets.redact_bytes(text);
        };
        // Nearly every text has none of these.
        if !key.all.may_be_in(&text) && !may_have_signature(&text) {
            return text;
        }
        let text = redact_signatures(self.secrets.redact_bytes(text));
        key.id.replace(text, &key.shown)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::credentials::Credentials;

    #[test]
    fn an_access_key_id_is_shortened_in_every_spelling() {
        let credentials = Credentials::access_key("AKIDEXAMPLE000000001", "secret").unwrap();
        for spelling in [
            "AKIDEXAMPLE000000001",
            "akidexample000000001",
            r"\u0041KIDEXAMPLE000000001",
            "%41KIDEXAMPLE00000000%31",
            "&#65;KIDEXAMPLE000000001",
        ] {
            let text = format!("<{spelling}> of AKIDEX");
            let shown = credentials.redact_bytes(text.as_bytes().into());
            assert_eq!(std::str::from_utf8(&shown).unwrap(), "<AKID…> of AKIDEX");
        }
    }

    #[test]
    fn secrets_and_signatures_are_replaced_whatever_else_is_in_the_text() {
        let secret = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc";
        let signature = format!("Signature={}", "0123456789abcdef".repeat(4));
        for id in ["AKIDEXAMPLE000000001", "short"] {
            let credentials = Credentials::temporary(id, secret, "MIIFvgYJKoZIhvcN").unwrap();
            for (text, expected) in [
                (secret, "[redacted]"),
                ("MIIFvgYJKoZIhvcN", "[redacted]"),
                (&*signature, "Signature=[redacted]"),
                ("nothing that was sent", "nothing that was sent"),
            ] {
                assert_eq!(credentials.redact(text), expected, "{id}");
            }
        }
    }
}
