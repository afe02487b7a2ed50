//! Responses in IAM's own forms: errors, and temporary access keys. The instance metadata and pod
//! identity use them as well.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode};

use crate::clock::iam_timestamp;
use crate::http::api_error::{ApiError, json_response};
use crate::http::request_context::X_IAM_TRACE_ID;
use crate::json::Json;
use crate::service::app::TemporaryKey;

/// An error of IAM, in whose own form the code is the status, as a number.
pub(crate) struct IamError {
    status: StatusCode,
    message: String,
}

impl IamError {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn response(&self) -> Response<Body> {
        let title = self.status.canonical_reason().unwrap_or_default();
        let error = Json::object([
            ("code", self.status.as_u16().into()),
            ("message", self.message.as_str().into()),
            ("title", title.into()),
        ]);
        json_response(self.status, &Json::object([("error", error)]))
    }
}

/// The reason why a request to IAM fails: it is IAM's own, or the gateway in front of it does not
/// accept the caller's credentials.
pub(crate) enum Rejection {
    Iam(IamError),
    Gateway(ApiError),
}

impl From<IamError> for Rejection {
    fn from(error: IamError) -> Self {
        Self::Iam(error)
    }
}

impl From<ApiError> for Rejection {
    fn from(error: ApiError) -> Self {
        Self::Gateway(error)
    }
}

/// Returns the response of IAM, which has a header of its own for the request id.
pub(crate) fn iam_response(
    result: Result<Response<Body>, Rejection>,
    request_id: &str,
) -> Response<Body> {
    let mut response = match result {
        Ok(response) => response,
        Err(Rejection::Iam(error)) => error.response(),
        Err(Rejection::Gateway(error)) => return error.response(request_id),
    };
    if let Ok(id) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert(X_IAM_TRACE_ID, id);
    }
    response
}

/// Returns a temporary access key in the form of IAM.
pub(crate) fn credential_response(status: StatusCode, key: &TemporaryKey) -> Response<Body> {
    let credential = Json::object([
        ("access", key.access.as_str().into()),
        ("secret", key.secret.as_str().into()),
        ("securitytoken", key.security_token.as_str().into()),
        ("expires_at", iam_timestamp(key.expires).into()),
    ]);
    json_response(status, &Json::object([("credential", credential)]))
}
