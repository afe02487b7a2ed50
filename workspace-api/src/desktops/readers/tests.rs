//! Readers without a service: how many there are, and the end of the stream.

use std::future::pending;
use std::task::Wake;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::timeout;

use super::*;

/// Reads that wait for good, each of which allows another one, up to four.
#[derive(Default)]
struct Waiting(AtomicUsize);

impl Reads for Waiting {
    type Id = usize;
    type Records = ();

    async fn read(&self, _: usize) -> Option<Result<()>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        pending().await
    }

    fn maximum(&self) -> usize {
        1 + self.0.load(Ordering::Relaxed).min(3)
    }

    fn stop(&self) {}
}

/// Reads that end at once; after the third one, the run is stopped.
#[derive(Default)]
struct Stopping(AtomicUsize);

impl Reads for Stopping {
    type Id = usize;
    type Records = usize;

    async fn read(&self, id: usize) -> Option<Result<usize>> {
        (self.0.fetch_add(1, Ordering::Relaxed) < 3).then_some(Ok(id))
    }

    fn maximum(&self) -> usize {
        2
    }

    fn stop(&self) {}
}

#[tokio::test(start_paused = true)]
async fn reads_that_wait_allow_others() {
    let reads = Arc::new(Waiting::default());
    let ids = (0..100).map(|id| ((), Ok(id)));
    let mut results = Box::pin(read_concurrently(ids, Arc::clone(&reads)));
    let result = timeout(Duration::from_secs(1), results.next()).await;
    assert!(result.is_err());
    assert_eq!(reads.0.load(Ordering::Relaxed), 4);
}

#[tokio::test]
async fn a_stopped_run_ends_without_further_results() {
    let reads = Arc::new(Stopping::default());
    let ids = (0..10).map(|id| (id, Ok(id)));
    let results: Vec<_> = read_concurrently(ids, reads).collect().await;
    let read = results.into_iter().map(|(passed, id)| (passed, id.ok()));
    assert!(read.eq((0..3).map(|id| (id, Some(id)))));
}

#[tokio::test]
async fn an_id_that_is_not_valid_is_not_read() {
    let reads = Arc::new(Stopping::default());
    let ids = (0..2).map(|id| {
        let error = Error::new(ErrorKind::InvalidInput, "no id");
        (id, if id == 0 { Err(error) } else { Ok(id) })
    });
    let results: Vec<_> = read_concurrently(ids, Arc::clone(&reads)).collect().await;
    let valid: Vec<_> = results
        .iter()
        .map(|(id, result)| (*id, result.is_ok()))
        .collect();
    assert_eq!(valid, [(0, false), (1, true)]);
    assert_eq!(reads.0.load(Ordering::Relaxed), 1);
}

/// Reads that end at once, and are counted.
#[derive(Default)]
struct Counted(AtomicUsize);

impl Reads for Counted {
    type Id = usize;
    type Records = ();

    async fn read(&self, _: usize) -> Option<Result<()>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Some(Ok(()))
    }

    fn maximum(&self) -> usize {
        4
    }

    fn stop(&self) {}
}

/// Keeps how many reads had ended when the stream was woken.
struct Woken {
    reads: Arc<Counted>,
    ended: Mutex<Option<usize>>,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        *lock(&self.ended) = Some(self.reads.0.load(Ordering::Relaxed));
    }
}

#[tokio::test]
async fn results_that_arrive_together_wake_the_stream_once() {
    let reads = Arc::new(Counted::default());
    let woken = Arc::new(Woken {
        reads: Arc::clone(&reads),
        ended: Mutex::default(),
    });
    let ids = (0..8).map(|id| ((), Ok(id)));
    let mut results = Box::pin(read_concurrently(ids, reads));
    let waker = Waker::from(Arc::clone(&woken));
    let polled = results.poll_next_unpin(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
    while lock(&woken.ended).is_none() {
        yield_now().await;
    }
    assert_eq!(*lock(&woken.ended), Some(8));
}
