//! The proxies of the environment, by the rules of curl. A loopback host never goes through one:
//! plain HTTP is allowed there because nothing leaves this machine, and a proxy would carry the
//! credentials away.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use percent_encoding::percent_decode_str;
use reqwest::{Method, Proxy, Request, Url};
use zeroize::Zeroizing;

use super::endpoint::is_loopback;
use super::environment::Environment;
use super::setting::{LookupError, Setting};
use super::source::{SettingName, SkipReason, Source};
use crate::http::{Redact, Secrets};
use crate::{ConnectionProblem, Error, ErrorKind};

/// The proxies for `http` and `https` URLs.
#[derive(Clone)]
pub(crate) struct Proxies(Arc<Inner>);

struct Inner {
    http: Option<ProxySetting>,
    https: Option<ProxySetting>,
    /// Matches each URL that `NO_PROXY` does not name.
    no_exception: Matcher,
    /// The user names and passwords, which a proxy or a server may repeat.
    secrets: Secrets,
}

/// A proxy, and what names it.
#[derive(Clone)]
struct ProxySetting {
    source: String,
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
        Self::of(
            first(environment, http).or_else(|| all.clone()),
            first(environment, &["HTTPS_PROXY", "https_proxy"]).or(all),
            exceptions.unwrap_or_default(),
        )
    }

    /// One proxy for all URLs, passed by the program.
    pub(crate) fn explicit(url: &str) -> Self {
        let setting = ProxySetting {
            source: "explicit value".to_owned(),
            proxy: parse(url.trim()),
        };
        Self::of(Some(setting.clone()), Some(setting), String::new())
    }

    /// No proxy.
    pub(crate) fn none() -> Self {
        Self::of(None, None, String::new())
    }

    fn of(http: Option<ProxySetting>, https: Option<ProxySetting>, exceptions: String) -> Self {
        let mut secrets = Vec::new();
        for setting in [&http, &https].into_iter().flatten() {
            if let Ok(url) = &setting.proxy {
                secrets.extend(secrets_of(url));
            }
        }
        Self(Arc::new(Inner {
            http,
            https,
            no_exception: Matcher::builder()
                .all("http://any-proxy")
                .no(exceptions)
                .build(),
            secrets: Secrets::new(secrets.iter().map(|secret| secret.as_str())),
        }))
    }

    /// Returns the proxy for a URL; `None` for a loopback host and for one that `NO_PROXY` names.
    ///
    /// # Errors
    ///
    /// The value of the proxy is invalid.
    pub(crate) fn proxy_for(&self, url: &Url) -> Result<Option<&Url>, Error> {
        let Some(setting) = self.setting_for(url) else {
            return Ok(None);
        };
        match &setting.proxy {
            Ok(proxy) => Ok(Some(proxy)),
            Err(reason) => Err(Error::new(
                ErrorKind::Configuration,
                format!("invalid proxy ({}): {reason}", setting.source),
            )),
        }
    }

    fn setting_for(&self, url: &Url) -> Option<&ProxySetting> {
        if is_loopback(url) || self.is_exception(url) {
            return None;
        }
        match url.scheme() {
            "https" => self.0.https.as_ref(),
            _ => self.0.http.as_ref(),
        }
    }

    /// Adds the proxy, without its password, to an error of a request that used it.
    pub(crate) async fn explain(&self, error: Error, url: &Url) -> Error {
        let status = error.status().map(|status| status.as_u16());
        let is_of_proxy = error.kind() == ErrorKind::Connect
            || matches!(status, Some(407 | 502 | 503 | 504)) && error.code().is_none();
        let Some(setting) = self.setting_for(url).filter(|_| is_of_proxy) else {
            return error;
        };
        let Ok(proxy) = &setting.proxy else {
            return error;
        };
        let mut text = format!("proxy {} from {}", without_password(proxy), setting.source);
        if error.connection_problem() == Some(ConnectionProblem::Proxy)
            && let Some(status) = rejection_status(proxy, url).await
        {
            text = format!("{text}; it responded with {status}");
        }
        error.with_detail_if_none(text)
    }

    /// Returns whether no variable names a proxy.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.http.is_none() && self.0.https.is_none()
    }

    /// Returns the valid proxies as a setting of the HTTP client, if there are any.
    pub(crate) fn client_setting(&self) -> Option<Proxy> {
        if self.is_empty() {
            return None;
        }
        let proxies = self.clone();
        Some(Proxy::custom(move |url| {
            proxies.proxy_for(url).ok().flatten().cloned()
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
                    setting.try_source(source, proxy.map(|url| without_password(&url)));
                }
            }
        }
        setting
    }

    fn is_exception(&self, url: &Url) -> bool {
        let uri = url.as_str().parse::<Uri>();
        uri.is_ok_and(|uri| self.0.no_exception.intercept(&uri).is_none())
    }
}

/// The secrets of a proxy may be repeated like those of a request.
impl Redact for Proxies {
    fn redact_bytes<'a>(&self, text: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        self.0.secrets.redact_bytes(text)
    }
}

fn first(environment: &Environment, names: &[&'static str]) -> Option<ProxySetting> {
    names.iter().find_map(|name| {
        let value = environment.text(name).ok()?;
        Some(ProxySetting {
            source: format!("environment variable {name}"),
            proxy: parse(value.trim()),
        })
    })
}

/// Returns the password of a proxy in every form in which it is sent.
fn secrets_of(proxy: &Url) -> Vec<Zeroizing<String>> {
    let Some(password) = proxy.password() else {
        return Vec::new();
    };
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let plain = Zeroizing::new(decode(password));
    let pair = Zeroizing::new(format!("{}:{}", decode(proxy.username()), *plain));
    // A short password is only known together with the user name, which is no secret.
    let end: String = pair.chars().rev().take(12).collect();
    let mut secrets = vec![plain, Zeroizing::new(end.chars().rev().collect())];
    let matcher = Matcher::builder().all(proxy.as_str()).build();
    let intercept = matcher.intercept(&Uri::from_static("http://any-host"));
    let basic = intercept.as_ref().and_then(|proxy| proxy.basic_auth());
    if let Some(Ok(basic)) = basic.map(|value| value.to_str()) {
        secrets.push(Zeroizing::new(
            basic.trim_start_matches("Basic ").to_owned(),
        ));
    }
    secrets
}

fn without_password(proxy: &Url) -> String {
    let mut shown = proxy.clone();
    // A proxy has a host, so both can be changed.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.as_str().trim_end_matches('/').to_owned()
}

/// Asks a proxy that did not connect to a host for its status, which the HTTP library does not
/// report. The request has nothing but the name of the host.
async fn rejection_status(proxy: &Url, url: &Url) -> Option<http::StatusCode> {
    if !matches!(proxy.scheme(), "http" | "https") {
        return None;
    }
    let host = url.host_str()?;
    let port = url.port_or_known_default()?;
    let target = Url::parse(&format!("http://{host}:{port}")).ok()?;
    let request = Request::new(Method::CONNECT, target);
    let http = client_with(proxy).ok()?;
    let status = http.execute(request).await.ok()?.status();
    (!status.is_success()).then_some(status)
}

/// Returns an HTTP client that uses this proxy. Inlined, its builder would make the stack of every
/// call larger by 4 KiB.
#[cold]
#[inline(never)]
fn client_with(proxy: &Url) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .no_proxy()
        .proxy(Proxy::http(proxy.clone())?)
        .timeout(Duration::from_secs(5))
        .build()
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
        "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h" => {}
        scheme => {
            return Err(format!(
                "the scheme `{scheme}` is not supported. Use a URL such as `http://host:8080`."
            ));
        }
    }
    // A character such as `#` in a password ends the host.
    let has_path = !matches!(url.path(), "" | "/");
    if url.fragment().is_some() || url.query().is_some() || has_path {
        return Err(
            "text follows the host. Percent-encode special characters in the user name and the \
             password, and remove a path."
                .to_owned(),
        );
    }
    Ok(url)
}
