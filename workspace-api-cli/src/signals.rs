//! Handles SIGINT, SIGTERM and SIGHUP: the first requests a graceful stop, the second exits.
//!
//! A running sandbox has handlers of its own, because it stops at the first signal.

use std::future::pending;
use std::io::{self, Write};
use std::process;
use std::sync::{Arc, Mutex};

use tokio::sync::watch;

use crate::error::Exit;
use crate::output::sanitize::sanitize_each_line;

/// What is printed before the process exits at the second signal; nothing at first.
#[derive(Clone, Default)]
pub struct LastWords(Arc<Mutex<String>>);

impl LastWords {
    pub fn set(&self, text: String) {
        if let Ok(mut words) = self.0.lock() {
            *words = text;
        }
    }

    fn print(&self) {
        let terminal = console::Term::stderr();
        // A progress bar may be there. After SIGHUP, the terminal may be gone.
        let _ = terminal.clear_line();
        if let Ok(words) = self.0.lock()
            && !words.is_empty()
        {
            let _ = writeln!(io::stderr(), "\n{}", sanitize_each_line(&words));
        }
    }
}

/// Tells whether a stop was requested.
#[derive(Clone)]
pub struct StopRequest(watch::Receiver<bool>);

impl StopRequest {
    /// Handles signals from now on, and prints the note at the first one and the last words at the
    /// second.
    pub fn listen(note: &'static str, last_words: LastWords) -> io::Result<Self> {
        let (sender, receiver) = watch::channel(false);
        let mut signals = Signals::new()?;
        tokio::spawn(async move {
            signals.next().await;
            sender.send_replace(true);
            // After SIGHUP, the terminal may be gone.
            let _ = writeln!(io::stderr(), "\n{note}");
            signals.next().await;
            last_words.print();
            process::exit(Exit::Interrupted as i32);
        });
        Ok(Self(receiver))
    }

    pub fn is_received(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits for the first signal.
    pub async fn received(&mut self) {
        if self.0.wait_for(|is_received| *is_received).await.is_err() {
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
