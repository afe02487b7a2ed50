//! Several endpoints: the next one is used when one cannot be reached, because nothing was sent
//! then.

use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Url;

use crate::config::Endpoint;
use crate::error::ConnectionProblem;
use crate::{Error, ErrorKind};

/// The endpoints of a client, in the order in which they are tried.
pub(crate) struct Failover {
    endpoints: Vec<Url>,
    /// The endpoint that requests are sent to first: the last one that was reached.
    current: AtomicUsize,
}

/// The endpoints that one request tries.
pub(super) struct Tries<'a> {
    failover: &'a Failover,
    first: usize,
    tried: usize,
}

impl Failover {
    pub(super) fn new(endpoint: &Endpoint) -> Self {
        let alternatives = endpoint.alternatives().iter().filter_map(Endpoint::url);
        Self {
            endpoints: endpoint.url().into_iter().chain(alternatives).collect(),
            current: AtomicUsize::new(0),
        }
    }

    pub(super) fn start(&self) -> Tries<'_> {
        Tries {
            failover: self,
            first: self.current.load(Ordering::Relaxed),
            tried: 0,
        }
    }
}

impl Tries<'_> {
    fn index(&self) -> usize {
        (self.first + self.tried) % self.failover.endpoints.len().max(1)
    }

    /// Changes a URL of the first endpoint to one of the endpoint that is to be tried.
    pub(super) fn apply(&self, url: &mut Url) {
        let endpoints = &self.failover.endpoints;
        let (Some(first), Some(endpoint)) = (endpoints.first(), endpoints.get(self.index())) else {
            return;
        };
        if first == endpoint {
            return;
        }
        let base = first.path().trim_end_matches('/');
        let path = url.path().strip_prefix(base).unwrap_or_default();
        let path = format!("{}{path}", endpoint.path().trim_end_matches('/'));
        let mut changed = endpoint.clone();
        changed.set_path(&path);
        changed.set_query(url.query());
        *url = changed;
    }

    /// Returns a URL of the first endpoint as one of the endpoint that is to be tried.
    pub(super) fn url(&self, url: &Url) -> Url {
        let mut url = url.clone();
        self.apply(&mut url);
        url
    }

    /// Goes on to the next endpoint, if this error means that the last one was not reached. Later
    /// requests begin there. The error is the one to report if there is no other endpoint.
    pub(super) fn next(&mut self, error: Error) -> Result<(), Error> {
        use ConnectionProblem::{Proxy, ProxyAuthentication};
        let count = self.failover.endpoints.len();
        // All endpoints share the proxy, and each login is one nearer to a lock.
        let is_of_proxy = matches!(
            error.connection_problem(),
            Some(Proxy | ProxyAuthentication)
        );
        if count < 2 || error.kind() != ErrorKind::Connect || is_of_proxy {
            return Err(error);
        }
        self.tried += 1;
        self.failover.current.store(self.index(), Ordering::Relaxed);
        if self.tried < count {
            return Ok(());
        }
        let message = format!("none of the {count} endpoints can be reached; no request was sent");
        Err(error.with_message(message))
    }
}
