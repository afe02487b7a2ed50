//! Gates of other lengths than a minute, and runs with other concurrencies: the limits are those that
//! hold. [`grid`](super::grid) has every combination.

use std::time::Duration;

use super::gate::{Count, Says};
use super::reads::{Case, Use};

async fn worst(seconds: u64, says: Says, concurrency: u32) -> Use {
    let window = Duration::from_secs(seconds);
    let mut worst = Use::default();
    for count in Count::all(window) {
        for requests in [10, 20, 100, 200] {
            let case = Case {
                count,
                requests,
                window,
                says,
                concurrency,
            };
            let used = case.run().await;
            assert_eq!(used.lost, 0, "{case:?}");
            worst.ratio = worst.ratio.max(used.ratio);
            worst.refused = worst.refused.max(used.refused);
        }
    }
    worst
}

#[tokio::test(start_paused = true)]
async fn gates_of_other_lengths_are_used() {
    let mut missed = Vec::new();
    for (seconds, says, concurrency, ratio, refused) in [
        (10, Says::Window, 8, 1.04, 0.02),
        (10, Says::Delay, 8, 1.05, 0.03),
        // A bucket of ten requests per second is first taken for a window.
        (10, Says::Nothing, 8, 1.03, 0.035),
        (10, Says::Nothing, 1, 1.02, 0.03),
        (30, Says::Nothing, 1, 1.01, 0.03),
        // A sliding window opens as slowly as the run began.
        (30, Says::Nothing, 32, 1.01, 0.031),
        // The pauses are as short as those of a rate.
        (2, Says::Nothing, 8, 1.04, 0.04),
        (5, Says::Nothing, 8, 1.02, 0.03),
        (5, Says::Nothing, 32, 1.04, 0.05),
        // No usual length.
        (40, Says::Delay, 8, 1.05, 0.03),
        (40, Says::Nothing, 8, 1.03, 0.04),
        // All that are in flight when the gate closes are refused, fewer than 32.
        (60, Says::Window, 32, 1.04, 0.02),
        (60, Says::Delay, 32, 1.02, 0.031),
        (60, Says::Nothing, 32, 1.02, 0.038),
        (120, Says::Window, 8, 1.05, 0.02),
        (120, Says::Delay, 8, 1.02, 0.03),
        (120, Says::Nothing, 8, 1.02, 0.035),
    ] {
        let worst = worst(seconds, says, concurrency).await;
        if worst.ratio > ratio || worst.refused > refused {
            missed.push((seconds, says, concurrency, worst));
        }
    }
    assert!(missed.is_empty(), "{missed:?}");
}

/// A run that waits as long as its total time for a window that nothing names ends well.
#[tokio::test(start_paused = true)]
async fn no_read_is_lost_at_a_gate_of_two_minutes_that_began_before() {
    let window = Duration::from_secs(120);
    for (requests, begun, says, concurrency) in [
        // The first pause looks like a window of 30 or 60 seconds.
        (10, 60, Says::Nothing, 8),
        (20, 90, Says::Nothing, 8),
        (100, 90, Says::Nothing, 32),
        // The first window ends while more than a full one is remembered.
        (1_000, 90, Says::Window, 1),
    ] {
        let case = Case {
            count: Count::Aligned(Duration::from_secs(begun)),
            requests,
            window,
            says,
            concurrency,
        };
        let used = case.run().await;
        assert!(used.lost == 0 && used.ratio <= 1.05, "{case:?}: {used:?}");
    }
}
