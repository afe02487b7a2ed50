//! Requests that the contract does not describe, with the client's credentials.

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use tokio::time::Instant;

use super::log::log_result;
use super::{copy, set_project};
use crate::credentials::Credentials;
use crate::http::{Redact, Response, exchange};
use crate::{Client, Error, Result};

impl Client {
    /// Sends a request that has no generated method, without retries, and returns the response
    /// whatever its status. Only a token that the service rejects as expired is renewed, once, and
    /// the request is sent with the new one.
    ///
    /// `path` is the path below the endpoint, percent-encoded, and can have a query. A body is sent
    /// as JSON. The response is returned unchanged, except that the credentials are redacted,
    /// because a server may repeat them.
    ///
    /// ```no_run
    /// # async fn example(client: &workspace_api::Client) -> workspace_api::Result<()> {
    /// let path = "/v2/0bec5db98280d2d02fd6c00c2de791ce/desktops";
    /// let response = client.request(reqwest::Method::GET, path, None).await?;
    /// println!("{}: {} bytes", response.status(), response.body().len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), and nothing was sent, if URL
    /// parsing would change the path. Other kinds if credentials are missing, the connection fails,
    /// or the call times out.
    pub async fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<Bytes>,
    ) -> Result<::http::Response<Bytes>> {
        let shared = self.shared();
        let mut request = Request::new(method, url(self.baseurl.as_str(), path)?);
        if let Some(body) = body {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
            *request.body_mut() = Some(body.into());
        }
        let deadline = Instant::now() + self.retry().total_time;
        let credentials = self.credentials(deadline).await?;
        if !credentials.is_user_token() {
            set_project(
                &mut request,
                shared.project.known().map(crate::types::ProjectId::as_str),
            );
        }
        let mut received = self.send_raw(&request, &credentials).await?;
        if received.says_token_expired()
            && let Some(renewed) = self.renew(&credentials, deadline).await
        {
            received = self.send_raw(&request, &renewed).await?;
        }
        let mut response = ::http::Response::new(received.body);
        *response.status_mut() = received.status;
        *response.headers_mut() = received.headers;
        Ok(response)
    }

    async fn send_raw(&self, request: &Request, credentials: &Credentials) -> Result<Response> {
        let shared = self.shared();
        let started = Instant::now();
        let mut tries = shared.failover.start();
        let result = loop {
            let mut request = copy(request)?;
            tries.apply(request.url_mut());
            credentials.apply(&mut request, shared.clock.now());
            let url = request.url().clone();
            let secrets: [&dyn Redact; 2] = [credentials, &shared.proxies];
            let limit = shared.response_limit;
            let timeouts = shared.timeouts;
            match exchange(&self.client, request, timeouts, limit, &secrets).await {
                Ok(response) => break Ok(response),
                Err(error) => {
                    let error = shared.proxies.explain(error, &url).await;
                    if let Err(error) = tries.next(error) {
                        break Err(error);
                    }
                }
            }
        };
        log_result(&result, started);
        result
    }
}

/// Returns the URL, unless the parser changes the path: `/a/../b` or `#` would call something else
/// than `path` says.
fn url(baseurl: &str, path: &str) -> Result<Url> {
    if !path.starts_with('/') {
        return Err(invalid(path, "does not begin with `/`"));
    }
    let whole = format!("{baseurl}{path}");
    match Url::parse(&whole) {
        Ok(url) if url.as_str() == whole && url.fragment().is_none() => Ok(url),
        _ => Err(invalid(
            path,
            "would be changed by URL parsing. Percent-encode special characters and do not use \
             `.`, `..` or `#`",
        )),
    }
}

fn invalid(path: &str, why: &str) -> Error {
    Error::invalid_input(format!("no request was sent: the path {path:?} {why}"))
}
