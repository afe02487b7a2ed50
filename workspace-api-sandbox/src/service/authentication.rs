//! Authenticates requests by user token or signature, like the API gateway, including the key
//! lock-out.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use workspace_api::signing::{
    Authorization, MAX_CLOCK_SKEW, Request, SecretKey, X_SDK_CONTENT_SHA256, X_SDK_DATE,
    X_SECURITY_TOKEN, canonical_request, content_sha256, parse_date, signature, string_to_sign,
};

use super::authorization::{Caller, Scope};
use super::issued::Issued;
use crate::http::api_error::ApiError;
use crate::seed::{AccessKey, Credentials, Token};
use crate::sync::lock;

/// Number of invalid signatures in a row that do not lock a key yet.
const MAX_FAILURES: u32 = 5;
/// The headers that carry credentials.
const SECRET_HEADERS: [&str; 6] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "x-auth-token",
    "x-security-token",
    "x-subject-token",
];
/// How long a key stays locked.
const LOCKOUT: Duration = Duration::from_secs(5 * 60);

pub(crate) struct Authentication {
    credentials: Credentials,
    /// The tokens that IAM issued, by the token.
    pub(crate) tokens: Issued<Caller>,
    /// The temporary access keys that IAM, STS and pod identity issued, by the access key.
    pub(crate) keys: Issued<IssuedKey>,
    /// The tokens that the instance metadata issued.
    pub(crate) metadata_tokens: Issued<()>,
    /// By access key.
    failures: Mutex<HashMap<String, Failures>>,
}

/// A temporary access key that was issued, with the permissions of its owner.
#[derive(Clone, Debug)]
pub(crate) struct IssuedKey {
    pub(crate) key: AccessKey,
    pub(crate) caller: Caller,
}

/// The invalid signatures of a key since its last valid one.
struct Failures {
    count: u32,
    latest: SystemTime,
}

impl Authentication {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            tokens: Issued::default(),
            keys: Issued::default(),
            metadata_tokens: Issued::default(),
            failures: Mutex::default(),
        }
    }

    /// Unlocks every key.
    pub(crate) fn reset_lockouts(&self) {
        lock(&self.failures).clear();
    }

    pub(crate) fn authenticate(
        &self,
        request: &Parts,
        body: &[u8],
        now: SystemTime,
    ) -> Result<Caller, ApiError> {
        if let Some(token) = request.headers.get("x-auth-token") {
            return self.check_token(token.as_bytes(), now);
        }
        let Some(authorization) = header(&request.headers, "authorization") else {
            return Err(unauthorized(
                "neither X-Auth-Token nor Authorization is given",
            ));
        };
        let Some(authorization) = Authorization::parse(authorization) else {
            return Err(unauthorized(
                "the Authorization header is not a signature by SDK-HMAC-SHA256",
            ));
        };
        self.check_signature(&authorization, request, body, now)
    }

    /// Returns the owner of a token.
    pub(crate) fn check_token(&self, token: &[u8], now: SystemTime) -> Result<Caller, ApiError> {
        let is_token = |known: &&Token| known.token.as_bytes() == token;
        if let Some(known) = self.credentials.tokens.iter().find(is_token) {
            let scope = match &known.project {
                Some(project) => Scope::Project(project.clone()),
                None => Scope::AnyProject,
            };
            return Ok(Caller {
                scope,
                deny: known.deny.clone(),
            });
        }
        let Some((caller, expires)) = self.tokens.find(&String::from_utf8_lossy(token)) else {
            return Err(unauthorized("decrypt token fail"));
        };
        if expires <= now {
            return Err(ApiError::new(
                StatusCode::UNAUTHORIZED,
                "APIGW.0307",
                "The token must be updated: it has expired.",
            ));
        }
        Ok(caller)
    }

    /// Whether a header is a credential that is not the sandbox's own: it may be a real one, sent
    /// here by mistake.
    pub(crate) fn is_foreign_secret(&self, name: &HeaderName, value: &[u8]) -> bool {
        let Ok(value) = std::str::from_utf8(value) else {
            return SECRET_HEADERS.contains(&name.as_str());
        };
        let known = &self.credentials;
        let is_own = match name.as_str() {
            "x-auth-token" | "x-subject-token" => {
                known.tokens.iter().any(|token| token.token == value)
                    || self.tokens.find(value).is_some()
            }
            "x-security-token" => {
                let is_of = |key: &AccessKey| key.security_token.as_deref() == Some(value);
                known.keys.iter().any(is_of) || self.keys.any(|issued| is_of(&issued.key))
            }
            "authorization" => match Authorization::parse(value) {
                Some(signature) => self.find_key(signature.access_key).is_some(),
                None => known.pod_tokens.iter().any(|token| token == value),
            },
            name => !SECRET_HEADERS.contains(&name),
        };
        !is_own
    }

    fn check_signature(
        &self,
        authorization: &Authorization<'_>,
        request: &Parts,
        body: &[u8],
        now: SystemTime,
    ) -> Result<Caller, ApiError> {
        let Some((IssuedKey { key, caller }, expires)) = self.find_key(authorization.access_key)
        else {
            return Err(unauthorized("ak not exist"));
        };
        self.check_lockout(&key, now)?;
        check_date(header(&request.headers, X_SDK_DATE.as_str()), now)?;
        if expires.is_some_and(|expires| expires <= now) {
            return Err(unauthorized("decrypt token fail"));
        }
        if !is_signed_by(&key, authorization, request, body) {
            self.count_failure(&key, now);
            return Err(unauthorized("verify aksk signature fail"));
        }
        lock(&self.failures).remove(&key.access);
        Ok(caller)
    }

    /// Finds an access key of the seed, which does not expire, or one that was issued.
    fn find_key(&self, access: &str) -> Option<(IssuedKey, Option<SystemTime>)> {
        let is_key = |key: &&AccessKey| key.access == access;
        if let Some(key) = self.credentials.keys.iter().find(is_key) {
            let caller = Caller {
                scope: Scope::AnyProject,
                deny: key.deny.clone(),
            };
            let key = key.clone();
            return Some((IssuedKey { key, caller }, None));
        }
        let (issued, expires) = self.keys.find(access)?;
        Some((issued, Some(expires)))
    }

    /// Rejects a locked key. A lock-out that is over is forgotten, and counting starts again.
    fn check_lockout(&self, key: &AccessKey, now: SystemTime) -> Result<(), ApiError> {
        let mut failures = lock(&self.failures);
        let Some(Failures { count, latest }) = failures.get(&key.access) else {
            return Ok(());
        };
        if *count <= MAX_FAILURES {
            return Ok(());
        }
        if *latest + LOCKOUT > now {
            return Err(unauthorized(
                "AK access failed to reach the limit, it is locked for five minutes",
            ));
        }
        failures.remove(&key.access);
        Ok(())
    }

    fn count_failure(&self, key: &AccessKey, now: SystemTime) {
        let mut failures = lock(&self.failures);
        let of_key = failures.entry(key.access.clone()).or_insert(Failures {
            count: 0,
            latest: now,
        });
        of_key.count += 1;
        of_key.latest = now;
    }
}

fn check_date(date: Option<&str>, now: SystemTime) -> Result<(), ApiError> {
    let Some(date) = date else {
        return Err(unauthorized("the header X-Sdk-Date is missing"));
    };
    let Some(date) = parse_date(date) else {
        return Err(unauthorized(
            "X-Sdk-Date is not of the form YYYYMMDDTHHMMSSZ",
        ));
    };
    let skew = match now.duration_since(date) {
        Ok(behind) => behind,
        Err(ahead) => ahead.duration(),
    };
    if skew > MAX_CLOCK_SKEW {
        return Err(unauthorized(
            "signature expired: X-Sdk-Date is more than 15 minutes from now",
        ));
    }
    Ok(())
}

fn is_signed_by(
    key: &AccessKey,
    authorization: &Authorization<'_>,
    request: &Parts,
    body: &[u8],
) -> bool {
    let headers = &request.headers;
    let signed_headers: Vec<&str> = authorization.signed_headers.split(';').collect();
    let token = header(headers, X_SECURITY_TOKEN.as_str());
    if token != key.security_token.as_deref() {
        return false;
    }
    if token.is_some() && !signed_headers.contains(&X_SECURITY_TOKEN.as_str()) {
        return false;
    }
    if !signed_headers.contains(&"host") || !signed_headers.contains(&X_SDK_DATE.as_str()) {
        return false;
    }
    // The signature covers this header in place of the body, so it must be the hash of the body.
    let declared_hash = header(headers, X_SDK_CONTENT_SHA256.as_str()).unwrap_or_default();
    if !declared_hash.is_empty() && declared_hash != content_sha256(body) {
        return false;
    }
    let Ok(secret) = SecretKey::new(key.secret.as_str()) else {
        return false;
    };
    let request = Request {
        method: request.method.as_str(),
        path: request.uri.path(),
        query: request.uri.query().unwrap_or_default(),
        headers,
        body,
    };
    let canonical = canonical_request(&request, authorization.signed_headers);
    let date = header(headers, X_SDK_DATE.as_str()).unwrap_or_default();
    signature(&secret, &string_to_sign(canonical, date)) == authorization.signature
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn unauthorized(detail: &str) -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        "APIGW.0301",
        format!("Incorrect IAM authentication information: {detail}"),
    )
}
