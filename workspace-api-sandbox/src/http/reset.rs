//! How a handler asks the server to reset the connection.

use std::fmt;

/// As an extension of a response, it makes the server reset the connection instead of sending the
/// response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reset;

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("reset by an injected fault")
    }
}

impl std::error::Error for Reset {}
