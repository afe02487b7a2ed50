//! The next step after an error of the client: which variable to set, whom to ask for what, what to look at first.

use workspace_api::{Error, ErrorKind};

/// The service's code for a desktop whose state does not allow it.
const STATE_DENIES: &str = "WKS.00010032";
const WAIT: &str = "Wait until the desktop is no longer starting or restarting, then try again.";

/// What to do about settings.
pub const SETTINGS: &str = "`workspace config` shows every setting and where it is looked for; `workspace --help` lists the places.";

/// What to do about it, if anything can be said.
pub fn hint_for(error: &Error) -> Option<String> {
    let step = match error.kind() {
        ErrorKind::Configuration | ErrorKind::Credentials => SETTINGS,
        ErrorKind::Connect => {
            "Check the region or endpoint and the network: `workspace config` shows where requests go. A proxy is taken \
             from HTTPS_PROXY."
        }
        ErrorKind::Unauthorized => return Some(unauthorized(error)),
        ErrorKind::Forbidden => return Some(forbidden(error)),
        ErrorKind::Timeout
        | ErrorKind::ConnectionLost
        | ErrorKind::Server
        | ErrorKind::InvalidResponse => {
            if error.operation().is_some_and(|it| it.method == "GET") {
                return Some("Reading changes nothing, so try again.".to_owned());
            }
            "It may have been done all the same: look at `workspace detach-info` before you repeat an unbinding."
        }
        ErrorKind::UnexpectedStatus => {
            "Something else than the service seems to answer: check the endpoint with `workspace config`."
        }
        ErrorKind::Conflict => WAIT,
        ErrorKind::Desktop if error.code() == Some(STATE_DENIES) => WAIT,
        ErrorKind::TooManyRequests => {
            "Wait a little, then try again. With --report a run can be resumed."
        }
        _ => return None,
    };
    Some(step.to_owned())
}

fn unauthorized(error: &Error) -> String {
    let which = match error.code() {
        Some("APIGW.0307") => {
            "The token has expired (it is good for 24 hours) or is another region's: get a new one into HW_AUTH_TOKEN."
        }
        _ => {
            "Check the access key (HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK), the token (HW_AUTH_TOKEN) and this \
             machine's clock."
        }
    };
    format!(
        "{which} `workspace config` shows which credentials are used. Do not try again before that: more than five bad \
         signatures in a row lock the key for five minutes."
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
    // Keeps what cannot end the quoted text of the shell command.
    let message: String = message
        .chars()
        .filter(|c| c.is_ascii_graphic() && !matches!(c, '\'' | '"' | '\\'))
        .collect();
    format!(
        "{ask}\nWhich policy denied it says: workspace api --endpoint https://sts.REGION.myhuaweicloud.com POST \
         /v5/decode-authorization-message --body '{{\"encoded_message\":\"{message}\"}}'"
    )
}
