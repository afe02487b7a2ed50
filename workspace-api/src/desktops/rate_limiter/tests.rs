//! The pace against services that let a certain rate through, in paused time.

#![allow(clippy::unwrap_used)]

use super::*;
use futures_util::{StreamExt, stream};

/// A service that lets `rate` calls through in a second, with some in reserve.
struct Bucket {
    rate: f64,
    reserve: f64,
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    fn new(rate: f64, reserve: f64) -> Self {
        Self {
            rate,
            reserve,
            tokens: reserve,
            filled: Instant::now(),
        }
    }

    fn take(&mut self) -> bool {
        let now = Instant::now();
        self.tokens =
            (self.tokens + (now - self.filled).as_secs_f64() * self.rate).min(self.reserve);
        self.filled = now;
        let enough = self.tokens >= 1.0;
        if enough {
            self.tokens -= 1.0;
        }
        enough
    }
}

/// How long `calls` take, 32 at a time, and how many were throttled.
async fn run(pace: &Pace, bucket: &Mutex<Bucket>, calls: usize, wait: Duration) -> (f64, usize) {
    let started = Instant::now();
    let throttled = Mutex::new(0);
    let all = stream::iter(0..calls).map(|_| async {
        loop {
            let turn = pace.turn().await.unwrap();
            tokio::time::sleep(Duration::from_millis(5)).await;
            if bucket.lock().unwrap().take() {
                return pace.answered();
            }
            *throttled.lock().unwrap() += 1;
            pace.throttled(turn);
            tokio::time::sleep(wait).await;
        }
    });
    all.buffer_unordered(4 * 32).for_each(|()| async {}).await;
    let throttled = *throttled.lock().unwrap();
    (started.elapsed().as_secs_f64(), throttled)
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_used_to_nine_tenths_and_seldom_hit() {
    for (rate, reserve, wait) in [
        (100.0, 1.0, 1.0),
        (100.0, 100.0, 1.0),
        (100.0, 10.0, 0.2),
        (10.0, 10.0, 1.0),
    ] {
        let bucket = Mutex::new(Bucket::new(rate, reserve));
        let (seconds, throttled) = run(
            &Pace::new(32, None),
            &bucket,
            2_000,
            Duration::from_secs_f64(wait),
        )
        .await;
        let used = (2_000.0 - reserve) / rate / seconds;
        assert!(
            used > 0.9,
            "{used} of {rate} with a reserve of {reserve}, {throttled} throttled"
        );
        assert!(
            throttled < 500,
            "{throttled} of {rate} with a reserve of {reserve}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn it_speeds_up_again_when_the_limit_is_gone() {
    let bucket = Mutex::new(Bucket::new(20.0, 20.0));
    let pace = Pace::new(32, None);
    run(&pace, &bucket, 500, Duration::from_secs(1)).await;
    *bucket.lock().unwrap() = Bucket::new(1e9, 1e9);
    run(&pace, &bucket, 5_000, Duration::from_secs(1)).await;
    let (seconds, _) = run(&pace, &bucket, 5_000, Duration::from_secs(1)).await;
    assert!(seconds < 10.0, "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn a_given_rate_is_never_exceeded() {
    let bucket = Mutex::new(Bucket::new(1e9, 1e9));
    let (seconds, _) = run(&Pace::new(32, Some(50.0)), &bucket, 1_000, Duration::ZERO).await;
    assert!((19.9..21.0).contains(&seconds), "{seconds}");
}
