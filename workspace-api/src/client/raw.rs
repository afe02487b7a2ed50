//! Requests that the contract does not describe, with the client's credentials.

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use tokio::time::Instant;

use super::response::Answered;
use crate::signing::X_PROJECT_ID;
use crate::{Client, Error, ErrorKind, Result};

impl Client {
    /// Sends a request that has no method of its own, once, and gives the answer as it came, whatever its status.
    ///
    /// `path` is the path below the endpoint, and may have a query; it must already be encoded. A body is sent as JSON.
    /// In an answer that is not a success the credentials are replaced, since a server may repeat them.
    ///
    /// ```no_run
    /// # async fn example(client: &workspace_api::Client) -> workspace_api::Result<()> {
    /// let answer = client.request(reqwest::Method::GET, "/v2/0bec5db98280d2d02fd6c00c2de791ce/desktops", None).await?;
    /// println!("{}: {} bytes", answer.status(), answer.body().len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for a path that is not exactly what would be sent, and then nothing was sent;
    /// otherwise credentials, connection or time were wanting.
    pub async fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<Bytes>,
    ) -> Result<http::Response<Bytes>> {
        let settings = self.settings();
        let mut request = Request::new(method, url(&self.baseurl, path)?);
        if let Some(body) = body {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
            *request.body_mut() = Some(body.into());
        }
        let deadline = Instant::now() + self.retry().total_time;
        let credentials = self.credentials(deadline).await?;
        if !credentials.is_user_token()
            && let Some(project) = settings.project.known()
            && let Ok(project) = HeaderValue::from_str(project.as_str())
        {
            request.headers_mut().insert(X_PROJECT_ID, project);
        }
        credentials.apply(&mut request, settings.clock.now());
        let response = self.client.execute(request).await?;
        let mut answered = Answered::read(response, settings.response_limit).await?;
        if !answered.status.is_success() {
            let redact = |text: &str| credentials.redact(text);
            answered.redact_headers(&redact);
            answered.body = redact(&String::from_utf8_lossy(&answered.body)).into();
        }
        let mut answer = http::Response::new(answered.body);
        *answer.status_mut() = answered.status;
        *answer.headers_mut() = answered.headers;
        Ok(answer)
    }
}

/// The URL, if the parser leaves the path as it is: one that it folds (`/a/../b`) or cuts off (`#`) would call something
/// else than was asked for.
fn url(baseurl: &str, path: &str) -> Result<Url> {
    let wrong = |why: &str| {
        let message = format!("the path {path:?} {why}, so nothing was sent");
        Error::new(ErrorKind::InvalidInput, message)
    };
    if !path.starts_with('/') {
        return Err(wrong("does not begin with `/`"));
    }
    let whole = format!("{baseurl}{path}");
    match Url::parse(&whole) {
        Ok(url) if url.as_str() == whole && url.fragment().is_none() => Ok(url),
        _ => Err(wrong(
            "is not sent as it stands. Encode special characters, and leave out `.`, `..` and `#`",
        )),
    }
}
