//! Error responses in the forms of the service and of the API gateway in front of it.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

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
    pub(crate) fn body(&self, request_id: &str) -> Value {
        let mut body = json!({ "error_code": self.code, "error_msg": self.message });
        if self.code.starts_with("APIGW.") {
            body["request_id"] = request_id.into();
        }
        if let Some(detail) = &self.detail {
            body["error_detail"] = detail.as_str().into();
        }
        if let Some(message) = &self.authorization {
            body["encoded_authorization_message"] = message.as_str().into();
        }
        body
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

pub(crate) fn json_response(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}
