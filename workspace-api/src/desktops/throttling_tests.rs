//! Bulk runs through gates that allow a number of requests in each window, in paused time.

#![allow(clippy::unwrap_used)]

mod gate;
mod grid;
mod lengths;
mod offsets;
mod reads;
mod writes;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::http::Throttled;
use gate::{Count, Gate, Says};
use reads::{Case, read};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn reads_use_what_a_gate_allows_and_are_seldom_refused() {
    for count in Count::all(MINUTE) {
        for says in Says::ALL {
            for requests in [10, 50, 60, 100, 200, 600, 1_000] {
                let case = Case {
                    count,
                    requests,
                    window: MINUTE,
                    says,
                    concurrency: 8,
                };
                let used = case.run().await;
                assert!(used.lost == 0 && used.ratio <= 1.07, "{case:?}: {used:?}");
                // To learn ten requests in a minute takes as many refusals as to learn a thousand.
                let refused = if requests <= 50 { 0.04 } else { 0.03 };
                assert!(used.refused <= refused, "{case:?}: {used:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_window_that_was_partly_used_is_observed() {
    for (count, requests, minutes) in [
        (Count::FromFirst, 200, 1),
        (Count::Aligned(MINUTE * 5 / 12), 200, 1),
        (Count::FromFirst, 100, 2),
    ] {
        let gate = Gate::new(count, requests, MINUTE * minutes, Says::Nothing);
        // Another program was here before.
        for _ in 0..requests / 2 {
            gate.count().unwrap();
        }
        let reads = requests * 9 / 2;
        let done = read(&gate, reads, 8, None).await;
        assert_eq!(done.succeeded, reads);
        let ratio = done.seconds / gate.ideal(5 * requests, 8);
        assert!(ratio <= 1.1, "{count:?} {requests}: {ratio}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_gate_that_others_use_too_is_shared() {
    for count in Count::all(MINUTE) {
        let gate = Gate::minute(count, 200, Says::Window);
        let (mine, others) = (read(&gate, 500, 8, None), read(&gate, 500, 8, None));
        let (mine, others) = futures_util::join!(mine, others);
        assert_eq!((mine.succeeded, others.succeeded), (500, 500), "{count:?}");
        let ratio = mine.seconds / gate.ideal(1_000, 8);
        assert!(ratio < 1.25, "{count:?}: {ratio}");
    }
}

#[tokio::test(start_paused = true)]
async fn long_pauses_are_reported_once() {
    let gate = Gate::minute(Count::FromFirst, 200, Says::Window);
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let reported = Arc::clone(&pauses);
    let report = move |throttled: Throttled| {
        reported.lock().unwrap().push(throttled.wait.as_secs());
    };
    read(&gate, 1_000, 8, Some(Arc::new(report))).await;
    assert_eq!(*pauses.lock().unwrap(), [59, 59, 59, 59]);
}
