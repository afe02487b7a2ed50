//! Gates whose minutes begin at fixed times, however long before a run the first one has begun.

use std::time::Duration;

use super::MINUTE;
use super::gate::{Count, Says};
use super::reads::Case;

#[tokio::test(start_paused = true)]
async fn a_minute_that_began_at_any_time_is_used() {
    for requests in [100, 200, 300] {
        for seconds in (0..60).step_by(3) {
            let case = Case {
                count: Count::Aligned(Duration::from_secs(seconds)),
                requests,
                window: MINUTE,
                says: Says::Nothing,
                concurrency: 8,
            };
            let used = case.run().await;
            let is_good = used.ratio <= 1.08 && used.refused <= 0.036;
            assert!(used.lost == 0 && is_good, "{case:?}: {used:?}");
        }
    }
}
