//! Gates whose minutes begin at fixed times, however long before a run the first one has begun.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_minute_that_began_at_any_time_is_used() {
    for requests in [100, 200, 300] {
        for seconds in (0..60).step_by(3) {
            let gate = Gate {
                message: String::new(),
                ..Gate::naming_window(Count::Aligned(Duration::from_secs(seconds)), requests, 1)
            };
            let reads = 5 * requests.max(200);
            let (time, succeeded) = read_with(&gate, reads, 8, None).await;
            let ratio = time / gate.ideal(reads);
            let refused = gate.refused() * 1_000 / reads;
            // The first pause may look like half a minute, which the next window corrects.
            assert!(
                succeeded == reads && ratio <= 1.13 && refused <= 40,
                "{requests} in a minute that began {seconds} s before: {ratio} of the time, {refused} ‰ refused"
            );
        }
    }
}
