//! The stream of concurrent reads: how far it reads ahead, and what becomes of its readers when it
//! is dropped, when one of them panics and when their runtime ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use workspace_api::{Client, DetachInfoStream, ErrorKind};

use crate::log::Log;
use crate::server::{Server, json};
use crate::{Script, Step, client, ok, send};

const CONCURRENCY: usize = 4;

/// The time in which a read that should not be sent would reach the server.
const PAUSE: Duration = Duration::from_millis(300);

fn runtimes() -> [Runtime; 2] {
    let mut one_thread = Builder::new_current_thread();
    let mut threads = Builder::new_multi_thread();
    threads.worker_threads(2);
    [&mut one_thread, &mut threads].map(|builder| builder.enable_all().build().unwrap())
}

/// Reads an endless list, and counts the ids that were taken.
fn stream(client: &Client, taken: &Arc<AtomicUsize>) -> DetachInfoStream<'static, String> {
    let taken = Arc::clone(taken);
    let ids = (0..).map(move |n: usize| {
        taken.fetch_add(1, Ordering::Relaxed);
        format!("d{n}")
    });
    let reads = client.desktops().detach_infos(ids);
    reads.concurrency(CONCURRENCY).stream()
}

fn slow() -> Script {
    vec![Step::Drip(
        json("200 OK", "", "{}"),
        Duration::from_millis(1),
    )]
}

#[test]
fn nothing_is_sent_after_the_stream_is_dropped() {
    let server_runtime = Runtime::new().unwrap();
    for runtime in runtimes() {
        let server = server_runtime.block_on(Server::start([ok(), slow()]));
        let client = client(&server);
        let mut reads = stream(&client, &Arc::default());
        let sent = runtime.block_on(async {
            for _ in 0..=CONCURRENCY {
                reads.next().await.unwrap().1.unwrap();
            }
            // Requests in flight reach the server, and their responses take longer.
            tokio::time::sleep(Duration::from_millis(50)).await;
            let sent = server.requests().len();
            drop(reads);
            tokio::time::sleep(PAUSE).await;
            sent
        });
        let received = server.requests().len();
        // Not even the ids that were taken ahead.
        assert!(received <= sent + 1, "{sent}, {received}");
    }
}

/// The futures of the readers end with the stream, not when the runtime comes to them.
#[tokio::test]
async fn requests_in_flight_are_cancelled_by_the_drop() {
    let server = Server::start([ok(), vec![Step::Stall]]).await;
    let provider = Arc::new(());
    let throttled = Arc::clone(&provider);
    let builder = crate::builder(&server).on_throttled(move |_| drop(Arc::clone(&throttled)));
    let client = builder.build().unwrap();
    let mut reads = stream(&client, &Arc::default());
    drop(client);
    reads.next().await.unwrap().1.unwrap();
    assert!(tokio::time::timeout(PAUSE, reads.next()).await.is_err());
    assert_eq!(server.requests().len(), 1 + CONCURRENCY);
    drop(reads);
    // Each reader held the client, and with it the function.
    assert_eq!(Arc::strong_count(&provider), 1);
}

#[test]
fn reads_pause_until_their_results_are_taken() {
    let server_runtime = Runtime::new().unwrap();
    for runtime in runtimes() {
        let server = server_runtime.block_on(Server::start([ok()]));
        let taken = Arc::default();
        let mut reads = stream(&client(&server), &taken);
        runtime.block_on(async {
            for results in 1..20 {
                reads.next().await.unwrap().1.unwrap();
                tokio::time::sleep(Duration::from_millis(20)).await;
                let taken = taken.load(Ordering::Relaxed);
                let waiting = taken - results;
                assert!(waiting <= 2 * CONCURRENCY, "{waiting}");
            }
        });
        assert!(server.requests().len() <= taken.load(Ordering::Relaxed));
    }
}

#[tokio::test]
#[should_panic(expected = "the program panics")]
async fn a_panic_in_a_read_is_one_of_the_stream() {
    let refusal = json("429 Too Many Requests", "retry-after: 5\r\n", "{}");
    let server = Server::start([ok(), send(refusal)]).await;
    let builder = crate::builder(&server).on_throttled(|_| panic!("the program panics"));
    let mut reads = stream(&builder.build().unwrap(), &Arc::default());
    while reads.next().await.is_some() {}
}

#[test]
fn reads_whose_runtime_ends_are_reported() {
    let server_runtime = Runtime::new().unwrap();
    for runtime in runtimes() {
        let server = server_runtime.block_on(Server::start([ok(), vec![Step::Stall]]));
        let mut reads = stream(&client(&server), &Arc::default());
        runtime.block_on(async {
            reads.next().await.unwrap().1.unwrap();
            let second = tokio::time::timeout(PAUSE, reads.next()).await;
            assert!(second.is_err());
        });
        runtime.shutdown_background();
        sleep(PAUSE);
        server_runtime.block_on(async {
            let mut lost = 0;
            while let Some((_, result)) = reads.next().await {
                assert_eq!(result.unwrap_err().kind(), ErrorKind::Stopped);
                lost += 1;
            }
            assert_eq!(lost, 2 * CONCURRENCY);
        });
    }
}

#[test]
fn the_subscriber_of_the_stream_gets_the_events_of_all_reads() {
    let server_runtime = Runtime::new().unwrap();
    for runtime in runtimes() {
        let server = server_runtime.block_on(Server::start([ok()]));
        let log = Log::default();
        let _subscription = log.subscribe();
        let client = client(&server);
        let reads = client
            .desktops()
            .detach_infos((0..50).map(|n| format!("d{n}")));
        let mut reads = reads.stream();
        runtime.block_on(async { while reads.next().await.is_some() {} });
        assert_eq!(log.count("message=succeeded"), 50);
    }
}
