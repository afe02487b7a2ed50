//! The signing of a request: all stages at once, without copies of its headers.

use std::time::SystemTime;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

use super::canonical::{Header, is_signed, joined_names, write_canonical_request};
use super::{
    ALGORITHM, AccessKey, Request, SecretKey, SecurityToken, X_SDK_DATE, X_SECURITY_TOKEN,
    format_date, header_value, sensitive, write_hex, write_string_to_sign,
};

/// Signs `request` at `time` and returns the headers to set on it: `X-Sdk-Date`, `Authorization`
/// and, with a security token, `X-Security-Token`.
///
/// Existing values of these headers are ignored, so a request can be signed again. Each attempt
/// needs a new time. All other headers in `request.headers` are signed, except names with `_`.
/// Secret values are marked as sensitive.
///
/// ```
/// use reqwest::header::{HOST, HeaderMap, HeaderValue};
/// use std::time::{Duration, UNIX_EPOCH};
/// use workspace_api::signing::{AccessKey, Request, SecretKey, sign};
///
/// let (access_key, secret_key) = (AccessKey::new("AccessKey")?, SecretKey::new("SecretKey")?);
/// let headers = HeaderMap::from_iter([(HOST, HeaderValue::from_static("workspace.example.com"))]);
/// let request = Request {
///     method: "GET",
///     path: "/v2/p/desktops/d/detach-info",
///     query: "",
///     headers: &headers,
///     body: b"",
/// };
/// let time = UNIX_EPOCH + Duration::from_secs(1_136_214_245);
/// let added = sign(&request, &access_key, &secret_key, None, time);
/// assert_eq!(added["x-sdk-date"], "20060102T150405Z");
/// let start = "SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=host;x-sdk-date, Signature=";
/// assert!(added["authorization"].to_str()?.starts_with(start));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sign(
    request: &Request<'_>,
    access_key: &AccessKey,
    secret_key: &SecretKey,
    security_token: Option<&SecurityToken>,
    time: SystemTime,
) -> HeaderMap {
    let headers = request.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
    let keys = (access_key, secret_key, security_token);
    let mut added = HeaderMap::with_capacity(3);
    sign_headers(request, headers, keys, time).add_to(&mut added);
    added
}

/// The headers that a signature adds to a request.
pub(crate) struct Added {
    date: HeaderValue,
    security_token: Option<HeaderValue>,
    authorization: HeaderValue,
}

impl Added {
    pub(crate) fn add_to(self, headers: &mut HeaderMap) {
        headers.insert(X_SDK_DATE, self.date);
        if let Some(token) = self.security_token {
            headers.insert(X_SECURITY_TOKEN, token);
        }
        headers.insert(AUTHORIZATION, self.authorization);
    }
}

/// Same as [`sign`], but signs `headers` instead of all headers of the request.
pub(crate) fn sign_headers<'a>(
    request: &Request<'a>,
    headers: impl Iterator<Item = Header<'a>>,
    (access_key, secret_key, security_token): (&AccessKey, &SecretKey, Option<&SecurityToken>),
    time: SystemTime,
) -> Added {
    let (date_name, token_name) = (X_SDK_DATE, X_SECURITY_TOKEN);
    let date = format_date(time);
    let token = security_token.map(|token| token.secret().expose());
    let mut signed: Vec<Header<'_>> = Vec::with_capacity(8);
    for (name, value) in headers {
        let is_replaced =
            name == date_name.as_str() || token.is_some() && name == token_name.as_str();
        if is_signed(name) && !is_replaced {
            signed.push((name, value.trim_ascii()));
        }
    }
    signed.push((date_name.as_str(), date.as_bytes()));
    if let Some(token) = token {
        signed.push((token_name.as_str(), token.as_bytes()));
    }
    // By name, then by value.
    signed.sort_unstable();
    let names = joined_names(&signed);
    let mut canonical = Vec::with_capacity(1024);
    write_canonical_request(request, &signed, &names, &mut canonical);
    let mut to_sign = Vec::with_capacity(128);
    write_string_to_sign(&canonical, &date, &mut to_sign);
    let authorization = authorization(access_key, &names, secret_key.hmac(&to_sign));
    Added {
        date: header_value(date),
        security_token: token.map(sensitive),
        authorization: sensitive(authorization),
    }
}

/// Returns the value of the `Authorization` header.
fn authorization(access_key: &AccessKey, names: &str, signature: impl AsRef<[u8]>) -> Vec<u8> {
    let mut header = Vec::with_capacity(256);
    for part in [
        ALGORITHM,
        " Access=",
        access_key.as_str(),
        ", SignedHeaders=",
        names,
        ", Signature=",
    ] {
        header.extend_from_slice(part.as_bytes());
    }
    write_hex(signature, &mut header);
    header
}
