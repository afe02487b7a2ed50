//! The canonical form of a request: one spelling of what can be spelled in several ways on the
//! wire.

use std::fmt;

use form_urlencoded::parse;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use reqwest::header::{HeaderMap, HeaderName};

use super::{EMPTY_SHA256, Request, X_SDK_CONTENT_SHA256, sha256, write_hex};

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
    let mut headers = Vec::new();
    for name in signed_headers.split(';').filter(|name| !name.is_empty()) {
        let values = request.headers.get_all(name).iter();
        let start = headers.len();
        headers.extend(values.map(|value| (name, value.as_bytes().trim_ascii())));
        headers[start..].sort_unstable();
    }
    let mut text = Vec::with_capacity(512);
    write_canonical_request(request, &headers, signed_headers, &mut text);
    CanonicalRequest(text)
}

/// The name of a header, and a value of it without white space at its ends.
pub(super) type Header<'a> = (&'a str, &'a [u8]);

/// Writes the canonical form of a request with these headers, in their canonical order.
pub(super) fn write_canonical_request(
    request: &Request<'_>,
    headers: &[Header<'_>],
    names: &str,
    text: &mut Vec<u8>,
) {
    text.extend_from_slice(request.method.as_bytes());
    text.make_ascii_uppercase();
    text.push(b'\n');
    write_canonical_path(request.path, text);
    text.push(b'\n');
    if !request.query.is_empty() {
        text.extend_from_slice(canonical_query(request.query).as_bytes());
    }
    text.push(b'\n');
    for (name, value) in headers {
        for part in [name.as_bytes(), b":", *value, b"\n"] {
            text.extend_from_slice(part);
        }
    }
    text.push(b'\n');
    text.extend_from_slice(names.as_bytes());
    text.push(b'\n');
    match request.headers.get(X_SDK_CONTENT_SHA256) {
        // The header replaces the hash of a body, and only of a body.
        Some(declared) if !declared.is_empty() && !request.body.is_empty() => {
            text.extend_from_slice(declared.as_bytes());
        }
        _ if request.body.is_empty() => text.extend_from_slice(EMPTY_SHA256.as_bytes()),
        _ => write_hex(sha256::hash(request.body), text),
    }
}

/// Decodes the path once and encodes it again, segment by segment, with a `/` at its end.
///
/// ```
/// assert_eq!(workspace_api::signing::canonical_path("/v2/a%3ab/d%7e1"), "/v2/a%3Ab/d~1/");
/// ```
pub fn canonical_path(path: &str) -> String {
    let mut text = Vec::with_capacity(path.len() + 1);
    write_canonical_path(path, &mut text);
    String::from_utf8(text).unwrap_or_default()
}

fn write_canonical_path(path: &str, text: &mut Vec<u8>) {
    // Nearly every path is canonical, and is only copied.
    if path.bytes().all(|byte| is_unreserved(byte) || byte == b'/') {
        text.extend_from_slice(path.as_bytes());
    } else {
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        for part in utf8_percent_encode(&decoded, RESERVED_IN_PATH) {
            text.extend_from_slice(part.as_bytes());
        }
    }
    if !path.ends_with('/') {
        text.push(b'/');
    }
}

/// Returns whether a URL never encodes this character: `A-Z a-z 0-9 - . _ ~`.
pub(crate) fn is_unreserved(byte: u8) -> bool {
    const UNRESERVED: [bool; 256] = {
        let mut unreserved = [false; 256];
        let mut byte = 0;
        while byte < u8::MAX {
            unreserved[byte as usize] =
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
            byte += 1;
        }
        unreserved
    };
    UNRESERVED[usize::from(byte)]
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
    let names = headers.keys().map(HeaderName::as_str);
    let mut headers: Vec<Header<'_>> = names
        .filter(|name| is_signed(name))
        .map(|name| (name, b"".as_slice()))
        .collect();
    headers.sort_unstable();
    joined_names(&headers)
}

/// Returns whether a header of this name is signed.
pub(super) fn is_signed(name: &str) -> bool {
    name != "authorization" && !name.bytes().any(|byte| byte == b'_')
}

/// Joins the names of sorted headers, each once.
pub(super) fn joined_names(headers: &[Header<'_>]) -> String {
    let length: usize = headers.iter().map(|(name, _)| name.len() + 1).sum();
    let mut joined = String::with_capacity(length);
    let mut last = "";
    for (name, _) in headers {
        if *name == last {
            continue;
        }
        if !last.is_empty() {
            joined.push(';');
        }
        joined.push_str(name);
        last = name;
    }
    joined
}
