//! The request log: the latest requests, so that a test in any language can check what was sent.
//! Its size is limited, and so is the memory that it takes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, HeaderName, StatusCode, Uri};
use serde::Serialize;

use crate::sync::lock;

/// Maximum number of requests that are kept.
const CAPACITY: usize = 1000;
/// Maximum number of bytes that are kept of a body, as text.
const BODY_LIMIT: usize = 16 * 1024;
/// Maximum number of bytes that are kept of the headers' values, as text.
const HEADERS_LIMIT: usize = 32 * 1024;

/// A request that the sandbox received, and the status of its response.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// The number of the request, counted from 1 since the sandbox started.
    pub number: u64,
    /// The request id of the response: `X-Request-Id`, or `X-IAM-Trace-Id` from IAM.
    pub request_id: String,
    /// The time of arrival, such as `2026-03-10T12:02:11Z`.
    pub time: String,
    /// The method, such as `GET`.
    pub method: String,
    /// The path as it was sent, percent-encoded.
    pub path: String,
    /// The query string, without the `?`.
    pub query: Option<String>,
    /// The headers in the order in which they arrived, with names in lower case. Bytes that are not
    /// UTF-8 are replaced. Credentials that are not the sandbox's own are masked.
    pub headers: Vec<(String, String)>,
    /// The first 16 KiB of the body, as text. Empty if the request contains a password.
    pub body: String,
    /// Whether `body` is shorter than what was sent.
    pub body_truncated: bool,
    /// The `operationId`, if the request is for an operation of the contract.
    pub operation: Option<String>,
    /// The status of the response. `None` before the response is sent, and if a fault broke the
    /// connection.
    pub status: Option<u16>,
}

impl LoggedRequest {
    /// Returns the value of a header. The case of the name does not matter.
    pub fn header(&self, name: &str) -> Option<&str> {
        for (own, value) in &self.headers {
            if own.eq_ignore_ascii_case(name) {
                return Some(value);
            }
        }
        None
    }
}

#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    /// Number of requests so far, those included that are no longer kept.
    received: u64,
    /// In the order of their numbers. Shared with those who read the log.
    kept: VecDeque<Arc<LoggedRequest>>,
}

/// A request that has been read, but has no response yet.
pub(crate) struct NewEntry<'a> {
    pub(crate) request_id: &'a str,
    pub(crate) time: String,
    pub(crate) method: &'a str,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    /// Whether the body contains a password, and is not kept.
    pub(crate) is_confidential: bool,
    /// Whether the value of a header is masked.
    pub(crate) is_secret: &'a dyn Fn(&HeaderName, &[u8]) -> bool,
}

impl RequestLog {
    /// Adds a request, and returns its number.
    pub(crate) fn add(&self, new: NewEntry<'_>) -> u64 {
        // Passwords are not logged, not even sample ones.
        let kept = if new.is_confidential {
            &[]
        } else {
            &new.body[..new.body.len().min(BODY_LIMIT)]
        };
        let mut headers = Vec::with_capacity(new.headers.len());
        let mut remaining = HEADERS_LIMIT;
        for (name, value) in new.headers {
            let text = if (new.is_secret)(name, value.as_bytes()) {
                format!("masked: {} bytes", value.len())
            } else {
                text_within(remaining, value.as_bytes())
            };
            remaining = remaining.saturating_sub(text.len());
            headers.push((name.to_string(), text));
        }
        let mut entry = LoggedRequest {
            number: 0,
            request_id: new.request_id.to_owned(),
            time: new.time,
            method: new.method.to_owned(),
            path: new.uri.path().to_owned(),
            query: new.uri.query().map(str::to_owned),
            headers,
            body: text_within(BODY_LIMIT, kept),
            body_truncated: kept.len() < new.body.len(),
            operation: None,
            status: None,
        };
        let mut entries = lock(&self.0);
        entries.received += 1;
        entry.number = entries.received;
        if entries.kept.len() == CAPACITY {
            entries.kept.pop_front();
        }
        entries.kept.push_back(Arc::new(entry));
        entries.received
    }

    pub(crate) fn set_operation(&self, number: u64, operation: &str) {
        self.update(number, |entry| entry.operation = Some(operation.to_owned()));
    }

    pub(crate) fn set_status(&self, number: u64, status: StatusCode) {
        self.update(number, |entry| entry.status = Some(status.as_u16()));
    }

    /// Changes an entry, unless it is no longer kept.
    fn update(&self, number: u64, change: impl FnOnce(&mut LoggedRequest)) {
        let kept = &mut lock(&self.0).kept;
        if let Ok(index) = kept.binary_search_by_key(&number, |entry| entry.number) {
            change(Arc::make_mut(&mut kept[index]));
        }
    }

    pub(crate) fn entries(&self) -> VecDeque<Arc<LoggedRequest>> {
        lock(&self.0).kept.clone()
    }

    pub(crate) fn clear(&self) {
        lock(&self.0).kept.clear();
    }
}

/// Returns at most `limit` bytes of text. A replaced byte takes three.
fn text_within(limit: usize, bytes: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(&bytes[..bytes.len().min(limit)]).into_owned();
    while text.len() > limit {
        text.pop();
    }
    text
}
