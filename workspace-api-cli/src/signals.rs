//! Ctrl-C and its relatives: the first asks to stop in order, the second stops at once.

use std::io::{self, Write};
use std::process;

use tokio::sync::watch;

use crate::error::Exit;

/// Whether somebody has asked to stop.
#[derive(Clone)]
pub struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// Listens from now on. `note` is told when the first signal comes.
    pub fn listen(note: &'static str) -> io::Result<Self> {
        let (asked, asking) = watch::channel(false);
        let mut signals = Signals::new()?;
        tokio::spawn(async move {
            signals.next().await;
            asked.send_replace(true);
            // Nobody may be there to read it any more, when the terminal has gone.
            let _ = writeln!(io::stderr(), "\n{note}");
            signals.next().await;
            process::exit(Exit::Interrupted as i32);
        });
        Ok(Self(asking))
    }

    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until somebody asks to stop.
    pub async fn requested(&mut self) {
        if self.0.wait_for(|asked| *asked).await.is_err() {
            std::future::pending().await
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

/// Lets writing to a file that may not grow be an error that can be told, where the system would end the process.
#[cfg(unix)]
pub fn ignore_sigxfsz() -> io::Result<()> {
    /// `SIGXFSZ`, the same number on Linux and macOS.
    const FILE_SIZE: i32 = 25;
    // Whoever listens to a signal once has ended what the system does by itself.
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::from_raw(FILE_SIZE)).map(drop)
}

#[cfg(not(unix))]
pub fn ignore_sigxfsz() -> io::Result<()> {
    Ok(())
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
            std::future::pending().await
        }
    }
}
