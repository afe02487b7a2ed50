//! The endpoint as the generated code uses it: parsed once, for the URLs of all requests.

use std::fmt;
use std::sync::Arc;

use reqwest::Url;

use crate::config::Endpoint;
use crate::{Error, ErrorKind, Result};

/// The endpoint of a client. It prints without a slash at its end.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl(Arc<Url>);

impl BaseUrl {
    pub(super) fn new(endpoint: &Endpoint) -> Result<Self> {
        match Url::parse(endpoint.as_str()) {
            Ok(url) => Ok(Self(Arc::new(url))),
            Err(error) => Err(Error::new(ErrorKind::Configuration, error.to_string())),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Parses a URL that begins with this one. Only the path is parsed, which costs half as much.
    pub(crate) fn join(&self, url: &str) -> Url {
        let mut joined = Url::clone(&self.0);
        let origin = joined.as_str().len() - joined.path().len();
        joined.set_path(url.get(origin..).unwrap_or_default());
        joined
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
