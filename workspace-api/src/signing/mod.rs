//! SDK-HMAC-SHA256, the signature of Huawei Cloud's requests, as pure functions of request, keys
//! and time.
//!
//! A client calls [`sign`] and adds the headers that it returns. The stages are public, so that an
//! invalid signature can be examined stage by stage, and a server can check a signature:
//!
//! 1. [`canonical_request`]: one spelling of the request,
//! 2. [`string_to_sign`]: its hash, with the date,
//! 3. [`signature`]: the HMAC of that with the secret key.
//!
//! No function does I/O, logs or fails: keys are validated on creation, see [`AccessKey`],
//! [`SecretKey`] and [`SecurityToken`].
//!
//! # Checking a signature
//!
//! ```
//! use workspace_api::signing::{self, Authorization, Request, SecretKey};
//!
//! fn is_signed_with(request: &Request<'_>, secret_key: &SecretKey) -> bool {
//!     let header = |name| request.headers.get(name).and_then(|value| value.to_str().ok());
//!     let Some(authorization) = header("authorization").and_then(Authorization::parse) else {
//!         return false;
//!     };
//!     let Some(date) = header("x-sdk-date") else { return false };
//!     let canonical = signing::canonical_request(request, authorization.signed_headers);
//!     let expected = signing::signature(secret_key, &signing::string_to_sign(&canonical, date));
//!     expected == authorization.signature
//! }
//! ```
//!
//! A server must also check that the date is within [`MAX_CLOCK_SKEW`] and that host and date are
//! among the signed headers. If a request has `X-Sdk-Content-Sha256`, the server must compare it
//! with the [hash of the body](content_sha256): in the canonical request the header replaces that
//! hash.

mod canonical;
mod date;
mod keys;
mod sha256;
mod sign;

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

pub(crate) use canonical::is_unreserved;
pub use canonical::{
    CanonicalRequest, canonical_path, canonical_query, canonical_request, signed_headers,
};
pub(crate) use date::format_time;
pub use date::{format_date, parse_date};
pub(crate) use keys::visible_ascii;
pub use keys::{AccessKey, InvalidKey, SecretKey, SecurityToken};
pub use sign::sign;
pub(crate) use sign::sign_headers;

/// The name of the algorithm, at the beginning of the `Authorization` header.
pub const ALGORITHM: &str = "SDK-HMAC-SHA256";
/// Maximum difference between the time of signing and the server's clock: 15 minutes. The server
/// rejects a signature that is further off.
pub const MAX_CLOCK_SKEW: Duration = Duration::from_secs(15 * 60);
/// The SHA-256 of an empty body, which every GET has.
const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// The header with the time of signing.
pub const X_SDK_DATE: HeaderName = HeaderName::from_static("x-sdk-date");
/// The header with the security token of temporary keys.
pub const X_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-security-token");
/// The header with the project id. The vendor's tools send it, signed, to regional services.
pub const X_PROJECT_ID: HeaderName = HeaderName::from_static("x-project-id");
/// The header whose value replaces the body hash in the canonical request, if there is a body.
pub const X_SDK_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-sdk-content-sha256");

/// A request as it is sent, borrowed so that the body is hashed without a copy.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method, in any case.
    pub method: &'a str,
    /// The path as it is sent, percent-encoded, without the query:
    /// `/v2/p/desktops/d%201/detach-info`.
    pub path: &'a str,
    /// The query as it is sent, without the `?`; empty if there is none.
    pub query: &'a str,
    /// The headers. For [`sign`], exactly those to be signed: with `Host`, and without headers that
    /// are added or changed after signing, such as `Content-Length`.
    pub headers: &'a HeaderMap,
    /// The body; empty if there is none.
    pub body: &'a [u8],
}

/// Stage 2: returns the string to sign for a canonical request and the value of `X-Sdk-Date`. It
/// contains no secret.
pub fn string_to_sign(canonical_request: impl AsRef<[u8]>, date: &str) -> String {
    let mut text = Vec::with_capacity(128);
    write_string_to_sign(canonical_request.as_ref(), date, &mut text);
    String::from_utf8(text).unwrap_or_default()
}

fn write_string_to_sign(canonical_request: &[u8], date: &str, text: &mut Vec<u8>) {
    for part in [ALGORITHM, "\n", date, "\n"] {
        text.extend_from_slice(part.as_bytes());
    }
    write_hex(sha256::hash(canonical_request), text);
}

/// Stage 3: returns the signature of a string to sign, in lower-case hex.
pub fn signature(secret_key: &SecretKey, string_to_sign: &str) -> String {
    hex(secret_key.hmac(string_to_sign.as_bytes()))
}

/// Returns the SHA-256 of a body in lower-case hex, which is the value of `X-Sdk-Content-Sha256`.
///
/// ```
/// let hash = workspace_api::signing::content_sha256(b"");
/// assert_eq!(hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
/// ```
pub fn content_sha256(body: &[u8]) -> String {
    if body.is_empty() {
        return EMPTY_SHA256.to_owned();
    }
    hex(sha256::hash(body))
}

/// The parts of an `Authorization` header with a signature.
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
    /// Parses the value of the header; `None` if it has another algorithm or is incomplete.
    pub fn parse(value: &'a str) -> Option<Self> {
        let mut parts = value.strip_prefix(ALGORITHM)?.split(',').map(str::trim);
        let authorization = Self {
            access_key: parts.next()?.strip_prefix("Access=")?,
            signed_headers: parts.next()?.strip_prefix("SignedHeaders=")?,
            signature: parts.next()?.strip_prefix("Signature=")?,
        };
        parts.next().is_none().then_some(authorization)
    }
}

/// Returns `text` as a header value. It comes from validated keys, header names, hex and digits, so
/// it is valid; if it ever were not, the service would reject the empty value and nothing panics.
fn header_value(text: impl TryInto<HeaderValue>) -> HeaderValue {
    let value = text.try_into();
    value.unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Returns `text` as a header value that `Debug` hides. A `String` is not copied.
pub(crate) fn sensitive(text: impl TryInto<HeaderValue>) -> HeaderValue {
    let mut value = header_value(text);
    value.set_sensitive(true);
    value
}

/// Returns `bytes` in lower-case hex, the form of hashes and signatures.
pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    let mut hex = Vec::with_capacity(2 * bytes.as_ref().len());
    write_hex(bytes, &mut hex);
    String::from_utf8(hex).unwrap_or_default()
}

fn write_hex(bytes: impl AsRef<[u8]>, text: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bytes = bytes.as_ref();
    let start = text.len();
    text.resize(start + 2 * bytes.len(), 0);
    for (digits, byte) in text[start..].chunks_exact_mut(2).zip(bytes) {
        digits[0] = DIGITS[usize::from(byte >> 4)];
        digits[1] = DIGITS[usize::from(byte & 15)];
    }
}
