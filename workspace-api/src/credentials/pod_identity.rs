//! The temporary access keys of a pod, from the address that its platform sets.

use std::fmt;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use reqwest::header::AUTHORIZATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use super::json::Json;
use super::{Credentials, Error, RESPONSE_LIMIT, temporary_key, token_file};
use crate::Secret;
use crate::config::variables::{POD_TOKEN_FILE, POD_URL};
use crate::config::{Environment, LookupError, Source, is_loopback};
use crate::http::{Timeouts, exchange};
use crate::signing::sensitive;

/// Timeout of connecting, and of the response.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The identity of a pod.
#[derive(Clone, Debug)]
pub(super) struct PodIdentity {
    url: Url,
    token: Secret,
}

pub(super) fn source() -> Source {
    Source::Variables(vec![POD_URL.to_owned(), POD_TOKEN_FILE.to_owned()])
}

/// Reads the variables.
pub(super) fn lookup(environment: &Environment) -> Result<PodIdentity, LookupError> {
    let (url, path) = match (environment.text(POD_URL), environment.text(POD_TOKEN_FILE)) {
        (Ok(url), Ok(path)) => (url, path),
        (Ok(_), Err(_)) => return Err(LookupError::incomplete(POD_URL, POD_TOKEN_FILE)),
        (Err(_), Ok(_)) => return Err(LookupError::incomplete(POD_TOKEN_FILE, POD_URL)),
        (Err(error), Err(_)) => return Err(error),
    };
    let url = Url::parse(&url)
        .map_err(|error| LookupError::Invalid(format!("`{POD_URL}` is not a URL ({error})")))?;
    if url.scheme() != "https" && !is_on_this_node(&url) {
        return Err(LookupError::Invalid(format!(
            "`{POD_URL}` uses plain HTTP to another machine, so anyone on the network path could \
             read the token. Use https."
        )));
    }
    Ok(PodIdentity {
        url,
        token: token_file::read(POD_TOKEN_FILE, &path)?,
    })
}

/// Returns whether a request to the host does not leave the node of the pod: the host is a loopback
/// or a link-local address.
fn is_on_this_node(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse();
    let is_link_local = match address {
        Ok(IpAddr::V4(address)) => address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_unicast_link_local() || address.is_unique_local(),
        Err(_) => false,
    };
    url.scheme() == "http" && (is_link_local || is_loopback(url))
}

impl PodIdentity {
    pub(super) async fn fetch(&self) -> Result<Credentials, Error> {
        self.request_key().await.map_err(|source| Error::Request {
            request: format!("the request to {} for the keys of this pod", self.url),
            source,
        })
    }

    async fn request_key(&self) -> crate::Result<Credentials> {
        let http = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .connect_timeout(TIMEOUT)
            .build()?;
        let request = http
            .post(self.url.clone())
            .header(AUTHORIZATION, sensitive(self.token.expose()))
            .json(&Json::object([]))
            .build()?;
        let timeouts = Timeouts::default().within(2 * TIMEOUT);
        let response = exchange(&http, request, timeouts, RESPONSE_LIMIT, &self.token).await?;
        temporary_key::read(&response.into_result(SystemTime::now())?)
    }
}

/// The address.
impl fmt::Display for PodIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.url)
    }
}
