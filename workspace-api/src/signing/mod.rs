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

use std::time::{Duration, SystemTime};

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

pub use canonical::{
    CanonicalRequest, canonical_path, canonical_query, canonical_request, signed_headers,
};
pub(crate) use date::format_time;
pub use date::{format_date, parse_date};
pub(crate) use keys::visible_ascii;
pub use keys::{AccessKey, InvalidKey, SecretKey, SecurityToken};

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

/// Stage 2: returns the string to sign for a canonical request and the value of `X-Sdk-Date`. It
/// contains no secret.
pub fn string_to_sign(canonical_request: impl AsRef<[u8]>, date: &str) -> String {
    let hash = hex(sha256::hash(canonical_request.as_ref()));
    [ALGORITHM, "\n", date, "\n", &hash].concat()
}

/// Stage 3: returns the signature of a string to sign, in lower-case hex.
pub fn signature(secret_key: &SecretKey, string_to_sign: &str) -> String {
    hex(sha256::hmac(
        secret_key.secret().expose().as_bytes(),
        string_to_sign.as_bytes(),
    ))
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

    fn to_header(self) -> String {
        let Self {
            access_key,
            signed_headers,
            signature,
        } = self;
        [
            ALGORITHM,
            " Access=",
            access_key,
            ", SignedHeaders=",
            signed_headers,
            ", Signature=",
            signature,
        ]
        .concat()
    }
}

/// Returns `text` as a header value. It comes from validated keys, header names, hex and digits, so
/// it is valid; if it ever were not, the service would reject the empty value and nothing panics.
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
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bytes = bytes.as_ref();
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        hex.push(char::from(DIGITS[usize::from(byte >> 4)]));
        hex.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    hex
}
