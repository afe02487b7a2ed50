//! The canonical form of a request: one spelling of what can be spelled in several ways on the
//! wire.

use std::fmt;

use form_urlencoded::parse;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use reqwest::header::{HeaderMap, HeaderName};

use super::{Request, X_SDK_CONTENT_SHA256, content_sha256};

/// All characters but `A-Z a-z 0-9 - . _ ~`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// A canonical request, the first stage of a signature. `Debug` hides it: it may contain a security
/// token.
#[derive(Clone, PartialEq, Eq)]
pub struct CanonicalRequest(Vec<u8>);

/// The bytes that are hashed. They may contain a security token: never log them.
impl AsRef<[u8]> for CanonicalRequest {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CanonicalRequest([redacted])")
    }
}

/// Stage 1: returns the canonical form of `request` with the headers named in `signed_headers`.
///
/// `signed_headers` is the list in the `Authorization` header, such as
/// `content-type;host;x-sdk-date`. A client takes it from [`signed_headers`], a server from
/// [`Authorization`](super::Authorization). A listed header that the request does not have
/// contributes no line, so the signature of a request that has lost a header does not match.
pub fn canonical_request(request: &Request<'_>, signed_headers: &str) -> CanonicalRequest {
    let mut text = Vec::with_capacity(512);
    for part in [
        &request.method.to_ascii_uppercase(),
        &canonical_path(request.path),
        &canonical_query(request.query),
    ] {
        text.extend_from_slice(part.as_bytes());
        text.push(b'\n');
    }
    for name in signed_headers.split(';').filter(|name| !name.is_empty()) {
        let mut values: Vec<&[u8]> = request
            .headers
            .get_all(name)
            .iter()
            .map(|v| v.as_bytes().trim_ascii())
            .collect();
        values.sort_unstable();
        for value in values {
            text.extend_from_slice(name.as_bytes());
            text.push(b':');
            text.extend_from_slice(value);
            text.push(b'\n');
        }
    }
    text.push(b'\n');
    text.extend_from_slice(signed_headers.as_bytes());
    text.push(b'\n');
    text.extend_from_slice(&body_hash(request));
    CanonicalRequest(text)
}

/// Decodes the path once and encodes it again, segment by segment, with a `/` at its end.
///
/// ```
/// assert_eq!(workspace_api::signing::canonical_path("/v2/a%3ab/d%7e1"), "/v2/a%3Ab/d~1/");
/// ```
pub fn canonical_path(path: &str) -> String {
    // Nearly every path is canonical, and is only copied.
    let is_canonical =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/');
    let mut path = if path.bytes().all(is_canonical) {
        let mut copy = String::with_capacity(path.len() + 1);
        copy.push_str(path);
        copy
    } else {
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        utf8_percent_encode(&decoded, RESERVED_IN_PATH).to_string()
    };
    if !path.ends_with('/') {
        path.push('/');
    }
    path
}

/// Decodes the query string, sorts it by key and then by value, and encodes it again.
///
/// ```
/// assert_eq!(workspace_api::signing::canonical_query("b=2&a=x+y&b=1"), "a=x%20y&b=1&b=2");
/// ```
pub fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<_> = parse(query.as_bytes()).collect();
    pairs.sort_unstable();
    let encode = |text| utf8_percent_encode(text, RESERVED);
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
        .collect();
    pairs.join("&")
}

/// Returns the names of the headers that are signed, as in the `Authorization` header: in lower
/// case, sorted, joined by `;`. Names with `_` are left out because gateways drop such headers, and
/// `Authorization` because it is the result.
pub fn signed_headers(headers: &HeaderMap) -> String {
    let mut names: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
    names.retain(|name| !name.contains('_') && *name != "authorization");
    names.sort_unstable();
    names.join(";")
}

/// Returns the body hash: the value of `X-Sdk-Content-Sha256` if the request has a body and this
/// header, otherwise the SHA-256 of the body.
fn body_hash(request: &Request<'_>) -> Vec<u8> {
    match request.headers.get(X_SDK_CONTENT_SHA256) {
        Some(declared) if !declared.is_empty() && !request.body.is_empty() => {
            declared.as_bytes().to_vec()
        }
        _ => content_sha256(request.body).into_bytes(),
    }
}
