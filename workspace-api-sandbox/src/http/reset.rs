//! How a handler asks the server to reset the connection.

use std::fmt;

/// Says, as an extension of a response, that the connection is to be reset instead of answering.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reset;

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("reset on demand")
    }
}

impl std::error::Error for Reset {}
