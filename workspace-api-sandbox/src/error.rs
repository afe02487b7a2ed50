//! Why a sandbox does not start.

use std::net::SocketAddr;
use std::{fmt, io};

/// Why a sandbox does not start, in words for whoever started it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be listened on.
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The seed is wrong: `LINE:COLUMN: what` if it came from a file.
    Seed(String),
    /// The OpenAPI document cannot be used: `LINE:COLUMN: what` where the place is known.
    Contract(String),
    /// A fault, latency or rate limit is misspelt.
    Fault(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, .. } => write!(
                f,
                "cannot listen on {address}: choose a free port, or port 0 to have one chosen"
            ),
            Self::Seed(what) | Self::Contract(what) | Self::Fault(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } => Some(source),
            _ => None,
        }
    }
}
