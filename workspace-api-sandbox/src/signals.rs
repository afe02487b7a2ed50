//! The signals that stop a sandbox which runs as a command.
//!
//! The command has handlers of its own: it also handles `SIGHUP`, while it changes desktops. Here
//! `SIGHUP` keeps the system's default, so that `nohup` works.

use std::io;

/// Handlers for `SIGINT` and `SIGTERM`; on Windows, for Ctrl-C.
pub(crate) struct StopSignals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(windows)]
    ctrl_c: tokio::signal::windows::CtrlC,
}

#[cfg(unix)]
impl StopSignals {
    /// Sets the handlers.
    pub(crate) fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the next signal.
    pub(crate) async fn recv(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
impl StopSignals {
    /// Sets the handler.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            ctrl_c: tokio::signal::windows::ctrl_c()?,
        })
    }

    /// Waits for the next signal.
    pub(crate) async fn recv(&mut self) {
        self.ctrl_c.recv().await;
    }
}
