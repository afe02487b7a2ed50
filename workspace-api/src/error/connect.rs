//! Failed connections: their causes, and which of them may succeed in another attempt.

use std::error::Error as StdError;
use std::io;
use std::io::ErrorKind::{
    AddrInUse, AddrNotAvailable, BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset,
    HostUnreachable, Interrupted, NetworkDown, NetworkUnreachable, NotConnected, TimedOut,
    UnexpectedEof, WouldBlock,
};
use std::iter;

/// The states of a network that may pass. An unknown host, an invalid certificate, another protocol
/// and a proxy that rejects its password have none of these.
const TRANSIENT: [io::ErrorKind; 14] = [
    AddrInUse,
    AddrNotAvailable,
    BrokenPipe,
    ConnectionAborted,
    ConnectionRefused,
    ConnectionReset,
    HostUnreachable,
    Interrupted,
    NetworkDown,
    NetworkUnreachable,
    NotConnected,
    TimedOut,
    UnexpectedEof,
    WouldBlock,
];

/// The problem of a connection, as far as it is known.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ConnectionProblem {
    /// The name of the host cannot be resolved.
    UnknownHost,
    /// Nothing listens on the port.
    Refused,
    /// The server's certificate is not trusted, has expired or is of another host.
    InvalidCertificate,
    /// The server does not speak TLS on this port.
    NotTls,
    /// The server does not speak HTTP on this port; it may expect TLS.
    NotHttp,
    /// The proxy cannot be reached, or did not connect to the host.
    Proxy,
    /// The proxy rejected its user name or password.
    ProxyAuthentication,
}

impl ConnectionProblem {
    /// Finds the problem in the causes of an error.
    ///
    /// Only a refused connection has a type in all libraries and systems. For the other problems,
    /// the texts of the HTTP library and of the TLS libraries are compared.
    pub(super) fn of(source: &(dyn StdError + 'static)) -> Option<Self> {
        const TEXTS: [(&str, ConnectionProblem); 9] = [
            (
                "proxy authorization required",
                ConnectionProblem::ProxyAuthentication,
            ),
            ("tunnel error", ConnectionProblem::Proxy),
            ("socks", ConnectionProblem::Proxy),
            ("dns error", ConnectionProblem::UnknownHost),
            ("certificate", ConnectionProblem::InvalidCertificate),
            ("corrupt message", ConnectionProblem::NotTls),
            ("wrong version number", ConnectionProblem::NotTls),
            ("packet length too long", ConnectionProblem::NotTls),
            ("invalid http version", ConnectionProblem::NotHttp),
        ];
        let mut text = String::new();
        for cause in causes(source) {
            text.push_str(&cause.to_string().to_lowercase());
            text.push('\n');
        }
        let found = TEXTS.iter().find(|(part, _)| text.contains(part));
        let is_refused = || causes(source).any(|cause| io_kind(cause) == Some(ConnectionRefused));
        match found {
            Some((_, problem)) => Some(*problem),
            None => is_refused().then_some(Self::Refused),
        }
    }
}

/// Returns whether another attempt to connect may succeed.
pub(super) fn is_transient(source: &(dyn StdError + 'static)) -> bool {
    causes(source).any(|cause| {
        let is_timeout = cause
            .downcast_ref::<reqwest::Error>()
            .is_some_and(reqwest::Error::is_timeout);
        is_timeout || io_kind(cause).is_some_and(|kind| TRANSIENT.contains(&kind))
    })
}

/// Returns an error and its causes. `source` of an I/O error skips the error that it wraps.
fn causes<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    iter::successors(Some(error), |&error| {
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        }
    })
}

fn io_kind(error: &(dyn StdError + 'static)) -> Option<io::ErrorKind> {
    error.downcast_ref::<io::Error>().map(io::Error::kind)
}
