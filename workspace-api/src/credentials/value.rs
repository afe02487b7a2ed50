//! Credentials as values, and how they authenticate a request.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use reqwest::{Request, Url};

use super::redaction::Redaction;
use crate::Secret;
use crate::error::CredentialsKind;
use crate::http::Redact;
use crate::signing::{self, AccessKey, InvalidKey, SecretKey, SecurityToken, format_time};

const X_AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");

/// Credentials of a request: a user token, an access key, or a temporary access key. Cheap to
/// clone.
///
/// The values are validated on creation, so that using them cannot fail. `Debug` and `Display` show
/// the kind and the first characters of an access key id, but no secret.
///
/// ```
/// use workspace_api::credentials::Credentials;
///
/// let (id, secret) = ("QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc");
/// let keys = Credentials::access_key(id, secret)?;
/// assert_eq!(keys.to_string(), "access key QTWA…");
/// # Ok::<(), workspace_api::signing::InvalidKey>(())
/// ```
#[derive(Clone)]
pub struct Credentials(Arc<Value>);

#[derive(Clone)]
struct Value {
    kind: Kind,
    expires_at: Option<SystemTime>,
    /// Finds the secrets in responses; built for the first one.
    redaction: OnceLock<Arc<Redaction>>,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    UserToken {
        token: Secret,
        /// The header with the token, which all requests share: a token may have 16 KiB.
        header: HeaderValue,
    },
    AccessKey {
        access_key: AccessKey,
        secret_key: SecretKey,
        security_token: Option<SecurityToken>,
    },
}

impl Credentials {
    /// A user token of IAM, sent as `X-Auth-Token`. It is valid for 24 hours.
    ///
    /// # Errors
    ///
    /// The token is empty or has characters other than visible ASCII.
    pub fn user_token(token: impl Into<Secret>) -> Result<Self, InvalidKey> {
        let token = signing::visible_ascii("user token", token.into())?;
        let header = signing::sensitive(token.expose());
        Ok(Self::from_kind(Kind::UserToken { token, header }))
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
        Ok(Self::from_kind(Kind::AccessKey {
            access_key,
            secret_key,
            security_token: None,
        }))
    }

    /// A temporary access key with its security token. Set when it expires with
    /// [`with_expiry`](Self::with_expiry).
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
        Ok(Self::from_kind(Kind::AccessKey {
            access_key,
            secret_key,
            security_token,
        }))
    }

    /// Sets when the credentials expire.
    #[must_use]
    pub fn with_expiry(mut self, time: SystemTime) -> Self {
        Arc::make_mut(&mut self.0).expires_at = Some(time);
        self
    }

    /// When the credentials expire; `None` if never or unknown.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.0.expires_at
    }

    /// Returns whether this is a user token rather than an access key.
    pub fn is_user_token(&self) -> bool {
        matches!(self.0.kind, Kind::UserToken { .. })
    }

    /// The kind of the credentials.
    pub(crate) fn kind(&self) -> CredentialsKind {
        match &self.0.kind {
            Kind::UserToken { .. } => CredentialsKind::UserToken,
            Kind::AccessKey {
                security_token: None,
                ..
            } => CredentialsKind::AccessKey,
            Kind::AccessKey { .. } => CredentialsKind::TemporaryAccessKey,
        }
    }

    /// Authenticates a request: sets `X-Auth-Token`, or signs it at `time`. Existing values are
    /// replaced, so it can be called for each attempt.
    ///
    /// The signature covers the host, `Content-Type` and every header that begins with `X-`, but no
    /// header that a proxy may change. Set these headers first. The body must be in memory: a
    /// streaming one would be signed as empty.
    pub fn apply(&self, request: &mut Request, time: SystemTime) {
        static REPLACED: [HeaderName; 4] = [
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
            Kind::UserToken { header, .. } => {
                request.headers_mut().insert(X_AUTH_TOKEN, header.clone());
            }
            Kind::AccessKey {
                access_key,
                secret_key,
                security_token,
            } => {
                // The HTTP library derives the header from the URL in the same way, but only when it
                // sends.
                let host = host(request.url());
                let view = signing::Request {
                    method: request.method().as_str(),
                    path: request.url().path(),
                    query: request.url().query().unwrap_or_default(),
                    headers: request.headers(),
                    body: request
                        .body()
                        .and_then(|body| body.as_bytes())
                        .unwrap_or_default(),
                };
                let headers = request.headers().iter();
                let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
                let headers = headers.filter(|(name, _)| is_signed(name));
                let headers = headers.chain([("host", host.as_bytes())]);
                let keys = (access_key, secret_key, security_token.as_ref());
                let added = signing::sign_headers(&view, headers, keys, time);
                added.add_to(request.headers_mut());
            }
        }
    }

    /// Replaces the secrets of these credentials in `text`, in every spelling: an error response
    /// may repeat the headers of its request.
    pub fn redact(&self, text: &str) -> String {
        let redacted = self.redact_bytes(Cow::Borrowed(text.as_bytes()));
        String::from_utf8_lossy(&redacted).into_owned()
    }

    pub(super) fn is_valid(&self, now: SystemTime) -> bool {
        self.0.expires_at.is_none_or(|at| now < at)
    }

    /// When to refresh credentials fetched at `now`: 40 minutes before expiry, as the vendor's
    /// tools do, or after three quarters of a shorter lifetime.
    pub(super) fn refresh_at(&self, now: SystemTime) -> Option<SystemTime> {
        const AHEAD: Duration = Duration::from_secs(40 * 60);
        let expires_at = self.0.expires_at?;
        let lifetime = expires_at.duration_since(now).unwrap_or_default();
        expires_at.checked_sub(AHEAD.min(lifetime / 4))
    }

    fn from_kind(kind: Kind) -> Self {
        Self(Arc::new(Value {
            kind,
            expires_at: None,
            redaction: OnceLock::new(),
        }))
    }
}

impl Redact for Credentials {
    fn redact_bytes<'a>(&self, text: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        let redaction = self
            .0
            .redaction
            .get_or_init(|| Arc::new(self.0.kind.redaction()));
        redaction.redact_bytes(text)
    }
}

impl Kind {
    fn redaction(&self) -> Redaction {
        match self {
            Self::UserToken { token, .. } => Redaction::of_token(token),
            Self::AccessKey {
                access_key,
                secret_key,
                security_token,
            } => Redaction::of_key(access_key, secret_key, security_token.as_ref()),
        }
    }
}

/// Returns whether the signature covers a header of this name. It always covers the host.
fn is_signed(name: &str) -> bool {
    name == "content-type" || name.starts_with("x-")
}

/// Returns the host with its port, unless that is the default one.
fn host(url: &Url) -> &str {
    let authority = url.authority();
    match authority.rsplit_once('@') {
        Some((_, host)) => host,
        None => authority,
    }
}

impl Eq for Credentials {}

impl PartialEq for Credentials {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&*self.0, &*other.0);
        Arc::ptr_eq(&self.0, &other.0) || (&a.kind, a.expires_at) == (&b.kind, b.expires_at)
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::UserToken { .. } => f.write_str("user token")?,
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
