//! Hints: what a user can do after an error of the client. They depend on the status, the code and
//! the message, the operation, the credentials and the cause.

mod context;
mod permission;

use std::error::Error as StdError;
use std::sync::OnceLock;

use reqwest::StatusCode;
use workspace_api::config::Config;
use workspace_api::{ConnectionProblem, CredentialsKind, Error, ErrorKind};

use context::{DETACH, Destination, OTHER_SERVER};

/// The service's code for a desktop whose state does not allow the operation.
const STATE_DENIES_OPERATION: &str = "WKS.00010032";
const LOG_OFF: &str = "BatchLogoffDesktops";

/// The hint for a missing or invalid setting.
pub const SETTINGS: &str =
    "`workspace config` shows every setting and its source; `workspace --help` lists the sources.";
const SOURCE_OF_CREDENTIALS: &str = "`workspace config` shows where the credentials come from.";
const WAIT_FOR_DESKTOP: &str =
    "Wait until the desktop is no longer starting or restarting, then try again.";

/// The settings of this process that hints name.
static DESTINATION: OnceLock<Destination> = OnceLock::new();

/// Makes the settings of a connection known to hints.
pub fn remember(config: &Config) {
    // A second connection of the process has the same settings.
    let _ = DESTINATION.set(Destination {
        region: config.region.value().map(ToString::to_string),
        sts_endpoint: config.sts_endpoint.value().map(ToString::to_string),
    });
}

/// Returns the hint for an error, or `None` if the message is sufficient.
pub fn hint_for(error: &Error) -> Option<String> {
    hint_at(error, DESTINATION.get().unwrap_or(&Destination::default()))
}

fn hint_at(error: &Error, destination: &Destination) -> Option<String> {
    if let Some(problem) = error.connection_problem() {
        return Some(connection(problem, destination));
    }
    // The response to a request in plain HTTP is that of the proxy.
    if error.status() == Some(StatusCode::PROXY_AUTHENTICATION_REQUIRED) {
        return Some(connection(
            ConnectionProblem::ProxyAuthentication,
            destination,
        ));
    }
    let hint = match error.kind() {
        ErrorKind::Configuration => SETTINGS,
        ErrorKind::Credentials => return Some(credentials(error, destination)),
        ErrorKind::Connect => {
            "`workspace config` shows where requests go. Check the region or endpoint, the network \
             and the proxy (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY)."
        }
        ErrorKind::Unauthorized => return unauthorized(error),
        ErrorKind::Forbidden => return Some(permission::forbidden(error, destination)),
        ErrorKind::NotFound => return not_found(error),
        ErrorKind::BadRequest => return bad_request(error),
        ErrorKind::Timeout
        | ErrorKind::ConnectionLost
        | ErrorKind::Server
        | ErrorKind::InvalidResponse => after_an_unclear_response(error),
        ErrorKind::UnexpectedStatus => OTHER_SERVER,
        ErrorKind::Conflict => state_of_desktop(error),
        ErrorKind::Desktop if error.code() == Some(STATE_DENIES_OPERATION) => {
            state_of_desktop(error)
        }
        ErrorKind::Desktop if says_that_no_one_is_bound(error) => {
            "No one is bound to it, so nothing is left to unbind: leave it out."
        }
        ErrorKind::TooManyRequests if is_read(error) => {
            "Wait a minute, then try again, or let the command wait longer with --retry-time."
        }
        ErrorKind::TooManyRequests => {
            "The service did nothing. Wait a minute, then resume the run from its report, or run \
             the command again if it has none. --retry-time lets it wait longer."
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

fn is_read(error: &Error) -> bool {
    error
        .operation()
        .is_some_and(|operation| operation.method == "GET")
}

fn connection(problem: ConnectionProblem, destination: &Destination) -> String {
    let hint = match problem {
        ConnectionProblem::UnknownHost => return unknown_host(destination),
        ConnectionProblem::InvalidCertificate => {
            "If a proxy inspects TLS, or the endpoint has a certificate of a private authority: add \
             the authority to the system's store, or set SSL_CERT_FILE to a PEM file with it and \
             with the others. Otherwise check the endpoint with `workspace config`."
        }
        ConnectionProblem::NotTls => {
            "The server responds, but not with TLS. Check the scheme and the port of the endpoint \
             with `workspace config`."
        }
        ConnectionProblem::NotHttp => {
            "If the server expects TLS on this port, use an endpoint with https://. `workspace \
             config` shows the endpoint."
        }
        ConnectionProblem::ProxyAuthentication => {
            "Correct the user name or password in the variable of the proxy (HTTPS_PROXY, \
             HTTP_PROXY or ALL_PROXY) before you try again: a few rejected passwords may lock the \
             account."
        }
        ConnectionProblem::Proxy => {
            "Check the proxy (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) and whether it lets requests to \
             this host through; NO_PROXY lists hosts that are called directly."
        }
        _ => {
            "`workspace config` shows where requests go. Check the region or endpoint, the network \
             and the proxy (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY)."
        }
    };
    hint.to_owned()
}

/// Some regions of Europe may be under another domain.
fn unknown_host(destination: &Destination) -> String {
    match &destination.region {
        Some(region) if region.starts_with("eu-west-1") => format!(
            "Services of this region may be under another domain: try --endpoint \
             https://workspace.{region}.myhuaweicloud.eu."
        ),
        _ => "Check the name of the region or the host of the endpoint (`workspace config` shows \
              them), and whether this computer can resolve names."
            .to_owned(),
    }
}

/// Returns the hint for missing credentials, or for a project that IAM did not return.
fn credentials(error: &Error, destination: &Destination) -> String {
    let mut cause = error.source();
    while let Some(source) = cause {
        if let Some(inner) = source.downcast_ref::<Error>() {
            return of_credential_service(error, inner, destination);
        }
        cause = source.source();
    }
    SETTINGS.to_owned()
}

/// Returns the hint after IAM, or another service of credentials, failed.
fn of_credential_service(error: &Error, inner: &Error, destination: &Destination) -> String {
    let is_about_project = error
        .message()
        .is_some_and(|message| message.contains(" for the project "));
    if is_about_project && matches!(inner.kind(), ErrorKind::Forbidden | ErrorKind::NotFound) {
        return permission::projects(inner, destination);
    }
    if inner.kind() == ErrorKind::Unauthorized && inner.credentials_kind().is_none() {
        // Credentials that were to be exchanged for others.
        return format!(
            "{SOURCE_OF_CREDENTIALS} Correct them before you try again: repeated rejections lock \
             the user or the key."
        );
    }
    match hint_at(inner, destination) {
        // After a 401 any other request would be rejected too, and rejections lead to a lock-out.
        Some(hint) if is_about_project && inner.kind() != ErrorKind::Unauthorized => {
            format!("{hint} Or use --project-id ID.")
        }
        Some(hint) => hint,
        None => SETTINGS.to_owned(),
    }
}

fn unauthorized(error: &Error) -> Option<String> {
    /// The words of the client if the clock is the cause.
    const CLOCK: &str = "this machine's clock";
    if error.detail().is_some_and(|detail| detail.contains(CLOCK)) {
        return None;
    }
    let message = error.message().unwrap_or_default().to_lowercase();
    let says = |text: &str| message.contains(text);
    let cause = if says("reach the limit") {
        "The access key is locked after several invalid signatures. Wait five minutes, then try \
         once."
    } else if says("decrypt token fail") {
        "The token has expired, is cut off, or belongs to another region or cloud. Get a new one \
         (HW_AUTH_TOKEN)."
    } else if error.gateway_code() == Some("0307") {
        "The token has expired (it is valid for 24 hours) or belongs to another region. Get a new \
         one (HW_AUTH_TOKEN)."
    } else if says("ak not exist") || says("access key") && says("not exist") {
        "The service does not know this access key id: it is misspelled, deleted or of another \
         cloud (HUAWEICLOUD_SDK_AK)."
    } else {
        match error.credentials_kind() {
            Some(CredentialsKind::UserToken) => {
                "Check the token (HW_AUTH_TOKEN): it may have expired, be cut off, or belong to \
                 another region or cloud."
            }
            Some(CredentialsKind::AccessKey) => {
                "Check the access key and its secret key (HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK). \
                 Correct them before you try again: more than five invalid signatures in a row lock the key \
                 for five minutes."
            }
            Some(CredentialsKind::TemporaryAccessKey) => {
                "Check the temporary access key: it may have expired, or its secret key or security \
                 token belongs to another key. Correct it before you try again: more than five \
                 invalid signatures in a row lock the key for five minutes."
            }
            _ => "Check the credentials before you try again.",
        }
    };
    Some(format!("{cause} {SOURCE_OF_CREDENTIALS}"))
}

fn not_found(error: &Error) -> Option<String> {
    let hint = match error.gateway_code() {
        Some("0101") => {
            "This endpoint does not offer Workspace. Check the region and the endpoint with \
             `workspace config`."
        }
        Some(_) => "Check the endpoint and the path with `workspace config`.",
        None if error.code().is_none() => OTHER_SERVER,
        None => return None,
    };
    Some(hint.to_owned())
}

fn bad_request(error: &Error) -> Option<String> {
    match (error.gateway_code(), error.status()?.as_u16()) {
        (Some("0201"), _) | (_, 413) => {
            Some("The request is too large. Use a smaller --batch-size.".to_owned())
        }
        (None, _) if error.code().is_none() => Some(OTHER_SERVER.to_owned()),
        _ => None,
    }
}

fn after_an_unclear_response(error: &Error) -> &'static str {
    if is_read(error) {
        return "It is safe to try again.";
    }
    match error.operation().map(|operation| operation.id) {
        Some(DETACH) => {
            "The request may still have been processed. A resumed run reads the unbinding records \
             first; without a report, check `workspace detach-info` before you retry."
        }
        Some(LOG_OFF) => {
            "The request may still have been processed, and a log-off leaves no record. Repeating \
             it logs off whoever is logged on by then. `login_status` in the list of desktops shows \
             that: workspace api GET '/v2/{project_id}/desktops?limit=100'"
        }
        // Nothing is known about other requests.
        _ => "The request may still have been processed.",
    }
}

/// Returns true if the message says that no one is bound to the desktop. The service documents no
/// code for that.
fn says_that_no_one_is_bound(error: &Error) -> bool {
    let message = error.message().unwrap_or_default().to_lowercase();
    let has = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
    has(&["no user", "no one", "nobody"]) && has(&["bound", "assigned", "attached"])
}

/// Returns the hint for a desktop whose state denies the operation, by the state in the message.
fn state_of_desktop(error: &Error) -> &'static str {
    let words: Vec<_> = [error.message(), error.detail()]
        .into_iter()
        .flatten()
        .flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
        .map(str::to_ascii_uppercase)
        .collect();
    let is = |states: &[&str]| words.iter().any(|word| states.contains(&word.as_str()));
    if is(&["SHUTOFF", "STOPPED", "SHUTDOWN"]) {
        "The desktop is switched off: nobody is logged on to it, and waiting does not help. Start \
         it first, or leave it out."
    } else if is(&["HIBERNATED", "SUSPENDED", "PAUSED"]) {
        "The desktop is hibernated: waiting does not help. Start it first, or leave it out."
    } else if is(&["ERROR", "FAULT", "FROZEN", "DELETED", "DELETING"]) {
        "Waiting does not help: look at the desktop in the console, or leave it out."
    } else {
        WAIT_FOR_DESKTOP
    }
}

#[cfg(test)]
mod tests;
