//! How an error is printed: on one line for people, by its parts for programmers.

use std::fmt;

use super::{Error, Parts};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts {
            operation,
            status,
            code,
            message,
            detail,
            request_id,
            summary,
            ..
        } = &*self.0;
        if let Some(summary) = summary {
            write!(f, "{summary}: ")?;
        }
        if let Some(operation) = operation {
            write!(f, "{}: ", operation.id)?;
        }
        // The status has a reason phrase, so it can stand without a message.
        match (status, code, message) {
            (Some(status), Some(code), Some(message)) => write!(f, "{status}: {code}: {message}")?,
            (Some(status), Some(code), None) => write!(f, "{status}: {code}")?,
            (Some(status), None, Some(message)) => write!(f, "{status}: {message}")?,
            (Some(status), None, None) => write!(f, "{status}")?,
            (None, Some(code), Some(message)) => write!(f, "{code}: {message}")?,
            (None, Some(code), None) => write!(f, "{code}")?,
            (None, None, Some(message)) => f.write_str(message)?,
            (None, None, None) => f.write_str("no message")?,
        }
        if let Some(detail) = detail {
            write!(f, " ({detail})")?;
        }
        if let Some(action) = self.iam_action() {
            write!(f, " [needs the IAM action {action}]")?;
        }
        if let Some(request_id) = request_id {
            write!(f, " [request id {request_id}]")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts {
            kind,
            operation,
            status,
            code,
            message,
            detail,
            request_id,
            source,
            ..
        } = &*self.0;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("operation", &operation.map(|operation| operation.id))
            .field("status", status)
            .field("code", code)
            .field("message", message)
            .field("detail", detail)
            .field("request_id", request_id)
            .field("source", source)
            .finish_non_exhaustive()
    }
}
