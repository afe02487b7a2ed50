//! Credentials kept for as long as they are good, and fetched once however many calls wait for them.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::timeout;
use tracing::warn;

use super::{Clock, Credentials, Error, ProvideCredentials};

/// How long a refresh ahead of time may hold up the call that makes it.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(10);
/// How long after a failed refresh ahead of time the next is made.
const REFRESH_AGAIN: Duration = Duration::from_secs(60);
/// How long a refused login is not repeated: as long as IAM locks what was refused too often. The most that a
/// `Retry-After` can hold up.
const REJECTED: Duration = Duration::from_secs(5 * 60);

/// Keeps what a provider gives, and asks it again ahead of expiry.
///
/// - However many calls wait, one asks the provider; the others get its answer, also if it is an error.
/// - While the credentials are good, a refresh holds up only the call that makes it, by 10 seconds at most, and its
///   failure is a warning. The next is made a minute later.
/// - What IAM refused with 401 is not asked for again for 5 minutes, since every try brings the account nearer to a lock.
///   What it put off by `Retry-After` is not asked for again before that time, or for 5 minutes if it says more.
/// - A call that is dropped while it asks leaves nothing behind: the next one asks.
pub struct CachedCredentials {
    provider: Arc<dyn ProvideCredentials>,
    clock: Clock,
    state: Mutex<State>,
    /// Held by the one that asks the provider.
    asking: AsyncMutex<()>,
}

#[derive(Default)]
struct State {
    current: Option<Current>,
    failed: Option<Failed>,
    /// How often the provider has answered, so that those who waited know that the answer is for them.
    answers: u64,
}

struct Current {
    credentials: Credentials,
    refresh_at: Option<SystemTime>,
}

struct Failed {
    error: Error,
    /// Until when the provider is not asked again.
    until: SystemTime,
}

impl CachedCredentials {
    /// Keeps what `provider` gives.
    pub fn new(provider: impl ProvideCredentials + 'static) -> Self {
        Self::with_clock(Arc::new(provider), Clock::default())
    }

    /// As [`new`](Self::new), with a clock of one's own.
    pub fn with_clock(provider: Arc<dyn ProvideCredentials>, clock: Clock) -> Self {
        Self {
            provider,
            clock,
            state: Mutex::default(),
            asking: AsyncMutex::new(()),
        }
    }

    /// Good credentials.
    ///
    /// # Errors
    ///
    /// The provider's, if there are none that are still good; [`Error::Expired`] if it gives some that are not.
    pub async fn get(&self) -> Result<Credentials, Error> {
        let (good, answers) = {
            let now = self.clock.now();
            let state = self.state();
            match state.good(now) {
                Some(current) if current.refresh_at.is_none_or(|at| now < at) => {
                    return Ok(current.credentials.clone());
                }
                good => (
                    good.map(|current| current.credentials.clone()),
                    state.answers,
                ),
            }
        };
        let Some(good) = good else {
            let _asking = self.asking.lock().await;
            return match self.answer_since(answers) {
                Some(answer) => answer,
                None => self.ask().await,
            };
        };
        match self.asking.try_lock() {
            Ok(_asking) if self.state().answers == answers => Ok(self.refresh(good).await),
            // Someone else is at it, or has just done it.
            _ => Ok(good),
        }
    }

    /// Other credentials than those which the service refused as expired; `None` if the provider has no others, so that
    /// the same answer would come again. However many calls bring the same credentials, the provider is asked once.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub async fn renew(&self, refused: &Credentials) -> Result<Option<Credentials>, Error> {
        {
            let mut state = self.state();
            if state
                .current
                .as_ref()
                .is_some_and(|current| current.credentials == *refused)
            {
                state.current = None;
            }
        }
        let credentials = self.get().await?;
        Ok((credentials != *refused).then_some(credentials))
    }

    /// What came while this call waited, or what still holds from before.
    fn answer_since(&self, answers: u64) -> Option<Result<Credentials, Error>> {
        let now = self.clock.now();
        let state = self.state();
        if let Some(current) = state.good(now) {
            return Some(Ok(current.credentials.clone()));
        }
        let failed = state.failed.as_ref()?;
        let holds = state.answers > answers || now < failed.until;
        holds.then(|| Err(failed.error.clone()))
    }

    async fn ask(&self) -> Result<Credentials, Error> {
        let answer = self.provider.provide().await;
        let now = self.clock.now();
        let answer = answer.and_then(|credentials| match credentials.expires_at() {
            Some(at) if at <= now => Err(Error::Expired { at }),
            _ => Ok(credentials),
        });
        let mut state = self.state();
        state.answers += 1;
        match &answer {
            Ok(credentials) => {
                let refresh_at = credentials.refresh_at(now);
                state.current = Some(Current {
                    credentials: credentials.clone(),
                    refresh_at,
                });
                state.failed = None;
            }
            Err(error) => {
                state.failed = Some(Failed {
                    error: error.clone(),
                    until: now + pause(error),
                });
            }
        }
        answer
    }

    async fn refresh(&self, current: Credentials) -> Credentials {
        let (error, wait): (Box<dyn std::error::Error>, _) =
            match timeout(REFRESH_TIMEOUT, self.ask()).await {
                Ok(Ok(credentials)) => return credentials,
                Ok(Err(error)) => {
                    let wait = pause(&error).max(REFRESH_AGAIN);
                    (Box::new(error), wait)
                }
                Err(elapsed) => (Box::new(elapsed), REFRESH_AGAIN),
            };
        warn!(error = &*error, %current, "refreshing the credentials failed; the present ones are still good");
        let again = self.clock.now() + wait;
        if let Some(current) = &mut self.state().current {
            current.refresh_at = Some(again);
        }
        current
    }

    /// Nothing panics while it holds the lock, so a poisoned state is whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long the provider is not asked again after this error.
fn pause(error: &Error) -> Duration {
    if error.is_rejected() {
        return REJECTED;
    }
    error.retry_after().unwrap_or_default().min(REJECTED)
}

impl State {
    fn good(&self, now: SystemTime) -> Option<&Current> {
        self.current
            .as_ref()
            .filter(|current| current.credentials.is_valid(now))
    }
}

impl fmt::Debug for CachedCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let current = self
            .state()
            .current
            .as_ref()
            .map(|current| current.credentials.clone());
        f.debug_struct("CachedCredentials")
            .field("current", &current)
            .finish_non_exhaustive()
    }
}
