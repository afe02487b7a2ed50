//! Concurrent readers, each of which reads one id after another.
//!
//! Each reader is a task of its own: it runs where the response arrives, and sends its next request
//! while other responses are still read. As a reader cannot borrow, it gets only the parsed id. What
//! the caller passed stays in the stream, which takes ids ahead so that no reader waits for it.

mod tasks;

use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::mem;
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use futures_util::task::AtomicWaker;
use futures_util::{Stream, stream};
use tokio::sync::Notify;
use tokio::task::yield_now;

use crate::sync::lock;
use crate::{Error, ErrorKind, Result};
use tasks::Tasks;

/// The reads of a run: how one is made, how many at a time, and how all are stopped.
pub(super) trait Reads: Send + Sync + 'static {
    type Id: Send + 'static;
    type Records: Send + 'static;

    /// Reads the records of an id; `None` if the run was stopped first.
    fn read(&self, id: Self::Id) -> impl Future<Output = Option<Result<Self::Records>>> + Send;

    /// Returns the maximum number of readers at this moment, at least one.
    fn maximum(&self) -> usize;

    /// Stops the run: no further read begins.
    fn stop(&self);
}

/// Reads the ids and returns the results in the order in which they arrive, each with what was
/// passed with its id. An id that is not valid has its error as the result.
///
/// At most two ids per reader are taken whose results are not, so that many wait in memory. Once
/// the stream is dropped, no read begins, and the futures of those in flight are dropped with it.
/// Only a reader that another thread runs at that moment ends later, at its next await.
pub(super) fn read_concurrently<T, R: Reads>(
    ids: impl Iterator<Item = (T, Result<R::Id>)>,
    reads: Arc<R>,
) -> impl Stream<Item = (T, Result<R::Records>)> {
    let mut run = Run {
        ids: ids.fuse(),
        has_more: true,
        unfinished: HashMap::new(),
        next_number: 0,
        queues: Arc::new(Queues {
            ids: Mutex::new(Ids {
                queue: VecDeque::new(),
                is_complete: false,
                waiting: Vec::new(),
            }),
            results: Mutex::default(),
            stream: AtomicWaker::new(),
            has_result: Notify::new(),
            readers: AtomicUsize::new(0),
        }),
        arrived: VecDeque::new(),
        tasks: Tasks::default(),
        announcer: Tasks::default(),
        reads,
    };
    stream::poll_fn(move |context| run.poll_next(context))
}

/// The side of the stream.
struct Run<I, T, R: Reads> {
    ids: I,
    has_more: bool,
    /// What was passed with the ids whose results were not returned yet, by number.
    unfinished: HashMap<u64, T>,
    next_number: u64,
    queues: Arc<Queues<R>>,
    /// Results that were taken from the queue together.
    arrived: VecDeque<Finished<R>>,
    tasks: Tasks,
    /// The task of [`announce_results`].
    announcer: Tasks,
    reads: Arc<R>,
}

/// What the stream and its readers exchange.
struct Queues<R: Reads> {
    ids: Mutex<Ids<R::Id>>,
    results: Mutex<VecDeque<Finished<R>>>,
    /// Wakes the task that polls the stream.
    stream: AtomicWaker,
    /// Wakes [`announce_results`] after a result.
    has_result: Notify,
    /// Number of readers; the maximum if there are ids for no more.
    readers: AtomicUsize,
}

/// The number of an id and its result; `None` if the run was stopped before it was read.
type Finished<R> = (u64, Option<Result<<R as Reads>::Records>>);

/// The ids that no reader has taken yet.
struct Ids<I> {
    queue: VecDeque<(u64, I)>,
    /// No further id follows.
    is_complete: bool,
    /// The readers that wait for an id.
    waiting: Vec<Waker>,
}

impl<R: Reads> Queues<R> {
    fn add(&self, number: u64, id: R::Id) {
        let mut ids = lock(&self.ids);
        ids.queue.push_back((number, id));
        let waiting = ids.waiting.pop();
        drop(ids);
        if let Some(reader) = waiting {
            reader.wake();
        }
    }

    /// Waits for an id; `None` after the last one.
    async fn id(&self) -> Option<(u64, R::Id)> {
        poll_fn(|context| {
            let mut ids = lock(&self.ids);
            let next = ids.queue.pop_front();
            if next.is_none() && !ids.is_complete {
                ids.waiting.push(context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(next)
        })
        .await
    }
}

/// Reads one id after another until none is left.
async fn read_ids<R: Reads>(queues: Arc<Queues<R>>, reads: Arc<R>) {
    while let Some((number, id)) = queues.id().await {
        let mut read = pin!(reads.read(id));
        let result = poll_fn(|context| {
            let polled = read.as_mut().poll(context);
            // Requests that wait may allow another reader.
            if polled.is_pending() && reads.maximum() > queues.readers.load(Ordering::Relaxed) {
                queues.stream.wake();
            }
            polled
        });
        let result = result.await;
        lock(&queues.results).push_back((number, result));
        queues.has_result.notify_one();
    }
}

/// Wakes the stream when results have arrived: once for all that are there before the thread of this
/// task waits for the network again. The stream is often polled by another thread, and waking that
/// for each result takes a quarter of the CPU time of a read.
async fn announce_results<R: Reads>(queues: Arc<Queues<R>>) {
    loop {
        queues.has_result.notified().await;
        // The runtime runs every other task that is ready first.
        yield_now().await;
        queues.stream.wake();
    }
}

impl<I, T, R: Reads> Drop for Run<I, T, R> {
    fn drop(&mut self) {
        self.reads.stop();
    }
}

impl<T, R, I> Run<I, T, R>
where
    R: Reads,
    I: Iterator<Item = (T, Result<R::Id>)>,
{
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<(T, Result<R::Records>)>> {
        loop {
            if let Some(rejected) = self.take_ids() {
                return Poll::Ready(Some(rejected));
            }
            self.start_readers();
            let result = self.result().or_else(|| {
                self.queues.stream.register(context.waker());
                // One may have arrived before that.
                self.result()
            });
            if let Some((number, result)) = result {
                match self.unfinished.remove(&number).zip(result) {
                    Some(finished) => return Poll::Ready(Some(finished)),
                    None => continue,
                }
            }
            match self.tasks.poll_ended(context) {
                Poll::Ready(Some(Err(error))) if error.is_panic() => {
                    resume_unwind(error.into_panic());
                }
                // The runtime of the readers ends, so those that are left get no result.
                Poll::Ready(Some(Err(_))) => {
                    self.end_ids();
                    lock(&self.queues.ids).queue.clear();
                }
                Poll::Ready(Some(Ok(()))) => {}
                Poll::Ready(None) => return Poll::Ready(self.take_lost()),
                Poll::Pending if self.unfinished.is_empty() => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Returns the next result, and takes all that have arrived when none is left.
    fn result(&mut self) -> Option<Finished<R>> {
        if self.arrived.is_empty() {
            mem::swap(&mut self.arrived, &mut lock(&self.queues.results));
        }
        self.arrived.pop_front()
    }

    /// Takes as many ids as fit, for the readers. Returns one that is not valid.
    fn take_ids(&mut self) -> Option<(T, Result<R::Records>)> {
        let maximum = self.reads.maximum().saturating_mul(2);
        while self.has_more && self.unfinished.len() < maximum {
            let Some((passed, id)) = self.ids.next() else {
                self.end_ids();
                break;
            };
            let id = match id {
                Ok(id) => id,
                Err(error) => return Some((passed, Err(error))),
            };
            let number = self.next_number;
            self.next_number += 1;
            self.unfinished.insert(number, passed);
            self.queues.add(number, id);
        }
        None
    }

    fn end_ids(&mut self) {
        self.has_more = false;
        self.queues.readers.store(usize::MAX, Ordering::Relaxed);
        let mut ids = lock(&self.queues.ids);
        ids.is_complete = true;
        ids.waiting.drain(..).for_each(Waker::wake);
    }

    fn start_readers(&mut self) {
        let wanted = self.reads.maximum().min(self.unfinished.len());
        while self.tasks.len() < wanted && !lock(&self.queues.ids).queue.is_empty() {
            if self.announcer.len() == 0 {
                let announcer = announce_results(Arc::clone(&self.queues));
                self.announcer.start(announcer);
            }
            let reader = read_ids(Arc::clone(&self.queues), Arc::clone(&self.reads));
            self.tasks.start(reader);
            if self.has_more {
                let readers = self.tasks.len();
                self.queues.readers.store(readers, Ordering::Relaxed);
            }
        }
    }

    /// Returns an id whose reader ended without a result.
    fn take_lost(&mut self) -> Option<(T, Result<R::Records>)> {
        let number = *self.unfinished.keys().next()?;
        let passed = self.unfinished.remove(&number)?;
        let message = "the runtime was shut down before the response arrived";
        Some((passed, Err(Error::new(ErrorKind::Stopped, message))))
    }
}

#[cfg(test)]
mod tests;
