//! The errors that keep a sandbox from starting.

use std::net::SocketAddr;
use std::{fmt, io};

/// The reason why a sandbox does not start, or why an option cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The sandbox cannot listen on the address.
    Listen {
        /// The address.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The seed is invalid. From a file: `LINE:COLUMN: message`.
    Seed(String),
    /// The contract is invalid: `LINE:COLUMN: message`.
    Contract(String),
    /// A fault, latency or rate limit is invalid.
    Fault(String),
    /// An allowed host name or origin is invalid.
    Host(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, .. } => write!(
                f,
                "cannot listen on {address}: choose a free port, or port 0 to have one chosen"
            ),
            Self::Seed(message)
            | Self::Contract(message)
            | Self::Fault(message)
            | Self::Host(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } => Some(source),
            Self::Seed(_) | Self::Contract(_) | Self::Fault(_) | Self::Host(_) => None,
        }
    }
}
