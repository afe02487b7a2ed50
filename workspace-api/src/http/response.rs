//! A response, read with a size limit. An invalid body is never taken for an empty success.

use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use reqwest::header::{DATE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER};
use reqwest::{StatusCode, Version};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use tracing::warn;

use super::charset::into_utf8;
use super::error_body::{ErrorBody, ErrorEnvelope};
use super::excerpt::excerpt;
use super::redact::{Redact, redact_body, redact_headers};
use super::reported_failures::{ReportedFailures, speaks_of_failure};
use super::timeouts::Timer;
use super::tolerant::Shapes;
use crate::operation::{Operation, ResponseBody};
use crate::signing::MAX_CLOCK_SKEW;
use crate::{Error, ErrorKind, Result};

/// A response that was read to its end.
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Response {
    /// Reads a response whose body has at most `limit` bytes, and redacts it.
    pub(super) async fn read(
        response: &mut reqwest::Response,
        timer: &mut Timer<'_>,
        limit: usize,
        secrets: &dyn Redact,
    ) -> Result<Self> {
        redact_headers(response.headers_mut(), secrets);
        let body = read_body(response, timer, limit).await;
        let about =
            |error: Error| error.with_response(response.status(), request_id(response.headers()));
        let body = body.map_err(about)?;
        let mut read = Self {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body,
        };
        if !read.status.is_success() {
            // A secret is looked for in UTF-8.
            read.body = into_utf8(&mut read.headers, read.body);
        }
        read.body = redact_body(read.body, secrets);
        Ok(read)
    }

    /// Returns the response if its status is 2xx, otherwise the error that it is: see
    /// [`check_status`](Self::check_status).
    pub(crate) fn into_result(self, now: SystemTime) -> Result<Self> {
        self.check_status(now)?;
        Ok(self)
    }

    /// Fails unless the status is 2xx. `now` is the time of the signature: with a 401, the error says
    /// if the clocks differ too much.
    pub(crate) fn check_status(&self, now: SystemTime) -> Result<()> {
        match self.status.as_u16() {
            200..=299 => Ok(()),
            400..=599 => {
                let mut body = ErrorBody::read(&self.body);
                if let Some(request_id) = request_id(&self.headers) {
                    body.request_id = Some(request_id.to_owned());
                }
                if self.status == StatusCode::UNAUTHORIZED && body.detail.is_none() {
                    body.detail = self.clock_skew_hint(now);
                }
                Err(body.into_error(self.status, retry_after(&self.headers, SystemTime::now())))
            }
            _ => {
                let location = self.headers.get(LOCATION).and_then(|to| to.to_str().ok());
                let message = match location {
                    Some(to) => format!("the server redirects to {to}; redirects are not followed"),
                    None if self.status.is_redirection() => {
                        "the server redirects; redirects are not followed".to_owned()
                    }
                    None => "unexpected status".to_owned(),
                };
                Err(self.error(ErrorKind::UnexpectedStatus, message))
            }
        }
    }

    /// Returns whether the response is a 401 that says that the token is no longer valid.
    pub(crate) fn says_token_expired(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
            && ErrorBody::read(&self.body)
                .into_error(self.status, None)
                .is_expired_token()
    }

    /// Fails unless the body of a response with a status of 2xx can be that of a success.
    pub(crate) fn check_body(&self, operation: &Operation, shapes: &Shapes) -> Result<()> {
        if let Some(message) = self.success_error(operation) {
            return Err(self.error(ErrorKind::InvalidResponse, message));
        }
        let is_documented = |key: &str| shapes.has_property(operation.id, key);
        // An object without the expected keys would read as an empty success.
        if self.has_object() && ErrorEnvelope::is_in(&self.body, &is_documented) {
            return Err(self.error_under_success());
        }
        if operation.method == "POST" {
            self.check_failures(operation, shapes)?;
        }
        Ok(())
    }

    /// Looks for failures in the response to a batch that the contract does not document.
    fn check_failures(&self, operation: &Operation, shapes: &Shapes) -> Result<()> {
        let is_documented = |key: &str| shapes.has_property(operation.id, key);
        let reported = if self.has_object() {
            ReportedFailures::of(&self.body, &is_documented)
        } else {
            ReportedFailures::None
        };
        let is_partial = matches!(
            self.status,
            StatusCode::PARTIAL_CONTENT | StatusCode::MULTI_STATUS
        );
        match reported {
            ReportedFailures::None if is_partial && !has_partial_success(operation, shapes) => {
                let message = "the status reports a partial failure, but the response does not name \
                               the failed desktops";
                Err(self.error(ErrorKind::InvalidResponse, message.to_owned()))
            }
            ReportedFailures::None | ReportedFailures::Documented => Ok(()),
            ReportedFailures::List => {
                let message = format!(
                    "the response reports failed desktops: {}",
                    excerpt(&self.body)
                );
                let error = self.error(ErrorKind::PartialFailure, message);
                Err(error.with_batch_report(self.body.clone()))
            }
            ReportedFailures::Other => {
                let excerpt = excerpt(&self.body);
                let message =
                    format!("the response reports a failure in an unknown form: {excerpt}");
                Err(self.error(ErrorKind::InvalidResponse, message))
            }
        }
    }

    /// Makes the error of a success whose body is an error. It keeps the code.
    fn error_under_success(&self) -> Error {
        let message = format!(
            "success status, but the body is an error: {}",
            excerpt(&self.body)
        );
        let code = ErrorBody::read(&self.body).code;
        self.error(ErrorKind::InvalidResponse, message)
            .with_code(code)
    }

    fn has_object(&self) -> bool {
        self.body.trim_ascii_start().first() == Some(&b'{')
    }

    /// Reads the body of a success, whose forms are those of the contract.
    pub(crate) fn decode<T: DeserializeOwned>(
        &self,
        operation: &Operation,
        shapes: &Shapes,
    ) -> Result<T> {
        let json = match operation.response_body {
            ResponseBody::Empty => b"null",
            ResponseBody::Object | ResponseBody::Json => self.body.as_ref(),
        };
        let error = match serde_json::from_slice(json) {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let read = self.read_tolerantly(operation, shapes);
        if let Some(value) = read.and_then(|json| serde_json::from_slice(json.as_bytes()).ok()) {
            return Ok(value);
        }
        let message = format!(
            "the response does not match the contract: {}",
            excerpt(&self.body)
        );
        let error = Error::with_source(ErrorKind::InvalidResponse, message, error);
        Err(self.about(error))
    }

    /// Brings the body into the form of the contract, and logs what was left out.
    fn read_tolerantly(&self, operation: &Operation, shapes: &Shapes) -> Option<String> {
        let read = shapes.read(operation.id, &self.body)?;
        if read.lacks_list && matches!(operation.method, "GET" | "HEAD") {
            return None;
        }
        if !read.left_out.is_empty() {
            let left_out = excerpt(read.left_out.join(", ").as_bytes());
            warn!(
                left_out,
                "values of the response are not of the contract's types"
            );
        }
        Some(read.json)
    }

    /// Reads the JSON of a success that may hold a new secret. The parser's own message quotes what
    /// it does not like, so the error has only the position.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let why = if error.is_data() {
                "it lacks a field or has one of another type"
            } else {
                "it is not JSON"
            };
            let (line, column) = (error.line(), error.column());
            self.unexpected(&format!("{why} (line {line}, column {column})"))
        })
    }

    /// Makes the error of a success whose content is not as documented.
    pub(crate) fn unexpected(&self, why: &str) -> Error {
        let message = format!("unexpected response: {why}");
        self.error(ErrorKind::InvalidResponse, message)
    }

    /// Explains why a 2xx response is not a valid success.
    fn success_error(&self, operation: &Operation) -> Option<String> {
        let first_byte = self.body.trim_ascii_start().first();
        let is_object = self.has_object();
        let fits = match operation.response_body {
            // A body that was not promised must at least be the service's.
            ResponseBody::Empty => {
                first_byte.is_none()
                    || is_object && serde_json::from_slice::<IgnoredAny>(&self.body).is_ok()
            }
            ResponseBody::Object => is_object,
            ResponseBody::Json => true,
        };
        if !fits && first_byte.is_none() {
            return Some("empty response body; expected a JSON object".to_owned());
        }
        if !fits {
            let excerpt = excerpt(&self.body);
            return Some(format!(
                "the response body is not the expected JSON: {excerpt}"
            ));
        }
        None
    }

    /// Explains a 401 if this machine's clock is too far from the server's.
    fn clock_skew_hint(&self, now: SystemTime) -> Option<String> {
        let date = self.headers.get(DATE)?.to_str().ok()?;
        let date = httpdate::parse_http_date(date).ok()?;
        let (skew, direction) = match now.duration_since(date) {
            Ok(ahead) => (ahead, "ahead of"),
            Err(behind) => (behind.duration(), "behind"),
        };
        if skew <= MAX_CLOCK_SKEW {
            return None;
        }
        let minutes = skew.as_secs() / 60;
        let allowed = MAX_CLOCK_SKEW.as_secs() / 60;
        Some(format!(
            "this machine's clock is {minutes} minutes {direction} the server's ({allowed} allowed); \
             correct it"
        ))
    }

    fn error(&self, kind: ErrorKind, message: String) -> Error {
        self.about(Error::new(kind, message))
    }

    /// Adds status and request id to an error about this response.
    fn about(&self, error: Error) -> Error {
        error.with_response(self.status, request_id(&self.headers))
    }
}

/// Returns whether the contract has a partial success of an operation, and no property about failures:
/// the caller knows how the operation reports them.
fn has_partial_success(operation: &Operation, shapes: &Shapes) -> bool {
    let mut properties = shapes.properties(operation.id).iter();
    shapes.multi_status.contains(&operation.id)
        && !properties.any(|(name, _)| speaks_of_failure(name))
}

/// Reads a body of at most `limit` bytes.
async fn read_body(
    response: &mut reqwest::Response,
    timer: &mut Timer<'_>,
    limit: usize,
) -> Result<Bytes> {
    // An error status stands even if its body cannot be read.
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let too_large = || {
        let message = format!("the response body is larger than {limit} bytes");
        Error::new(ErrorKind::InvalidResponse, message)
    };
    let length = response.content_length();
    if status.is_success() && length.is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    // Most bodies come in one piece, which is used without a copy.
    let mut first = Bytes::new();
    let mut pieces = BytesMut::new();
    loop {
        let piece = match timer.limit(response.chunk()).await {
            Ok(Ok(Some(piece))) => piece,
            Ok(Ok(None)) => break,
            _ if is_error => break,
            Ok(Err(error)) => return Err(error.into()),
            Err(timed_out) => return Err(timed_out.into_error()),
        };
        if first.len() + pieces.len() + piece.len() > limit {
            if is_error {
                break;
            }
            return Err(too_large());
        }
        if first.is_empty() && pieces.is_empty() {
            first = piece;
        } else {
            pieces.extend_from_slice(&std::mem::take(&mut first));
            pieces.extend_from_slice(&piece);
        }
        if is_complete(response) {
            break;
        }
        if let Err(timed_out) = timer.check() {
            if is_error {
                break;
            }
            return Err(timed_out.into_error());
        }
    }
    if pieces.is_empty() {
        return Ok(first);
    }
    Ok(pieces.freeze())
}

/// Returns whether no byte of the body is left, so that there is no end to wait for. Over HTTP/2 the
/// end is a message of its own.
fn is_complete(response: &reqwest::Response) -> bool {
    response.version() == Version::HTTP_11 && response.content_length() == Some(0)
}

/// Returns the id of the request, in Workspace's header or in IAM's.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    static NAMES: [HeaderName; 2] = [
        HeaderName::from_static("x-request-id"),
        HeaderName::from_static("x-iam-trace-id"),
    ];
    let mut values = NAMES.iter().filter_map(|name| headers.get(name));
    values.find_map(|value| value.to_str().ok())
}

/// Returns the delay of the `Retry-After` header, which is in seconds or a date.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// Reads `null` as an empty list.
pub(crate) fn null_as_empty<'de, D, T>(deserializer: D) -> std::result::Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let list = Option::<Vec<T>>::deserialize(deserializer)?;
    Ok(list.unwrap_or_default())
}

#[cfg(test)]
mod tests;
