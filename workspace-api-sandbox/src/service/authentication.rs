//! Who is calling: a user token, or a signature by one of the keys. Checked as the API gateway does it, lock included.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use workspace_api::signing::{
    Authorization, MAX_CLOCK_SKEW, Request, SecretKey, X_SDK_CONTENT_SHA256, X_SDK_DATE,
    X_SECURITY_TOKEN, canonical_request, parse_date, signature, string_to_sign,
};

use crate::http::api_error::ApiError;
use crate::seed::{AccessKey, Credentials};
use crate::sync::lock;

/// This many bad signatures in a row lock a key.
const LOCKOUT_THRESHOLD: u32 = 5;
const LOCKOUT: Duration = Duration::from_secs(5 * 60);
/// How long a token is good that was given for a password.
pub(crate) const TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// How many of those tokens are known at a time; the oldest make room.
const MAX_ISSUED_TOKENS: usize = 1000;

pub(crate) struct Authentication {
    credentials: Credentials,
    issued: Mutex<VecDeque<IssuedToken>>,
    /// By access key: bad signatures in a row, and when the latest came.
    failures: Mutex<HashMap<String, (u32, SystemTime)>>,
}

struct IssuedToken {
    token: String,
    project: String,
    expires: SystemTime,
}

/// A caller who has shown who they are.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The only project that the caller may use, if there is such a limit.
    project: Option<String>,
    /// The IAM actions that the caller may not use.
    deny: Vec<String>,
}

impl Authentication {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            issued: Mutex::default(),
            failures: Mutex::default(),
        }
    }

    /// Unlocks every key.
    pub(crate) fn reset_lockouts(&self) {
        lock(&self.failures).clear();
    }

    /// Makes a token known that is scoped to a project.
    pub(crate) fn issue(&self, token: String, project: String, expires: SystemTime) {
        let mut issued = lock(&self.issued);
        if issued.len() == MAX_ISSUED_TOKENS {
            issued.pop_front();
        }
        issued.push_back(IssuedToken {
            token,
            project,
            expires,
        });
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
        let authorization = header(&request.headers, "authorization");
        match authorization.map(Authorization::parse) {
            None => Err(unauthorized(
                "neither X-Auth-Token nor Authorization is given",
            )),
            Some(None) => Err(unauthorized(
                "the Authorization header is not a signature by SDK-HMAC-SHA256",
            )),
            Some(Some(authorization)) => self.check_signature(&authorization, request, body, now),
        }
    }

    fn check_token(&self, token: &[u8], now: SystemTime) -> Result<Caller, ApiError> {
        if let Some(known) = self
            .credentials
            .tokens
            .iter()
            .find(|known| known.token.as_bytes() == token)
        {
            return Ok(Caller {
                project: known.project.clone(),
                deny: known.deny.clone(),
            });
        }
        match lock(&self.issued)
            .iter()
            .find(|known| known.token.as_bytes() == token)
        {
            Some(known) if known.expires > now => Ok(Caller {
                project: Some(known.project.clone()),
                deny: Vec::new(),
            }),
            Some(_) => Err(ApiError::new(
                StatusCode::UNAUTHORIZED,
                "APIGW.0307",
                "The token must be updated: it has expired.",
            )),
            None => Err(unauthorized("the token is unknown")),
        }
    }

    fn check_signature(
        &self,
        authorization: &Authorization<'_>,
        request: &Parts,
        body: &[u8],
        now: SystemTime,
    ) -> Result<Caller, ApiError> {
        let mut keys = self.credentials.keys.iter();
        let Some(key) = keys.find(|key| key.access == authorization.access_key) else {
            return Err(unauthorized("the access key is unknown"));
        };
        let locked_until = lock(&self.failures)
            .get(&key.access)
            .filter(|(failures, _)| *failures >= LOCKOUT_THRESHOLD)
            .map(|(_, latest)| *latest + LOCKOUT);
        match locked_until {
            Some(until) if until > now => {
                return Err(unauthorized(
                    "the access key is locked after too many bad signatures",
                ));
            }
            Some(_) => drop(lock(&self.failures).remove(&key.access)),
            None => {}
        }
        check_date(header(&request.headers, X_SDK_DATE.as_str()), now)?;
        if is_signed_by(key, authorization, request, body) {
            lock(&self.failures).remove(&key.access);
            return Ok(Caller {
                project: None,
                deny: key.deny.clone(),
            });
        }
        let mut failures = lock(&self.failures);
        let (count, latest) = failures.entry(key.access.clone()).or_insert((0, now));
        (*count, *latest) = (*count + 1, now);
        Err(unauthorized("verify aksk signature fail"))
    }
}

impl Caller {
    /// Whether the caller may use the operation that needs `action`, in `project`.
    pub(crate) fn authorize(
        &self,
        action: Option<&str>,
        project: Option<&str>,
        everyone: &[String],
    ) -> Result<(), ApiError> {
        if let (Some(own), Some(asked)) = (&self.project, project)
            && own != asked
        {
            let what = "The token is scoped to another project.";
            return Err(ApiError::new(StatusCode::FORBIDDEN, "APIGW.0302", what).with_detail(asked));
        }
        let Some(action) = action else {
            return Ok(());
        };
        match self
            .deny
            .iter()
            .chain(everyone)
            .find(|rule| matches_action(rule, action))
        {
            None => Ok(()),
            Some(rule) => {
                let mut error = ApiError::new(
                    StatusCode::FORBIDDEN,
                    "WKS.00081102",
                    "The caller is not allowed to do this.",
                );
                let reason = serde_json::json!({ "action": action, "denied_by": rule });
                error.authorization = Some(hex(reason.to_string().as_bytes()));
                Err(error)
            }
        }
    }
}

/// Whether a rule such as `workspace:desktops:*` takes in an action.
pub(crate) fn matches_action(rule: &str, action: &str) -> bool {
    match rule.strip_suffix('*') {
        Some(beginning) => action.starts_with(beginning),
        None => rule == action,
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
    let apart = now
        .duration_since(date)
        .unwrap_or_else(|later| later.duration());
    match apart > MAX_CLOCK_SKEW {
        true => Err(unauthorized(
            "signature expired: X-Sdk-Date is more than 15 minutes from now",
        )),
        false => Ok(()),
    }
}

fn is_signed_by(
    key: &AccessKey,
    authorization: &Authorization<'_>,
    request: &Parts,
    body: &[u8],
) -> bool {
    let headers = &request.headers;
    let signs = |name: &str| {
        authorization
            .signed_headers
            .split(';')
            .any(|signed| signed == name)
    };
    let token = header(headers, X_SECURITY_TOKEN.as_str());
    let token_fits = token == key.security_token.as_deref()
        && (token.is_none() || signs(X_SECURITY_TOKEN.as_str()));
    // This header stands for the body in what is signed, so it must tell the truth about it.
    let declared =
        header(headers, X_SDK_CONTENT_SHA256.as_str()).filter(|declared| !declared.is_empty());
    let body_fits = declared.is_none_or(|declared| declared == hex(&hmac_sha256::Hash::hash(body)));
    let Ok(secret) = SecretKey::new(key.secret.as_str()) else {
        return false;
    };
    let canonical = canonical_request(
        &Request {
            method: request.method.as_str(),
            path: request.uri.path(),
            query: request.uri.query().unwrap_or_default(),
            headers,
            body,
        },
        authorization.signed_headers,
    );
    let date = header(headers, X_SDK_DATE.as_str()).unwrap_or_default();
    let fits = signature(&secret, &string_to_sign(canonical, date)) == authorization.signature;
    fits && token_fits && body_fits && signs("host") && signs(X_SDK_DATE.as_str())
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unauthorized(detail: &str) -> ApiError {
    let what = format!("Incorrect IAM authentication information: {detail}");
    ApiError::new(StatusCode::UNAUTHORIZED, "APIGW.0301", what)
}
