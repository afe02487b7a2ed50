//! From what a server answered to what the generated code reads: limited in size, of one error shape, never an empty
//! success by accident.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use progenitor_client::{Error as GeneratedError, OperationInfo, ResponseValue};
use reqwest::header::{DATE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Response, StatusCode};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::call::Failure;
use crate::credentials::Credentials;
use crate::types::ErrorResponse;
use crate::{Answer, Error, ErrorKind, Operation};

/// Carries an [`Error`] through the generated code, which passes on a response of a status that it does not know.
const CARRIER: u16 = 999;

/// Tells [`Error::from`] which operation a refusal was for. Set on the answer after it has been received.
static OPERATION: HeaderName = HeaderName::from_static("x-workspace-api-operation");

/// The longest message, in characters, that is taken over from a body that is not of a known shape.
const LONGEST_EXCERPT: usize = 300;

/// How far a signature's date may be from the server's clock.
const ALLOWED_SKEW: Duration = Duration::from_secs(15 * 60);

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
        if response
            .content_length()
            .is_some_and(|length| length > limit as u64)
        {
            return Err(too_large());
        }
        // Most answers come in one piece, which is passed on without a copy.
        let mut body = Bytes::new();
        let mut pieces = BytesMut::new();
        while let Some(piece) = response
            .chunk()
            .await
            .map_err(|error| about(error.into()))?
        {
            if body.len() + pieces.len() + piece.len() > limit {
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

    /// The answer as the generated code takes it, or the error that it is. `redact` takes out what was sent, because a
    /// server may repeat it.
    pub(crate) fn normalise(
        mut self,
        operation: &'static Operation,
        now: SystemTime,
        redact: &Redact<'_>,
    ) -> Result<Response, Failure> {
        match self.status.as_u16() {
            200..=299 => match self.wrong_success(operation, redact) {
                None => Ok(self.into_response()),
                Some(message) => Err(self.wrong(operation, ErrorKind::InvalidResponse, message)),
            },
            400..=599 => {
                let mut error = self.refusal(redact);
                if self.status == StatusCode::UNAUTHORIZED && error.error_detail.is_none() {
                    error.error_detail = self.skew(now);
                }
                self.redact_headers(redact);
                self.headers
                    .insert(OPERATION.clone(), HeaderValue::from_static(operation.id));
                self.body = serde_json::to_vec(&error).unwrap_or_default().into();
                let error = Error::refused(Some(operation), self.status, &self.headers, error);
                Err(Failure {
                    error,
                    response: Some(Box::new(self.into_response())),
                })
            }
            _ => {
                self.redact_headers(redact);
                let message = match self.headers.get(LOCATION).and_then(|to| to.to_str().ok()) {
                    Some(to) => format!("the server redirects to {to}, which is not followed"),
                    None => "the server answered with a status that it should not".to_owned(),
                };
                Err(self.wrong(operation, ErrorKind::UnexpectedStatus, message))
            }
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

    fn into_response(self) -> Response {
        let mut response = http::Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response.into()
    }

    /// What is wrong with a success that is none.
    fn wrong_success(&self, operation: &Operation, redact: &Redact<'_>) -> Option<String> {
        let start = self.body.trim_ascii_start().first();
        let is_wrong = match operation.answer {
            Answer::Empty if start.is_some() => {
                serde_json::from_slice::<IgnoredAny>(&self.body).is_err()
            }
            Answer::Object => start != Some(&b'{'),
            Answer::Empty | Answer::Json => false,
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
            && serde_json::from_slice::<Disguised>(&self.body)
                .is_ok_and(|disguised| disguised.error_code.is_some());
        is_disguised.then(|| {
            format!(
                "the answer is an error under a success; it begins: {}",
                excerpt(&self.body, redact)
            )
        })
    }

    fn wrong(&self, operation: &'static Operation, kind: ErrorKind, message: String) -> Failure {
        Error::new(kind, message)
            .answered(self.status, request_id(&self.headers))
            .of(operation)
            .into()
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
        (skew > ALLOWED_SKEW).then(|| {
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

#[derive(Deserialize)]
struct Disguised {
    #[serde(alias = "errorCode")]
    error_code: Option<String>,
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
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

/// An error on its way through the generated code.
pub(crate) fn carry(error: Error) -> Response {
    let mut response = http::Response::new(Bytes::new());
    *response.status_mut() = StatusCode::from_u16(CARRIER).unwrap_or(StatusCode::CONTINUE);
    response.extensions_mut().insert(error);
    response.into()
}

/// Reads a success. Unlike progenitor's own function it keeps status and request id when the body is not what the
/// contract says.
pub(crate) async fn read<T: DeserializeOwned, E>(
    mut response: Response,
    info: &OperationInfo,
) -> Result<ResponseValue<T>, GeneratedError<E>> {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let credentials = response.extensions_mut().remove::<Credentials>();
    let body = response
        .bytes()
        .await
        .map_err(GeneratedError::ResponseBodyError)?;
    match serde_json::from_slice(&body) {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => {
            let redact = |text: &str| match &credentials {
                Some(credentials) => credentials.redact(text),
                None => text.to_owned(),
            };
            let mut error = unreadable(&body, &error, &redact)
                .answered(status, request_id(&headers))
                .redacted(&redact);
            if let Some(operation) = Operation::find(info.operation_id) {
                error = error.of(operation);
            }
            Err(GeneratedError::UnexpectedResponse(carry(error)))
        }
    }
}

/// The parser's message repeats what it does not like, so it becomes text without the secrets.
fn unreadable(body: &[u8], error: &serde_json::Error, redact: &Redact<'_>) -> Error {
    let message = format!(
        "the answer is not what the contract says; it begins: {}",
        excerpt(body, redact)
    );
    Error::with_source(
        ErrorKind::InvalidResponse,
        message,
        redact(&error.to_string()),
    )
}

/// Reads `null` as an empty list.
pub(crate) fn null_as_empty<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<Vec<T>>::deserialize(deserializer).map(Option::unwrap_or_default)
}

impl From<GeneratedError<ErrorResponse>> for Error {
    fn from(error: GeneratedError<ErrorResponse>) -> Self {
        match error {
            GeneratedError::ErrorResponse(response) => {
                let (status, headers) = (response.status(), response.headers().clone());
                let operation = headers
                    .get(&OPERATION)
                    .and_then(|id| Operation::find(id.to_str().ok()?));
                Self::refused(operation, status, &headers, response.into_inner())
            }
            GeneratedError::UnexpectedResponse(mut response) => {
                match response.extensions_mut().remove::<Self>() {
                    Some(error) => error,
                    None => Self::new(
                        ErrorKind::UnexpectedStatus,
                        "the server answered with an unknown status",
                    )
                    .answered(response.status(), request_id(response.headers())),
                }
            }
            GeneratedError::CommunicationError(error)
            | GeneratedError::ResponseBodyError(error)
            | GeneratedError::InvalidUpgrade(error) => error.into(),
            GeneratedError::InvalidRequest(message) => Self::new(ErrorKind::InvalidInput, message),
            GeneratedError::Custom(message) => Self::new(ErrorKind::InvalidInput, message),
            GeneratedError::InvalidResponsePayload(body, error) => {
                unreadable(&body, &error, &str::to_owned)
            }
        }
    }
}
