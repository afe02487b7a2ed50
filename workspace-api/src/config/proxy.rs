//! The proxies of the environment, by the rules of curl. A loopback host never goes through one: plain
//! HTTP is allowed there because nothing leaves the machine, and a proxy would carry the credentials
//! away.

use reqwest::{NoProxy, Proxy, Url};

use super::endpoint::is_loopback;
use super::environment::Environment;
use crate::{Error, ErrorKind};

/// The hosts of this machine as the URL parser writes them, for `NO_PROXY`. They are those of
/// [`is_loopback`].
const LOOPBACK: &str = "localhost,localhost.,127.0.0.0/8,::1,::ffff:127.0.0.0/104";

/// The proxies for `http` and `https` URLs.
pub(crate) struct Proxies {
    http: Option<Variable>,
    https: Option<Variable>,
    /// The value of `NO_PROXY`.
    exceptions: Option<String>,
}

/// A variable that names a proxy.
#[derive(Clone)]
struct Variable {
    name: &'static str,
    /// The proxy, or why the value is invalid.
    proxy: Result<Url, String>,
}

impl Proxies {
    /// Reads the variables. An invalid value is an error only for a request that would use it.
    pub(crate) fn new(environment: &Environment) -> Self {
        let all = first(environment, &["ALL_PROXY", "all_proxy"]);
        // A CGI program gets the header `Proxy` of its caller in this variable.
        let http: &[_] = match environment.os_text("REQUEST_METHOD") {
            Some(_) => &["http_proxy"],
            None => &["HTTP_PROXY", "http_proxy"],
        };
        let exceptions = ["NO_PROXY", "no_proxy"]
            .into_iter()
            .find_map(|name| environment.text(name).ok());
        Self {
            http: first(environment, http).or_else(|| all.clone()),
            https: first(environment, &["HTTPS_PROXY", "https_proxy"]).or(all),
            exceptions,
        }
    }

    /// Returns the proxy for a URL, before the exceptions of `NO_PROXY`; `None` for a loopback host.
    pub(crate) fn proxy_for(&self, url: &Url) -> Result<Option<&Url>, Error> {
        if is_loopback(url) {
            return Ok(None);
        }
        let variable = match url.scheme() {
            "https" => &self.https,
            _ => &self.http,
        };
        match variable {
            None => Ok(None),
            Some(Variable {
                proxy: Ok(proxy), ..
            }) => Ok(Some(proxy)),
            Some(Variable {
                name,
                proxy: Err(reason),
            }) => Err(Error::new(
                ErrorKind::Configuration,
                format!("invalid proxy (environment variable {name}): {reason}"),
            )),
        }
    }

    /// Returns whether no variable names a proxy.
    pub(crate) fn is_empty(&self) -> bool {
        self.http.is_none() && self.https.is_none()
    }

    /// Returns the valid proxies as settings of the HTTP client.
    pub(crate) fn into_settings(self) -> Vec<Proxy> {
        let exceptions = format!("{},{LOOPBACK}", self.exceptions.unwrap_or_default());
        let valid = |variable: Option<Variable>| variable.and_then(|variable| variable.proxy.ok());
        let http = valid(self.http).map(Proxy::http);
        let https = valid(self.https).map(Proxy::https);
        let proxies = http.into_iter().chain(https).flatten();
        proxies
            .map(|proxy| proxy.no_proxy(NoProxy::from_string(&exceptions)))
            .collect()
    }
}

fn first(environment: &Environment, names: &[&'static str]) -> Option<Variable> {
    names.iter().find_map(|name| {
        let value = environment.text(name).ok()?;
        Some(Variable {
            name,
            proxy: parse(value.trim()),
        })
    })
}

/// Parses the URL of a proxy. The reason does not repeat it: it may contain a password.
fn parse(value: &str) -> Result<Url, String> {
    let text = if value.contains("://") {
        value.to_owned()
    } else {
        format!("http://{value}")
    };
    let url = match Url::parse(&text) {
        Ok(url) if url.has_host() => url,
        Ok(_) => return Err("it has no host. Use a URL such as `http://host:8080`.".to_owned()),
        Err(error) => {
            return Err(format!(
                "it is not a URL ({error}). Use a URL such as `http://host:8080`."
            ));
        }
    };
    match url.scheme() {
        "http" | "https" => {}
        scheme if scheme.starts_with("socks") => {
            return Err(format!(
                "`{scheme}` proxies are not supported. Use an HTTP proxy, or unset the variable."
            ));
        }
        scheme => {
            return Err(format!(
                "the scheme `{scheme}` is not supported. Use a URL such as `http://host:8080`."
            ));
        }
    }
    // A character such as `#` in a password ends the host.
    if url.fragment().is_some() || url.query().is_some() || url.path() != "/" {
        return Err(
            "text follows the host. Percent-encode special characters in the user name and the \
             password, and remove a path."
                .to_owned(),
        );
    }
    Ok(url)
}
