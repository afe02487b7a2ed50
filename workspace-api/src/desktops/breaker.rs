//! Ends a run whose further requests would fail as well: after an error that they all share, and
//! after equal errors of the service in a row.

use reqwest::StatusCode;
use tokio::time::Instant;

use crate::{Error, ErrorKind};

/// Number of equal systemic errors in a row after which a run ends.
const MAX_EQUAL: u32 = 3;

/// The gateway's codes, in its two spellings, for an API that it does not offer.
const NOT_OFFERED: [&str; 2] = ["APIGW.0101", "APIG.0101"];
/// The gateway's codes for a caller that must not call at all, and the service's for being
/// disabled.
const NOT_ALLOWED: [&str; 5] = [
    "APIGW.0302",
    "APIG.0302",
    "APIGW.0306",
    "APIG.0306",
    "WKS.00010099",
];
/// The service's codes for a desktop that it does not know, which come with any status.
const UNKNOWN_DESKTOP: [&str; 2] = ["WKS.0202", "WKS.0915"];

/// Counts the errors of a run.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    has_succeeded: bool,
    /// The last systemic error, how often it was repeated, and when it was counted.
    last: Option<(Error, u32, Instant)>,
}

impl Breaker {
    /// Counts a response that shows that the service works.
    pub(super) fn on_success(&mut self) {
        self.has_succeeded = true;
        self.last = None;
    }

    /// Counts the error of a batch, and returns whether the run ends.
    ///
    /// A rejected signature must not be tried again: a few in a row lock the access key.
    pub(super) fn on_batch_error(&mut self, error: &Error, sent: Instant) -> bool {
        use ErrorKind::{Connect, Forbidden, InvalidInput, TooManyRequests};
        let is_shared = matches!(
            error.kind(),
            Connect | Forbidden | InvalidInput | TooManyRequests
        );
        is_shared || self.on_error(error, sent)
    }

    /// Counts the error of a request for one desktop, and returns whether the run ends.
    pub(super) fn on_read_error(&mut self, error: &Error, sent: Instant) -> bool {
        match error.kind() {
            ErrorKind::Connect if !self.has_succeeded => true,
            // The id of one desktop may be invalid as part of a path.
            ErrorKind::InvalidInput => false,
            _ => self.on_error(error, sent),
        }
    }

    fn on_error(&mut self, error: &Error, sent: Instant) -> bool {
        if is_shared(error) {
            return true;
        }
        if concerns_desktops(error) {
            self.on_success();
            return false;
        }
        let equal = match &self.last {
            // Concurrent requests that meet the same short failure count once.
            Some((_, _, counted)) if sent < *counted => return false,
            Some((last, equal, _)) if is_equal(last, error) => equal + 1,
            _ => 1,
        };
        self.last = Some((error.clone(), equal, Instant::now()));
        equal >= MAX_EQUAL
    }
}

/// Returns whether every request of the run would fail with this error.
fn is_shared(error: &Error) -> bool {
    let has_code = |codes: &[&str]| error.code().is_some_and(|code| codes.contains(&code));
    match error.kind() {
        ErrorKind::Configuration | ErrorKind::Credentials | ErrorKind::Unauthorized => true,
        ErrorKind::Connect => error.is_permanent_connect_failure(),
        _ => {
            error.status() == Some(StatusCode::PROXY_AUTHENTICATION_REQUIRED)
                || has_code(&NOT_OFFERED)
                || has_code(&NOT_ALLOWED)
        }
    }
}

/// Returns whether the service rejected the request because of its desktops.
fn concerns_desktops(error: &Error) -> bool {
    let has_code = |codes: &[&str]| error.code().is_some_and(|code| codes.contains(&code));
    rejects_desktops(error) || has_code(&UNKNOWN_DESKTOP)
}

/// Returns whether the service rejected a whole request, maybe because of a single desktop, and
/// certainly did nothing.
///
/// Without a code of the service, something in front of it rejected the request, for every desktop
/// alike: the endpoint or the path is invalid.
pub(super) fn rejects_desktops(error: &Error) -> bool {
    let is_rejection = matches!(
        error.status().map(|status| status.as_u16()),
        Some(400 | 404 | 409)
    );
    let is_from_service = error.code().is_some_and(|code| code.starts_with("WKS."));
    is_rejection && is_from_service && !error.may_have_been_processed()
}

/// Returns whether two errors are equal but for their texts, which may contain a request id.
fn is_equal(a: &Error, b: &Error) -> bool {
    (a.kind(), a.status(), a.code()) == (b.kind(), b.status(), b.code())
}
