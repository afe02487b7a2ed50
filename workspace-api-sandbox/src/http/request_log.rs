//! The latest requests, so that a test in any language can say what was sent. A ring: memory stays bounded.

use std::collections::VecDeque;
use std::sync::Mutex;

use axum::http::{HeaderMap, StatusCode, Uri};
use serde::Serialize;

use crate::sync::lock;

/// How many requests are kept.
pub(crate) const CAPACITY: usize = 1000;
/// How much of a body is kept, in bytes.
pub(crate) const BODY_LIMIT: usize = 16 * 1024;

/// A request that the sandbox received, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// Counts from 1, over everything that the sandbox has received since it started.
    pub number: u64,
    /// The `X-Request-Id` of the answer.
    pub request_id: String,
    /// When it came, such as `2026-03-10T12:02:11Z`.
    pub time: String,
    /// `GET`, `POST` and so on.
    pub method: String,
    /// The path as it was sent, percent-encoding included.
    pub path: String,
    /// The query string, without the `?`.
    pub query: Option<String>,
    /// The headers in the order in which they came, names in lower case. Bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body as text, at most its first 16 KiB; of a request with a password in it, nothing.
    pub body: String,
    /// Whether `body` is only a beginning.
    pub body_truncated: bool,
    /// The `operationId`, if the request is one of the document's operations.
    pub operation: Option<String>,
    /// The status of the answer. `None` while there is none, and if the connection was broken on purpose.
    pub status: Option<u16>,
}

impl LoggedRequest {
    /// The value of a header, by any case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<Ring>);

#[derive(Debug, Default)]
struct Ring {
    received: u64,
    kept: VecDeque<LoggedRequest>,
}

/// What is known of a request when it has been read.
pub(crate) struct NewEntry<'a> {
    pub(crate) request_id: &'a str,
    pub(crate) time: String,
    pub(crate) method: &'a str,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    /// Whether the body may hold secrets and is left out.
    pub(crate) confidential: bool,
}

impl RequestLog {
    /// Writes a request down, and gives its number.
    pub(crate) fn add(&self, entry: &NewEntry<'_>) -> u64 {
        let headers = entry.headers.iter();
        let headers = headers.map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        });
        // A password is nobody's business, even where it is made up.
        let body = if entry.confidential {
            &[]
        } else {
            &entry.body[..entry.body.len().min(BODY_LIMIT)]
        };
        let mut entry = LoggedRequest {
            number: 0,
            request_id: entry.request_id.to_owned(),
            time: entry.time.clone(),
            method: entry.method.to_owned(),
            path: entry.uri.path().to_owned(),
            query: entry.uri.query().map(str::to_owned),
            headers: headers.collect(),
            body: String::from_utf8_lossy(body).into_owned(),
            body_truncated: body.len() < entry.body.len(),
            operation: None,
            status: None,
        };
        let mut ring = lock(&self.0);
        ring.received += 1;
        entry.number = ring.received;
        if ring.kept.len() == CAPACITY {
            ring.kept.pop_front();
        }
        ring.kept.push_back(entry);
        ring.received
    }

    pub(crate) fn set_operation(&self, number: u64, operation: &str) {
        self.amend(number, |entry| entry.operation = Some(operation.to_owned()));
    }

    pub(crate) fn set_status(&self, number: u64, status: StatusCode) {
        self.amend(number, |entry| entry.status = Some(status.as_u16()));
    }

    fn amend(&self, number: u64, change: impl FnOnce(&mut LoggedRequest)) {
        let mut ring = lock(&self.0);
        let first = ring.kept.front().map_or(0, |entry| entry.number);
        let index = number
            .checked_sub(first)
            .and_then(|at| usize::try_from(at).ok());
        if let Some(entry) = index.and_then(|at| ring.kept.get_mut(at)) {
            change(entry);
        }
    }

    pub(crate) fn entries(&self) -> Vec<LoggedRequest> {
        lock(&self.0).kept.iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        lock(&self.0).kept.clear();
    }
}
