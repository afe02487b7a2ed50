//! One call: authenticate, send, read, and retry where that cannot do harm.

use progenitor_client::ResponseValue;
use reqwest::Request;
use reqwest::header::HeaderValue;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::{Instrument, debug, debug_span, warn};

use super::response::{Answered, request_id};
use crate::credentials::Credentials;
use crate::signing::X_PROJECT_ID;
use crate::{Client, Error, ErrorKind, Operation, Result};

/// The gateway's code for a token that has expired.
const EXPIRED: &str = "APIGW.0307";

impl Client {
    /// Every generated method ends here: sends the request with as many attempts as the retry policy allows.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        request: Request,
        operation_id: &'static str,
    ) -> Result<ResponseValue<T>> {
        let operation = Operation::find(operation_id)?;
        operation.check_path(&self.baseurl, request.url())?;
        let span = debug_span!("call", operation = operation.id);
        attempts(self, &request, operation)
            .instrument(span)
            .await
            .map_err(|error| error.of(operation))
    }
}

async fn attempts<T: DeserializeOwned>(
    client: &Client,
    request: &Request,
    operation: &'static Operation,
) -> Result<ResponseValue<T>> {
    let mut left = client.retry().begin();
    let mut renewed = false;
    for number in 1_u32.. {
        let span = debug_span!("attempt", number);
        let attempt = attempt(client, request, operation, left.deadline, &mut renewed);
        let error = match attempt.instrument(span).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        match left.next(request.method(), &error) {
            Some(next) => sleep_until(next).await,
            None => return Err(error),
        }
    }
    unreachable!("the attempts come to an end")
}

/// One attempt with the credentials of the moment. If the service says that a token has expired, it was not processed:
/// once in a call it is sent again with a new one, if there is one.
async fn attempt<T: DeserializeOwned>(
    client: &Client,
    request: &Request,
    operation: &'static Operation,
    deadline: Instant,
    renewed: &mut bool,
) -> Result<ResponseValue<T>> {
    let credentials = client.credentials(deadline).await?;
    let send = |credentials| send(client, request, operation, credentials, deadline);
    let failure = match send(credentials.clone()).await {
        Err(error) if is_expired(&error) && !*renewed => error,
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

async fn send<T: DeserializeOwned>(
    client: &Client,
    request: &Request,
    operation: &'static Operation,
    credentials: Credentials,
    deadline: Instant,
) -> Result<ResponseValue<T>> {
    let settings = client.settings();
    let started = Instant::now();
    let mut request = copy(request).ok_or_else(|| {
        let message = "a streamed body cannot be sent, because it could not be sent again";
        Error::new(ErrorKind::InvalidInput, message)
    })?;
    if !credentials.is_user_token()
        && let Some(project) = operation.project_id(&client.baseurl, request.url())
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
        let response = client.client.execute(request).await?;
        Answered::read(response, settings.response_limit).await
    };
    let result: Result<ResponseValue<T>> = match answered.await {
        Ok(answered) => answered.into_value(operation, now, &credentials),
        Err(error) if error.kind() == ErrorKind::Timeout && Instant::now() >= deadline => {
            let time = client.retry().total_time;
            let message =
                format!("no success within {time:?}; the service may have done it all the same");
            Err(error.saying(message))
        }
        Err(error) => Err(error),
    };
    let result = result.map_err(|error| error.redacted(&|text: &str| credentials.redact(text)));
    let milliseconds = started.elapsed().as_millis() as u64;
    match &result {
        Ok(response) => debug!(
            status = response.status().as_u16(),
            request_id = request_id(response.headers()),
            milliseconds,
            "answered"
        ),
        Err(error) => warn!(
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
