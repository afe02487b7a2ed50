//! The call of a generated method: authenticate, send, read, and retry where that is safe.

use std::time::Duration;

use progenitor_client::ResponseValue;
use reqwest::Request;
use reqwest::header::{ACCEPT, HeaderValue};
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use tracing::{Instrument, debug, debug_span};

use super::failover::Tries;
use super::log::log_result;
use super::{copy, set_project};
use crate::credentials::Credentials;
use crate::generated::RESPONSES;
use crate::http::{
    MIN_REPORTED_PAUSE, Redact, Response, RetryState, Throttled, exchange, explain_throttled,
};
use crate::operation::Operation;
use crate::{Client, Error, ErrorKind, Result};

impl Client {
    /// Sends the request of a generated method, with as many attempts as the retry policy allows.
    /// Every generated method ends here.
    #[expect(
        clippy::manual_async_fn,
        reason = "the future of an `async fn` has room for two copies of each parameter"
    )]
    pub(crate) fn call<T: DeserializeOwned>(
        &self,
        mut request: Request,
        operation_id: &'static str,
    ) -> impl Future<Output = Result<ResponseValue<T>>> {
        async move {
            let operation = Operation::find(operation_id)?;
            let sent = self.send(&mut request, operation).await;
            let read = sent.and_then(|response| {
                let value = response.decode(operation, &RESPONSES)?;
                Ok(ResponseValue::new(value, response.status, response.headers))
            });
            read.map_err(|error| error.with_operation(operation))
        }
    }

    async fn send(&self, request: &mut Request, operation: &'static Operation) -> Result<Response> {
        operation.check_path(self.baseurl.as_str(), request.url())?;
        let mut call = Call {
            client: self,
            request,
            operation,
            renewed: false,
        };
        let span = debug_span!("call", operation = operation.id);
        call.attempts().instrument(span).await
    }
}

/// A call in progress.
struct Call<'a> {
    client: &'a Client,
    /// The request, of which each attempt sends a copy.
    request: &'a mut Request,
    operation: &'static Operation,
    /// Whether an expired token was renewed, which happens once.
    renewed: bool,
}

impl Call<'_> {
    async fn attempts(&mut self) -> Result<Response> {
        let mut retry = RetryState::start(self.client.retry());
        let mut number = 1;
        loop {
            let span = debug_span!("attempt", number);
            let error = match self.attempt(retry.deadline).instrument(span).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            let policy = self.client.retry();
            let is_throttled =
                error.kind() == ErrorKind::TooManyRequests && policy.retries_throttled();
            match retry.next_attempt(self.request.method(), &error) {
                Some(time) => {
                    let wait = time.saturating_duration_since(Instant::now());
                    debug!(?wait, "waiting before the next attempt");
                    if is_throttled && wait >= MIN_REPORTED_PAUSE {
                        self.report_pause(wait);
                    }
                    if !self.client.wait_until(time).await {
                        return Err(error);
                    }
                }
                None if is_throttled => return Err(explain_throttled(error, policy.total_time)),
                None => return Err(error),
            }
            number += 1;
        }
    }

    fn report_pause(&self, wait: Duration) {
        if let Some(report) = self.client.shared().on_throttled() {
            report(Throttled { wait });
        }
    }

    /// Sends the request with current credentials. An expired-token response means that the request
    /// was not processed: it is sent again, once per call, with a renewed token.
    async fn attempt(&mut self, deadline: Instant) -> Result<Response> {
        let credentials = self.client.credentials(deadline).await?;
        let error = match self.send(&credentials, deadline).await {
            Err(error) if error.is_expired_token() && !self.renewed => error,
            result => return result,
        };
        self.renewed = true;
        // If there is no other token, the 401 is the more useful error.
        match self.client.renew(&credentials, deadline).await {
            Some(renewed) => self.send(&renewed, deadline).await,
            None => Err(error),
        }
    }

    /// Sends the request once, and logs the result.
    async fn send(&mut self, credentials: &Credentials, deadline: Instant) -> Result<Response> {
        let started = Instant::now();
        let shared = self.client.shared();
        let mut tries = shared.failover.start();
        let result = loop {
            let error = match self.exchange(credentials, &tries, deadline).await {
                Ok(response) => break Ok(response),
                Err(error) => error,
            };
            let url = tries.url(self.request.url());
            let error = shared.proxies.explain(error, &url).await;
            if let Err(error) = tries.next(error) {
                break Err(error);
            }
        };
        log_result(&result, started);
        result
    }

    async fn exchange(
        &mut self,
        credentials: &Credentials,
        tries: &Tries<'_>,
        deadline: Instant,
    ) -> Result<Response> {
        let client = self.client;
        let shared = client.shared();
        let mut request = copy(self.request)?;
        // Copied headers have no room for those that follow.
        std::mem::swap(request.headers_mut(), self.request.headers_mut());
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(ACCEPT, json);
        if !credentials.is_user_token() {
            let (baseurl, url) = (client.baseurl.as_str(), self.request.url());
            set_project(&mut request, self.operation.project_id(baseurl, url));
        }
        tries.apply(request.url_mut());
        let remaining = deadline.saturating_duration_since(Instant::now());
        let timeouts = shared.timeouts.within(remaining);
        let now = shared.clock.now();
        credentials.apply(&mut request, now);
        let limit = shared.response_limit;
        let secrets: [&dyn Redact; 2] = [credentials, &shared.proxies];
        let sent = exchange(&client.client, request, timeouts, limit, &secrets).await;
        let response = sent.map_err(|error| self.explain_timeout(error, deadline))?;
        let received = shared.clock.now();
        shared
            .clock_offset
            .measure(&response.headers, now, received);
        let checked = response.check_status(now);
        checked.map_err(|error| error.with_credentials(credentials.kind()))?;
        response.check_body(self.operation)?;
        Ok(response)
    }

    /// Says in the error of a timeout if it was the deadline of the call.
    #[cold]
    fn explain_timeout(&self, error: Error, deadline: Instant) -> Error {
        if error.kind() != ErrorKind::Timeout || Instant::now() < deadline {
            return error;
        }
        let time = self.client.retry().total_time;
        error.with_message(format!(
            "no success within {time:?}; the service may still have processed the request"
        ))
    }
}
