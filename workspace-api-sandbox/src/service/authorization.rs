//! The permissions of a caller: its project, and the IAM actions that are denied to it.

use axum::http::StatusCode;
use serde_json::json;
use workspace_api::signing::hex;

use crate::http::api_error::ApiError;

/// An authenticated caller.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The only project that the caller may use. `None`: any project.
    pub(super) project: Option<String>,
    /// The IAM actions that the caller may not use.
    pub(super) deny: Vec<String>,
}

impl Caller {
    /// Checks that the caller may use `project`, and `action` in it. `denied_to_all` are the rules
    /// of the seed for every caller.
    pub(crate) fn authorize(
        &self,
        action: Option<&str>,
        project: Option<&str>,
        denied_to_all: &[String],
    ) -> Result<(), ApiError> {
        if let (Some(own), Some(requested)) = (&self.project, project)
            && own != requested
        {
            let message = "The token is scoped to another project.";
            return Err(
                ApiError::new(StatusCode::FORBIDDEN, "APIGW.0302", message).with_detail(requested)
            );
        }
        let Some(action) = action else {
            return Ok(());
        };
        let mut rules = self.deny.iter().chain(denied_to_all);
        match rules.find(|rule| matches_action(rule, action)) {
            Some(rule) => Err(denied(action, rule)),
            None => Ok(()),
        }
    }
}

fn denied(action: &str, rule: &str) -> ApiError {
    let reason = json!({ "action": action, "denied_by": rule });
    let mut error = ApiError::new(
        StatusCode::FORBIDDEN,
        "WKS.00081102",
        "The caller is not allowed to do this.",
    );
    error.authorization = Some(hex(reason.to_string()));
    error
}

/// Whether a rule such as `workspace:desktops:*` covers an action.
pub(crate) fn matches_action(rule: &str, action: &str) -> bool {
    match rule.strip_suffix('*') {
        Some(prefix) => action.starts_with(prefix),
        None => rule == action,
    }
}
