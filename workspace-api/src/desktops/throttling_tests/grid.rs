//! Every kind of gate: a table of how well reads use it, for `benches/README.md`.

use std::time::Duration;

use super::gate::{Count, Says};
use super::reads::{Case, Use};

/// Lengths of windows in seconds; 40 is an unusual one.
const SECONDS: [u64; 8] = [1, 2, 5, 10, 30, 40, 60, 120];
const REQUESTS: [u32; 7] = [10, 20, 50, 100, 200, 600, 1_000];
const CONCURRENCY: [u32; 3] = [1, 8, 32];

/// Returns the ways to count, with aligned windows that began at several times before the run.
fn counts(window: Duration) -> Vec<Count> {
    let begun = [0, 1, 3, 5, 6, 9, 11].map(|twelfths| window * twelfths / 12);
    let mut counts = vec![Count::FromFirst, Count::Sliding, Count::Bucket];
    counts.extend(begun.map(Count::Aligned));
    counts
}

/// Returns the cases of a row in which the gate closes: it allows less than is sent without it.
fn cases(seconds: u64, says: Says, concurrency: u32) -> Vec<Case> {
    let window = Duration::from_secs(seconds);
    let mut cases = Vec::new();
    for requests in REQUESTS {
        if 40 * u64::from(requests.div_ceil(concurrency)) > 900 * seconds {
            continue;
        }
        cases.extend(counts(window).into_iter().map(|count| Case {
            count,
            requests,
            window,
            says,
            concurrency,
        }));
    }
    cases
}

/// Prints a row for each length, information and concurrency: of all sizes, ways to count and
/// beginnings, the worst and those that miss 1.08 times the ideal time or 3 % refused.
#[tokio::test(start_paused = true)]
#[ignore = "takes minutes"]
async fn the_whole_grid() {
    println!(
        "window, what a 429 says, concurrency: time ÷ ideal; refused (cases that miss the goal)"
    );
    let mut lost = 0;
    for seconds in SECONDS {
        for says in Says::ALL {
            for concurrency in CONCURRENCY {
                let mut runs = Vec::new();
                for case in cases(seconds, says, concurrency) {
                    let used = case.run().await;
                    lost += used.lost;
                    runs.push((case, used));
                }
                let slow = worst(&runs, |used| used.ratio, 1.08);
                let refused = worst(&runs, |used| used.refused, 0.03);
                println!("{seconds} s, {says:?}, {concurrency}: {slow}; {refused}");
            }
        }
    }
    assert_eq!(lost, 0);
}

/// Returns the worst measure with its case, and the number of cases above the limit.
fn worst(runs: &[(Case, Use)], measure: fn(&Use) -> f64, limit: f64) -> String {
    let by_measure =
        |one: &&(Case, Use), other: &&(Case, Use)| measure(&one.1).total_cmp(&measure(&other.1));
    let Some((case, used)) = runs.iter().max_by(by_measure) else {
        return "no gate closes".to_owned();
    };
    let above = runs.iter().filter(|(_, used)| measure(used) > limit);
    format!(
        "{:.3} at {:?} {} ({} of {})",
        measure(used),
        case.count,
        case.requests,
        above.count(),
        runs.len(),
    )
}
