//! Hints: what a user can do after an error of the client.

use workspace_api::{Error, ErrorKind};

/// The service's code for a desktop whose state does not allow the operation.
const STATE_DENIES_OPERATION: &str = "WKS.00010032";
/// The gateway's code for a token that has expired or belongs to another region.
const TOKEN_EXPIRED: &str = "APIGW.0307";
/// The operation whose outcome can be read afterwards.
const DETACH: &str = "BatchDetachInstances";

/// The hint for a missing or invalid setting.
pub const SETTINGS: &str =
    "`workspace config` shows every setting and its source; `workspace --help` lists the sources.";
const WAIT_FOR_DESKTOP: &str =
    "Wait until the desktop is no longer starting or restarting, then try again.";

/// Returns the hint for an error, or `None` if the message says it all.
pub fn hint_for(error: &Error) -> Option<String> {
    let hint = match error.kind() {
        ErrorKind::Configuration | ErrorKind::Credentials => SETTINGS,
        ErrorKind::Connect => {
            "`workspace config` shows where requests go. Check the region or endpoint, the network \
             and the proxy (HTTPS_PROXY)."
        }
        ErrorKind::Unauthorized => return Some(unauthorized(error)),
        ErrorKind::Forbidden => return Some(forbidden(error)),
        ErrorKind::Timeout
        | ErrorKind::ConnectionLost
        | ErrorKind::Server
        | ErrorKind::InvalidResponse => after_an_unclear_response(error),
        ErrorKind::UnexpectedStatus => {
            "Something other than the service seems to be answering. Check the endpoint with \
             `workspace config`."
        }
        ErrorKind::Conflict => WAIT_FOR_DESKTOP,
        ErrorKind::Desktop if error.code() == Some(STATE_DENIES_OPERATION) => WAIT_FOR_DESKTOP,
        ErrorKind::TooManyRequests if is_read(error) => "Wait a minute, then try again.",
        ErrorKind::TooManyRequests => {
            "Wait a minute, then try again. Use --report to be able to resume a run."
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

fn after_an_unclear_response(error: &Error) -> &'static str {
    if is_read(error) {
        return "It is safe to try again.";
    }
    match error.operation() {
        Some(operation) if operation.id == DETACH => {
            "The request may still have been processed. Check `workspace detach-info` before you \
             retry."
        }
        // A log-off leaves no record, and nothing is known about other requests.
        _ => "The request may still have been processed.",
    }
}

fn unauthorized(error: &Error) -> String {
    let cause = if error.code() == Some(TOKEN_EXPIRED) {
        "The token has expired (it is valid for 24 hours) or belongs to another region: set \
         HW_AUTH_TOKEN to a new one."
    } else {
        "Check the access key (HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK), the token (HW_AUTH_TOKEN) \
         and this machine's clock."
    };
    format!(
        "{cause} `workspace config` shows which credentials are used. Do not retry before that: \
         more than five invalid signatures in a row lock the access key for five minutes."
    )
}

fn forbidden(error: &Error) -> String {
    let ask = match error.iam_action() {
        Some(action) => format!(
            "Ask the administrator of the account to allow the IAM action {action} for this user."
        ),
        None => "Ask the administrator of the account for the permission.".to_owned(),
    };
    let Some(message) = error.encoded_authorization_message() else {
        return ask;
    };
    // Keeps only characters that cannot end the quoted text of the shell command.
    let message: String = message
        .chars()
        .filter(|c| c.is_ascii_graphic() && !matches!(c, '\'' | '"' | '\\'))
        .collect();
    format!(
        "{ask}\nTo see which policy denied it, run: workspace api --endpoint \
         https://sts.REGION.myhuaweicloud.com POST /v5/decode-authorization-message \
         --body '{{\"encoded_message\":\"{message}\"}}'"
    )
}
