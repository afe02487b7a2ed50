//! Failed connections: what is wrong, which may succeed in another attempt, and which cannot.

use std::error::Error as StdError;
use std::io;
use std::io::ErrorKind::{
    AddrInUse, AddrNotAvailable, BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset,
    HostUnreachable, Interrupted, NetworkDown, NetworkUnreachable, NotConnected, TimedOut,
    UnexpectedEof, WouldBlock,
};

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

/// What is wrong with a connection, as far as it is known.
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
    /// The HTTP library and the TLS libraries have no types for most problems, so their texts are
    /// compared.
    pub(super) fn of(source: &(dyn StdError + 'static)) -> Option<Self> {
        const TEXTS: [(&str, ConnectionProblem); 10] = [
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
            ("connection refused", ConnectionProblem::Refused),
        ];
        let mut text = String::new();
        let mut cause = Some(source);
        while let Some(error) = cause {
            text.push_str(&error.to_string().to_lowercase());
            text.push('\n');
            cause = error.source();
        }
        let found = TEXTS.iter().find(|(part, _)| text.contains(part));
        found.map(|(_, problem)| *problem)
    }
}

/// Returns whether another attempt to connect may succeed.
pub(super) fn is_transient(source: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(source);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<reqwest::Error>()
            && error.is_timeout()
        {
            return true;
        }
        cause = error.source();
        if let Some(error) = error.downcast_ref::<io::Error>() {
            if TRANSIENT.contains(&error.kind()) {
                return true;
            }
            // `source` of an I/O error skips the error that it wraps.
            if let Some(wrapped) = error.get_ref() {
                cause = Some(wrapped);
            }
        }
    }
    false
}
