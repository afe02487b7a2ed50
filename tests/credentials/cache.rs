//! Cached credentials: fetched once, refreshed before expiry, and used until they expire.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::Semaphore;
use tokio::time::Instant;
use workspace_api::credentials::{
    CachedCredentials, Clock, Credentials, CredentialsFuture, Error, ProvideCredentials,
};

use crate::SK;
use crate::iam::failed_login;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn keys(name: &str, expires_at: u64) -> Credentials {
    Credentials::temporary(name, SK, "TOKEN")
        .unwrap()
        .with_expiry(at(expires_at))
}

/// A provider that returns the results of a test in order, and waits while the test holds it.
#[derive(Default)]
struct ScriptedProvider {
    results: Mutex<VecDeque<Result<Credentials, Error>>>,
    fetches: AtomicUsize,
    hold: Mutex<Option<Arc<Semaphore>>>,
}

impl ProvideCredentials for ScriptedProvider {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async {
            self.fetches.fetch_add(1, Ordering::Relaxed);
            let hold = self.hold.lock().unwrap().clone();
            if let Some(hold) = hold {
                // Waits until the semaphore is closed, after which no fetch waits.
                let _ = hold.acquire().await;
            }
            self.results
                .lock()
                .unwrap()
                .pop_front()
                .expect("no result is left")
        })
    }
}

struct Test {
    provider: Arc<ScriptedProvider>,
    now: Arc<AtomicU64>,
    cached: Arc<CachedCredentials>,
}

impl Test {
    fn new(results: impl IntoIterator<Item = Result<Credentials, Error>>) -> Self {
        let provider = Arc::new(ScriptedProvider {
            results: Mutex::new(results.into_iter().collect()),
            ..ScriptedProvider::default()
        });
        let now = Arc::new(AtomicU64::new(0));
        let clock = Clock::new({
            let now = now.clone();
            move || at(now.load(Ordering::Relaxed))
        });
        let cached = Arc::new(CachedCredentials::with_clock(provider.clone(), clock));
        Self {
            provider,
            now,
            cached,
        }
    }

    /// Lets the time pass, on the clock and for pauses. The time of the runtime must be paused.
    async fn get_at(&self, seconds: u64) -> Result<Credentials, Error> {
        let before = self.now.swap(seconds, Ordering::Relaxed);
        if seconds > before {
            tokio::time::advance(Duration::from_secs(seconds - before)).await;
        }
        self.cached.get().await
    }

    fn fetches(&self) -> usize {
        self.provider.fetches.load(Ordering::Relaxed)
    }

    fn hold(&self) -> Arc<Semaphore> {
        let hold = Arc::new(Semaphore::new(0));
        *self.provider.hold.lock().unwrap() = Some(hold.clone());
        hold
    }

    fn start(&self, calls: usize) -> Vec<tokio::task::JoinHandle<Result<Credentials, Error>>> {
        let call = |_| {
            let cached = self.cached.clone();
            tokio::spawn(async move { cached.get().await })
        };
        (0..calls).map(call).collect()
    }
}

/// Lets every task run until it waits. The runtime of the tests has one thread.
async fn run_until_idle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

fn failure() -> Error {
    Error::provider("the vault is sealed")
}

#[tokio::test]
async fn concurrent_callers_share_one_fetch() {
    let test = Test::new([Ok(keys("FIRST", HOUR))]);
    let hold = test.hold();
    let calls = test.start(500);
    run_until_idle().await;
    hold.close();
    for call in calls {
        assert!(call.await.unwrap().unwrap() == keys("FIRST", HOUR));
    }
    assert_eq!(test.fetches(), 1);
}

#[tokio::test]
async fn concurrent_callers_share_one_failed_fetch() {
    let test = Test::new([Err(failure()), Ok(keys("SECOND", HOUR))]);
    let hold = test.hold();
    let calls = test.start(500);
    run_until_idle().await;
    hold.close();
    for call in calls {
        assert!(matches!(call.await.unwrap(), Err(Error::Provider(_))));
    }
    assert_eq!(test.fetches(), 1);
    hold.close();
    assert!(test.get_at(0).await.is_ok());
}

#[tokio::test]
async fn the_next_call_fetches_after_the_fetching_call_is_dropped() {
    let test = Test::new([Ok(keys("FIRST", HOUR))]);
    let hold = test.hold();
    let mut calls = test.start(3);
    run_until_idle().await;
    calls.remove(0).abort();
    run_until_idle().await;
    hold.close();
    for call in calls {
        assert!(call.await.unwrap().is_ok());
    }
    assert_eq!(test.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn long_lived_keys_are_refreshed_40_minutes_before_expiry() {
    let test = Test::new([Ok(keys("FIRST", 6 * HOUR)), Ok(keys("SECOND", 12 * HOUR))]);
    assert!(test.get_at(0).await.unwrap() == keys("FIRST", 6 * HOUR));
    assert!(test.get_at(5 * HOUR + 20 * MINUTE - 1).await.unwrap() == keys("FIRST", 6 * HOUR));
    assert_eq!(test.fetches(), 1);
    assert!(test.get_at(5 * HOUR + 20 * MINUTE).await.unwrap() == keys("SECOND", 12 * HOUR));
    assert_eq!(test.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn short_lived_keys_are_refreshed_after_three_quarters_of_their_lifetime() {
    let test = Test::new([Ok(keys("FIRST", 20 * MINUTE)), Ok(keys("SECOND", HOUR))]);
    assert!(test.get_at(0).await.unwrap() == keys("FIRST", 20 * MINUTE));
    assert!(test.get_at(15 * MINUTE - 1).await.unwrap() == keys("FIRST", 20 * MINUTE));
    assert!(test.get_at(15 * MINUTE).await.unwrap() == keys("SECOND", HOUR));
}

#[tokio::test(start_paused = true)]
async fn credentials_without_expiry_are_fetched_once() {
    let test = Test::new([Ok(Credentials::access_key("AK", SK).unwrap())]);
    assert!(test.get_at(0).await.is_ok());
    assert!(test.get_at(100 * 365 * 24 * HOUR).await.is_ok());
}

#[tokio::test]
async fn a_refresh_delays_only_one_call() {
    let test = Test::new([Ok(keys("FIRST", 6 * HOUR)), Ok(keys("SECOND", 12 * HOUR))]);
    test.get_at(0).await.unwrap();
    test.now.store(5 * HOUR + 30 * MINUTE, Ordering::Relaxed);
    let hold = test.hold();
    let delayed = test.start(1);
    run_until_idle().await;
    for call in test.start(100) {
        assert!(call.await.unwrap().unwrap() == keys("FIRST", 6 * HOUR));
    }
    hold.close();
    for call in delayed {
        assert!(call.await.unwrap().unwrap() == keys("SECOND", 12 * HOUR));
    }
    assert_eq!(test.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failed_refresh_is_not_an_error_while_the_keys_are_valid() {
    let results = [
        Ok(keys("FIRST", 6 * HOUR)),
        Err(failure()),
        Err(failure()),
        Err(failure()),
        Ok(keys("LAST", 9 * HOUR)),
    ];
    let test = Test::new(results);
    test.get_at(0).await.unwrap();
    let late = 5 * HOUR + 30 * MINUTE;
    // One fetch a minute.
    for (seconds, fetches) in [(late, 2), (late + 59, 2), (late + 60, 3), (6 * HOUR - 1, 4)] {
        assert!(test.get_at(seconds).await.unwrap() == keys("FIRST", 6 * HOUR));
        assert_eq!(test.fetches(), fetches, "{seconds}");
    }
    // The keys have expired, so the next fetch does not wait for the minute.
    assert!(test.get_at(6 * HOUR).await.unwrap() == keys("LAST", 9 * HOUR));
}

#[tokio::test(start_paused = true)]
async fn a_failed_refresh_is_an_error_after_the_keys_expired() {
    let test = Test::new([Ok(keys("FIRST", HOUR)), Err(failure()), Err(failure())]);
    test.get_at(0).await.unwrap();
    assert!(test.get_at(HOUR - 1).await.is_ok());
    assert!(matches!(test.get_at(HOUR).await, Err(Error::Provider(_))));
}

/// The delay is 5 minutes after a rejection, that of `Retry-After` up to 5 minutes, and otherwise a
/// minute. It also applies if the keys expire meanwhile.
#[tokio::test]
async fn a_failed_refresh_delays_the_next_fetch() {
    let rejected = failed_login(401, &[]).await;
    let throttled = failed_login(429, &[("Retry-After", "200")]).await;
    let throttled_long = failed_login(429, &[("Retry-After", "20000")]).await;
    let server_error = failed_login(500, &[("Retry-After", "1")]).await;
    tokio::time::pause();
    for (error, delay) in [
        (rejected, 5 * MINUTE),
        (throttled, 200),
        (throttled_long, 5 * MINUTE),
        (server_error, MINUTE),
    ] {
        let name = format!("{delay} s after {:?}", error.retry_after());
        let results = [
            Ok(keys("FIRST", 6 * HOUR)),
            Err(error.clone()),
            Ok(keys("LAST", 9 * HOUR)),
        ];
        let test = Test::new(results.clone());
        test.get_at(0).await.unwrap();
        let late = 5 * HOUR + 30 * MINUTE;
        for (seconds, fetches) in [(late, 2), (late + delay - 1, 2), (late + delay, 3)] {
            assert!(test.get_at(seconds).await.is_ok(), "{name}");
            assert_eq!(test.fetches(), fetches, "{name}: {seconds}");
        }

        let expiry = 6 * HOUR;
        let test = Test::new(results);
        test.get_at(0).await.unwrap();
        assert!(test.get_at(expiry - 1).await.is_ok(), "{name}");
        if delay > MINUTE {
            assert!(test.get_at(expiry + delay - 2).await.is_err(), "{name}");
        }
        assert_eq!(test.fetches(), 2, "{name}");
        assert!(test.get_at(expiry + delay - 1).await.is_ok(), "{name}");
        assert_eq!(test.fetches(), 3, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_times_out_after_10_seconds_while_the_keys_are_valid() {
    let test = Test::new([Ok(keys("FIRST", HOUR))]);
    test.get_at(0).await.unwrap();
    test.hold();
    test.now.store(HOUR - 1, Ordering::Relaxed);
    let start = Instant::now();
    assert!(test.cached.get().await.unwrap() == keys("FIRST", HOUR));
    assert_eq!(start.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn expired_credentials_are_an_error() {
    let test = Test::new([Ok(keys("FIRST", HOUR))]);
    let error = test.get_at(HOUR).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the credentials expired at 1970-01-01T01:00:00Z. Get new ones."
    );
}

/// Only expiry is a time of day. A pause that ended by the clock would last a day here.
#[tokio::test]
async fn a_clock_that_is_put_back_does_not_prolong_a_pause() {
    let day = 24 * HOUR;
    let rejected = failed_login(401, &[]).await;
    tokio::time::pause();
    let test = Test::new([Err(rejected.clone()), Ok(keys("LAST", 3 * day))]);
    test.now.store(2 * day, Ordering::Relaxed);
    assert!(test.cached.get().await.is_err());
    test.now.store(day, Ordering::Relaxed);
    for (seconds, fetches) in [(5 * MINUTE - 1, 1), (1, 2)] {
        tokio::time::advance(Duration::from_secs(seconds)).await;
        assert_eq!(test.cached.get().await.is_ok(), fetches == 2);
        assert_eq!(test.fetches(), fetches);
    }

    // The same for the pause after a failed refresh.
    let results = [
        Ok(keys("FIRST", HOUR)),
        Err(rejected),
        Ok(keys("LAST", 3 * day)),
    ];
    let test = Test::new(results);
    test.cached.get().await.unwrap();
    test.now.store(HOUR - 1, Ordering::Relaxed);
    test.cached.get().await.unwrap();
    test.now.store(HOUR - 2, Ordering::Relaxed);
    tokio::time::advance(Duration::from_secs(5 * MINUTE)).await;
    assert!(test.cached.get().await.unwrap() == keys("LAST", 3 * day));
}
