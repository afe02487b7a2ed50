//! Hints after a 403: a permission that an administrator can give, or something else.

use workspace_api::Error;

use super::context::{DETACH, Destination, OTHER_SERVER};

/// The IAM action that unbinding depends on.
const DETACH_NEEDS: &str = "vpc:ports:get";
/// The IAM action for the project of a region.
const LIST_PROJECTS: &str = "iam:projects:list";
/// The service's code for an account for which it is disabled.
const DISABLED: &str = "WKS.00010099";

/// Returns the hint after a 403 of the service.
pub(super) fn forbidden(error: &Error, destination: &Destination) -> String {
    let hint = match (error.gateway_code(), error.code()) {
        (Some(code @ ("0302" | "0306")), _) => {
            let whom = if code == "0302" { "user" } else { "API" };
            format!(
                "The gateway does not let this {whom} in; no IAM action changes that. Check the \
                 project and the endpoint with `workspace config`, or ask the vendor's support."
            )
        }
        (_, Some(DISABLED)) => {
            "Workspace is disabled for this account in this region: enable it in the console, or \
             check the region with `workspace config`."
                .to_owned()
        }
        (None, None) if error.encoded_authorization_message().is_none() => OTHER_SERVER.to_owned(),
        _ => match error.iam_action() {
            Some(action) => ask_for(action, is_unbinding(error).then_some(DETACH_NEEDS)),
            None if error.operation().is_some() => {
                "The message says why; an IAM action may not be the reason. Ask the administrator \
                 of the account."
                    .to_owned()
            }
            None => "Ask the administrator of the account for the permission.".to_owned(),
        },
    };
    with_decoding(hint, error, destination)
}

/// Returns the hint after IAM did not show the projects.
pub(super) fn projects(error: &Error, destination: &Destination) -> String {
    let ask = ask_for(LIST_PROJECTS, None);
    with_decoding(format!("Use --project-id ID. {ask}"), error, destination)
}

fn is_unbinding(error: &Error) -> bool {
    error
        .operation()
        .is_some_and(|operation| operation.id == DETACH)
}

fn ask_for(action: &str, dependency: Option<&str>) -> String {
    let actions = match dependency {
        Some(dependency) => format!("actions {action} and {dependency}, on which it depends,"),
        None => format!("action {action}"),
    };
    format!("Ask the administrator of the account to allow the IAM {actions} for this user.")
}

/// Adds how to decode the reason, if the response has one.
fn with_decoding(hint: String, error: &Error, destination: &Destination) -> String {
    let Some(message) = error.encoded_authorization_message() else {
        return hint;
    };
    // Keeps only characters that cannot end the quoted text of the shell command.
    let message: String = message
        .chars()
        .filter(|c| c.is_ascii_graphic() && !matches!(c, '\'' | '"' | '\\'))
        .collect();
    let sts = destination
        .sts_endpoint
        .as_deref()
        .unwrap_or("https://sts.cn-north-4.myhuaweicloud.com");
    format!(
        "{hint}\nTo see which policy denied it, run: workspace api --endpoint {sts} \
         POST /v5/decode-authorization-message --body '{{\"encoded_message\":\"{message}\"}}'"
    )
}
