//! Runs in batches through a gate: no batch is lost, sent twice or waited for without end.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::MINUTE;
use super::gate::{Count, Gate, Says};
use super::reads::read;
use crate::desktops::batch_operation::{BatchOperation, BatchResponse};
use crate::types::DesktopId;
use crate::{BatchOutcome, BatchOutcomes, Client, Desktops, ErrorKind, Result, RetryPolicy};

/// Unbinds desktops through a gate in batches of 100.
async fn unbind(gate: &Arc<Gate>, desktops: usize, retry: RetryPolicy) -> (f64, BatchOutcome) {
    let started = Instant::now();
    let outcome = batches(gate, desktops, retry).collect().await;
    (started.elapsed().as_secs_f64(), outcome)
}

fn batches(gate: &Arc<Gate>, desktops: usize, retry: RetryPolicy) -> BatchOutcomes {
    part(gate, 0..desktops, &operations(retry))
}

fn operations(retry: RetryPolicy) -> Desktops {
    let client = Client::builder()
        .endpoint("http://localhost")
        .project_id("p")
        .token("t");
    client.retry(retry).build().unwrap().desktops()
}

/// Returns the batches of a part of a list, as the methods of [`Desktops`] do.
fn part(gate: &Arc<Gate>, numbers: Range<usize>, operations: &Desktops) -> BatchOutcomes {
    let ids = numbers.map(|number| format!("d{number}").parse().unwrap());
    let desktops = ids.collect();
    let limits = &operations.detach_limits;
    let operation = ThroughGate(Arc::clone(gate));
    operations
        .batches(desktops, 100, limits, Arc::default(), operation)
        .into_outcomes()
}

/// An operation that succeeds if the gate lets it pass.
struct ThroughGate(Arc<Gate>);

impl BatchOperation for ThroughGate {
    type Entry = DesktopId;
    type Body = Vec<DesktopId>;

    fn body(&self, entries: Vec<DesktopId>) -> Self::Body {
        entries
    }

    fn entries(body: Self::Body) -> Vec<DesktopId> {
        body
    }

    async fn send(&self, _: &Self::Body) -> Result<BatchResponse> {
        self.0.pass().await?;
        Ok(BatchResponse::without_report(None))
    }
}

#[tokio::test(start_paused = true)]
async fn no_batch_is_lost_at_a_gate_of_writes() {
    for (count, says) in Count::all(MINUTE)
        .into_iter()
        .flat_map(|count| Says::ALL.map(|says| (count, says)))
    {
        for (requests, desktops) in [(10, 10_000), (50, 30_000), (60, 30_000), (100, 30_000)] {
            let gate = Arc::new(Gate::minute(count, requests, says));
            let (seconds, outcome) = unbind(&gate, desktops, RetryPolicy::default()).await;
            assert_eq!(outcome.succeeded().count(), desktops);
            let batches = desktops / 100;
            assert_eq!(gate.total(), batches);
            let ratio = seconds / gate.ideal(u32::try_from(batches).unwrap(), 1);
            assert!(ratio <= 1.08, "{count:?} {says:?} {requests}: {ratio}");
            let refused = gate.refused();
            assert!(refused < 70, "{count:?} {says:?} {requests}: {refused}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_minute_of_writes_that_began_at_any_time_is_used() {
    for seconds in (1..60).step_by(5) {
        let count = Count::Aligned(Duration::from_secs(seconds));
        let gate = Arc::new(Gate::minute(count, 100, Says::Nothing));
        let (taken, outcome) = unbind(&gate, 30_000, RetryPolicy::default()).await;
        assert_eq!(outcome.succeeded().count(), 30_000);
        let ratio = taken / gate.ideal(300, 1);
        assert!(ratio <= 1.08, "{seconds}: {ratio}");
    }
}

/// The command sends a long list in parts of 100 batches.
#[tokio::test(start_paused = true)]
async fn a_part_of_a_list_begins_with_what_the_part_before_learned() {
    for count in Count::all(MINUTE) {
        let gate = Arc::new(Gate::minute(count, 100, Says::Window));
        let operations = operations(RetryPolicy::default());
        let started = Instant::now();
        let mut refused = Vec::new();
        for start in [0, 10_000, 20_000] {
            let outcome = part(&gate, start..start + 10_000, &operations)
                .collect()
                .await;
            assert_eq!(outcome.succeeded().count(), 10_000, "{count:?}");
            refused.push(gate.refused());
        }
        let ratio = started.elapsed().as_secs_f64() / gate.ideal(300, 1);
        assert!(ratio <= 1.08, "{count:?}: {ratio}");
        // The first part ends when the gate closes, the second one learns when it opens.
        let allowed = match count {
            Count::Bucket => 10,
            _ => 0,
        };
        assert!(refused[2] - refused[1] <= allowed, "{count:?}: {refused:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_window_that_is_longer_than_the_total_time_ends_a_run() {
    let gate = Arc::new(Gate::new(Count::FromFirst, 2, 5 * MINUTE, Says::Window));
    let (seconds, outcome) = unbind(&gate, 1_000, RetryPolicy::default()).await;
    assert!(seconds < 1.0, "{seconds}");
    assert_eq!(gate.refused(), 1);
    let counts = [outcome.succeeded().count(), outcome.failed().count()];
    assert_eq!((counts, outcome.not_sent().count()), ([200, 100], 700));
    let error = outcome.desktops[999].outcome.error().unwrap().to_string();
    assert!(
        error.ends_with(
            "(2 requests are allowed in 5 minutes: try again after that time, or allow a total \
             time of more than 5 minutes)"
        ),
        "{error}"
    );
    // The wait that would do, does.
    let patient = RetryPolicy::default().total_time(Duration::from_secs(301));
    let (_, outcome) = unbind(&gate, 1_000, patient).await;
    assert_eq!(outcome.succeeded().count(), 1_000);

    let gate = Gate::new(Count::FromFirst, 2, 5 * MINUTE, Says::Window);
    let done = read(&gate, 100, 8, None).await;
    assert!(done.seconds < 1.0, "{done:?}");
    assert_eq!(done.succeeded, 2);
}

#[tokio::test(start_paused = true)]
async fn a_gate_that_stays_closed_is_tried_for_the_total_time() {
    for message in ["", "limit:200,time:1 minute"] {
        let gate = Gate::minute(Count::FromFirst, 0, Says::Nothing);
        let gate = Arc::new(gate.with_message(message));
        let (seconds, outcome) = unbind(&gate, 500, RetryPolicy::default()).await;
        assert!((60.0..=122.4).contains(&seconds), "{message}: {seconds}");
        assert!(gate.refused() <= 16, "{message}: {}", gate.refused());
        let counts = (outcome.failed().count(), outcome.not_sent().count());
        assert_eq!(counts, (100, 400));
        let error = outcome.desktops[0].outcome.error().unwrap().to_string();
        assert!(error.contains("still throttled after 2 minutes"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_the_wait_at_a_closed_gate() {
    for message in ["", "limit:1,time:1 minute"] {
        let gate = Gate::minute(Count::FromFirst, 1, Says::Nothing);
        let gate = Arc::new(gate.with_message(message));
        let mut outcomes = batches(&gate, 300, RetryPolicy::default());
        let stop = outcomes.stop_handle();
        assert_eq!(outcomes.next().await.unwrap().succeeded().count(), 100);
        let started = Instant::now();
        let stopped = async {
            sleep(Duration::from_millis(200)).await;
            stop.stop();
        };
        let (outcome, ()) = futures_util::join!(outcomes.next(), stopped);
        assert!(started.elapsed() < Duration::from_millis(300), "{message}");
        let refused = gate.refused();
        let rest = outcomes.next().await.unwrap();
        for outcome in [outcome.unwrap(), rest] {
            assert_eq!(outcome.not_sent().count(), 100, "{message}");
            let error = outcome.desktops[0].outcome.error().unwrap();
            assert_eq!(error.kind(), ErrorKind::Stopped);
            assert!(!error.may_have_been_processed());
        }
        assert!(outcomes.next().await.is_none());
        assert_eq!(gate.refused(), refused);
    }
}
