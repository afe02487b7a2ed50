//! Reads a temporary access key from the responses of every service that issues one.

use serde::Deserialize;

use super::{Credentials, expiry};
use crate::Secret;
use crate::http::Response;

/// A response: the key, or an object that has it.
#[derive(Deserialize)]
struct Envelope {
    #[serde(alias = "credentials")]
    credential: TemporaryKey,
}

/// The services name the parts of a key in several ways.
#[derive(Deserialize)]
struct TemporaryKey {
    #[serde(alias = "accessKeyId", alias = "access_key_id")]
    access: Secret,
    #[serde(alias = "secretAccessKey", alias = "secret_access_key")]
    secret: Secret,
    #[serde(alias = "securityToken", alias = "security_token")]
    securitytoken: Secret,
    #[serde(alias = "expiration")]
    expires_at: String,
}

/// Reads the key of a successful response.
pub(super) fn read(response: &Response) -> crate::Result<Credentials> {
    let key = match response.json::<Envelope>() {
        Ok(Envelope { credential }) => credential,
        Err(error) => match response.json::<TemporaryKey>() {
            Ok(key) => key,
            Err(_) => return Err(error),
        },
    };
    let expires_at = expiry::parse(&key.expires_at)
        .ok_or_else(|| response.unexpected("`expires_at` is not a time in RFC 3339"))?;
    let keys = Credentials::temporary(key.access, key.secret, key.securitytoken)
        .map_err(|invalid| response.unexpected(&invalid.reason()))?;
    Ok(keys.with_expiry(expires_at))
}
