//! The seam between a request and the credentials that it is sent with.

use reqwest::Request;
use reqwest::header::{HeaderName, HeaderValue};

use crate::{Error, ErrorKind, Result, Secret};

static X_AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");

/// How requests are authenticated.
#[derive(Debug)]
pub(crate) enum Authentication {
    Token(HeaderValue),
}

impl Authentication {
    pub(crate) fn token(token: &Secret) -> Result<Self> {
        let mut value = HeaderValue::from_str(token.expose())
            .ok()
            .filter(|value| !value.is_empty())
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::Configuration,
                    "the token is empty or cannot stand in a header",
                )
            })?;
        value.set_sensitive(true);
        Ok(Self::Token(value))
    }

    /// Adds the credentials to a request; a new signature for every attempt.
    pub(crate) async fn apply(&self, request: &mut Request) -> Result<()> {
        match self {
            Self::Token(token) => request
                .headers_mut()
                .insert(X_AUTH_TOKEN.clone(), token.clone()),
        };
        Ok(())
    }

    /// The text without the secrets: a server may echo the headers of a request that it refuses.
    pub(crate) fn redact(&self, text: &str) -> String {
        match self {
            Self::Token(token) => token.to_str().map_or_else(
                |_| text.to_owned(),
                |token| text.replace(token, "[redacted]"),
            ),
        }
    }
}
