//! The keys that sign requests, validated on creation so that signing cannot fail.

use std::fmt;

use super::sha256::HmacKey;
use crate::Secret;

/// Why a key or token is invalid. It never contains the value itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidKey {
    key: &'static str,
    problem: &'static str,
}

impl InvalidKey {
    pub(crate) fn new(key: &'static str, problem: &'static str) -> Self {
        Self { key, problem }
    }

    /// The reason without the advice, for a key that a service sent.
    pub(crate) fn reason(&self) -> String {
        format!("the {} {}", self.key, self.problem)
    }
}

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}. Copy it again from where it was issued.",
            self.reason()
        )
    }
}

impl std::error::Error for InvalidKey {}

/// An access key id (AK): visible ASCII without commas, since it is sent in the `Authorization`
/// header.
///
/// It names the key and is not secret, but `Debug` and `Display` show only its first four
/// characters.
///
/// ```
/// use workspace_api::signing::AccessKey;
///
/// let key = AccessKey::new("QTWAOYTTINDUT2QVKYUC")?;
/// assert_eq!(key.to_string(), "QTWA…");
/// assert!(AccessKey::new("two words").is_err());
/// # Ok::<(), workspace_api::signing::InvalidKey>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey(Secret);

impl AccessKey {
    /// Validates an access key id.
    ///
    /// # Errors
    ///
    /// The id is empty, or has a comma or characters other than visible ASCII.
    pub fn new(value: impl Into<Secret>) -> Result<Self, InvalidKey> {
        let value = visible_ascii("access key", value.into())?;
        if value.expose().contains(',') {
            return Err(InvalidKey::new("access key", "contains a comma"));
        }
        Ok(Self(value))
    }

    /// The whole access key id.
    pub fn as_str(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Display for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_str() {
            long if long.len() >= 16 => write!(f, "{}…", &long[..4]),
            _ => f.write_str("[redacted]"),
        }
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A secret access key (SK): visible ASCII. It is never sent.
///
/// White space is rejected: with the line end of a file, every signature would be invalid, and a
/// few invalid signatures in a row lock the access key.
#[derive(Clone)]
pub struct SecretKey {
    secret: Secret,
    hmac: HmacKey,
}

impl SecretKey {
    /// Validates a secret access key.
    ///
    /// # Errors
    ///
    /// The key is empty or has characters other than visible ASCII.
    pub fn new(value: impl Into<Secret>) -> Result<Self, InvalidKey> {
        let secret = visible_ascii("secret key", value.into())?;
        let hmac = HmacKey::new(secret.expose().as_bytes());
        Ok(Self { secret, hmac })
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }

    pub(super) fn hmac(&self, text: &[u8]) -> impl AsRef<[u8]> {
        self.hmac.hmac(text)
    }
}

impl PartialEq for SecretKey {
    fn eq(&self, other: &Self) -> bool {
        self.secret == other.secret
    }
}

impl Eq for SecretKey {}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SecretKey").field(&self.secret).finish()
    }
}

/// The security token of a temporary access key, sent as `X-Security-Token`: visible ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityToken(Secret);

impl SecurityToken {
    /// Validates a security token.
    ///
    /// # Errors
    ///
    /// The token is empty or has characters other than visible ASCII.
    pub fn new(value: impl Into<Secret>) -> Result<Self, InvalidKey> {
        visible_ascii("security token", value.into()).map(Self)
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.0
    }
}

/// Validates that a secret can be the value of a header, without white space that could be trimmed.
pub(crate) fn visible_ascii(key: &'static str, value: Secret) -> Result<Secret, InvalidKey> {
    if value.expose().is_empty() {
        return Err(InvalidKey::new(key, "is empty"));
    }
    if !value.expose().bytes().all(|b| b.is_ascii_graphic()) {
        return Err(InvalidKey::new(
            key,
            "contains white space, a control character or a non-ASCII character",
        ));
    }
    Ok(value)
}
