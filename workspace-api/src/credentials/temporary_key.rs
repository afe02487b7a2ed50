//! Requests the keys of an agency, and reads a temporary access key from the responses of every service that issues one.

use reqwest::Request;
use serde::Deserialize;

use super::requests::Requests;
use super::{Credentials, Error, expiry};
use crate::Secret;
use crate::http::{Redact, Response};

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

/// Requests the keys of an agency. `url` is shown in errors.
pub(super) async fn request_of_agency(
    agency: &str,
    url: &str,
    requests: &Requests,
    request: impl Fn() -> reqwest::Result<Request>,
    secrets: &dyn Redact,
) -> Result<Credentials, Error> {
    let response = requests.call(request, secrets).await;
    response
        .and_then(|response| read(&response))
        .map_err(|source| Error::Request {
            request: format!("the request to {url} for the keys of the agency {agency}"),
            source,
        })
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
