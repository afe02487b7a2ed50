//! Regions and endpoints, checked so that neither can send credentials to another host than it shows.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// The name of a region: 1 to 63 lower-case letters, digits and `-`. It need not be one that this crate knows.
///
/// ```
/// use workspace_api::config::Region;
///
/// assert!(Region::new("xx-new-9").is_ok());
/// assert!(Region::new("evil.example/").is_err());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Region(String);

/// Why a text is not a region or an endpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InvalidValue(String);

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidValue {}

impl Region {
    /// Checks the name of a region. It becomes a label of a host name, so nothing may end the label early.
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
            "{name:?} is not a region. One has 1 to 63 lower-case letters, digits and `-`: `ap-southeast-1`."
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

/// A URL that requests may be sent to with credentials: https, or plain http to this machine, and nothing but scheme,
/// host, port and path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Endpoint(String);

impl Endpoint {
    /// Checks a URL. With `allow_plain_http` plain http may go to other machines too.
    ///
    /// # Errors
    ///
    /// It is not a URL, is plain http, or has a user name, a password, a query or a fragment.
    pub fn parse(text: &str, allow_plain_http: bool) -> Result<Self, InvalidValue> {
        let invalid = |why: String| Err(InvalidValue(why));
        let url = match Url::parse(text) {
            Ok(url) if url.has_host() => url,
            // The text is not repeated: what is no URL may be a password in the wrong place.
            Ok(_) => {
                return invalid(
                    "it is a URL without a host. Give one like `https://host`.".to_owned(),
                );
            }
            Err(error) => {
                return invalid(format!(
                    "it is not a URL ({error}). Give one like `https://host`."
                ));
            }
        };
        if !url.username().is_empty() || url.password().is_some() {
            return invalid(
                "it has a user name or password, which an endpoint must not have".to_owned(),
            );
        }
        if url.query().is_some() || url.fragment().is_some() {
            return invalid(
                "it has a query or a fragment, which an endpoint must not have".to_owned(),
            );
        }
        match url.scheme() {
            "https" => {}
            "http" if allow_plain_http || is_loopback(&url) => {}
            "http" => {
                let why = "is plain http, which shows the credentials to everyone on the way. Use https, or allow plain \
                           http if you are sure.";
                return invalid(format!("{url} {why}"));
            }
            scheme => return invalid(format!("{url} must be https, not {scheme}")),
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// Where `service` is in a region, known or not.
    pub(crate) fn of_region(service: &str, region: &Region) -> Result<Self, InvalidValue> {
        // IAM of Europe has a domain of its own. Workspace is documented with the usual one there.
        let domain = match (service, region.as_str()) {
            ("iam", "eu-west-101") => "myhuaweicloud.eu",
            _ => "myhuaweicloud.com",
        };
        Self::parse(&format!("https://{service}.{region}.{domain}"), false)
    }

    /// The URL without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}
