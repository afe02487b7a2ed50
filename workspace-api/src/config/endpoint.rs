//! Regions and endpoints, validated so that credentials are only sent to the host that they show.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// The name of a region: 1 to 63 lower-case letters, digits and `-`. The region need not be known
/// to this crate.
///
/// ```
/// use workspace_api::config::Region;
///
/// assert!(Region::new("xx-new-9").is_ok());
/// assert!(Region::new("evil.example/").is_err());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Region(String);

/// Why a text is not a valid region or endpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InvalidValue(String);

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidValue {}

impl Region {
    /// Validates the name of a region. It becomes a label of a host name, so no character may end
    /// the label early.
    ///
    /// # Errors
    ///
    /// The name is empty, too long, begins or ends with `-`, or has other characters.
    pub fn new(name: impl Into<String>) -> Result<Self, InvalidValue> {
        let name = name.into();
        let is_label = matches!(name.len(), 1..=63)
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !name.starts_with('-')
            && !name.ends_with('-');
        if is_label {
            return Ok(Self(name));
        }
        Err(InvalidValue(format!(
            "{name:?} is not the name of a region. Use 1 to 63 lower-case letters, digits and `-`, \
             such as `ap-southeast-1`."
        )))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A URL that requests with credentials may be sent to: HTTPS, or plain HTTP to this machine, with
/// nothing but scheme, host, port and path. A host without a scheme, as the vendor's tables of
/// endpoints list them, is one of HTTPS.
///
/// The vendor's variables and its regions file can have several. Those after the first are
/// [`alternatives`](Self::alternatives): the next one is used when one cannot be reached.
///
/// ```
/// use workspace_api::config::Endpoint;
///
/// assert!(Endpoint::parse("https://workspace.example.com", false).is_ok());
/// assert!(Endpoint::parse("workspace.example.com:443", false).is_ok());
/// assert!(Endpoint::parse("http://127.0.0.1:8080", false).is_ok());
/// assert!(Endpoint::parse("http://workspace.example.com", false).is_err());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Endpoint {
    url: String,
    alternatives: Vec<Endpoint>,
}

impl Endpoint {
    /// Validates a URL. With `allow_plain_http`, plain HTTP to other hosts is allowed too.
    ///
    /// # Errors
    ///
    /// The text is not a URL, or the URL uses plain HTTP or has a user name, a password, a query or
    /// a fragment.
    pub fn parse(text: &str, allow_plain_http: bool) -> Result<Self, InvalidValue> {
        // The messages do not repeat the text: it may be a password in the wrong field.
        let url = if is_bare_host(text) {
            Url::parse(&format!("https://{text}"))
        } else {
            Url::parse(text)
        };
        let url = url.map_err(|error| {
            InvalidValue(format!(
                "the value is not a URL ({error}). Use a URL such as `https://host`."
            ))
        })?;
        if !url.has_host() {
            return Err(invalid(
                "the URL has no host. Use a URL such as `https://host`.",
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("the URL has a user name or password. Remove it."));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("the URL has a query or a fragment. Remove it."));
        }
        match url.scheme() {
            "https" => {}
            "http" if allow_plain_http || is_loopback(&url) => {}
            "http" => {
                return Err(InvalidValue(format!(
                    "{url} uses plain HTTP, so anyone on the network path could read the \
                     credentials. Use https, or allow plain HTTP (`allow_plain_http`)."
                )));
            }
            scheme => {
                return Err(InvalidValue(format!(
                    "{url} has the scheme `{scheme}`. Use https."
                )));
            }
        }
        Ok(Self {
            url: url.as_str().trim_end_matches('/').to_owned(),
            alternatives: Vec::new(),
        })
    }

    /// The URL without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// The endpoints to use if this one cannot be reached, in this order.
    pub fn alternatives(&self) -> &[Self] {
        &self.alternatives
    }

    /// Validates several URLs, of which the later ones are alternatives of the first. Empty texts
    /// are ignored.
    pub(super) fn parse_all<'a>(
        texts: impl IntoIterator<Item = &'a str>,
        allow_plain_http: bool,
    ) -> Result<Self, InvalidValue> {
        let texts = texts.into_iter().map(str::trim);
        let mut endpoints = Vec::new();
        for text in texts.filter(|text| !text.is_empty()) {
            let endpoint = Self::parse(text, allow_plain_http)?;
            if !endpoints.contains(&endpoint) {
                endpoints.push(endpoint);
            }
        }
        if endpoints.is_empty() {
            return Self::parse("", allow_plain_http);
        }
        let mut first = endpoints.remove(0);
        first.alternatives = endpoints;
        Ok(first)
    }

    pub(crate) fn url(&self) -> Option<Url> {
        Url::parse(&self.url).ok()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

fn invalid(reason: &str) -> InvalidValue {
    InvalidValue(reason.to_owned())
}

/// Returns whether a text is a host, with or without a port and a path, but without a scheme. One
/// word without a dot or a port is more likely a value in the wrong place.
fn is_bare_host(text: &str) -> bool {
    let (authority, _) = text.split_once('/').unwrap_or((text, ""));
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    match port {
        Some(port) => is_port(port) && host.split('.').all(is_label),
        None => is_domain(host),
    }
}

/// Returns whether a text is a domain of at least two labels.
pub(super) fn is_domain(text: &str) -> bool {
    text.contains('.') && text.split('.').all(is_label)
}

fn is_label(text: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    !text.is_empty() && text.bytes().all(is_part)
}

/// Returns whether the host is this machine. The URL parser has already brought all spellings of an
/// IPv4 address, such as `127.1`, into one form.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    match address {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => matches!(host, "localhost" | "localhost."),
    }
}
