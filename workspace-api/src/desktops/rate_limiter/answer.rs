//! What the gate answers: whether a request can be sent, and what a success shows.

use tokio::time::Instant;

/// Whether a request can be sent.
pub(super) enum Admission {
    /// Yes; the gate knows the request by this number.
    Granted(u64),
    /// Ask again at this time, or when another request has ended.
    NotBefore(Instant),
    /// Ask again when another request has ended.
    AfterAnother,
}

/// What a success shows about a gate that was closed.
pub(super) enum Opening {
    /// It was open.
    None,
    /// A window ended.
    OfWindow,
    /// The gate lets requests pass at a rate.
    OfRate {
        at_least: f64,
        /// The rate until now, if enough requests passed to show what the service allows.
        measured: Option<f64>,
    },
}
