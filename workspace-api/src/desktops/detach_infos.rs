//! The unbinding records of many desktops, several calls at a time, in constant memory.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{Stream, StreamExt, stream};
use tokio::time::{Instant, sleep};

use super::rate_limiter::Pace;
use crate::types::{DesktopDetachInfo, DesktopId};
use crate::{Client, ErrorKind, Result};

/// How long a throttled call waits if the service does not say.
const WAIT: Duration = Duration::from_millis(500);

/// For each call under way, this many may wait until the service takes them.
const WAITING: usize = 3;

/// Reads the records of many desktops, from [`Desktops::detach_infos`](crate::Desktops::detach_infos).
///
/// ```
/// # async fn example(client: &workspace_api::Client, ids: Vec<workspace_api::types::DesktopId>) {
/// use futures::StreamExt;
///
/// let mut records = client.desktops().detach_infos(ids).concurrency(32).stream().boxed();
/// while let Some((desktop_id, records)) = records.next().await {
///     match records {
///         Ok(records) => println!("{}: {} records", *desktop_id, records.len()),
///         Err(error) => eprintln!("{}: {error}", *desktop_id),
///     }
/// }
/// # }
/// ```
///
/// When the service throttles (429), all calls slow down together to a little below what it lets through, and speed up
/// again later; a throttled call is made again until [`RetryPolicy::total_time`](crate::RetryPolicy::total_time) is over, unless
/// [`RetryPolicy::attempts`](crate::RetryPolicy::attempts) is 1.
#[derive(Debug)]
#[must_use = "nothing is sent before the stream is polled"]
pub struct DetachInfos<'a, I> {
    client: &'a Client,
    desktop_ids: I,
    concurrency: usize,
    rate: Option<f64>,
}

impl<'a, I> DetachInfos<'a, I>
where
    I: Iterator<Item = DesktopId> + Send + 'a,
{
    pub(super) fn new(client: &'a Client, desktop_ids: I) -> Self {
        Self {
            client,
            desktop_ids,
            concurrency: 8,
            rate: None,
        }
    }

    /// The most calls at a time. By default 8; 0 counts as 1. Three times as many may wait while they are throttled.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// The most calls a second. By default as many as the service answers. What is not above zero counts as no limit,
    /// and less than one a day as one a day.
    pub fn rate(mut self, calls_per_second: f64) -> Self {
        self.rate = Some(calls_per_second).filter(|rate| *rate > 0.0 && rate.is_finite());
        self
    }

    /// The records of each desktop as they arrive, which is not the order in which the ids were given.
    ///
    /// The first call is made alone, and after the first [`ErrorKind::Unauthorized`] or
    /// [`ErrorKind::Credentials`] no further one is made and the
    /// stream ends with what is under way: a few bad signatures in a row lock the access key.
    pub fn stream(
        self,
    ) -> impl Stream<Item = (DesktopId, Result<Vec<DesktopDetachInfo>>)> + Send + use<'a, I> {
        let Self {
            client,
            desktop_ids,
            concurrency,
            rate,
        } = self;
        let pace = Arc::new(Pace::new(concurrency, rate));
        let watched = Arc::clone(&pace);
        let desktop_ids = desktop_ids.take_while(move |_| !watched.is_stopped());
        let mut calls = desktop_ids.map(move |id| {
            let pace = Arc::clone(&pace);
            async move { Some((paced(client, &pace, &id).await?, id)) }
        });
        let first = stream::iter(calls.next()).buffer_unordered(1);
        let at_a_time = concurrency.saturating_mul(1 + WAITING);
        let records = first.chain(stream::iter(calls).buffer_unordered(at_a_time));
        records.filter_map(|record| std::future::ready(record.map(|(records, id)| (id, records))))
    }
}

/// The records, in step with the other calls; none if they were stopped before this one began.
async fn paced(
    client: &Client,
    pace: &Pace,
    id: &DesktopId,
) -> Option<Result<Vec<DesktopDetachInfo>>> {
    let retry = client.retry();
    let mut deadline = None;
    loop {
        let turn = pace.turn().await?;
        let now = Instant::now();
        let left = *deadline.get_or_insert(now + retry.total_time) - now;
        let client = client.with_retry(retry.total_time(left).unless_throttled());
        let result = client.desktops().records(id.clone()).await;
        match &result {
            Err(error) if error.kind() == ErrorKind::TooManyRequests => {
                pace.throttled(turn);
                let wait = error.retry_after().unwrap_or(WAIT);
                if retry.attempts == 1 || wait >= left.saturating_sub(now.elapsed()) {
                    return Some(result);
                }
                sleep(wait).await;
            }
            // Every further call would be refused, too.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::Unauthorized | ErrorKind::Credentials
                ) =>
            {
                pace.stop();
                return Some(result);
            }
            _ => {
                pace.answered();
                return Some(result);
            }
        }
    }
}
