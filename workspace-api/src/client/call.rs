//! The call of a generated method: authenticate, send, read, and retry where that is safe.

use std::pin::Pin;
use std::time::SystemTime;

use futures_util::future::BoxFuture;
use progenitor_client::ResponseValue;
use reqwest::Request;
use reqwest::header::{ACCEPT, HeaderValue};
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use tracing::{Instrument, Span, debug, debug_span};

use super::failover::Tries;
use super::log::log_result;
use super::{copy, set_project};
use crate::credentials::Credentials;
use crate::generated::RESPONSES;
use crate::http::{
    MIN_REPORTED_PAUSE, Redact, Response, RetryState, Throttled, Timeouts, exchange,
    explain_throttled,
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
            retry: RetryState::start(&self.inner.retry),
            renewed: false,
        };
        let span = debug_span!("call", operation = operation.id);
        if span.is_disabled() {
            return call.attempts().await;
        }
        call.attempts_in(span).await
    }
}

/// A call in progress.
struct Call<'a> {
    client: &'a Client,
    /// The request, of which each attempt sends a copy.
    request: &'a mut Request,
    operation: &'static Operation,
    retry: RetryState<'a>,
    /// Whether an expired token was renewed, which happens once.
    renewed: bool,
}

/// A future is as large as its largest part, and is moved when it is made. So the part that waits
/// for the response is boxed, and so are those that few calls need.
impl Call<'_> {
    async fn attempts(&mut self) -> Result<Response> {
        let mut number = 1;
        loop {
            let span = debug_span!("attempt", number);
            let result = if span.is_disabled() {
                self.attempt().await
            } else {
                self.attempt_in(span).await
            };
            let error = match result {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            self.wait(error).await?;
            number += 1;
        }
    }

    #[cold]
    fn attempts_in(&mut self, span: Span) -> BoxFuture<'_, Result<Response>> {
        Box::pin(self.attempts().instrument(span))
    }

    #[cold]
    fn attempt_in(&mut self, span: Span) -> BoxFuture<'_, Result<Response>> {
        Box::pin(self.attempt().instrument(span))
    }

    /// Waits until the next attempt, or fails with this error if there is none.
    #[cold]
    fn wait(&mut self, error: Error) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let policy = self.client.retry();
            let is_throttled =
                error.kind() == ErrorKind::TooManyRequests && policy.retries_throttled();
            let Some(time) = self.retry.next_attempt(self.request.method(), &error) else {
                if is_throttled {
                    return Err(explain_throttled(error, policy.total_time));
                }
                return Err(error);
            };
            let wait = time.saturating_duration_since(Instant::now());
            debug!(?wait, "waiting before the next attempt");
            if is_throttled
                && wait >= MIN_REPORTED_PAUSE
                && let Some(report) = self.client.shared().on_throttled()
            {
                report(Throttled { wait });
            }
            if self.client.wait_until(time).await {
                return Ok(());
            }
            Err(error)
        })
    }

    /// Sends the request with current credentials. An expired-token response means that the request
    /// was not processed: it is sent again, once per call, with a renewed token.
    async fn attempt(&mut self) -> Result<Response> {
        let deadline = self.retry.deadline;
        let mut credentials = self.client.credentials(deadline).await?;
        loop {
            let error = match self.send(&credentials).await {
                Err(error) if error.is_expired_token() && !self.renewed => error,
                result => return result,
            };
            self.renewed = true;
            // If there is no other token, the 401 is the more useful error.
            match self.client.renew(&credentials, deadline).await {
                Some(renewed) => credentials = renewed,
                None => return Err(error),
            }
        }
    }

    /// Sends the request once, and logs the result.
    async fn send(&mut self, credentials: &Credentials) -> Result<Response> {
        let started = Instant::now();
        let mut tries = self.client.shared().failover.start();
        let result = loop {
            let error = match self.exchange(credentials, &tries).await {
                Ok(response) => break Ok(response),
                Err(error) => error,
            };
            if let Err(error) = self.next_endpoint(&mut tries, error).await {
                break Err(error);
            }
        };
        log_result(&result, started);
        result
    }

    /// Goes on to the next endpoint, or fails with this error if there is none.
    #[cold]
    fn next_endpoint<'b>(
        &'b self,
        tries: &'b mut Tries<'_>,
        error: Error,
    ) -> BoxFuture<'b, Result<()>> {
        Box::pin(async move {
            let url = tries.url(self.request.url());
            let error = self.client.shared().proxies.explain(error, &url).await;
            tries.next(error)
        })
    }

    async fn exchange(&mut self, credentials: &Credentials, tries: &Tries<'_>) -> Result<Response> {
        let shared = self.client.shared();
        let remaining = self
            .retry
            .deadline
            .saturating_duration_since(Instant::now());
        let timeouts = shared.timeouts.within(remaining);
        let sent_at = shared.clock.now();
        let secrets: [&dyn Redact; 2] = [credentials, &shared.proxies];
        let sent = self.send_copy(credentials, tries, sent_at, timeouts, &secrets)?;
        let response = sent.await.map_err(|error| self.explain_timeout(error))?;
        self.check(&response, credentials, sent_at)?;
        Ok(response)
    }

    /// Sends a copy of the request. The copy is made on a part of the stack that is used again while
    /// the future runs.
    #[inline(never)]
    fn send_copy<'b>(
        &mut self,
        credentials: &Credentials,
        tries: &Tries<'_>,
        now: SystemTime,
        timeouts: Timeouts,
        secrets: &'b dyn Redact,
    ) -> Result<Pin<Box<impl Future<Output = Result<Response>> + use<'b>>>> {
        let client = self.client;
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
        credentials.apply(&mut request, now);
        let limit = client.shared().response_limit;
        let sent = exchange(&client.client, request, timeouts, limit, secrets);
        Ok(Box::pin(sent))
    }

    /// Fails unless the response is that of a success.
    #[inline(never)]
    fn check(
        &self,
        response: &Response,
        credentials: &Credentials,
        sent_at: SystemTime,
    ) -> Result<()> {
        let shared = self.client.shared();
        let (headers, received) = (&response.headers, shared.clock.now());
        shared.clock_offset.measure(headers, sent_at, received);
        let checked = response.check_status(sent_at);
        checked.map_err(|error| error.with_credentials(credentials.kind()))?;
        response.check_body(self.operation, &RESPONSES)
    }

    /// Says in the error of a timeout if it was the deadline of the call.
    #[cold]
    fn explain_timeout(&self, error: Error) -> Error {
        if error.kind() != ErrorKind::Timeout || Instant::now() < self.retry.deadline {
            return error;
        }
        let time = self.client.retry().total_time;
        error.with_message(format!(
            "no success within {time:?}; the service may still have processed the request"
        ))
    }
}
