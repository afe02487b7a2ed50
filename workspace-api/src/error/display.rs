//! How an error is printed: on one line, with its causes, or by its parts.

use std::fmt;

use super::serialize::causes;
use super::{Error, ErrorKind, Parts};
use crate::text::{visible, visible_lines};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts {
            kind,
            operation,
            status,
            code,
            message,
            detail,
            request_id,
            summary,
            ..
        } = &*self.0;
        let mut parts = Vec::new();
        parts.extend(summary.clone());
        parts.extend(operation.map(|operation| operation.id.to_owned()));
        parts.extend(status.map(|status| status.to_string()));
        parts.extend(code.as_deref().map(|code| visible(code).into_owned()));
        // Messages of this crate may have several lines, those of a server may not.
        let is_own = status.is_none() && *kind != ErrorKind::Desktop;
        parts.extend(message.as_deref().map(|message| {
            let message = if is_own {
                visible_lines(message)
            } else {
                visible(message)
            };
            message.into_owned()
        }));
        // A status has a reason phrase, so it can stand without a message.
        if status.is_none() && code.is_none() && message.is_none() {
            parts.push("no message".to_owned());
        }
        f.write_str(&parts.join(": "))?;
        if let Some(detail) = detail {
            write!(f, " ({})", visible(detail))?;
        }
        if let Some(action) = self.iam_action() {
            write!(f, " [needs the IAM action {action}]")?;
        }
        if let Some(request_id) = request_id {
            write!(f, " [request id {}]", visible(request_id))?;
        }
        Ok(())
    }
}

/// `fn main() -> workspace_api::Result<()>` prints `Debug`, so it has words. `{:#?}` has the parts.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            write!(f, "{self}")?;
            for cause in causes(self) {
                write!(f, "\n  caused by: {cause}")?;
            }
            return Ok(());
        }
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
