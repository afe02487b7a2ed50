//! Error responses in the forms of the service and of the API gateway in front of it.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;

/// An error response: its status and the parts of its error body.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) detail: Option<String>,
    /// The encoded reason of a 403.
    pub(crate) authorization: Option<String>,
    /// The header `Retry-After`, in seconds.
    pub(crate) retry_after: Option<u64>,
}

/// The contract's schema of error bodies, with its properties in their order.
#[derive(Serialize)]
pub(crate) struct ErrorResponse<'a> {
    error_code: &'a str,
    error_msg: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoded_authorization_message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            detail: None,
            authorization: None,
            retry_after: None,
        }
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "WKS.0001",
            "The request is empty or malformed.",
        )
        .with_detail(detail)
    }

    pub(crate) fn not_emulated(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "SANDBOX.0501", message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "WKS.0202", message)
    }

    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "WKS.00010032",
            "The state of the desktop does not allow this operation.",
        )
        .with_detail(detail)
    }

    pub(crate) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub(crate) fn with_retry_after(mut self, seconds: Option<u64>) -> Self {
        self.retry_after = seconds;
        self
    }

    /// Returns the error body. The gateway includes the request id in it, the service does not.
    pub(crate) fn body<'a>(&'a self, request_id: &'a str) -> ErrorResponse<'a> {
        ErrorResponse {
            error_code: self.code,
            error_msg: &self.message,
            error_detail: self.detail.as_deref(),
            encoded_authorization_message: self.authorization.as_deref(),
            request_id: self.code.starts_with("APIGW.").then_some(request_id),
        }
    }

    pub(crate) fn response(&self, request_id: &str) -> Response<Body> {
        let mut response = json_response(self.status, &self.body(request_id));
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// Writes a body. It consists of texts, flags and numbers, which cannot fail.
pub(crate) fn json(body: &impl Serialize) -> String {
    serde_json::to_string(body).unwrap_or_default()
}

pub(crate) fn json_response(status: StatusCode, body: &impl Serialize) -> Response<Body> {
    let mut response = Response::new(Body::from(json(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}
