//! What IAM and the metadata service answer: read with a limit, and never shown where it may hold a secret.

use reqwest::{Client, Request};
use serde::de::DeserializeOwned;

pub(super) use crate::client::response::Answered;
use crate::client::response::request_id;
use crate::{Error, ErrorKind, Result};

/// The most bytes of an answer that are read. A token's answer without the catalog has a few thousand.
const LIMIT: usize = 1 << 20;

/// Sends a request once; anything but a 2xx is an error. `redact` takes what was sent out of what comes back.
pub(super) async fn send(
    http: &Client,
    request: Request,
    redact: impl Fn(&str) -> String,
) -> Result<Answered> {
    let answered = Answered::read(http.execute(request).await?, LIMIT).await?;
    if answered.status.is_success() {
        return Ok(answered);
    }
    if answered.status.is_redirection() {
        let error = Error::new(
            ErrorKind::UnexpectedStatus,
            "the server redirects, which is not followed",
        );
        return Err(error.answered(answered.status, request_id(&answered.headers)));
    }
    let body = answered.refusal(&redact);
    Err(Error::refused(answered.status, &answered.headers, body))
}

/// The JSON of a success. The parser's own message quotes what it does not like, so only the place is told.
pub(super) fn parse<T: DeserializeOwned>(answered: &Answered) -> Result<T> {
    serde_json::from_slice(&answered.body).map_err(|error| {
        let why = if error.is_data() {
            "it lacks a field or has one of another type"
        } else {
            "it is not JSON"
        };
        unreadable(
            answered,
            &format!("{why} (line {}, column {})", error.line(), error.column()),
        )
    })
}

pub(super) fn unreadable(answered: &Answered, why: &str) -> Error {
    let error = Error::new(
        ErrorKind::InvalidResponse,
        format!("the answer is not the documented one: {why}"),
    );
    error.answered(answered.status, request_id(&answered.headers))
}
