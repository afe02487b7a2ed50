//! Signing: the vendor's vectors, stage by stage so that a failure names its stage, and the rules
//! of the canonical form.

#![allow(clippy::unwrap_used)]

mod properties;
mod rules;
mod vectors;

use std::time::{Duration, UNIX_EPOCH};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use workspace_api::signing::{self, AccessKey, Request, SecretKey};

/// Signs a request with `headers`, which are added in their order.
fn sign(path: &str, query: &str, headers: &[(&str, &str)], body: &[u8]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(
            name.parse::<HeaderName>().unwrap(),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
    }
    let (access_key, secret_key) = (
        AccessKey::new("AccessKey").unwrap(),
        SecretKey::new("SecretKey").unwrap(),
    );
    let request = Request {
        method: "POST",
        path,
        query,
        headers: &map,
        body,
    };
    signing::sign(
        &request,
        &access_key,
        &secret_key,
        None,
        UNIX_EPOCH + Duration::from_secs(1_136_214_245),
    )
}
