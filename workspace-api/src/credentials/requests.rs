//! Sends the requests that fetch credentials, with retries.

use std::fmt;
use std::time::{Duration, SystemTime};

use reqwest::{Method, Request};
use tokio::time::sleep_until;

use super::{Clock, RESPONSE_LIMIT};
use crate::config::Proxies;
use crate::http::{Redact, Response, RetryPolicy, RetryState, Timeouts, exchange};

/// Maximum number of attempts of a request.
const MAX_ATTEMPTS: u32 = 3;

/// The parts that requests to IAM, STS and other services of credentials have in common.
#[derive(Clone)]
pub(crate) struct Requests {
    pub(super) http: reqwest::Client,
    /// Time limits in addition to those of the HTTP client.
    timeouts: Timeouts,
    proxies: Proxies,
    clock: Clock,
    retry: RetryPolicy,
}

impl Requests {
    pub(crate) fn new(http: reqwest::Client) -> Self {
        Self {
            http,
            timeouts: Timeouts::default(),
            proxies: Proxies::none(),
            clock: Clock::default(),
            retry: RetryPolicy::default().attempts(MAX_ATTEMPTS),
        }
    }

    /// Sets the time limits of each attempt.
    pub(crate) fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets the proxies of the client, which errors name.
    pub(crate) fn with_proxies(mut self, proxies: Proxies) -> Self {
        self.proxies = proxies;
        self
    }

    /// Sets the clock, by which requests are signed and tokens expire.
    pub(crate) fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the total time of a request, including delays.
    pub(crate) fn with_total_time(mut self, time: Duration) -> Self {
        self.retry = self.retry.total_time(time);
        self
    }

    pub(super) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// Sends a request with retries. Requests for credentials or projects change nothing, so they
    /// are retried like a GET.
    pub(super) async fn call(
        &self,
        request: impl Fn() -> reqwest::Result<Request>,
        secrets: &dyn Redact,
    ) -> crate::Result<Response> {
        let mut retry = RetryState::start(&self.retry);
        loop {
            let error = match self.send(request()?, secrets).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            match retry.next_attempt(&Method::GET, &error) {
                Some(time) => sleep_until(time).await,
                None => return Err(error),
            }
        }
    }

    async fn send(&self, request: Request, secrets: &dyn Redact) -> crate::Result<Response> {
        let now = self.clock.now();
        let url = request.url().clone();
        let secrets: [&dyn Redact; 2] = [secrets, &self.proxies];
        let response = exchange(&self.http, request, self.timeouts, RESPONSE_LIMIT, &secrets).await;
        match response.and_then(|response| response.into_result(now)) {
            Ok(response) => Ok(response),
            Err(error) => Err(self.proxies.explain(error, &url).await),
        }
    }
}

/// `Debug` of the HTTP client would show its proxies, which may have passwords.
impl fmt::Debug for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Requests")
    }
}
