//! Handles SIGINT, SIGTERM and SIGHUP: the first requests a graceful stop, the second an immediate
//! one, the third exits.
//!
//! A running sandbox has handlers of its own, because it stops at the first signal.

use std::future::pending;
use std::io;
use std::process;
use std::sync::{Arc, Mutex};

use tokio::sync::watch;

use crate::error::Exit;
use crate::output::stderr::line;

/// Tells whether a stop was requested.
#[derive(Clone)]
pub struct StopRequest {
    /// Number of signals.
    received: watch::Receiver<u32>,
    note: Arc<Mutex<&'static str>>,
}

impl StopRequest {
    /// Handles signals from now on, and prints the note at the first one.
    pub fn listen(note: &'static str) -> io::Result<Self> {
        let (sender, receiver) = watch::channel(0);
        let mut signals = Signals::new()?;
        let note = Arc::new(Mutex::new(note));
        let present_note = Arc::clone(&note);
        tokio::spawn(async move {
            signals.next().await;
            sender.send_replace(1);
            let note = present_note.lock().map_or("", |note| *note);
            line(&format!("\n{note}"));
            signals.next().await;
            sender.send_replace(2);
            // Moves the results away from the `^C` of the terminal.
            line("");
            signals.next().await;
            process::exit(Exit::Interrupted as i32);
        });
        Ok(Self {
            received: receiver,
            note,
        })
    }

    /// Replaces the note: another part of the run begins.
    pub fn set_note(&self, note: &'static str) {
        if let Ok(mut present) = self.note.lock() {
            *present = note;
        }
    }

    pub fn is_received(&self) -> bool {
        *self.received.borrow() > 0
    }

    /// Waits for the first signal.
    pub async fn received(&mut self) {
        self.wait_for(1).await;
    }

    /// Waits for the second signal.
    pub async fn received_twice(&mut self) {
        self.wait_for(2).await;
    }

    async fn wait_for(&mut self, signals: u32) {
        if self
            .received
            .wait_for(|received| *received >= signals)
            .await
            .is_err()
        {
            pending::<()>().await;
        }
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    }
}

/// Ignores SIGXFSZ, so that exceeding the file-size limit is an I/O error instead of the end of the
/// process.
#[cfg(unix)]
pub fn ignore_sigxfsz() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    /// The number on Linux and macOS.
    const SIGXFSZ: i32 = 25;
    // A registered handler stays installed after its receiver is dropped.
    signal(SignalKind::from_raw(SIGXFSZ)).map(drop)
}

#[cfg(not(unix))]
pub fn ignore_sigxfsz() -> io::Result<()> {
    Ok(())
}
