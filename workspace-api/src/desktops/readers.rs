//! Concurrent readers, each of which reads one id after another.
//!
//! A reader is as large as the call that it makes. Readers are kept instead of beginning a new
//! future for each id, so their memory is not allocated for each read.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use futures_util::stream::{self, FuturesUnordered};
use futures_util::{Stream, StreamExt};
use tokio::task::yield_now;

use crate::sync::lock;

/// Maximum number of results that wait to be taken before readers pause: invalid ids have results
/// at once.
const MAX_RESULTS: usize = 256;

/// The ids that are not read yet, and the results that were not taken yet.
struct Queues<I, T> {
    ids: Mutex<I>,
    results: Mutex<VecDeque<T>>,
}

/// Reads the ids by at most as many readers as `maximum` returns, at least one. Returns the results
/// in the order in which they arrive; a read without a result has none.
pub(super) fn read_concurrently<I, F, T>(
    ids: I,
    read: impl Fn(I::Item) -> F + Clone,
    maximum: impl Fn() -> usize,
) -> impl Stream<Item = T>
where
    I: Iterator,
    F: Future<Output = Option<T>>,
{
    let queues = Arc::new(Queues {
        ids: Mutex::new(ids.fuse()),
        results: Mutex::default(),
    });
    let mut readers = FuturesUnordered::new();
    let mut has_more = true;
    stream::poll_fn(move |context| {
        loop {
            let result = lock(&queues.results).pop_front();
            if result.is_some() {
                return Poll::Ready(result);
            }
            while has_more && readers.len() < maximum() {
                match queues.next_id() {
                    Some(id) => readers.push(read_ids(Arc::clone(&queues), id, read.clone())),
                    None => has_more = false,
                }
            }
            let polled = readers.poll_next_unpin(context);
            if !lock(&queues.results).is_empty() {
                continue;
            }
            match polled {
                Poll::Ready(Some(())) => {}
                Poll::Ready(None) => return Poll::Ready(None),
                // Requests that wait may allow another reader.
                Poll::Pending if has_more && readers.len() < maximum() => {}
                Poll::Pending => return Poll::Pending,
            }
        }
    })
}

impl<I: Iterator, T> Queues<I, T> {
    fn next_id(&self) -> Option<I::Item> {
        lock(&self.ids).next()
    }
}

/// Reads this id, and then others until none is left.
async fn read_ids<I, F, T>(queues: Arc<Queues<I, T>>, first: I::Item, read: impl Fn(I::Item) -> F)
where
    I: Iterator,
    F: Future<Output = Option<T>>,
{
    let mut next = Some(first);
    while let Some(id) = next {
        if let Some(result) = read(id).await {
            let waiting = {
                let mut results = lock(&queues.results);
                results.push_back(result);
                results.len()
            };
            if waiting >= MAX_RESULTS {
                yield_now().await;
            }
        }
        next = queues.next_id();
    }
}
