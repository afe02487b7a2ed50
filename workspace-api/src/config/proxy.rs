//! The proxies of the environment, by the rules of curl. A loopback host never goes through one:
//! plain HTTP is allowed there because nothing leaves this machine, and a proxy would carry the
//! credentials away.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{Proxy, Url};

use super::endpoint::is_loopback;
use super::environment::Environment;
use super::setting::{LookupError, Setting};
use super::source::{SettingName, SkipReason, Source};
use crate::{Error, ErrorKind};

/// The proxies for `http` and `https` URLs.
pub(crate) struct Proxies {
    http: Option<Variable>,
    https: Option<Variable>,
    /// Matches each URL that `NO_PROXY` does not name.
    no_exception: Matcher,
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
            no_exception: Matcher::builder()
                .all("http://any-proxy")
                .no(exceptions.unwrap_or_default())
                .build(),
        }
    }

    /// Returns the proxy for a URL; `None` for a loopback host and for one that `NO_PROXY` names.
    ///
    /// # Errors
    ///
    /// The variable of the proxy is invalid.
    pub(crate) fn proxy_for(&self, url: &Url) -> Result<Option<&Url>, Error> {
        if is_loopback(url) || self.is_exception(url) {
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

    /// Returns the valid proxies as a setting of the HTTP client, if there are any.
    pub(crate) fn into_setting(self) -> Option<Proxy> {
        if self.is_empty() {
            return None;
        }
        Some(Proxy::custom(move |url| {
            self.proxy_for(url).ok().flatten().cloned()
        }))
    }

    /// Returns the proxy for an endpoint as a setting, without its user name and password.
    pub(super) fn setting(environment: &Environment, endpoint: Option<&Url>) -> Setting<String> {
        let names: &[&str] = match endpoint.map_or("https", Url::scheme) {
            "https" => &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
            _ if environment.os_text("REQUEST_METHOD").is_some() => {
                &["http_proxy", "ALL_PROXY", "all_proxy"]
            }
            _ => &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
        };
        let proxies = Self::new(environment);
        let not_used = match endpoint {
            Some(url) if is_loopback(url) => Some("this machine is never called through a proxy"),
            Some(url) if proxies.is_exception(url) => Some("NO_PROXY names the host"),
            _ => None,
        };
        let mut setting = Setting::new(SettingName::Proxy);
        for (number, name) in names.iter().enumerate() {
            let source = Source::variable(name);
            match (environment.text(name), not_used) {
                (Err(error), _) if number == 0 => setting.try_source(source, Err(error)),
                (Err(_), _) => {}
                (Ok(_), Some(why)) => setting.skip(source, SkipReason::NotUsed(why.to_owned())),
                (Ok(value), None) => {
                    let proxy = parse(value.trim()).map_err(LookupError::Invalid);
                    setting.try_source(source, proxy.map(without_password));
                }
            }
        }
        setting
    }

    fn is_exception(&self, url: &Url) -> bool {
        let uri = url.as_str().parse::<Uri>();
        uri.is_ok_and(|uri| self.no_exception.intercept(&uri).is_none())
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

fn without_password(mut url: Url) -> String {
    // Both fail only for a URL without a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.as_str().trim_end_matches('/').to_owned()
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
