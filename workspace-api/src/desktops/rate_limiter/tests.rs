//! The rate limiter with services that allow a certain rate, in paused time.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::ErrorKind;
use futures_util::{FutureExt, StreamExt, stream};

/// A service that allows `rate` requests per second and a burst.
struct TokenBucket {
    rate: f64,
    burst: f64,
    tokens: f64,
    filled: Instant,
}

impl TokenBucket {
    fn new(rate: f64, burst: f64) -> Self {
        Self {
            rate,
            burst,
            tokens: burst,
            filled: Instant::now(),
        }
    }

    /// Takes a token for a request; returns whether there was one.
    fn take(&mut self) -> bool {
        let now = Instant::now();
        let refilled = (now - self.filled).as_secs_f64() * self.rate;
        self.tokens = (self.tokens + refilled).min(self.burst);
        self.filled = now;
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}

/// Limits 32 concurrent requests.
fn limiter(max_rate: Option<f64>) -> RateLimiter {
    RateLimiter::new(32, Arc::new(Limits::new(32, max_rate)), None)
}

/// Sends requests until each has succeeded, 32 concurrently, again after a delay. Returns the
/// seconds that it took and the number of throttled responses.
async fn run(
    limiter: &RateLimiter,
    bucket: &Mutex<TokenBucket>,
    requests: usize,
    delay: Duration,
) -> (f64, usize) {
    let error = Error::new(ErrorKind::TooManyRequests, "");
    run_with(limiter, bucket, requests, delay, &error).await
}

async fn run_with(
    limiter: &RateLimiter,
    bucket: &Mutex<TokenBucket>,
    requests: usize,
    delay: Duration,
    error: &Error,
) -> (f64, usize) {
    let started = Instant::now();
    let throttled = Mutex::new(0);
    let all = stream::iter(0..requests).map(|_| async {
        loop {
            let permit = limiter.acquire().await.unwrap();
            tokio::time::sleep(Duration::from_millis(5)).await;
            if bucket.lock().unwrap().take() {
                return limiter.on_success(&permit);
            }
            *throttled.lock().unwrap() += 1;
            limiter.on_throttled(&permit, error);
            drop(permit);
            tokio::time::sleep(delay).await;
        }
    });
    all.buffer_unordered(4 * 32).for_each(|()| async {}).await;
    let throttled = *throttled.lock().unwrap();
    (started.elapsed().as_secs_f64(), throttled)
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_used_to_nine_tenths_and_seldom_exceeded() {
    // Timers have a resolution of a millisecond, which a burst of one does not forgive.
    for (rate, burst, delay, used_at_least) in [
        (100.0, 1.0, 1.0, 0.8),
        (100.0, 100.0, 1.0, 0.9),
        (100.0, 10.0, 0.2, 0.9),
        (10.0, 10.0, 1.0, 0.9),
    ] {
        let bucket = Mutex::new(TokenBucket::new(rate, burst));
        let limiter = limiter(None);
        let delay = Duration::from_secs_f64(delay);
        let (seconds, throttled) = run(&limiter, &bucket, 2_000, delay).await;
        let used = (2_000.0 - burst) / rate / seconds;
        assert!(
            used > used_at_least,
            "{used} of {rate} with a burst of {burst}, {throttled} throttled"
        );
        assert!(
            throttled < 100,
            "{throttled} of {rate} with a burst of {burst}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_bucket_that_holds_a_second_is_used_to_95_percent() {
    for rate in [20.0, 50.0, 100.0] {
        let bucket = Mutex::new(TokenBucket::new(rate, rate));
        let delay = Duration::from_secs(1);
        let error = Error::builder(ErrorKind::TooManyRequests).retry_after(delay);
        let error = error.build();
        let (seconds, throttled) = run_with(&limiter(None), &bucket, 3_000, delay, &error).await;
        let used = (3_000.0 - rate) / rate / seconds;
        assert!(used >= 0.95, "{used} of {rate}, {throttled} throttled");
        assert!(throttled <= 90, "{throttled} of {rate}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_rate_recovers_when_the_limit_is_gone() {
    let bucket = Mutex::new(TokenBucket::new(20.0, 20.0));
    let limiter = limiter(None);
    run(&limiter, &bucket, 500, Duration::from_secs(1)).await;
    *bucket.lock().unwrap() = TokenBucket::new(1e9, 1e9);
    run(&limiter, &bucket, 5_000, Duration::from_secs(1)).await;
    let (seconds, _) = run(&limiter, &bucket, 5_000, Duration::from_secs(1)).await;
    assert!(seconds < 10.0, "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn the_maximum_rate_is_never_exceeded() {
    let bucket = Mutex::new(TokenBucket::new(1e9, 1e9));
    let limiter = limiter(Some(50.0));
    let (seconds, _) = run(&limiter, &bucket, 1_000, Duration::ZERO).await;
    assert!((19.9..21.0).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn the_requests_in_flight_grow_with_the_successes() {
    let limiter = limiter(None);
    let (mut sent, mut passed) = (Vec::new(), 0);
    for (successes, expected) in [(0, 12), (19, 12), (20, 13), (399, 31), (400, 32), (500, 32)] {
        while passed < successes {
            limiter.on_success(&sent[0]);
            passed += 1;
        }
        while let Some(permit) = limiter.acquire().now_or_never() {
            sent.push(permit.unwrap());
        }
        assert_eq!(sent.len(), expected, "{successes}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_without_a_gate_loses_little() {
    let bucket = Mutex::new(TokenBucket::new(1e9, 1e9));
    let (seconds, _) = run(&limiter(None), &bucket, 10_000, Duration::ZERO).await;
    let ideal = 0.005 * (10_000.0_f64 / 32.0).ceil();
    assert!(seconds <= 1.03 * ideal, "{seconds} of {ideal}");
}
