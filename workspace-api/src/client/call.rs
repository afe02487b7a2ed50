//! One call: authenticate, send, read, and try again where that cannot do harm.

use std::time::Duration;

use reqwest::{Request, Response};
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::{Instrument, debug, debug_span, warn};

use super::response::Answered;
use crate::{Client, Error, ErrorKind, Operation};

/// An attempt that did not succeed.
pub(crate) struct Failure {
    pub(crate) error: Error,
    /// The refusal as the generated code reads it; none if there was no answer or no usable one.
    pub(crate) response: Option<Box<Response>>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            error,
            response: None,
        }
    }
}

/// Carries out the call with as many attempts as its rules allow.
pub(crate) async fn call(
    client: &Client,
    request: Request,
    operation: &'static Operation,
) -> Result<Response, Failure> {
    let span = debug_span!("call", operation = operation.id);
    let retry = client.retry();
    let attempts = async {
        let deadline = Instant::now() + retry.total_time;
        let mut delays = retry.backoff();
        for number in 1_u32.. {
            let span = debug_span!("attempt", number);
            let attempt = attempt(client, &request, operation).instrument(span);
            let failure = match timeout_at(deadline, attempt).await {
                Ok(Ok(response)) => return Ok(response),
                Ok(Err(failure)) => failure,
                Err(_) => return Err(out_of_time(retry.total_time, operation).into()),
            };
            let next = delays.next().and_then(|delay| {
                Instant::now().checked_add(failure.error.retry_after().unwrap_or(delay))
            });
            match next
                .filter(|next| *next < deadline && retry.allows(request.method(), &failure.error))
            {
                Some(next) => sleep_until(next).await,
                None => return Err(failure),
            }
        }
        unreachable!("the delays come to an end")
    };
    attempts.instrument(span).await
}

async fn attempt(
    client: &Client,
    request: &Request,
    operation: &'static Operation,
) -> Result<Response, Failure> {
    let settings = client.settings();
    let started = Instant::now();
    let mut request = request.try_clone().ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidInput,
            "a streamed body cannot be sent, because it could not be sent again",
        )
    })?;
    settings.authentication.apply(&mut request).await?;
    let answered = async {
        let response = settings.http.execute(request).await.map_err(Error::from)?;
        Answered::read(response, settings.response_limit).await
    };
    let result = match answered.await {
        Ok(answered) => answered.normalise(operation, |text| settings.authentication.redact(text)),
        Err(error) => Err(error.of(operation).into()),
    };
    let milliseconds = started.elapsed().as_millis() as u64;
    match &result {
        Ok(response) => debug!(
            status = response.status().as_u16(),
            milliseconds, "answered"
        ),
        Err(Failure { error, .. }) => warn!(
            status = error.status().map(|status| status.as_u16()),
            kind = ?error.kind(),
            code = error.code(),
            request_id = error.request_id(),
            milliseconds,
            "failed"
        ),
    }
    result
}

fn out_of_time(time: Duration, operation: &'static Operation) -> Error {
    let message = format!("no success within {time:?}; the service may have done it all the same");
    Error::new(ErrorKind::Timeout, message).of(operation)
}
