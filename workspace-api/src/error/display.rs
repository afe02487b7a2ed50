//! How an error is shown: in one line for people, and by its parts for programmers.

use std::fmt;

use super::{Error, Repr};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Repr {
            operation,
            status,
            code,
            message,
            detail,
            request_id,
            ..
        } = &*self.0;
        if let Some(operation) = operation {
            write!(f, "{}: ", operation.id)?;
        }
        if let Some(status) = status {
            write!(f, "{status}: ")?;
        }
        if let Some(code) = code {
            write!(f, "{code}: ")?;
        }
        f.write_str(message.as_deref().unwrap_or("no reason was given"))?;
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
        let Repr {
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
