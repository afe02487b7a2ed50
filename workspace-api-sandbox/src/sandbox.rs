//! A running sandbox, as Rust and the command see it.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use std::{fmt, io};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::banner::Banner;
use crate::builder::Builder;
use crate::error::Error;
use crate::faults::{Fault, check_fault};
use crate::http::request_log::LoggedRequest;
use crate::seed::{Project, Seed};
use crate::server;
use crate::server::intake::Intake;
use crate::service::app::App;

/// A running sandbox. It stops when it is dropped; [`shutdown`](Self::shutdown) also waits for requests in flight.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workspace_api_sandbox::Error> {
/// let sandbox = workspace_api_sandbox::Sandbox::start().await?;
/// assert!(sandbox.base_url().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
#[must_use = "a sandbox stops when it is dropped"]
pub struct Sandbox {
    app: Arc<App>,
    address: SocketAddr,
    base_url: String,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl Sandbox {
    /// Starts a sandbox with the default seed on a free loopback port.
    ///
    /// # Errors
    ///
    /// [`Error::Listen`] if no port can be had.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// A sandbox that is told what to hold and how to behave before it starts.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) async fn serve(
        app: App,
        address: SocketAddr,
        read_timeout: Duration,
    ) -> Result<Self, Error> {
        let listening = async {
            let listener = TcpListener::bind(address).await?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        let (listener, address) = listening
            .await
            .map_err(|source| Error::Listen { address, source })?;
        let app = Arc::new(app);
        let (stop, stopping) = watch::channel(false);
        let intake = Intake::new(app.clone(), read_timeout);
        Ok(Self {
            serving: tokio::spawn(server::accept(listener, intake, stopping)),
            base_url: format!("http://{address}"),
            app,
            address,
            stop,
        })
    }

    /// Where it listens, such as `http://127.0.0.1:40123`, without a slash at the end. It is the endpoint of Workspace
    /// as well as of IAM.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The latest 1,000 requests, oldest first. Those for the sandbox's own pages are not among them.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.app.request_log.entries()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.app.request_log.clear();
    }

    /// The projects with their desktops, as they are now.
    pub fn projects(&self) -> Vec<Project> {
        self.app.state().projects().to_vec()
    }

    /// Puts everything but the journal back to what it was at the start.
    pub fn reset(&self) {
        self.app.reset();
    }

    /// What the sandbox started with.
    pub fn seed(&self) -> &Seed {
        &self.app.seed
    }

    /// What to tell whoever started it: the base URL, then what it knows.
    pub fn banner(&self) -> Banner<'_> {
        Banner(self)
    }

    /// Makes something go wrong from now on, besides what is set already.
    ///
    /// # Errors
    ///
    /// [`Error::Fault`] for a value out of range or an operation that the contract does not have.
    pub fn add_fault(&self, fault: Fault) -> Result<(), Error> {
        check_fault(&fault, &self.app.contract)?;
        self.app.faults.add(fault);
        Ok(())
    }

    /// Ends every fault. Latency and rate limit stay.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// Stops listening, lets requests in flight finish for at most 0.8 seconds, then closes every connection.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        // A task that was cancelled or panicked has stopped as well.
        let _ = self.serving.await;
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

/// Runs a sandbox as a command does: starts it, writes its [banner](Sandbox::banner) to `out`, and serves
/// until the process gets `SIGINT` or `SIGTERM`; then it lets requests in flight finish.
///
/// # Errors
///
/// What [`Builder::start`] gives. Whether anybody reads `out` does not matter.
pub async fn run(builder: Builder, out: &mut impl io::Write) -> Result<(), Error> {
    let mut asked_to_stop = pin!(signalled());
    // Handlers are set before anybody can know that the sandbox is there.
    let early = std::future::poll_fn(|context| {
        Poll::Ready(asked_to_stop.as_mut().poll(context).is_ready())
    })
    .await;
    let sandbox = builder.start().await?;
    let _ = write!(out, "{}", sandbox.banner()).and_then(|()| out.flush());
    if !early {
        asked_to_stop.await;
    }
    sandbox.shutdown().await;
    Ok(())
}

#[cfg(unix)]
async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    match (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) {
        (Ok(mut interrupt), Ok(mut terminate)) => tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        },
        // Without handlers the signals end the process at once, which also stops the sandbox.
        _ => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn signalled() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
