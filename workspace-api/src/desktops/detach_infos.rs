//! Reads the unbinding records of many desktops concurrently, in constant memory.

use std::fmt;
use std::future::ready;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};

use super::breaker::Breaker;
use super::id::AsDesktopId;
use super::paced::send_paced;
use super::rate_limiter::{Limits, RateLimiter};
use super::readers::{Reads, read_concurrently};
use super::requests::records;
use crate::sync::lock;
use crate::types::{DesktopDetachInfo, DesktopId};
use crate::{Client, ErrorKind, Result};

/// Default maximum number of concurrent requests.
const CONCURRENCY: usize = 8;

/// Throttled requests that may wait, per request in flight.
const WAITING_PER_REQUEST: usize = 3;

/// Reads the records of many desktops; returned by
/// [`Desktops::detach_infos`](crate::Desktops::detach_infos).
///
/// ```
/// # async fn example(client: &workspace_api::Client, ids: Vec<String>) {
/// let mut records = client.desktops().detach_infos(ids).concurrency(32).stream();
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
pub struct DetachInfos<I> {
    client: Client,
    desktop_ids: I,
    concurrency: usize,
    max_rate: Option<f64>,
}

impl<I: Iterator<Item: AsDesktopId>> DetachInfos<I> {
    pub(super) fn new(client: Client, desktop_ids: I) -> Self {
        Self {
            client,
            desktop_ids,
            concurrency: CONCURRENCY,
            max_rate: None,
        }
    }

    /// Sets the maximum number of concurrent requests. Default: 8; 0 means 1.
    ///
    /// A run begins with at most 12, and one more may be in flight after every 20 successes: when a gate
    /// of the service closes, it rejects all that are.
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

    /// Returns a stream of the records of each desktop, with its id as it was passed, in the order
    /// in which the responses arrive.
    ///
    /// Each concurrent request is a task of the runtime in which the stream is polled, so the
    /// requests use all its threads. They read ahead while nothing polls the stream: it takes at most
    /// twice as many ids as there are concurrent requests, and keeps their results. Dropping the
    /// stream cancels the requests in flight, and no further one is sent; only a task that another
    /// thread runs at that moment may send the request that it has begun, and is cancelled at its
    /// next await. If a task panics, for example in a credentials provider, polling the stream panics
    /// with the same message. If the runtime shuts down, the result of the desktops whose requests were in
    /// flight is [`ErrorKind::Stopped`].
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
    pub fn stream<'a>(self) -> DetachInfoStream<'a, I::Item>
    where
        I: Send + 'a,
        I::Item: Send,
    {
        let Self {
            client,
            desktop_ids,
            concurrency,
            max_rate,
        } = self;
        let on_throttled = client.shared().on_throttled();
        let limits = Arc::new(Limits::new(concurrency, max_rate));
        let retry = client.retry().without_throttle_retry();
        let run = Arc::new(Run {
            client: client.with_retry(retry),
            limiter: RateLimiter::new(concurrency, limits, on_throttled),
            concurrency,
            breaker: Mutex::default(),
        });
        let stop_signal = Arc::clone(&run);
        let mut ids = desktop_ids
            .take_while(move |_| !stop_signal.limiter.is_stopped())
            .map(|id| {
                let parsed = id.to_desktop_id();
                (id, parsed)
            });
        // Those before the first valid id are not sent.
        let mut first_ids = Vec::new();
        while first_ids
            .last()
            .is_none_or(|(_, parsed)| Result::is_err(parsed))
            && let Some(id) = ids.next()
        {
            first_ids.push(id);
        }
        let first_run = Arc::clone(&run);
        let first_records = stream::iter(first_ids).then(move |(id, parsed)| {
            let run = Arc::clone(&first_run);
            async move {
                let records = match parsed {
                    Ok(desktop_id) => run.read(desktop_id).await?,
                    Err(error) => Err(error),
                };
                Some((id, records))
            }
        });
        let first_records = first_records.filter_map(ready);
        let further_records = read_concurrently(ids, run);
        let records = first_records.chain(further_records);
        DetachInfoStream(records.boxed())
    }
}

/// The records of desktops, in the order in which the responses arrive; from
/// [`DetachInfos::stream`]. `T` is the type in which the ids were passed.
///
/// [`next`](Self::next) needs no other crate. It is also a [`Stream`] that is `Send` and `Unpin`.
/// It borrows nothing from the client; `'a` is `'static` unless the iterator of the ids borrows.
#[must_use = "nothing is sent before the records are asked for"]
pub struct DetachInfoStream<'a, T>(BoxStream<'a, (T, Result<Vec<DesktopDetachInfo>>)>);

impl<T> DetachInfoStream<'_, T> {
    /// Returns the next desktop and its records; `None` after the last one.
    pub async fn next(&mut self) -> Option<(T, Result<Vec<DesktopDetachInfo>>)> {
        self.0.next().await
    }
}

impl<T> Stream for DetachInfoStream<'_, T> {
    type Item = (T, Result<Vec<DesktopDetachInfo>>);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

impl<T> fmt::Debug for DetachInfoStream<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DetachInfoStream").finish_non_exhaustive()
    }
}

/// The state that all reads of a stream share.
struct Run {
    client: Client,
    limiter: RateLimiter,
    concurrency: usize,
    breaker: Mutex<Breaker>,
}

impl Reads for Run {
    type Id = DesktopId;
    type Records = Vec<DesktopDetachInfo>;

    /// Reads the records within the rate limit.
    async fn read(&self, desktop_id: DesktopId) -> Option<Result<Vec<DesktopDetachInfo>>> {
        let Self {
            client,
            limiter,
            breaker,
            ..
        } = self;
        let retry = client.retry();
        let read = |left| {
            let desktop_id = desktop_id.clone();
            async move {
                if left >= retry.total_time {
                    return records(client, desktop_id).await;
                }
                let client = client.with_retry(retry.total_time(left));
                records(&client, desktop_id).await
            }
        };
        let (sent_at, result) = send_paced(limiter, retry, read).await?;
        match &result {
            Ok(_) => lock(breaker).on_success(),
            Err(error) => {
                let is_throttled = error.kind() == ErrorKind::TooManyRequests && retry.attempts > 1;
                if is_throttled || lock(breaker).on_read_error(error, sent_at) {
                    limiter.stop();
                }
            }
        }
        Some(result)
    }

    fn maximum(&self) -> usize {
        let most_waiting = self.concurrency.saturating_mul(WAITING_PER_REQUEST);
        let waiting = self.limiter.waiting().min(most_waiting);
        self.concurrency.saturating_add(waiting)
    }

    fn stop(&self) {
        self.limiter.stop();
    }
}
