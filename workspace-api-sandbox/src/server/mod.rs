//! The socket: accepts connections, limits the resources of each, and shuts down in order.

pub(crate) mod host;
pub(crate) mod intake;

use std::error::Error;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;

use crate::http::reset::Reset;
use intake::{HEAD_LIMIT, Intake};

/// Maximum number of concurrent connections. More of them wait to be accepted.
const MAX_CONNECTIONS: usize = 1024;
/// Grace period for requests in flight at shutdown.
const SHUTDOWN_GRACE: Duration = Duration::from_millis(800);
/// How long to wait after a connection could not be accepted.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(20);

/// Serves until `stopping` is true or closed, then waits for requests in flight.
pub(crate) async fn accept(listener: TcpListener, intake: Intake, stopping: watch::Receiver<bool>) {
    let intake = Arc::new(intake);
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    let mut stop = pin!(stopped(stopping.clone()));
    loop {
        let next = async {
            let permit = permits.clone().acquire_owned().await;
            (listener.accept().await, permit)
        };
        tokio::select! {
            () = &mut stop => break,
            (accepted, permit) = next => match accepted {
                Ok((stream, _)) => {
                    let (intake, stopping) = (intake.clone(), stopping.clone());
                    connections.spawn(async move {
                        serve(stream, intake, stopping).await;
                        drop(permit);
                    });
                }
                // Usually too many open files: accepting again at once would only use up CPU time.
                Err(_) => tokio::time::sleep(ACCEPT_RETRY_DELAY).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    let finished = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(SHUTDOWN_GRACE, finished).await;
    connections.shutdown().await;
}

/// Serves one connection.
async fn serve(stream: TcpStream, intake: Arc<Intake>, stopping: watch::Receiver<bool>) {
    // Small responses are sent at once.
    let _ = stream.set_nodelay(true);
    let (read_timeout, write_timeout) = (intake.limits.read_timeout, intake.limits.write_timeout);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(write_timeout));
    let service = service_fn(move |request| {
        let intake = intake.clone();
        async move { intake.handle(request).await }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(read_timeout)
        .max_buf_size(4 * HEAD_LIMIT)
        .max_headers(1024)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let result = tokio::select! {
        result = &mut connection => result,
        () = stopped(stopping) => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    if let Err(error) = result
        && is_reset(&error)
    {
        // Closing without lingering makes the operating system send a reset.
        let stream = connection.into_parts().io.into_inner();
        let _ = stream.as_ref().get_ref().get_ref().set_zero_linger();
    }
}

/// Whether a handler asked for a reset.
fn is_reset(error: &hyper::Error) -> bool {
    match error.source() {
        Some(source) => source.is::<Reset>(),
        None => false,
    }
}

/// Waits until `stopping` is true, or the sandbox is dropped.
async fn stopped(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}
