//! Cached credentials: asked for once, refreshed ahead of time, given up only when they are over.

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

/// A provider that gives what the test has laid out, and one that waits where the test says so.
#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<Result<Credentials, Error>>>,
    asked: AtomicUsize,
    hold: Mutex<Option<Arc<Semaphore>>>,
}

impl ProvideCredentials for Script {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let hold = self.hold.lock().unwrap().clone();
            if let Some(hold) = hold {
                // Held until it is closed, which lets everyone through from then on.
                let _ = hold.acquire().await;
            }
            self.answers
                .lock()
                .unwrap()
                .pop_front()
                .expect("an answer is left")
        })
    }
}

struct Test {
    script: Arc<Script>,
    now: Arc<AtomicU64>,
    cached: Arc<CachedCredentials>,
}

impl Test {
    fn new(answers: impl IntoIterator<Item = Result<Credentials, Error>>) -> Self {
        let script = Arc::new(Script {
            answers: Mutex::new(answers.into_iter().collect()),
            ..Script::default()
        });
        let now = Arc::new(AtomicU64::new(0));
        let clock = Clock::new({
            let now = now.clone();
            move || at(now.load(Ordering::Relaxed))
        });
        let cached = Arc::new(CachedCredentials::with_clock(script.clone(), clock));
        Self {
            script,
            now,
            cached,
        }
    }

    async fn get_at(&self, seconds: u64) -> Result<Credentials, Error> {
        self.now.store(seconds, Ordering::Relaxed);
        self.cached.get().await
    }

    fn asked(&self) -> usize {
        self.script.asked.load(Ordering::Relaxed)
    }

    fn hold(&self) -> Arc<Semaphore> {
        let hold = Arc::new(Semaphore::new(0));
        *self.script.hold.lock().unwrap() = Some(hold.clone());
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

/// Lets every task run until it waits. The tests' runtime has one thread.
async fn settle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

fn failure() -> Error {
    Error::provider("the vault is sealed")
}

#[tokio::test]
async fn however_many_calls_wait_the_provider_is_asked_once() {
    let test = Test::new([Ok(keys("FIRST", HOUR))]);
    let hold = test.hold();
    let calls = test.start(500);
    settle().await;
    hold.close();
    for call in calls {
        assert!(call.await.unwrap().unwrap() == keys("FIRST", HOUR));
    }
    assert_eq!(test.asked(), 1);
}

#[tokio::test]
async fn those_who_waited_share_a_failure_and_the_next_asks_again() {
    let test = Test::new([Err(failure()), Ok(keys("SECOND", HOUR))]);
    let hold = test.hold();
    let calls = test.start(500);
    settle().await;
    hold.close();
    for call in calls {
        assert!(matches!(call.await.unwrap(), Err(Error::Provider(_))));
    }
    assert_eq!(test.asked(), 1);
    hold.close();
    assert!(test.get_at(0).await.is_ok());
}

#[tokio::test]
async fn a_dropped_call_leaves_the_question_to_the_next() {
    let test = Test::new([Ok(keys("FIRST", HOUR))]);
    let hold = test.hold();
    let mut calls = test.start(3);
    settle().await;
    calls.remove(0).abort();
    settle().await;
    hold.close();
    for call in calls {
        assert!(call.await.unwrap().is_ok());
    }
    assert_eq!(test.asked(), 2);
}

#[tokio::test]
async fn long_lived_keys_are_refreshed_40_minutes_ahead() {
    let test = Test::new([Ok(keys("FIRST", 6 * HOUR)), Ok(keys("SECOND", 12 * HOUR))]);
    assert!(test.get_at(0).await.unwrap() == keys("FIRST", 6 * HOUR));
    assert!(test.get_at(5 * HOUR + 20 * MINUTE - 1).await.unwrap() == keys("FIRST", 6 * HOUR));
    assert_eq!(test.asked(), 1);
    assert!(test.get_at(5 * HOUR + 20 * MINUTE).await.unwrap() == keys("SECOND", 12 * HOUR));
    assert_eq!(test.asked(), 2);
}

#[tokio::test]
async fn short_lived_keys_are_used_for_three_quarters_of_their_life() {
    let test = Test::new([Ok(keys("FIRST", 20 * MINUTE)), Ok(keys("SECOND", HOUR))]);
    assert!(test.get_at(0).await.unwrap() == keys("FIRST", 20 * MINUTE));
    assert!(test.get_at(15 * MINUTE - 1).await.unwrap() == keys("FIRST", 20 * MINUTE));
    assert!(test.get_at(15 * MINUTE).await.unwrap() == keys("SECOND", HOUR));
}

#[tokio::test]
async fn credentials_without_an_end_are_asked_for_once() {
    let test = Test::new([Ok(Credentials::access_key("AK", SK).unwrap())]);
    assert!(test.get_at(0).await.is_ok());
    assert!(test.get_at(100 * 365 * 24 * HOUR).await.is_ok());
}

#[tokio::test]
async fn a_refresh_ahead_of_time_holds_up_one_call_only() {
    let test = Test::new([Ok(keys("FIRST", 6 * HOUR)), Ok(keys("SECOND", 12 * HOUR))]);
    test.get_at(0).await.unwrap();
    test.now.store(5 * HOUR + 30 * MINUTE, Ordering::Relaxed);
    let hold = test.hold();
    let held_up = test.start(1);
    settle().await;
    for call in test.start(100) {
        assert!(call.await.unwrap().unwrap() == keys("FIRST", 6 * HOUR));
    }
    hold.close();
    for call in held_up {
        assert!(call.await.unwrap().unwrap() == keys("SECOND", 12 * HOUR));
    }
    assert_eq!(test.asked(), 2);
}

#[tokio::test]
async fn a_failed_refresh_is_no_error_while_the_keys_are_good() {
    let answers = [
        Ok(keys("FIRST", 6 * HOUR)),
        Err(failure()),
        Err(failure()),
        Err(failure()),
        Ok(keys("LAST", 9 * HOUR)),
    ];
    let test = Test::new(answers);
    test.get_at(0).await.unwrap();
    let late = 5 * HOUR + 30 * MINUTE;
    // One try a minute.
    for (seconds, asked) in [(late, 2), (late + 59, 2), (late + 60, 3), (6 * HOUR - 1, 4)] {
        assert!(test.get_at(seconds).await.unwrap() == keys("FIRST", 6 * HOUR));
        assert_eq!(test.asked(), asked, "{seconds}");
    }
    // Now they are over, so the minute is not waited for.
    assert!(test.get_at(6 * HOUR).await.unwrap() == keys("LAST", 9 * HOUR));
}

#[tokio::test]
async fn a_failed_refresh_is_an_error_when_the_keys_are_over() {
    let test = Test::new([Ok(keys("FIRST", HOUR)), Err(failure()), Err(failure())]);
    test.get_at(0).await.unwrap();
    assert!(test.get_at(HOUR - 1).await.is_ok());
    assert!(matches!(test.get_at(HOUR).await, Err(Error::Provider(_))));
}

/// A minute after any other failure; 5 after a refusal, or as long as `Retry-After` says if that is less. Also when the
/// keys are over before.
#[tokio::test]
async fn what_was_refused_while_the_keys_were_good_is_left_alone_for_a_while() {
    let refused = failed_login(401, &[]).await;
    let later = failed_login(429, &[("Retry-After", "200")]).await;
    let much_later = failed_login(429, &[("Retry-After", "20000")]).await;
    let soon = failed_login(500, &[("Retry-After", "1")]).await;
    for (error, pause) in [
        (refused, 5 * MINUTE),
        (later, 200),
        (much_later, 5 * MINUTE),
        (soon, MINUTE),
    ] {
        let name = format!("{pause} s after {:?}", error.retry_after());
        let answers = [
            Ok(keys("FIRST", 6 * HOUR)),
            Err(error.clone()),
            Ok(keys("LAST", 9 * HOUR)),
        ];
        let test = Test::new(answers.clone());
        test.get_at(0).await.unwrap();
        let late = 5 * HOUR + 30 * MINUTE;
        for (seconds, asked) in [(late, 2), (late + pause - 1, 2), (late + pause, 3)] {
            assert!(test.get_at(seconds).await.is_ok(), "{name}");
            assert_eq!(test.asked(), asked, "{name}: {seconds}");
        }

        let over = 6 * HOUR;
        let test = Test::new(answers);
        test.get_at(0).await.unwrap();
        assert!(test.get_at(over - 1).await.is_ok(), "{name}");
        if pause > MINUTE {
            assert!(test.get_at(over + pause - 2).await.is_err(), "{name}");
        }
        assert_eq!(test.asked(), 2, "{name}");
        assert!(test.get_at(over + pause - 1).await.is_ok(), "{name}");
        assert_eq!(test.asked(), 3, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_provider_holds_up_a_call_for_10_seconds_while_the_keys_are_good() {
    let test = Test::new([Ok(keys("FIRST", HOUR))]);
    test.get_at(0).await.unwrap();
    test.hold();
    let start = Instant::now();
    assert!(test.get_at(HOUR - 1).await.unwrap() == keys("FIRST", HOUR));
    assert_eq!(start.elapsed().as_secs(), 10);
}

#[tokio::test]
async fn credentials_that_are_over_already_are_an_error() {
    let test = Test::new([Ok(keys("FIRST", HOUR))]);
    let error = test.get_at(HOUR).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the credentials expired at 1970-01-01T01:00:00Z; get new ones"
    );
}
