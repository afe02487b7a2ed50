//! Bulk runs through gates that allow a number of requests in each window, in paused time.

#![allow(clippy::unwrap_used)]

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::time::{Instant, sleep};

use super::batch_operation::{BatchOperation, BatchResponse};
use super::paced::send_paced;
use super::rate_limiter::{Limits, RateLimiter};
use crate::http::{OnThrottled, Throttled};
use crate::types::DesktopId;
use crate::{BatchOutcome, BatchOutcomes, Client, Desktops, Error, ErrorKind, Result, RetryPolicy};

/// How a gate counts.
#[derive(Clone, Copy, Debug)]
enum Count {
    /// In windows that begin with the first request after the one before.
    FromFirst,
    /// In windows that begin at fixed times: the first has begun this long ago.
    Aligned(Duration),
    /// In the time before each request.
    Sliding,
    /// In a bucket that refills evenly.
    Bucket,
}

struct Gate {
    count: Count,
    requests: usize,
    window: Duration,
    /// Text that names the policy, or nothing.
    message: String,
    /// Whether a 429 says when the next request passes.
    names_delay: bool,
    created: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    accepted: VecDeque<Instant>,
    total: usize,
    refused: usize,
}

impl Gate {
    fn new(count: Count, requests: usize, minutes: u32) -> Arc<Self> {
        Arc::new(Self::naming_window(count, requests, minutes))
    }

    fn naming_window(count: Count, requests: usize, minutes: u32) -> Self {
        Self {
            count,
            requests,
            window: Duration::from_secs(60) * minutes,
            message: format!("policy user over ratelimit,limit:{requests},time:{minutes} minute"),
            names_delay: false,
            created: Instant::now(),
            state: Mutex::default(),
        }
    }

    /// Counts a request, which takes a while.
    async fn pass(&self) -> Result<()> {
        sleep(Duration::from_millis(20)).await;
        let result = self.count(Instant::now());
        sleep(Duration::from_millis(20)).await;
        result
    }

    fn count(&self, now: Instant) -> Result<()> {
        let mut state = self.state.lock().unwrap();
        let accepted = &mut state.accepted;
        let is_open = match self.count {
            Count::FromFirst => {
                if accepted
                    .front()
                    .is_some_and(|first| now - *first >= self.window)
                {
                    accepted.clear();
                }
                accepted.len() < self.requests
            }
            Count::Aligned(begun) => {
                let index = |time: Instant| {
                    (time - self.created + begun).as_millis() / self.window.as_millis()
                };
                if accepted
                    .front()
                    .is_some_and(|first| index(*first) < index(now))
                {
                    accepted.clear();
                }
                accepted.len() < self.requests
            }
            Count::Sliding => {
                while accepted
                    .front()
                    .is_some_and(|first| now - *first >= self.window)
                {
                    accepted.pop_front();
                }
                accepted.len() < self.requests
            }
            Count::Bucket => {
                // Virtual scheduling: each request takes its share of the window.
                let share = self.window / u32::try_from(self.requests).unwrap();
                let free = accepted.back().copied().unwrap_or(now).max(now);
                let is_open = free + share <= now + self.window;
                if is_open {
                    *accepted = VecDeque::from([free + share]);
                    state.total += 1;
                    return Ok(());
                }
                false
            }
        };
        if is_open {
            accepted.push_back(now);
            state.total += 1;
            return Ok(());
        }
        state.refused += 1;
        let error = Error::builder(ErrorKind::TooManyRequests).message(self.message.clone());
        Err(if self.names_delay {
            let delay = self.opening(&state.accepted, now) - now;
            let whole_seconds = Duration::from_secs_f64(delay.as_secs_f64().ceil());
            error.retry_after(whole_seconds).build()
        } else {
            error.build()
        })
    }

    /// Returns when a closed gate opens again.
    fn opening(&self, accepted: &VecDeque<Instant>, now: Instant) -> Instant {
        match self.count {
            Count::FromFirst | Count::Sliding => accepted[0] + self.window,
            Count::Aligned(begun) => {
                let ended = (now - self.created + begun).as_millis() / self.window.as_millis();
                self.created + self.window * u32::try_from(ended + 1).unwrap() - begun
            }
            Count::Bucket => {
                let share = self.window / u32::try_from(self.requests).unwrap();
                accepted[0] + share - self.window
            }
        }
    }

    /// Returns the seconds that `requests` take at least.
    fn ideal(&self, requests: usize) -> f64 {
        let later = requests.div_ceil(self.requests) - 1;
        let windows = self.window.as_secs_f64() * f64::from(u32::try_from(later).unwrap());
        match self.count {
            Count::Aligned(begun) => windows - begun.as_secs_f64(),
            _ => windows,
        }
    }

    fn refused(&self) -> usize {
        self.state.lock().unwrap().refused
    }
}

/// Reads through a gate, 8 concurrently. Returns the seconds and how many reads succeeded.
async fn read(gate: &Gate, reads: usize, on_throttled: Option<OnThrottled>) -> (f64, usize) {
    read_with(gate, reads, 8, on_throttled).await
}

/// The same with another concurrency.
async fn read_with(
    gate: &Gate,
    reads: usize,
    concurrency: usize,
    on_throttled: Option<OnThrottled>,
) -> (f64, usize) {
    let limits = Arc::new(Limits::new(concurrency, None));
    let limiter = RateLimiter::new(concurrency, limits, on_throttled);
    let started = Instant::now();
    let reads = stream::iter(0..reads)
        .map(|_| send_paced(&limiter, RetryPolicy::default(), |_| gate.pass()))
        .buffer_unordered(4 * concurrency);
    let mut reads = std::pin::pin!(reads);
    let mut succeeded = 0;
    while let Some(sent) = reads.next().await {
        match sent {
            Some((_, Ok(()))) => succeeded += 1,
            // As the stream of records does.
            Some((_, Err(_))) => limiter.stop(),
            None => {}
        }
    }
    (started.elapsed().as_secs_f64(), succeeded)
}

const BEGUN: Duration = Duration::from_secs(25);
const COUNTS: [Count; 4] = [
    Count::FromFirst,
    Count::Aligned(BEGUN),
    Count::Sliding,
    Count::Bucket,
];

/// What a 429 says.
#[derive(Clone, Copy, Debug)]
enum Says {
    Window,
    Delay,
    Nothing,
}

const SAYS: [Says; 3] = [Says::Window, Says::Delay, Says::Nothing];

/// Returns a gate of this many requests in a minute.
fn minute(count: Count, requests: usize, says: Says) -> Arc<Gate> {
    let mut gate = Gate::naming_window(count, requests, 1);
    if !matches!(says, Says::Window) {
        gate.message.clear();
    }
    gate.names_delay = matches!(says, Says::Delay);
    Arc::new(gate)
}

#[tokio::test(start_paused = true)]
async fn reads_use_what_a_gate_allows_and_are_seldom_refused() {
    for (count, says) in COUNTS
        .into_iter()
        .flat_map(|count| SAYS.map(|says| (count, says)))
    {
        for requests in [10, 50, 60, 100, 200, 600, 1_000] {
            let reads = 1_000.max(5 * requests);
            let gate = minute(count, requests, says);
            let (seconds, succeeded) = read(&gate, reads, None).await;
            assert_eq!(succeeded, reads, "{count:?} {says:?} {requests}");
            let (ratio, refused) = (seconds / gate.ideal(reads), gate.refused());
            assert!(ratio <= 1.08, "{count:?} {says:?} {requests}: {ratio}");
            // To learn ten requests in a minute takes as many refusals as to learn a thousand.
            let thousandths = if requests == 10 { 40 } else { 30 };
            assert!(
                refused * 1_000 <= reads * thousandths,
                "{count:?} {says:?} {requests}: {refused}"
            );
        }
    }
}

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
    for (count, says) in COUNTS
        .into_iter()
        .flat_map(|count| SAYS.map(|says| (count, says)))
    {
        for (requests, desktops) in [(10, 10_000), (50, 30_000), (60, 30_000), (100, 30_000)] {
            let gate = minute(count, requests, says);
            let (seconds, outcome) = unbind(&gate, desktops, RetryPolicy::default()).await;
            assert_eq!(outcome.succeeded().count(), desktops);
            let batches = desktops / 100;
            assert_eq!(gate.state.lock().unwrap().total, batches);
            // The requests of the last window take a while.
            let last = 0.04 * f64::from(u32::try_from(requests).unwrap());
            let ratio = seconds / (gate.ideal(batches) + last);
            assert!(ratio <= 1.08, "{count:?} {says:?} {requests}: {ratio}");
            let refused = gate.refused();
            assert!(refused < 70, "{count:?} {says:?} {requests}: {refused}");
        }
    }
}

/// The command sends a long list in parts of 100 batches.
#[tokio::test(start_paused = true)]
async fn a_part_of_a_list_begins_with_what_the_part_before_learned() {
    for count in COUNTS {
        let gate = Gate::new(count, 100, 1);
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
        let ratio = started.elapsed().as_secs_f64() / (gate.ideal(300) + 100.0 * 0.04);
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
async fn a_window_that_was_partly_used_is_observed() {
    for (count, requests, minutes) in [
        (Count::FromFirst, 200, 1),
        (Count::Aligned(BEGUN), 200, 1),
        (Count::FromFirst, 100, 2),
    ] {
        let gate = Gate {
            message: String::new(),
            ..Gate::naming_window(count, requests, minutes)
        };
        // Another program was here before.
        for _ in 0..requests / 2 {
            gate.count(Instant::now()).unwrap();
        }
        let reads = requests * 9 / 2;
        let (seconds, succeeded) = read(&gate, reads, None).await;
        assert_eq!(succeeded, reads);
        let ratio = seconds / gate.ideal(5 * requests);
        assert!(ratio <= 1.1, "{count:?} {requests}: {ratio}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_gate_that_others_use_too_is_shared() {
    for count in COUNTS {
        let gate = Gate::new(count, 200, 1);
        let (mine, others) = (read(&gate, 500, None), read(&gate, 500, None));
        let ((seconds, mine), (_, others)) = futures_util::join!(mine, others);
        assert_eq!((mine, others), (500, 500), "{count:?}");
        let ratio = seconds / gate.ideal(1_000);
        assert!(ratio < 1.25, "{count:?}: {ratio}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_window_that_is_longer_than_the_total_time_ends_a_run() {
    let gate = Gate::new(Count::FromFirst, 2, 5);
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

    let gate = Gate::new(Count::FromFirst, 2, 5);
    let (seconds, succeeded) = read(&gate, 100, None).await;
    assert!(seconds < 1.0, "{seconds}");
    assert_eq!(succeeded, 2);
}

#[tokio::test(start_paused = true)]
async fn a_gate_that_stays_closed_is_tried_for_the_total_time() {
    for message in ["", "limit:200,time:1 minute"] {
        let gate = Arc::new(Gate {
            message: message.to_owned(),
            ..Gate::naming_window(Count::FromFirst, 0, 1)
        });
        let (seconds, outcome) = unbind(&gate, 500, RetryPolicy::default()).await;
        assert!((60.0..=122.4).contains(&seconds), "{message}: {seconds}");
        assert!(gate.refused() <= 14, "{message}: {}", gate.refused());
        let counts = (outcome.failed().count(), outcome.not_sent().count());
        assert_eq!(counts, (100, 400));
        let error = outcome.desktops[0].outcome.error().unwrap().to_string();
        assert!(error.contains("still throttled after 2 minutes"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_the_wait_at_a_closed_gate() {
    for message in ["", "limit:1,time:1 minute"] {
        let gate = Arc::new(Gate {
            message: message.to_owned(),
            ..Gate::naming_window(Count::FromFirst, 1, 1)
        });
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

#[tokio::test(start_paused = true)]
async fn long_pauses_are_reported_once() {
    let gate = Gate::new(Count::FromFirst, 200, 1);
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let reported = Arc::clone(&pauses);
    let report = move |throttled: Throttled| {
        reported.lock().unwrap().push(throttled.wait.as_secs());
    };
    read(&gate, 1_000, Some(Arc::new(report))).await;
    assert_eq!(*pauses.lock().unwrap(), [59, 59, 59, 59]);
}

mod lengths;
mod offsets;
