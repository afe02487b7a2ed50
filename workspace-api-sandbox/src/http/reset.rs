//! How a handler asks the server to reset the connection.

use std::fmt;

/// Makes the server reset the connection instead of sending the response that has this as an
/// extension. As an error of the connection, it tells the server to close the socket without
/// lingering.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reset;

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("reset by an injected fault")
    }
}

impl std::error::Error for Reset {}
