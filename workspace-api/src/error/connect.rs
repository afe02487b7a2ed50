//! Failed connections: which may succeed in another attempt, and which cannot.

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
