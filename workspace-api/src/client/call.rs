//! One call: authenticate, send, read, and try again where that cannot do harm.

use reqwest::header::HeaderValue;
use reqwest::{Request, Response};
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::{Instrument, debug, debug_span, warn};

use super::response::{Answered, request_id};
use crate::credentials::Credentials;
use crate::signing::X_PROJECT_ID;
use crate::{Client, Error, ErrorKind, Operation};

/// The gateway's code for a token that has expired.
const EXPIRED: &str = "APIGW.0307";

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
    let attempts = async {
        let mut left = client.retry().begin();
        let mut renewed = false;
        for number in 1_u32.. {
            let span = debug_span!("attempt", number);
            let attempt = attempt(client, &request, operation, left.deadline, &mut renewed);
            let failure = match attempt.instrument(span).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            match left.next(request.method(), &failure.error) {
                Some(next) => sleep_until(next).await,
                None => return Err(failure),
            }
        }
        unreachable!("the attempts come to an end")
    };
    attempts.instrument(span).await
}

/// One attempt with the credentials of the moment. If the service says that a token has expired, it was not processed:
/// once in a call it is sent again with a new one, if there is one.
async fn attempt(
    client: &Client,
    request: &Request,
    operation: &'static Operation,
    deadline: Instant,
    renewed: &mut bool,
) -> Result<Response, Failure> {
    let credentials = client.credentials(deadline).await;
    let credentials = credentials.map_err(|error| error.of(operation))?;
    let send = |credentials| send(client, request, operation, credentials, deadline);
    let failure = match send(credentials.clone()).await {
        Err(failure) if is_expired(&failure.error) && !*renewed => failure,
        result => return result,
    };
    *renewed = true;
    let cached = &client.settings().credentials;
    // Whatever keeps a new one from being had, the refusal says more than that.
    match timeout_at(deadline, cached.renew(&credentials)).await {
        Ok(Ok(Some(credentials))) => send(credentials).await,
        Ok(Ok(None)) => Err(failure),
        Ok(Err(error)) => {
            warn!(
                error = &error as &dyn std::error::Error,
                "no new credentials for the expired ones"
            );
            Err(failure)
        }
        Err(_) => {
            warn!("no new credentials for the expired ones in time");
            Err(failure)
        }
    }
}

fn is_expired(error: &Error) -> bool {
    error.kind() == ErrorKind::Unauthorized && error.code() == Some(EXPIRED)
}

async fn send(
    client: &Client,
    request: &Request,
    operation: &'static Operation,
    credentials: Credentials,
    deadline: Instant,
) -> Result<Response, Failure> {
    let settings = client.settings();
    let started = Instant::now();
    let mut request = copy(request).ok_or_else(|| {
        let message = "a streamed body cannot be sent, because it could not be sent again";
        Error::new(ErrorKind::InvalidInput, message).of(operation)
    })?;
    if !credentials.is_user_token()
        && let Some(project) = operation.project_id(settings.baseurl(), request.url())
        && let Ok(project) = HeaderValue::from_str(project)
    {
        request.headers_mut().insert(X_PROJECT_ID, project);
    }
    let left = deadline.saturating_duration_since(started);
    if left < settings.timeout {
        *request.timeout_mut() = Some(left);
    }
    let now = settings.clock.now();
    credentials.apply(&mut request, now);
    let answered = async {
        let response = settings.http.execute(request).await?;
        Answered::read(response, settings.response_limit).await
    };
    let result = match answered.await {
        Ok(answered) => answered.normalise(operation, now, &credentials),
        Err(error) if error.kind() == ErrorKind::Timeout && Instant::now() >= deadline => {
            let time = client.retry().total_time;
            let message =
                format!("no success within {time:?}; the service may have done it all the same");
            Err(error.saying(message).of(operation).into())
        }
        Err(error) => Err(error.of(operation).into()),
    };
    let result = result.map_err(|Failure { error, response }| Failure {
        error: error.redacted(&|text: &str| credentials.redact(text)),
        response,
    });
    let milliseconds = started.elapsed().as_millis() as u64;
    match &result {
        Ok(response) => debug!(
            status = response.status().as_u16(),
            request_id = request_id(response.headers()),
            milliseconds,
            "answered"
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

/// What is sent; the original is for another attempt. A read is nothing but its URL and headers, and to say so is cheaper
/// than `try_clone`.
fn copy(request: &Request) -> Option<Request> {
    if request.body().is_some() {
        return request.try_clone();
    }
    let mut copy = Request::new(request.method().clone(), request.url().clone());
    *copy.headers_mut() = request.headers().clone();
    Some(copy)
}
