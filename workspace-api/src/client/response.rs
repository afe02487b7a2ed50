//! What a server answered: limited in size, its errors of one shape, never an empty success by accident.

use std::borrow::Cow;
use std::sync::LazyLock;
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use memchr::memchr;
use memchr::memmem::Finder;
use progenitor_client::ResponseValue;
use reqwest::header::{DATE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Response, StatusCode};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::credentials::Credentials;
use crate::signing::MAX_CLOCK_SKEW;
use crate::types::ErrorResponse;
use crate::{Error, ErrorKind, Operation, ResponseBody};

/// The longest message, in characters, that is taken over from a body that is not of a known shape.
const LONGEST_EXCERPT: usize = 300;

/// Takes secrets out of a text.
pub(crate) type Redact<'a> = dyn Fn(&str) -> String + 'a;

/// An answer that has been read to its end.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answered {
    /// Reads the answer, of which the body may have `limit` bytes at most.
    pub(crate) async fn read(mut response: Response, limit: usize) -> Result<Self, Error> {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let about = |error: Error| error.answered(status, request_id(&headers));
        let too_large = || {
            let message = format!("the body is larger than {limit} bytes, so it was not read");
            about(Error::new(ErrorKind::InvalidResponse, message))
        };
        let length = response.content_length();
        if status.is_success() && length.is_some_and(|length| length > limit as u64) {
            return Err(too_large());
        }
        // Most answers come in one piece, which is passed on without a copy.
        let mut body = Bytes::new();
        let mut pieces = BytesMut::new();
        // A refusal is one by its status, whatever becomes of its body.
        let is_refusal = status.is_client_error() || status.is_server_error();
        loop {
            let piece = match response.chunk().await {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(_) if is_refusal => break,
                Err(error) => return Err(about(error.into())),
            };
            if body.len() + pieces.len() + piece.len() > limit {
                if is_refusal {
                    break;
                }
                return Err(too_large());
            }
            if body.is_empty() && pieces.is_empty() {
                body = piece;
            } else {
                pieces.extend_from_slice(&std::mem::take(&mut body));
                pieces.extend_from_slice(&piece);
            }
        }
        let body = if pieces.is_empty() {
            body
        } else {
            pieces.freeze()
        };
        Ok(Self {
            status,
            headers,
            body,
        })
    }

    /// The value of a success, or the error that the response is. A server may repeat what was sent, so `credentials`
    /// are redacted.
    pub(crate) fn into_value<T: DeserializeOwned>(
        mut self,
        operation: &Operation,
        now: SystemTime,
        credentials: &Credentials,
    ) -> Result<ResponseValue<T>, Error> {
        let redact = &|text: &str| credentials.redact(text);
        match self.status.as_u16() {
            200..=299 => match self.wrong_success(operation, redact) {
                None => self.decode(operation, redact),
                Some(message) => Err(self.wrong(ErrorKind::InvalidResponse, message)),
            },
            400..=599 => {
                let mut error = self.refusal(redact);
                if self.status == StatusCode::UNAUTHORIZED && error.error_detail.is_none() {
                    error.error_detail = self.skew(now);
                }
                Err(Error::refused(self.status, &self.headers, error))
            }
            _ => {
                self.redact_headers(redact);
                let message = match self.headers.get(LOCATION).and_then(|to| to.to_str().ok()) {
                    Some(to) => format!("the server redirects to {to}, which is not followed"),
                    None => "the server answered with a status that it should not".to_owned(),
                };
                Err(self.wrong(ErrorKind::UnexpectedStatus, message))
            }
        }
    }

    /// Keeps status and request id when the body is not what the contract says.
    fn decode<T: DeserializeOwned>(
        self,
        operation: &Operation,
        redact: &Redact<'_>,
    ) -> Result<ResponseValue<T>, Error> {
        let json = match operation.response_body {
            ResponseBody::Empty => b"null",
            ResponseBody::Object | ResponseBody::Json => self.body.as_ref(),
        };
        match serde_json::from_slice(json) {
            Ok(value) => Ok(ResponseValue::new(value, self.status, self.headers)),
            // The parser's message repeats what it does not like, so it becomes text without the secrets.
            Err(error) => Err(Error::with_source(
                ErrorKind::InvalidResponse,
                format!(
                    "the response does not match the contract: {}",
                    excerpt(&self.body, redact)
                ),
                redact(&error.to_string()),
            )
            .answered(self.status, request_id(&self.headers))),
        }
    }

    pub(super) fn redact_headers(&mut self, redact: &Redact<'_>) {
        for value in self.headers.values_mut() {
            let redacted = redact(&String::from_utf8_lossy(value.as_bytes()));
            if redacted.as_bytes() != value.as_bytes() {
                *value = HeaderValue::from_str(&redacted)
                    .unwrap_or(HeaderValue::from_static("[redacted]"));
            }
        }
    }

    /// What is wrong with a success that is none.
    fn wrong_success(&self, operation: &Operation, redact: &Redact<'_>) -> Option<String> {
        let start = self.body.trim_ascii_start().first();
        let is_wrong = match operation.response_body {
            ResponseBody::Empty => {
                start.is_some()
                    && (start != Some(&b'{')
                        || serde_json::from_slice::<IgnoredAny>(&self.body).is_err())
            }
            ResponseBody::Object => start != Some(&b'{'),
            ResponseBody::Json => false,
        };
        if is_wrong {
            return Some(match start {
                None => "the answer has no body, where the contract has a JSON object".to_owned(),
                Some(_) => format!(
                    "the answer is not the service's JSON; it begins: {}",
                    excerpt(&self.body, redact)
                ),
            });
        }
        // A gateway may report an error under a success, and an object without the expected keys reads as an empty
        // success.
        let is_disguised = start == Some(&b'{')
            && Disguised::is_possible(&self.body)
            && serde_json::from_slice::<Disguised>(&self.body)
                .is_ok_and(|disguised| disguised.is_error());
        is_disguised.then(|| {
            format!(
                "the answer is an error under a success; it begins: {}",
                excerpt(&self.body, redact)
            )
        })
    }

    fn wrong(&self, kind: ErrorKind, message: String) -> Error {
        Error::new(kind, message).answered(self.status, request_id(&self.headers))
    }

    /// What to say if the clock here is too far from the server's for a signature to be taken.
    fn skew(&self, now: SystemTime) -> Option<String> {
        let date = self.headers.get(DATE)?.to_str().ok()?;
        let date = httpdate::parse_http_date(date).ok()?;
        let (skew, direction) = match now.duration_since(date) {
            Ok(ahead) => (ahead, "ahead of"),
            Err(behind) => (behind.duration(), "behind"),
        };
        let minutes = skew.as_secs() / 60;
        (skew > MAX_CLOCK_SKEW).then(|| {
            format!("the clock of this machine is {minutes} minutes {direction} the server's, which allows for 15; set it")
        })
    }

    /// The error body, whichever of the known shapes it has, without what `redact` takes out.
    pub(crate) fn refusal(&self, redact: &Redact<'_>) -> ErrorResponse {
        let mut error = match serde_json::from_slice(&self.body) {
            Ok(Value::Object(body)) => {
                let body = match body.get("error") {
                    Some(Value::Object(inner)) => inner,
                    _ => &body,
                };
                let text = |keys: &[&str]| keys.iter().find_map(|key| scalar(body.get(*key)?));
                ErrorResponse {
                    error_code: text(&["error_code", "errorCode", "code"]),
                    error_msg: text(&["error_msg", "errorMsg", "message", "error"]),
                    error_detail: text(&["error_detail", "errorDetail"]),
                    encoded_authorization_message: text(&["encoded_authorization_message"]),
                    request_id: text(&["request_id"]),
                }
            }
            Ok(other) => ErrorResponse {
                error_msg: scalar(&other),
                ..ErrorResponse::default()
            },
            Err(_) => ErrorResponse::default(),
        };
        if error.error_code.is_none() && error.error_msg.is_none() {
            error.error_msg = Some(excerpt(&self.body, redact)).filter(|text| !text.is_empty());
        }
        if let Some(request_id) = request_id(&self.headers) {
            error.request_id = Some(request_id.to_owned());
        }
        for text in [
            &mut error.error_code,
            &mut error.error_msg,
            &mut error.error_detail,
            &mut error.encoded_authorization_message,
            &mut error.request_id,
        ] {
            *text = text.take().map(|text| redact(&text));
        }
        error
    }
}

/// The keys of the known error bodies, which no success has.
#[derive(Deserialize)]
struct Disguised {
    #[serde(default)]
    error_code: Value,
    #[serde(default, rename = "errorCode")]
    camel_case_code: Value,
    #[serde(default)]
    error: Value,
    #[serde(default)]
    code: Value,
    #[serde(default)]
    message: Value,
}

impl Disguised {
    /// Whether one of the keys may be in this body: a quick look, so that most successes are parsed only once.
    fn is_possible(body: &[u8]) -> bool {
        static KEYS: LazyLock<[Finder<'_>; 2]> =
            LazyLock::new(|| ["error", "code"].map(Finder::new));
        memchr(b'\\', body).is_some() || KEYS.iter().any(|key| key.find(body).is_some())
    }

    fn is_error(&self) -> bool {
        let told = |value: &Value| scalar(value).is_some() || value.is_object();
        let keys = [&self.error_code, &self.camel_case_code, &self.error];
        keys.into_iter().any(told) || (told(&self.code) && told(&self.message))
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads `null` as an empty list.
pub(crate) fn null_as_empty<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<Vec<T>>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// The id of the request: Workspace's header, else IAM's.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-request-id", "x-iam-trace-id"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
}

/// What a person can read of a body, without the tags of HTML and without what `redact` takes out: first that, because a
/// secret that is cut off would not be found.
fn excerpt(body: &[u8], redact: &Redact<'_>) -> String {
    let text = redact(&String::from_utf8_lossy(body));
    let text = if text.trim_start().starts_with('<') {
        without_tags(&text)
    } else {
        text.into()
    };
    let text: String = text
        .chars()
        .take(LONGEST_EXCERPT * 16)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(LONGEST_EXCERPT) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

fn without_tags(html: &str) -> Cow<'_, str> {
    html.split('<')
        .map(|part| part.split_once('>').map_or("", |(_, text)| text))
        .collect::<Vec<_>>()
        .join(" ")
        .into()
}
