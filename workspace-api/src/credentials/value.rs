//! Credentials as values, and how they get onto a request.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::Request;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};

use crate::Secret;
use crate::signing::{self, AccessKey, InvalidKey, SecretKey, SecurityToken, format_time};

const X_AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");

/// What a request is authenticated with: a user token, an access key, or a temporary access key. Cheap to clone.
///
/// The values are checked when they are made, so that using them cannot fail. `Debug` and `Display` say what kind they
/// are, show the first characters of an access key id, and no secret.
///
/// ```
/// use workspace_api::credentials::Credentials;
///
/// let keys = Credentials::access_key("QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc")?;
/// assert_eq!(keys.to_string(), "access key QTWA…");
/// # Ok::<(), workspace_api::signing::InvalidKey>(())
/// ```
#[derive(Clone, Eq)]
pub struct Credentials(Arc<Value>);

#[derive(Clone, PartialEq, Eq)]
struct Value {
    kind: Kind,
    expires_at: Option<SystemTime>,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    UserToken(Secret),
    AccessKey {
        access_key: AccessKey,
        secret_key: SecretKey,
        security_token: Option<SecurityToken>,
    },
}

impl Credentials {
    /// A user token of IAM, sent as `X-Auth-Token`. IAM issues it for 24 hours.
    ///
    /// # Errors
    ///
    /// It is empty, or holds anything but visible ASCII.
    pub fn user_token(token: impl Into<Secret>) -> Result<Self, InvalidKey> {
        let token = signing::visible_ascii("user token", token.into())?;
        Ok(Self::of(Kind::UserToken(token)))
    }

    /// A permanent access key: its id (AK) and secret (SK).
    ///
    /// # Errors
    ///
    /// See [`AccessKey::new`] and [`SecretKey::new`].
    pub fn access_key(
        access_key: impl Into<Secret>,
        secret_key: impl Into<Secret>,
    ) -> Result<Self, InvalidKey> {
        let (access_key, secret_key) = (AccessKey::new(access_key)?, SecretKey::new(secret_key)?);
        Ok(Self::of(Kind::AccessKey {
            access_key,
            secret_key,
            security_token: None,
        }))
    }

    /// A temporary access key with its security token. Say when it expires with [`with_expiry`](Self::with_expiry).
    ///
    /// # Errors
    ///
    /// See [`AccessKey::new`], [`SecretKey::new`] and [`SecurityToken::new`].
    pub fn temporary(
        access_key: impl Into<Secret>,
        secret_key: impl Into<Secret>,
        security_token: impl Into<Secret>,
    ) -> Result<Self, InvalidKey> {
        let (access_key, secret_key) = (AccessKey::new(access_key)?, SecretKey::new(secret_key)?);
        let security_token = Some(SecurityToken::new(security_token)?);
        Ok(Self::of(Kind::AccessKey {
            access_key,
            secret_key,
            security_token,
        }))
    }

    /// The same credentials, known to expire at `time`.
    #[must_use]
    pub fn with_expiry(mut self, time: SystemTime) -> Self {
        Arc::make_mut(&mut self.0).expires_at = Some(time);
        self
    }

    /// When they expire; `None` if that is not known or never.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.0.expires_at
    }

    /// Whether this is a user token, rather than keys.
    pub fn is_user_token(&self) -> bool {
        matches!(self.0.kind, Kind::UserToken(_))
    }

    /// Puts the credentials onto a request: a token as `X-Auth-Token`, keys as a signature of `time`. What the request
    /// had of either is replaced, so every attempt can have its own.
    ///
    /// The host, `Content-Type` and every header that begins with `X-` are signed, but not what a proxy may rewrite on
    /// the way. Set them before. The body must be in memory: a streamed one would be signed as empty.
    pub fn apply(&self, request: &mut Request, time: SystemTime) {
        const REPLACED: [HeaderName; 4] = [
            AUTHORIZATION,
            X_AUTH_TOKEN,
            signing::X_SDK_DATE,
            signing::X_SECURITY_TOKEN,
        ];
        let headers = request.headers_mut();
        if headers.keys().any(|name| REPLACED.contains(name)) {
            for name in &REPLACED {
                headers.remove(name);
            }
        }
        match &self.0.kind {
            Kind::UserToken(token) => {
                let token = signing::sensitive(token.expose());
                request.headers_mut().insert(X_AUTH_TOKEN, token);
            }
            Kind::AccessKey {
                access_key,
                secret_key,
                security_token,
            } => {
                let headers = headers_to_sign(request);
                let view = signing::Request {
                    method: request.method().as_str(),
                    path: request.url().path(),
                    query: request.url().query().unwrap_or_default(),
                    headers: &headers,
                    body: request
                        .body()
                        .and_then(|body| body.as_bytes())
                        .unwrap_or_default(),
                };
                let added =
                    signing::sign(&view, access_key, secret_key, security_token.as_ref(), time);
                request.headers_mut().extend(added);
            }
        }
    }

    /// `text` without the secrets of these credentials: a server may repeat the headers of a request that it refuses.
    pub fn redact(&self, text: &str) -> String {
        match &self.0.kind {
            Kind::UserToken(token) => token.redact(text),
            Kind::AccessKey {
                access_key,
                secret_key,
                security_token,
            } => {
                let text = without_signature(&secret_key.secret().redact(text));
                // Too short to be a key, it would garble the text.
                let text = match access_key.as_str() {
                    key if key.len() < 8 => text,
                    key => text.replace(key, &access_key.to_string()),
                };
                security_token
                    .as_ref()
                    .map_or_else(|| text.clone(), |token| token.secret().redact(&text))
            }
        }
    }

    pub(super) fn is_valid(&self, now: SystemTime) -> bool {
        self.0.expires_at.is_none_or(|at| now < at)
    }

    /// When to look for new ones, counted from `now`, when these are new: 40 minutes before they expire, as the vendor's
    /// tools do, but not before three quarters of a shorter life are over.
    pub(super) fn refresh_at(&self, now: SystemTime) -> Option<SystemTime> {
        const AHEAD: Duration = Duration::from_secs(40 * 60);
        let at = self.0.expires_at?;
        let life = at.duration_since(now).unwrap_or_default();
        at.checked_sub(AHEAD.min(life / 4))
    }

    fn of(kind: Kind) -> Self {
        Self(Arc::new(Value {
            kind,
            expires_at: None,
        }))
    }
}

/// A signature is good for a quarter of an hour to whoever reads it.
fn without_signature(text: &str) -> String {
    const START: &str = "Signature=";
    let mut parts = text.split(START);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        text + START + "[redacted]" + rest
    })
}

fn headers_to_sign(request: &Request) -> HeaderMap {
    let is_signed = |name: &HeaderName| name == CONTENT_TYPE || name.as_str().starts_with("x-");
    let headers = request.headers().iter().filter(|(name, _)| is_signed(name));
    let mut headers: HeaderMap = headers
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    // The HTTP library adds it when it sends, from the same URL.
    let url = request.url();
    let host = match (url.host_str().unwrap_or_default(), url.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    };
    if let Ok(host) = HeaderValue::try_from(host) {
        headers.insert(HOST, host);
    }
    headers
}

impl PartialEq for Credentials {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::UserToken(_) => f.write_str("user token")?,
            Kind::AccessKey {
                access_key,
                security_token: None,
                ..
            } => write!(f, "access key {access_key}")?,
            Kind::AccessKey { access_key, .. } => write!(f, "temporary access key {access_key}")?,
        }
        match self.0.expires_at {
            Some(at) => write!(f, ", expires at {}", format_time(at)),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({self})")
    }
}
