//! Gates whose minutes begin at fixed times, however long before a run the first one has begun.

use std::time::Duration;

use super::MINUTE;
use super::gate::{Count, Says};
use super::reads::Case;

#[tokio::test(start_paused = true)]
async fn a_minute_that_began_at_any_time_is_used() {
    for (requests, concurrency, refused) in [
        (100, 8, 0.036),
        (200, 1, 0.03),
        (200, 8, 0.03),
        (200, 32, 0.03),
        (300, 8, 0.036),
    ] {
        // If the minute ends soon, two of them pass before the gate closes.
        for seconds in (2..60).step_by(3) {
            let case = Case {
                count: Count::Aligned(Duration::from_secs(seconds)),
                requests,
                window: MINUTE,
                says: Says::Nothing,
                concurrency,
            };
            let used = case.run().await;
            let is_good = used.ratio <= 1.08 && used.refused <= refused;
            assert!(used.lost == 0 && is_good, "{case:?}: {used:?}");
        }
    }
}

/// The gate was left alone for a minute, and then closes for less than a second.
#[tokio::test(start_paused = true)]
async fn a_gate_that_opens_a_little_later_than_expected_has_a_window() {
    for concurrency in [1, 8] {
        let case = Case {
            count: Count::Aligned(Duration::from_secs(1)),
            requests: 200,
            window: MINUTE,
            says: Says::Delay,
            concurrency,
        };
        let used = case.run().await;
        assert!(used.lost == 0 && used.ratio <= 1.01, "{case:?}: {used:?}");
    }
}
