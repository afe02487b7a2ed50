//! A running sandbox, as Rust tests and the command use it.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::banner::Banner;
use crate::error::Error;
use crate::faults::{Fault, check_fault};
use crate::http::request_log::LoggedRequest;
use crate::seed::{Project, Seed};
use crate::server;
use crate::server::intake::{Intake, Limits};
use crate::service::app::App;

/// A running sandbox. It stops when it is dropped; [`shutdown`](Self::shutdown) also waits for
/// requests in flight.
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
    pub(crate) async fn serve(
        app: App,
        address: SocketAddr,
        limits: Limits,
    ) -> Result<Self, Error> {
        let listen_error = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;
        let app = Arc::new(app);
        let (stop, stopping) = watch::channel(false);
        let intake = Intake::new(app.clone(), limits);
        Ok(Self {
            serving: tokio::spawn(server::accept(listener, intake, stopping)),
            base_url: format!("http://{address}"),
            app,
            address,
            stop,
        })
    }

    /// Returns the base URL, such as `http://127.0.0.1:40123`, without a slash at the end. It is
    /// the endpoint of Workspace, of IAM and of the instance metadata.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the address that the sandbox listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the request log: the latest 1,000 requests, oldest first. Requests to the page and
    /// the inspection endpoints are not logged.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        let entries = self.app.request_log.entries();
        entries.into_iter().map(Arc::unwrap_or_clone).collect()
    }

    /// Clears the request log.
    pub fn clear_requests(&self) {
        self.app.request_log.clear();
    }

    /// Returns the projects with their desktops, as they are now.
    pub fn projects(&self) -> Vec<Project> {
        self.app.state().projects().to_vec()
    }

    /// Resets the desktops, locked keys and the counts of faults. The request log and the tokens
    /// that IAM issued stay.
    pub fn reset(&self) {
        self.app.reset();
    }

    /// Returns the seed that the sandbox started with.
    pub fn seed(&self) -> &Seed {
        &self.app.seed
    }

    /// Returns the start-up banner: the base URL, then the sandbox's contents.
    pub fn banner(&self) -> Banner<'_> {
        Banner {
            base_url: &self.base_url,
            exposed: !self.address.ip().is_loopback(),
            seed: self.seed(),
        }
    }

    /// Adds a fault, from now on. If several faults match a request, the first one applies.
    ///
    /// # Errors
    ///
    /// [`Error::Fault`] if a value is out of range or the contract does not have the operation.
    pub fn add_fault(&self, fault: Fault) -> Result<(), Error> {
        check_fault(&fault, &self.app.contract)?;
        self.app.faults.add(fault);
        Ok(())
    }

    /// Removes every fault. Latency and rate limit stay.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// Stops listening, waits at most 0.8 seconds for requests in flight, then closes every
    /// connection.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        // An error means that the task was cancelled or panicked: it has stopped as well.
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
