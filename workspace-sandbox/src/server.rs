//! The socket: accepts connections, bounds what each may cost, and stops in order.

use std::error::Error as _;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use std::{fmt, io};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, StatusCode};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tower_service::Service;

use crate::app::App;
use crate::builder::check_fault;
use crate::iam::TRACE_ID;
use crate::journal::{Arrival, RecordedRequest};
use crate::misbehaviour::Reset;
use crate::refusal::Refusal;
use crate::routes::{self, Received};
use crate::seed::Project;
use crate::{Announcement, Builder, Error, Fault, Seed};

/// Connections that are served at a time; more wait to be accepted.
const CONNECTIONS: usize = 1024;
/// The largest head of a request, in bytes, that gets an answer with a body; far larger ones are cut off.
const HEAD_LIMIT: usize = 32 * 1024;
/// The largest body of a request, in bytes.
const BODY_LIMIT: usize = 8 * 1024 * 1024;
/// How much of a body, in bytes, is read to be thrown away before the connection is closed.
const DISCARDED: usize = 64 * 1024 * 1024;
/// A body above this size, in bytes, waits for one of [`LARGE_BODIES`] places, so that memory stays bounded.
const SMALL_BODY: usize = 64 * 1024;
const LARGE_BODIES: usize = 4;
/// How long a client may take to send a head, and then to send a body, unless the builder says otherwise.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// How long requests in flight may take once the sandbox is told to stop.
const FAREWELL: Duration = Duration::from_millis(800);

/// A running sandbox. It stops when it is dropped; [`shutdown`](Self::shutdown) also waits for requests in flight.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workspace_sandbox::Error> {
/// let sandbox = workspace_sandbox::Sandbox::start().await?;
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
        patience: Duration,
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
        let reception = Reception {
            router: routes::router(&app),
            app: app.clone(),
            large_bodies: Arc::new(Semaphore::new(LARGE_BODIES)),
            patience,
        };
        Ok(Self {
            serving: tokio::spawn(accept(listener, reception, stopping)),
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
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.app.journal.records()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.app.journal.clear();
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
    pub fn announcement(&self) -> Announcement<'_> {
        Announcement(self)
    }

    /// Makes something go wrong from now on, besides what is set already.
    ///
    /// # Errors
    ///
    /// [`Error::Fault`] for a value out of range or an operation that the contract does not have.
    pub fn add_fault(&self, fault: Fault) -> Result<(), Error> {
        check_fault(&fault, &self.app.contract)?;
        self.app.misbehaviour.add(fault);
        Ok(())
    }

    /// Ends every fault. Latency and rate limit stay.
    pub fn clear_faults(&self) {
        self.app.misbehaviour.clear();
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

/// Runs a sandbox as a command does: starts it, writes its [announcement](Sandbox::announcement) to `out`, and serves
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
    let _ = write!(out, "{}", sandbox.announcement()).and_then(|()| out.flush());
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

/// Resolves when the sandbox is told to stop, or is dropped.
async fn stopped(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}

async fn accept(listener: TcpListener, reception: Reception, stopping: watch::Receiver<bool>) {
    let reception = Arc::new(reception);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    let mut stop = pin!(stopped(stopping.clone()));
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await;
            (listener.accept().await, place)
        };
        tokio::select! {
            () = &mut stop => break,
            (accepted, place) = next => match accepted {
                Ok((stream, _)) => {
                    let (reception, stopping) = (reception.clone(), stopping.clone());
                    connections.spawn(async move {
                        connection(stream, reception, stopping).await;
                        drop(place);
                    });
                }
                // Too many open files, as a rule: accepting again at once would only burn the processor.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    let finished = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(FAREWELL, finished).await;
    connections.shutdown().await;
}

async fn connection(stream: TcpStream, reception: Arc<Reception>, stopping: watch::Receiver<bool>) {
    // Small answers go out at once.
    let _ = stream.set_nodelay(true);
    let patience = reception.patience;
    let service = service_fn(move |request| {
        let reception = reception.clone();
        async move { reception.receive(request).await }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(4 * HEAD_LIMIT)
        .max_headers(1024)
        .serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = &mut connection => Some(ended),
        () = stopped(stopping) => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    if ended.is_err_and(|error| error.source().is_some_and(|source| source.is::<Reset>())) {
        // Closing without lingering is what makes the system send a reset.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

/// Takes requests in: reads the body within bounds, writes the journal, gives the request its id.
struct Reception {
    app: Arc<App>,
    router: Router,
    large_bodies: Arc<Semaphore>,
    patience: Duration,
}

impl Reception {
    async fn receive(&self, request: Request<Incoming>) -> Result<Response<Body>, Reset> {
        let request_id = self.app.random_id();
        let (parts, body) = request.into_parts();
        // Pages and inspection are not traffic that a test wants to see.
        let path = parts.uri.path();
        let noted =
            !(path == "/" || path.starts_with("/_sandbox/") || path.starts_with("/openapi."));
        let read = match head_size(&parts) > HEAD_LIMIT {
            true => Err(too_large_a_head()),
            false => self.read(body).await,
        };
        let arrival = Arrival {
            request_id: &request_id,
            time: self.app.clock.timestamp(),
            method: parts.method.as_str(),
            uri: &parts.uri,
            headers: &parts.headers,
            body: read.as_ref().map_or(&[], |(body, _)| body),
        };
        let number = noted.then(|| self.app.journal.open(&arrival));
        let mut response = match read {
            Ok((body, _place)) => {
                let mut request = Request::from_parts(parts, Body::empty());
                request.extensions_mut().insert(Received {
                    number,
                    request_id: request_id.clone(),
                    body,
                });
                let Ok(response) = self.router.clone().call(request).await;
                response
            }
            Err(refusal) => {
                let mut response = refusal.response(&request_id);
                // The rest of the request would be taken for the next one.
                response
                    .headers_mut()
                    .insert("connection", HeaderValue::from_static("close"));
                response
            }
        };
        if response.extensions().get::<Reset>().is_some() {
            return Err(Reset);
        }
        if let Ok(id) = HeaderValue::from_str(&request_id)
            && !response.headers().contains_key(TRACE_ID)
        {
            response.headers_mut().insert("x-request-id", id);
        }
        if let Some(number) = number {
            self.app.journal.close(number, response.status());
        }
        Ok(response)
    }

    /// Reads a body within bounds of size, memory and time. A large one keeps its place until it has been answered.
    async fn read(
        &self,
        mut body: Incoming,
    ) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Refusal> {
        let reading = async {
            let (mut bytes, mut place, mut received) = (BytesMut::new(), None, 0);
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|error| {
                    Refusal::bad_request(format!("the body broke off: {error}"))
                })?;
                let data = frame.into_data().unwrap_or_default();
                received += data.len();
                if received > BODY_LIMIT {
                    // A client that still sends would not read the answer, so most of the rest is taken and thrown away.
                    if received > DISCARDED {
                        break;
                    }
                    continue;
                }
                if bytes.len() + data.len() > SMALL_BODY && place.is_none() {
                    place = self.large_bodies.clone().acquire_owned().await.ok();
                }
                bytes.extend_from_slice(&data);
            }
            match received > BODY_LIMIT {
                true => Err(Refusal::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "APIGW.0201",
                    format!("The body is larger than {BODY_LIMIT} bytes."),
                )),
                false => Ok((bytes.freeze(), place)),
            }
        };
        match tokio::time::timeout(self.patience, reading).await {
            Ok(read) => read,
            Err(_) => Err(Refusal::new(
                StatusCode::REQUEST_TIMEOUT,
                "APIGW.0201",
                "The body did not arrive in time.",
            )),
        }
    }
}

fn head_size(parts: &axum::http::request::Parts) -> usize {
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4);
    parts.uri.to_string().len() + headers.sum::<usize>()
}

fn too_large_a_head() -> Refusal {
    Refusal::new(
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        "APIGW.0201",
        format!("The request line and headers are larger than {HEAD_LIMIT} bytes."),
    )
}
