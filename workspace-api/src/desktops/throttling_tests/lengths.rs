//! Gates of other lengths than a minute: what they allow is used less well, so the limits are those
//! that hold.

use super::*;

/// The worst of some runs.
#[derive(Debug, Default)]
struct Worst {
    /// Time ÷ ideal.
    ratio: f64,
    /// Refusals in a thousand requests.
    refused: usize,
}

async fn worst(seconds: u64, says: Says, concurrency: u32) -> Worst {
    let window = Duration::from_secs(seconds);
    let counts = [
        Count::FromFirst,
        Count::Aligned(window * 5 / 12),
        Count::Sliding,
        Count::Bucket,
    ];
    let mut worst = Worst::default();
    for count in counts {
        for requests in [10, 20, 50, 100, 200, 300, 600, 1_000] {
            let message = format!("limit:{requests},time:{seconds} second");
            let gate = Gate {
                window,
                message: if matches!(says, Says::Window) {
                    message
                } else {
                    String::new()
                },
                names_delay: matches!(says, Says::Delay),
                ..Gate::naming_window(count, requests, 1)
            };
            let reads = 1_000.max(5 * requests);
            let (time, succeeded) = read_with(&gate, reads, concurrency as usize, None).await;
            assert_eq!(
                succeeded, reads,
                "{count:?} {says:?} {requests} in {seconds} s"
            );
            let last = 0.04 * f64::from(u32::try_from(requests).unwrap() / concurrency);
            let ratio = time / (gate.ideal(reads) + last);
            worst.ratio = worst.ratio.max(ratio);
            worst.refused = worst.refused.max(gate.refused() * 1_000 / reads);
        }
    }
    worst
}

#[tokio::test(start_paused = true)]
async fn gates_of_other_lengths_are_used() {
    for (seconds, says, ratio, refused) in [
        (10, Says::Window, 1.04, 20),
        (10, Says::Delay, 1.53, 30),
        (10, Says::Nothing, 1.06, 30),
        (120, Says::Window, 1.05, 20),
        (120, Says::Delay, 1.36, 30),
        (120, Says::Nothing, 1.06, 40),
    ] {
        let worst = worst(seconds, says, 8).await;
        println!("{seconds} s {says:?}: {worst:?}");
        let is_good = worst.ratio <= ratio && worst.refused <= refused;
        assert!(is_good, "{seconds} s {says:?}: {worst:?}");
    }
}
