//! The parts of a running sandbox that all requests share.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use super::authentication::{Authentication, IssuedKey};
use super::authorization::Caller;
use super::state::State;
use crate::clock::Clock;
use crate::contract::Contract;
use crate::faults::inject::FaultInjector;
use crate::http::request_log::RequestLog;
use crate::seed::{AccessKey, Seed};
use crate::sync::lock;
use tokio::sync::Semaphore;

/// Maximum number of responses that read the request log at the same time.
const MAX_LOG_READERS: usize = 4;

pub(crate) struct App {
    pub(crate) contract: Arc<Contract>,
    pub(crate) seed: Seed,
    pub(crate) clock: Clock,
    pub(crate) request_log: RequestLog,
    /// Permits to read the request log.
    pub(crate) log_readers: Arc<Semaphore>,
    pub(crate) authentication: Authentication,
    pub(crate) faults: FaultInjector,
    /// Whether operations that are not emulated get the contract's examples as responses.
    pub(crate) examples: bool,
    pub(crate) random: Mutex<fastrand::Rng>,
    state: Mutex<State>,
}

impl App {
    pub(crate) fn new(
        contract: Arc<Contract>,
        seed: Seed,
        clock: Clock,
        random: fastrand::Rng,
        faults: FaultInjector,
        examples: bool,
    ) -> Self {
        Self {
            contract,
            clock,
            faults,
            examples,
            request_log: RequestLog::default(),
            log_readers: Arc::new(Semaphore::new(MAX_LOG_READERS)),
            authentication: Authentication::new(seed.credentials.clone()),
            state: Mutex::new(State::new(seed.projects.clone())),
            random: Mutex::new(random),
            seed,
        }
    }

    /// Locks the desktops.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Resets the desktops, locked keys and the counts of faults. The request log and the tokens
    /// that IAM issued stay.
    pub(crate) fn reset(&self) {
        *self.state() = State::new(self.seed.projects.clone());
        self.authentication.reset_lockouts();
        self.faults.reset_hits();
    }

    /// Returns an id in the form of the service: 32 hexadecimal digits.
    pub(crate) fn random_id(&self) -> String {
        format!("{:032x}", lock(&self.random).u128(..))
    }
    /// Issues a token, and returns it and when it expires.
    pub(crate) fn issue_token(&self, caller: Caller, lifetime: Duration) -> (String, SystemTime) {
        let (token, expires) = (self.random_id(), self.clock.now() + lifetime);
        self.authentication
            .tokens
            .add(token.clone(), caller, expires);
        (token, expires)
    }

    /// Issues a temporary access key until `expires`.
    pub(crate) fn issue_key(&self, caller: Caller, expires: SystemTime) -> TemporaryKey {
        let mut access = format!("HST{}", self.random_id().to_uppercase());
        access.truncate(20);
        let (secret, security_token) = (self.random_id(), self.random_id());
        let key = AccessKey {
            access: access.clone(),
            secret: secret.clone(),
            security_token: Some(security_token.clone()),
            deny: Vec::new(),
        };
        let issued = IssuedKey { key, caller };
        self.authentication
            .keys
            .add(access.clone(), issued, expires);
        TemporaryKey {
            access,
            secret,
            security_token,
            expires,
        }
    }
}

/// A temporary access key, for the response that hands it out.
pub(crate) struct TemporaryKey {
    pub(crate) access: String,
    pub(crate) secret: String,
    pub(crate) security_token: String,
    pub(crate) expires: SystemTime,
}
