//! Caches valid credentials. Concurrent callers share one fetch.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::{Instant, timeout};
use tracing::warn;

use super::{Clock, Credentials, Error, ProvideCredentials};
use crate::sync::lock;

/// Maximum time that a refresh delays the call that makes it.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(10);
/// Delay between a failed refresh and the next.
const REFRESH_RETRY_DELAY: Duration = Duration::from_secs(60);
/// IAM's lock-out time; also the upper limit for `Retry-After`.
const LOCKOUT: Duration = Duration::from_secs(5 * 60);

/// Number of rejected credentials that are remembered.
const MAX_REJECTED: usize = 8;

/// Caches the credentials of a provider and refreshes them before they expire.
///
/// - Concurrent callers share one fetch, and its error if it fails.
/// - While the credentials are valid, only the call that refreshes them waits, for at most 10
///   seconds. A failed refresh is logged as a warning and repeated after a minute.
/// - After a rejection (401), the next fetch is at least 5 minutes later, since each rejected login
///   brings the account closer to a lock-out. A `Retry-After` delays the next fetch too, by at most
///   5 minutes.
/// - Credentials that the service has [rejected](Self::renew) as expired are never returned again.
/// - If the call that fetches is dropped, the next call fetches.
pub struct CachedCredentials {
    provider: Arc<dyn ProvideCredentials>,
    clock: Clock,
    state: Mutex<CacheState>,
    /// Held by the call that fetches.
    refresh_lock: AsyncMutex<()>,
}

#[derive(Default)]
struct CacheState {
    current: Option<Current>,
    failed: Option<Failed>,
    /// The last credentials that the service rejected as expired.
    rejected: VecDeque<Credentials>,
    /// Number of completed fetches, by which a call that waited knows that one completed meanwhile.
    generation: u64,
}

#[derive(Clone)]
struct Current {
    credentials: Credentials,
    refresh_at: Option<SystemTime>,
    /// The earliest time of the next refresh, after one that failed.
    paused_until: Option<Instant>,
}

struct Failed {
    error: Error,
    /// The earliest time of the next fetch. Pauses do not depend on the time of day, which may be put
    /// back.
    until: Instant,
}

impl CachedCredentials {
    /// A cache of the credentials of `provider`.
    pub fn new(provider: impl ProvideCredentials + 'static) -> Self {
        Self::with_clock(Arc::new(provider), Clock::default())
    }

    /// Same as [`new`](Self::new), with another clock.
    pub fn with_clock(provider: Arc<dyn ProvideCredentials>, clock: Clock) -> Self {
        Self {
            provider,
            clock,
            state: Mutex::default(),
            refresh_lock: AsyncMutex::new(()),
        }
    }

    /// Returns the cached credentials, if they are valid and not due for a refresh.
    pub(crate) fn cached(&self) -> Option<Credentials> {
        let now = self.clock.now();
        let state = self.state();
        let current = state.valid(now)?;
        if current.is_refresh_due(now) {
            return None;
        }
        Some(current.credentials.clone())
    }

    /// Returns valid credentials.
    ///
    /// # Errors
    ///
    /// The provider's error, if the cached credentials are not valid any more; [`Error::Expired`]
    /// if the provider returns expired ones.
    pub async fn get(&self) -> Result<Credentials, Error> {
        let now = self.clock.now();
        let (current, generation) = {
            let state = self.state();
            (state.valid(now).cloned(), state.generation)
        };
        let Some(current) = current else {
            let _lock = self.refresh_lock.lock().await;
            return match self.result_since(generation) {
                Some(result) => result,
                None => self.fetch().await,
            };
        };
        if !current.is_refresh_due(now) {
            return Ok(current.credentials);
        }
        match self.refresh_lock.try_lock() {
            Ok(_lock) if self.state().generation == generation => {
                Ok(self.refresh(current.credentials).await)
            }
            // Another call is refreshing, or has just refreshed.
            _ => Ok(current.credentials),
        }
    }

    /// Fetches new credentials after the service rejected `rejected` as expired. `None` if the
    /// provider returns the same ones. Calls with the same rejected credentials share one fetch.
    ///
    /// # Errors
    ///
    /// Same as [`get`](Self::get).
    pub async fn renew(&self, rejected: &Credentials) -> Result<Option<Credentials>, Error> {
        {
            let mut state = self.state();
            state.reject(rejected);
        }
        match self.get().await {
            Ok(credentials) => Ok(Some(credentials)),
            Err(Error::Rejected) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns the result of a fetch that completed after `generation`, or of an earlier one that
    /// still applies.
    fn result_since(&self, generation: u64) -> Option<Result<Credentials, Error>> {
        let now = self.clock.now();
        let state = self.state();
        if let Some(current) = state.valid(now) {
            return Some(Ok(current.credentials.clone()));
        }
        let failed = state.failed.as_ref()?;
        let applies = state.generation > generation || Instant::now() < failed.until;
        applies.then(|| Err(failed.error.clone()))
    }

    async fn fetch(&self) -> Result<Credentials, Error> {
        let result = self.provider.provide().await;
        let now = self.clock.now();
        let mut state = self.state();
        let result = result.and_then(|credentials| match credentials.expires_at() {
            Some(at) if at <= now => Err(Error::Expired { at }),
            _ if state.rejected.contains(&credentials) => Err(Error::Rejected),
            _ => Ok(credentials),
        });
        state.generation += 1;
        match &result {
            Ok(credentials) => {
                state.current = Some(Current {
                    credentials: credentials.clone(),
                    refresh_at: credentials.refresh_at(now),
                    paused_until: None,
                });
                state.failed = None;
            }
            Err(error) => {
                state.failed = Some(Failed {
                    error: error.clone(),
                    until: Instant::now() + backoff(error),
                });
            }
        }
        result
    }

    /// Returns new credentials, or the current ones if the refresh fails.
    async fn refresh(&self, current: Credentials) -> Credentials {
        let (error, delay): (Box<dyn std::error::Error>, _) =
            match timeout(REFRESH_TIMEOUT, self.fetch()).await {
                Ok(Ok(credentials)) => return credentials,
                Ok(Err(error)) => {
                    let delay = backoff(&error).max(REFRESH_RETRY_DELAY);
                    (Box::new(error), delay)
                }
                Err(elapsed) => (Box::new(elapsed), REFRESH_RETRY_DELAY),
            };
        warn!(
            error = &*error,
            %current,
            "refreshing the credentials failed; keeping the current ones"
        );
        if let Some(current) = &mut self.state().current {
            current.paused_until = Some(Instant::now() + delay);
        }
        current
    }

    fn state(&self) -> MutexGuard<'_, CacheState> {
        lock(&self.state)
    }
}

/// Returns the minimum delay between this error and the next fetch.
fn backoff(error: &Error) -> Duration {
    if error.is_rejected() {
        return LOCKOUT;
    }
    error.retry_after().unwrap_or_default().min(LOCKOUT)
}

impl Current {
    fn is_refresh_due(&self, now: SystemTime) -> bool {
        let is_paused = self
            .paused_until
            .is_some_and(|until| Instant::now() < until);
        !is_paused && self.refresh_at.is_some_and(|at| at <= now)
    }
}

impl CacheState {
    /// Remembers credentials that the service rejected, so that they are not sent again.
    fn reject(&mut self, rejected: &Credentials) {
        if self
            .current
            .as_ref()
            .is_some_and(|current| current.credentials == *rejected)
        {
            self.current = None;
        }
        if !self.rejected.contains(rejected) {
            self.rejected.truncate(MAX_REJECTED - 1);
            self.rejected.push_front(rejected.clone());
        }
    }

    fn valid(&self, now: SystemTime) -> Option<&Current> {
        self.current
            .as_ref()
            .filter(|current| current.credentials.is_valid(now))
    }
}

impl fmt::Debug for CachedCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let current = self.state().current.clone();
        f.debug_struct("CachedCredentials")
            .field("current", &current.map(|current| current.credentials))
            .finish_non_exhaustive()
    }
}
