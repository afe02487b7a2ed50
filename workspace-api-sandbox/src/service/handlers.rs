//! The handlers of the three operations. Each turns a checked request into a change of the state,
//! and the result into a response body.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::app::App;
use super::state::{FailedOperation, Principal, Target};
use crate::http::api_error::ApiError;
use crate::seed::PrincipalKind;

/// Runs an operation, and returns the body of its success. `None` is an empty body.
pub(crate) type Handler = fn(&App, &mut Call<'_>) -> Result<Option<Value>, ApiError>;

/// The operations that the sandbox emulates.
const HANDLERS: [(&str, Handler); 3] = [
    ("BatchDetachInstances", batch_detach),
    ("ListDesktopDetachInfo", list_detach_info),
    ("BatchLogoffDesktops", batch_log_off),
];

/// Returns the handler of an operation, or `None` for one that the sandbox does not emulate.
pub(crate) fn handler_for(operation_id: &str) -> Option<Handler> {
    let found = HANDLERS.iter().find(|(id, _)| *id == operation_id);
    found.map(|(_, handler)| *handler)
}

/// A request that has passed the contract's checks.
pub(crate) struct Call<'a> {
    pub(crate) path: &'a BTreeMap<String, String>,
    pub(crate) body: Option<Value>,
}

impl Call<'_> {
    fn path(&self, name: &str) -> Result<&str, ApiError> {
        match self.path.get(name) {
            Some(value) => Ok(value),
            None => Err(ApiError::bad_request(format!("the path has no {name}"))),
        }
    }

    /// Takes the body, which a contract may make optional.
    fn body<T: DeserializeOwned + Default>(&mut self) -> Result<T, ApiError> {
        match self.body.take() {
            None => Ok(T::default()),
            Some(body) => serde_json::from_value(body)
                .map_err(|error| ApiError::bad_request(error.to_string())),
        }
    }
}

#[derive(Default, Deserialize)]
struct BatchDetach {
    #[serde(default)]
    desktops: Vec<DesktopToDetach>,
}

#[derive(Deserialize)]
struct DesktopToDetach {
    desktop_id: Option<String>,
    #[serde(default)]
    is_detach_all_users: bool,
    #[serde(default)]
    detach_user_infos: Vec<UserToDetach>,
}

#[derive(Deserialize)]
struct UserToDetach {
    user_id: Option<String>,
    user_name: String,
    domain: Option<String>,
    #[serde(default, rename = "type")]
    kind: PrincipalKind,
}

impl DesktopToDetach {
    fn target(self) -> Target {
        if self.is_detach_all_users {
            return Target::AllUsers;
        }
        let users = self.detach_user_infos.into_iter();
        Target::Principals(users.map(Principal::from).collect())
    }
}

impl From<UserToDetach> for Principal {
    fn from(user: UserToDetach) -> Self {
        Self {
            kind: user.kind,
            name: user.user_name,
            id: user.user_id,
            domain: user.domain,
        }
    }
}

fn batch_detach(app: &App, call: &mut Call<'_>) -> Result<Option<Value>, ApiError> {
    let request: BatchDetach = call.body()?;
    if request.desktops.is_empty() {
        return Err(ApiError::bad_request("desktops: no desktop is named"));
    }
    let mut batch = Vec::with_capacity(request.desktops.len());
    for (index, mut desktop) in request.desktops.into_iter().enumerate() {
        let Some(id) = desktop.desktop_id.take() else {
            return Err(ApiError::bad_request(format!(
                "/desktops/{index}: desktop_id is missing"
            )));
        };
        batch.push((id, desktop.target()));
    }
    let now = app.clock.timestamp();
    let outcome = app.state().detach(call.path("project_id")?, batch, &now)?;
    let failed: Vec<Value> = outcome.failed.iter().map(failed_operation).collect();
    let jobs: Vec<String> = (0..outcome.ordinary).map(|_| app.random_id()).collect();
    let pool_job = if outcome.pooled > 0 {
        app.random_id()
    } else {
        String::new()
    };
    Ok(Some(json!({
        "failed_operation_list": failed,
        "job_id": pool_job,
        "success_job_ids": jobs,
    })))
}

fn failed_operation(operation: &FailedOperation) -> Value {
    let mut entry = json!({
        "desktop_id": operation.desktop_id,
        "error_code": operation.reason.code,
        "error_msg": operation.reason.message,
    });
    if let Some(name) = &operation.desktop_name {
        entry["desktop_name"] = name.as_str().into();
    }
    entry
}

fn list_detach_info(app: &App, call: &mut Call<'_>) -> Result<Option<Value>, ApiError> {
    let mut state = app.state();
    let desktop = state.desktop(call.path("project_id")?, call.path("desktop_id")?)?;
    let mut records = Vec::with_capacity(desktop.unbound.len());
    for record in &desktop.unbound {
        let mut entry = json!(record);
        entry["desktop_id"] = desktop.id.as_str().into();
        entry["desktop_name"] = desktop.name.as_str().into();
        records.push(entry);
    }
    Ok(Some(json!({ "desktop_detach_infos": records })))
}

#[derive(Default, Deserialize)]
struct LogOff {
    #[serde(default)]
    desktop_ids: Vec<String>,
    message: Option<String>,
}

fn batch_log_off(app: &App, call: &mut Call<'_>) -> Result<Option<Value>, ApiError> {
    let request: LogOff = call.body()?;
    if request.desktop_ids.is_empty() {
        return Err(ApiError::bad_request("desktop_ids: no desktop is named"));
    }
    let project = call.path("project_id")?;
    app.state()
        .log_off(project, &request.desktop_ids, request.message.as_deref())?;
    Ok(None)
}

#[cfg(test)]
mod tests;
