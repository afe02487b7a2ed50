//! The `Host` headers that the sandbox accepts. A page elsewhere on the web can point its own name
//! at this machine (DNS rebinding) and then read every response; its requests carry that name.

use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{StatusCode, Version};
use std::net::IpAddr;

use crate::error::Error;
use crate::http::api_error::ApiError;

/// Accepts names of this machine, every IP address, which cannot be rebound, and further names.
#[derive(Debug)]
pub(crate) struct AllowedHosts {
    names: Vec<String>,
}

impl AllowedHosts {
    pub(crate) fn new(names: &[String]) -> Result<Self, Error> {
        for name in names {
            let is_name = |authority: Authority| authority.as_str() == authority.host();
            if !name.parse().is_ok_and(is_name) {
                return Err(Error::Host(format!(
                    "the host name \"{name}\" is invalid: give a name such as sandbox.example, without scheme and port"
                )));
            }
        }
        let names = names.iter().map(|name| normalize(name)).collect();
        Ok(Self { names })
    }

    /// Rejects a request for another host, and one that does not name exactly one host.
    pub(crate) fn check(&self, request: &Parts) -> Result<(), ApiError> {
        if let Some(authority) = request.uri.authority() {
            self.check_host(authority)?;
        }
        let mut hosts = request.headers.get_all(HOST).iter();
        let Some(host) = hosts.next() else {
            return match request.version {
                Version::HTTP_11 => Err(ApiError::bad_request("the header Host is missing")),
                _ => Ok(()),
            };
        };
        if hosts.next().is_some() {
            return Err(ApiError::bad_request("there is more than one header Host"));
        }
        match Authority::try_from(host.as_bytes()) {
            Ok(authority) => self.check_host(&authority),
            Err(_) => Err(ApiError::bad_request("the header Host is malformed")),
        }
    }

    fn check_host(&self, authority: &Authority) -> Result<(), ApiError> {
        let host = normalize(authority.host());
        let address = host.trim_start_matches('[').trim_end_matches(']');
        if address.parse::<IpAddr>().is_ok()
            || host == "localhost"
            || host.ends_with(".localhost")
            || self.names.contains(&host)
        {
            return Ok(());
        }
        Err(ApiError::new(
            StatusCode::MISDIRECTED_REQUEST,
            "SANDBOX.0421",
            format!(
                "This sandbox does not serve the host {host}. If it is yours, start the sandbox \
                 with --allow-host {host}."
            ),
        ))
    }
}

fn normalize(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}
