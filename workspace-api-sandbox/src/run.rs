//! A sandbox as a command, until a signal stops it.

use std::io;

use crate::builder::Builder;
use crate::error::Error;
use crate::signals::StopSignals;

/// Runs a sandbox as a command: starts it, writes its [banner](crate::Sandbox::banner) to `out`, and
/// serves until the process receives `SIGINT` or `SIGTERM`. Then it waits for requests in flight.
///
/// # Errors
///
/// The errors of [`Builder::start`]. Failing to write to `out` is not an error.
pub async fn run(builder: Builder, out: &mut impl io::Write) -> Result<(), Error> {
    // A script may send a signal as soon as it has read the banner, so handlers are set first.
    let signals = StopSignals::new();
    let sandbox = builder.start().await?;
    let _ = write!(out, "{}", sandbox.banner()).and_then(|()| out.flush());
    match signals {
        Ok(mut signals) => signals.recv().await,
        // Without handlers a signal ends the process at once, which stops the sandbox as well.
        Err(_) => std::future::pending().await,
    }
    sandbox.shutdown().await;
    Ok(())
}
