//! The context that travels with a request from the server to its route, the headers that carry a
//! request id, and query strings.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName};
use bytes::Bytes;
use percent_encoding::percent_decode_str;

/// The request id in a response of the service.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The request id in a response of IAM.
pub(crate) const X_IAM_TRACE_ID: HeaderName = HeaderName::from_static("x-iam-trace-id");

/// Whether a response already has a request id.
pub(crate) fn has_request_id(headers: &HeaderMap) -> bool {
    headers.contains_key(X_REQUEST_ID) || headers.contains_key(X_IAM_TRACE_ID)
}

/// The parts of a request that are determined before it is routed. It travels as an extension.
#[derive(Clone, Default)]
pub(crate) struct RequestContext {
    /// The number of the request in the request log. `None` if it is not logged.
    pub(crate) log_number: Option<u64>,
    pub(crate) request_id: String,
    pub(crate) body: Bytes,
}

/// Returns the context of a request.
pub(crate) fn request_context(request: &Request) -> RequestContext {
    request.extensions().get().cloned().unwrap_or_default()
}

/// Decodes a query string into names and values.
pub(crate) fn parse_query(query: Option<&str>) -> Vec<(String, String)> {
    let mut parameters = Vec::new();
    for pair in query.unwrap_or_default().split('&') {
        if !pair.is_empty() {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            parameters.push((decode(name), decode(value)));
        }
    }
    parameters
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}
