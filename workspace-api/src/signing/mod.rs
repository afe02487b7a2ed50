//! SDK-HMAC-SHA256, the signature of Huawei Cloud's requests, as pure functions of request, keys and time.
//!
//! A client calls [`sign`] and adds the headers that it returns. The stages are public, so that a failing signature can
//! be looked at stage by stage and so that a server can check one:
//!
//! 1. [`canonical_request`]: one spelling of the request,
//! 2. [`string_to_sign`]: its hash, with the date,
//! 3. [`signature`]: the HMAC of that under the secret key.
//!
//! Nothing here does I/O, logs or fails: keys are checked when they are made, see [`AccessKey`], [`SecretKey`] and
//! [`SecurityToken`].
//!
//! # Checking a signature
//!
//! ```
//! use workspace_api::signing::{self, Authorization, Request, SecretKey};
//!
//! fn is_signed_with(request: &Request<'_>, secret_key: &SecretKey) -> bool {
//!     let header = |name| request.headers.get(name).and_then(|value| value.to_str().ok());
//!     let Some(authorization) = header("authorization").and_then(Authorization::parse) else { return false };
//!     let Some(date) = header("x-sdk-date") else { return false };
//!     let canonical = signing::canonical_request(request, authorization.signed_headers);
//!     let expected = signing::signature(secret_key, &signing::string_to_sign(&canonical, date));
//!     expected == authorization.signature // beside this: is the date recent, are host and date among the signed?
//! }
//! ```
//!
//! A server must also compare `X-Sdk-Content-Sha256`, where a request has it, with the body: in the canonical request
//! the header replaces the body's hash.

mod canonical;
mod date;
mod keys;
mod sha256;

use std::time::{Duration, SystemTime};

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

pub use canonical::{
    CanonicalRequest, canonical_path, canonical_query, canonical_request, signed_headers,
};
pub(crate) use date::format_time;
pub use date::{format_date, parse_date};
pub(crate) use keys::visible_ascii;
pub use keys::{AccessKey, InvalidKey, SecretKey, SecurityToken};

/// The name of the algorithm, with which the `Authorization` header begins.
pub const ALGORITHM: &str = "SDK-HMAC-SHA256";
/// Maximum difference between the time of signing and the server's clock: 15 minutes. The server rejects a signature that
/// is further off.
pub const MAX_CLOCK_SKEW: Duration = Duration::from_secs(15 * 60);
/// The header with the time of signing, which may differ from the server's clock by [`MAX_CLOCK_SKEW`].
pub const X_SDK_DATE: HeaderName = HeaderName::from_static("x-sdk-date");
/// The header with the security token of temporary keys.
pub const X_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-security-token");
/// The header with the project's id, which the vendor's tools send, signed, with requests to regional services.
pub const X_PROJECT_ID: HeaderName = HeaderName::from_static("x-project-id");
/// The header that, where a request with a body has it, replaces the body's hash in the canonical request.
pub const X_SDK_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-sdk-content-sha256");

/// A request as it goes over the wire, borrowed: the body is hashed where it is.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method; its case does not matter.
    pub method: &'a str,
    /// The path as on the wire, percent-encoded, without the query: `/v2/p/desktops/d%201/detach-info`.
    pub path: &'a str,
    /// The query as on the wire, without the `?`; empty if there is none.
    pub query: &'a str,
    /// The headers. For [`sign`] exactly those to be signed: `Host` among them, and none that is added or changed
    /// after signing, such as `Content-Length`.
    pub headers: &'a HeaderMap,
    /// The body; empty if there is none.
    pub body: &'a [u8],
}

/// Signs `request` as of `time` and returns the headers to set on it: `X-Sdk-Date`, `Authorization` and, with a
/// security token, `X-Security-Token`.
///
/// What the request has under these names already is disregarded, so a request can be signed again; every attempt needs
/// a new time. Everything else in `request.headers` is signed, but for names with `_`. The values that are secret are
/// marked as sensitive.
///
/// ```
/// use reqwest::header::{HOST, HeaderMap, HeaderValue};
/// use std::time::{Duration, UNIX_EPOCH};
/// use workspace_api::signing::{AccessKey, Request, SecretKey, sign};
///
/// let (access_key, secret_key) = (AccessKey::new("AccessKey")?, SecretKey::new("SecretKey")?);
/// let headers = HeaderMap::from_iter([(HOST, HeaderValue::from_static("workspace.example.com"))]);
/// let request = Request { method: "GET", path: "/v2/p/desktops/d/detach-info", query: "", headers: &headers, body: b"" };
/// let added = sign(&request, &access_key, &secret_key, None, UNIX_EPOCH + Duration::from_secs(1_136_214_245));
/// assert_eq!(added["x-sdk-date"], "20060102T150405Z");
/// assert!(added["authorization"].to_str()?.starts_with("SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=host;x-sdk-date"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sign(
    request: &Request<'_>,
    access_key: &AccessKey,
    secret_key: &SecretKey,
    security_token: Option<&SecurityToken>,
    time: SystemTime,
) -> HeaderMap {
    let date = format_date(time);
    let token = security_token.map(|token| sensitive(token.secret().expose()));
    let (mut headers, mut added) = (request.headers.clone(), HeaderMap::with_capacity(3));
    for headers in [&mut headers, &mut added] {
        headers.insert(X_SDK_DATE, header_value(&date));
        if let Some(token) = &token {
            headers.insert(X_SECURITY_TOKEN, token.clone());
        }
    }
    let signed_headers = signed_headers(&headers);
    let canonical = canonical_request(
        &Request {
            headers: &headers,
            ..*request
        },
        &signed_headers,
    );
    let authorization = Authorization {
        access_key: access_key.as_str(),
        signed_headers: &signed_headers,
        signature: &signature(secret_key, &string_to_sign(&canonical, &date)),
    };
    added.insert(AUTHORIZATION, sensitive(&authorization.to_header()));
    added
}

/// Stage 2: the string to sign, from a canonical request and the value of `X-Sdk-Date`. It holds no secret.
pub fn string_to_sign(canonical_request: impl AsRef<[u8]>, date: &str) -> String {
    format!(
        "{ALGORITHM}\n{date}\n{}",
        hex(sha256::hash(canonical_request.as_ref()))
    )
}

/// Stage 3: the signature of a string to sign, in lower-case hex.
pub fn signature(secret_key: &SecretKey, string_to_sign: &str) -> String {
    hex(sha256::hmac(
        secret_key.secret().expose().as_bytes(),
        string_to_sign.as_bytes(),
    ))
}

/// The parts of an `Authorization` header that holds a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authorization<'a> {
    /// The access key id.
    pub access_key: &'a str,
    /// The names of the signed headers, joined by `;`.
    pub signed_headers: &'a str,
    /// The signature in hex.
    pub signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Reads the header's value; `None` if it is not of this algorithm or not whole.
    pub fn parse(value: &'a str) -> Option<Self> {
        let mut parts = value.strip_prefix(ALGORITHM)?.split(',').map(str::trim);
        let authorization = Self {
            access_key: parts.next()?.strip_prefix("Access=")?,
            signed_headers: parts.next()?.strip_prefix("SignedHeaders=")?,
            signature: parts.next()?.strip_prefix("Signature=")?,
        };
        parts.next().is_none().then_some(authorization)
    }

    fn to_header(self) -> String {
        let Self {
            access_key,
            signed_headers,
            signature,
        } = self;
        format!(
            "{ALGORITHM} Access={access_key}, SignedHeaders={signed_headers}, Signature={signature}"
        )
    }
}

/// `text` comes from checked keys, header names, hex and digits, which can all stand in a header: were there ever a
/// character that cannot, the service would refuse the empty value rather than this code panic.
fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

pub(crate) fn sensitive(text: &str) -> HeaderValue {
    let mut value = header_value(text);
    value.set_sensitive(true);
    value
}

/// Returns `bytes` in lower-case hex, the form of hashes and signatures.
pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    let digits = bytes
        .as_ref()
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
        .collect()
}
