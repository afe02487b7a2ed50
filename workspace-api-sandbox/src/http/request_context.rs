//! What travels with a request from the server to its route.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName};
use bytes::Bytes;
use percent_encoding::percent_decode_str;

/// The request id in a response of the service.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The request id in a response of IAM.
pub(crate) const X_IAM_TRACE_ID: HeaderName = HeaderName::from_static("x-iam-trace-id");

/// Whether a response has a request id already.
pub(crate) fn has_request_id(headers: &HeaderMap) -> bool {
    headers.contains_key(X_REQUEST_ID) || headers.contains_key(X_IAM_TRACE_ID)
}

/// What is known of a request before it is routed; travels with it as an extension.
#[derive(Clone, Default)]
pub(crate) struct RequestContext {
    /// Its number in the journal, if it is written down there.
    pub(crate) log_number: Option<u64>,
    pub(crate) request_id: String,
    pub(crate) body: Bytes,
}

/// What was noted when the request came in.
pub(crate) fn request_context(request: &Request) -> RequestContext {
    request.extensions().get().cloned().unwrap_or_default()
}

pub(crate) fn query(query: Option<&str>) -> Vec<(String, String)> {
    let decode = |text: &str| {
        percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    let pairs = query
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (decode(key), decode(value)))
        .collect()
}
