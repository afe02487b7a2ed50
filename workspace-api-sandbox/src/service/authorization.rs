//! The permissions of a caller: its project, and the IAM actions that are denied to it.

use axum::http::StatusCode;
use workspace_api::signing::hex;

use crate::http::api_error::{ApiError, json};
use crate::json::Json;

/// An authenticated caller.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) scope: Scope,
    /// The IAM actions that the caller may not use.
    pub(crate) deny: Vec<String>,
}

/// The projects that a caller may use.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scope {
    AnyProject,
    /// The project with this id.
    Project(String),
    /// None: a federated token, which is valid for IAM only.
    Unscoped,
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
        let problem = match (&self.scope, project) {
            (Scope::Unscoped, _) => Some("The token is not scoped to a project."),
            (Scope::Project(own), Some(requested)) if own != requested => {
                Some("The token is scoped to another project.")
            }
            _ => None,
        };
        if let Some(message) = problem {
            return Err(ApiError::new(StatusCode::FORBIDDEN, "APIGW.0302", message)
                .with_detail(project.unwrap_or_default()));
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
    let reason = Json::object([("action", action.into()), ("denied_by", rule.into())]);
    let mut error = ApiError::new(
        StatusCode::FORBIDDEN,
        "WKS.00081102",
        "The caller is not allowed to do this.",
    );
    error.authorization = Some(hex(json(&reason)));
    error
}

/// Whether a rule such as `workspace:desktops:*` covers an action.
pub(crate) fn matches_action(rule: &str, action: &str) -> bool {
    match rule.strip_suffix('*') {
        Some(prefix) => action.starts_with(prefix),
        None => rule == action,
    }
}
