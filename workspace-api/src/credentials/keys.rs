//! Access keys in environment variables and in the profile file.

use super::Credentials;
use crate::Secret;
use crate::config::variables::KeyNames;
use crate::config::{LookupError, Source};
use crate::signing::InvalidKey;

/// The access key, in the profile file.
pub(super) const PROFILE_KEYS: KeyNames = KeyNames {
    access_key: "ak",
    secret_key: "sk",
    security_token: "security_token",
};

impl From<InvalidKey> for LookupError {
    fn from(invalid: InvalidKey) -> Self {
        Self::Invalid(invalid.to_string())
    }
}

/// The variables of a key pair.
pub(super) fn source(names: &KeyNames) -> Source {
    Source::Variables(vec![names.access_key.into(), names.secret_key.into()])
}

/// Reads a key pair. An incomplete one is an error: a later source may belong to another account.
pub(super) fn lookup(
    names: &KeyNames,
    read: impl Fn(&str) -> Result<Secret, LookupError>,
) -> Result<Credentials, LookupError> {
    use LookupError::NotFound;
    let incomplete = LookupError::incomplete;
    let (access_key, secret_key) = match (read(names.access_key), read(names.secret_key)) {
        (Ok(access_key), Ok(secret_key)) => (access_key, secret_key),
        (Ok(_), Err(NotFound(_))) => return Err(incomplete(names.access_key, names.secret_key)),
        (Err(NotFound(_)), Ok(_)) => return Err(incomplete(names.secret_key, names.access_key)),
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    match read(names.security_token) {
        Ok(token) => Ok(Credentials::temporary(access_key, secret_key, token)?),
        Err(_) => Ok(Credentials::access_key(access_key, secret_key)?),
    }
}

/// Rejects a security token without a key pair, which [`lookup`] did not find.
pub(super) fn reject_lone_token(
    names: &KeyNames,
    read: impl Fn(&str) -> Result<Secret, LookupError>,
    not_found: LookupError,
) -> LookupError {
    match (not_found, read(names.security_token)) {
        (LookupError::NotFound(_), Ok(_)) => {
            LookupError::incomplete(names.security_token, names.access_key)
        }
        (error, _) => error,
    }
}
