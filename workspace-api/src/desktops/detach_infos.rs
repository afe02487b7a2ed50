//! Reads the unbinding records of many desktops concurrently, in constant memory.

use std::future::ready;
use std::sync::{Arc, Mutex};

use super::breaker::Breaker;
use super::paced::send_paced;
use super::rate_limiter::RateLimiter;
use crate::sync::lock;
use crate::types::{DesktopDetachInfo, DesktopId};
use crate::{Client, ErrorKind, Result};
use futures_util::{Stream, StreamExt, stream};

/// Default maximum number of concurrent requests.
const CONCURRENCY: usize = 8;

/// Throttled requests that may wait, per request in flight.
const WAITING_PER_REQUEST: usize = 3;

/// Reads the records of many desktops; returned by
/// [`Desktops::detach_infos`](crate::Desktops::detach_infos).
///
/// ```
/// # async fn example(client: &workspace_api::Client, ids: Vec<workspace_api::types::DesktopId>) {
/// use futures::StreamExt;
///
/// let mut records = client.desktops().detach_infos(ids).concurrency(32).stream().boxed();
/// while let Some((desktop_id, records)) = records.next().await {
///     match records {
///         Ok(records) => println!("{desktop_id}: {} records", records.len()),
///         Err(error) => eprintln!("{desktop_id}: {error}"),
///     }
/// }
/// # }
/// ```
///
/// When the service throttles (429), all requests together slow down: to what fits into the windows
/// that the response names, such as 200 requests in a minute, otherwise to slightly below the
/// observed rate. A throttled request is retried until no read has succeeded for
/// [`RetryPolicy::total_time`](crate::RetryPolicy::total_time), unless
/// [`RetryPolicy::attempts`](crate::RetryPolicy::attempts) is 1 or the window is longer than that
/// time. [`ClientBuilder::on_throttled`](crate::ClientBuilder::on_throttled) reports long pauses.
#[derive(Debug)]
#[must_use = "nothing is sent before the stream is polled"]
pub struct DetachInfos<'a, I> {
    client: &'a Client,
    desktop_ids: I,
    concurrency: usize,
    max_rate: Option<f64>,
}

impl<'a, I> DetachInfos<'a, I>
where
    I: Iterator<Item = DesktopId> + Send + 'a,
{
    pub(super) fn new(client: &'a Client, desktop_ids: I) -> Self {
        Self {
            client,
            desktop_ids,
            concurrency: CONCURRENCY,
            max_rate: None,
        }
    }

    /// Sets the maximum number of concurrent requests. Default: 8; 0 means 1.
    ///
    /// Three times as many throttled requests may wait to be retried.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.max(1);
        self
    }

    /// Sets the maximum number of requests per second. Default: no limit.
    ///
    /// Zero, a negative number, NaN or infinity means no limit; the minimum is one request per day.
    pub fn rate(mut self, requests_per_second: f64) -> Self {
        self.max_rate = Some(requests_per_second).filter(|rate| *rate > 0.0 && rate.is_finite());
        self
    }

    /// Returns a stream of the records of each desktop, in the order in which the responses arrive.
    ///
    /// The first read is sent alone. After an error that all reads share, no further read is sent,
    /// and the stream ends after those in flight: desktops that were not read are not in it. Such
    /// errors are
    ///
    /// - [`ErrorKind::Unauthorized`]: a few rejected signatures in a row lock the access key;
    /// - [`ErrorKind::Credentials`] and [`ErrorKind::Configuration`];
    /// - a connection that [cannot succeed](crate::Error::is_permanent_connect_failure), and any
    ///   failed connection before the first success;
    /// - [`ErrorKind::TooManyRequests`] after the total time of the retry policy;
    /// - three equal errors in a row that do not concern the desktop, such as 500.
    pub fn stream(
        self,
    ) -> impl Stream<Item = (DesktopId, Result<Vec<DesktopDetachInfo>>)> + Send + use<'a, I> {
        let Self {
            client,
            desktop_ids,
            concurrency,
            max_rate,
        } = self;
        let run = Arc::new(Run {
            limiter: RateLimiter::new(concurrency, max_rate, client.shared().on_throttled()),
            breaker: Mutex::default(),
        });
        let stop_signal = Arc::clone(&run);
        let mut reads = desktop_ids
            .take_while(move |_| !stop_signal.limiter.is_stopped())
            .map(move |desktop_id| read_within_rate(client, Arc::clone(&run), desktop_id));
        let first_read = stream::iter(reads.next()).buffer_unordered(1);
        let further_reads = stream::iter(reads)
            .buffer_unordered(concurrency.saturating_mul(1 + WAITING_PER_REQUEST));
        // `None` is a read that was not sent, because the stream was stopped.
        first_read.chain(further_reads).filter_map(ready)
    }
}

/// What all reads of a stream share.
struct Run {
    limiter: RateLimiter,
    breaker: Mutex<Breaker>,
}

/// Reads the records within the rate limit; `None` if the stream was stopped first.
async fn read_within_rate(
    client: &Client,
    run: Arc<Run>,
    desktop_id: DesktopId,
) -> Option<(DesktopId, Result<Vec<DesktopDetachInfo>>)> {
    let Run { limiter, breaker } = &*run;
    let retry = client.retry();
    let read = |left| {
        let attempt = client.with_retry(retry.total_time(left).without_throttle_retry());
        let desktop_id = desktop_id.clone();
        async move { attempt.desktops().records(desktop_id).await }
    };
    let (sent, result) = send_paced(limiter, retry, read).await?;
    match &result {
        Ok(_) => lock(breaker).on_success(),
        Err(error) => {
            let is_throttled = error.kind() == ErrorKind::TooManyRequests && retry.attempts > 1;
            if is_throttled || lock(breaker).on_read_error(error, sent) {
                limiter.stop();
            }
        }
    }
    Some((desktop_id, result))
}
