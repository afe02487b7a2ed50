//! The way through the generated code: how it reads a success, and how an [`Error`] comes out of it as it went in.

use bytes::Bytes;
use progenitor_client::{Error as GeneratedError, OperationInfo, ResponseValue};
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::response::{OPERATION, Redact, excerpt, request_id};
use crate::credentials::Credentials;
use crate::types::ErrorResponse;
use crate::{Error, ErrorKind, Operation};

/// Carries an [`Error`] through the generated code, which passes on a response of a status that it does not know.
const CARRIER: u16 = 999;

/// What came with a success, beside the response.
#[derive(Clone)]
pub(super) struct Received {
    pub(super) body: Bytes,
    /// For the error, if the body turns out to be unreadable.
    pub(super) credentials: Credentials,
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
    let Some(Received { body, credentials }) = response.extensions_mut().remove() else {
        return Err(GeneratedError::UnexpectedResponse(response));
    };
    match serde_json::from_slice(&body) {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => {
            let redact = |text: &str| credentials.redact(text);
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
