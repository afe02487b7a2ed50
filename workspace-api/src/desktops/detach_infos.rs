//! Reads the unbinding records of many desktops concurrently, in constant memory.

use std::future::ready;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{Stream, StreamExt, stream};
use tokio::time::{Instant, sleep};

use super::breaker::Breaker;
use super::rate_limiter::RateLimiter;
use crate::sync::lock;
use crate::types::{DesktopDetachInfo, DesktopId};
use crate::{Client, ErrorKind, Result};

/// Default maximum number of concurrent requests.
const CONCURRENCY: usize = 8;

/// Delay of a throttled request whose response has no `Retry-After`.
const THROTTLE_DELAY: Duration = Duration::from_millis(500);

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
/// When the service throttles (429), all requests together slow down to slightly below the observed
/// rate, and speed up again later. A throttled request is retried until
/// [`RetryPolicy::total_time`](crate::RetryPolicy::total_time) is over, unless
/// [`RetryPolicy::attempts`](crate::RetryPolicy::attempts) is 1.
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
            limiter: RateLimiter::new(concurrency, max_rate),
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

/// The state that all reads of a stream share.
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
    let mut deadline = None;
    let result = loop {
        let permit = limiter.acquire().await?;
        let now = Instant::now();
        // The total time does not include the wait for the first permit.
        let deadline = *deadline.get_or_insert(now + retry.total_time);
        let attempt = retry.total_time(deadline - now).without_throttle_retry();
        let client = client.with_retry(attempt);
        let error = match client.desktops().records(desktop_id.clone()).await {
            Ok(records) => {
                limiter.on_success();
                lock(breaker).on_success();
                break Ok(records);
            }
            Err(error) => error,
        };
        if error.kind() != ErrorKind::TooManyRequests {
            limiter.on_success();
            if lock(breaker).on_read_error(&error, now) {
                limiter.stop();
            }
            break Err(error);
        }
        limiter.on_throttled(&permit);
        let delay = error.retry_after().unwrap_or(THROTTLE_DELAY);
        let remaining = deadline.saturating_duration_since(Instant::now());
        if retry.attempts == 1 || delay >= remaining {
            break Err(error);
        }
        // While this read waits, another one may be in flight.
        drop(permit);
        sleep(delay).await;
    };
    Some((desktop_id, result))
}
