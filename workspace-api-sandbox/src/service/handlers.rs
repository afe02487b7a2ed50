//! The three operations: from a checked request body to the state and back to an answer.

use serde::Deserialize;
use serde_json::{Value, json};

use super::app::App;
use super::state::{Principal, Target};
use crate::http::api_error::ApiError;
use crate::seed::PrincipalKind;

/// A request that has passed the contract's checks.
pub(crate) struct Call<'a> {
    pub(crate) path: &'a std::collections::BTreeMap<String, String>,
    pub(crate) body: Option<Value>,
}

/// Carries out an operation. An answer without a body is `None`.
pub(crate) type Handler = fn(&App, Call<'_>) -> Result<Option<Value>, ApiError>;

/// The handler of an operation of the document, if there is one.
pub(crate) fn handler_for(operation_id: &str) -> Option<Handler> {
    match operation_id {
        "BatchDetachInstances" => Some(batch_detach),
        "ListDesktopDetachInfo" => Some(list_detach_info),
        "BatchLogoffDesktops" => Some(batch_log_off),
        _ => None,
    }
}

impl Call<'_> {
    fn path(&self, name: &str) -> Result<&str, ApiError> {
        let value = self.path.get(name).map(String::as_str);
        value.ok_or_else(|| ApiError::bad_request(format!("the path has no {name}")))
    }

    fn body<T: for<'de> Deserialize<'de> + Default>(&mut self) -> Result<T, ApiError> {
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

fn batch_detach(app: &App, mut call: Call<'_>) -> Result<Option<Value>, ApiError> {
    let request: BatchDetach = call.body()?;
    if request.desktops.is_empty() {
        return Err(ApiError::bad_request("desktops: no desktop is named"));
    }
    let mut batch = Vec::with_capacity(request.desktops.len());
    for (at, desktop) in request.desktops.into_iter().enumerate() {
        let Some(id) = desktop.desktop_id else {
            return Err(ApiError::bad_request(format!(
                "/desktops/{at}: desktop_id is missing"
            )));
        };
        let target = match desktop.is_detach_all_users {
            true => Target::AllUsers,
            false => Target::Principals(
                desktop
                    .detach_user_infos
                    .into_iter()
                    .map(Principal::from)
                    .collect(),
            ),
        };
        batch.push((id, target));
    }
    let now = app.clock.timestamp();
    let outcome = app.state().detach(call.path("project_id")?, batch, &now)?;
    let failed: Vec<Value> = outcome
        .failed
        .iter()
        .map(|operation| {
            let mut entry = json!({
                "desktop_id": operation.desktop_id,
                "error_code": operation.code,
                "error_msg": operation.message,
            });
            if let Some(name) = &operation.desktop_name {
                entry["desktop_name"] = name.as_str().into();
            }
            entry
        })
        .collect();
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

fn list_detach_info(app: &App, call: Call<'_>) -> Result<Option<Value>, ApiError> {
    let mut state = app.state();
    let desktop = state.desktop(call.path("project_id")?, call.path("desktop_id")?)?;
    let records: Vec<Value> = desktop
        .unbound
        .iter()
        .map(|record| {
            let mut entry = json!(record);
            entry["desktop_id"] = desktop.id.as_str().into();
            entry["desktop_name"] = desktop.name.as_str().into();
            entry
        })
        .collect();
    Ok(Some(json!({ "desktop_detach_infos": records })))
}

#[derive(Default, Deserialize)]
struct LogOff {
    #[serde(default)]
    desktop_ids: Vec<String>,
    message: Option<String>,
}

fn batch_log_off(app: &App, mut call: Call<'_>) -> Result<Option<Value>, ApiError> {
    let request: LogOff = call.body()?;
    if request.desktop_ids.is_empty() {
        return Err(ApiError::bad_request("desktop_ids: no desktop is named"));
    }
    let project = call.path("project_id")?;
    app.state()
        .log_off(project, &request.desktop_ids, request.message.as_deref())?;
    Ok(None)
}
