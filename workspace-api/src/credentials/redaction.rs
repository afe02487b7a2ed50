//! Redaction of the credentials of a request in its response.

use std::borrow::Cow;

use crate::Secret;
use crate::http::{Redact, Secrets, redact_signatures};
use crate::signing::{AccessKey, SecretKey, SecurityToken};

/// Minimum length of an access key id that is shortened.
const MIN_LENGTH: usize = 8;

/// The replacement of the secrets of some credentials.
pub(super) struct Redaction {
    secrets: Secrets,
    /// The access key id, which is no secret, and what is shown instead.
    access_key: Option<(Secrets, String)>,
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
            access_key: shown.map(|shown| (Secrets::new([id]), shown)),
        }
    }
}

impl Redact for Redaction {
    fn redact_bytes<'a>(&self, text: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        let text = self.secrets.redact_bytes(text);
        let Some((access_key, shown)) = &self.access_key else {
            return text;
        };
        access_key.replace(redact_signatures(text), shown)
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
}
