//! The handlers of the three operations. Each turns a checked request into a change of the state,
//! and the result into a response body.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::app::App;
use super::bodies::{
    BatchDetachInstancesReq, BatchDetachInstancesResponse, DesktopDetachInfo,
    DetachInstancesDesktopInfo, DetachInstancesUserInfo, ListDesktopDetachInfoResponse,
    LogoffDesktopsReq, VmOperateResult,
};
use super::state::{FailedOperation, Principal, Target};
use crate::http::api_error::{ApiError, json};

/// Runs an operation, and returns the body of its success as JSON. `None` is an empty body.
pub(crate) type Handler = fn(&App, &mut Call<'_>) -> Result<Option<String>, ApiError>;

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

    /// Takes the body, which a contract may make optional. The contract allows the body: what cannot
    /// be read, such as a new value of an enum, is not emulated.
    fn body<T: DeserializeOwned + Default>(&mut self) -> Result<T, ApiError> {
        match self.body.take() {
            None => Ok(T::default()),
            Some(body) => serde_json::from_value(body).map_err(|error| {
                ApiError::not_emulated(format!(
                    "The contract allows this body, but the sandbox does not emulate it: {error}"
                ))
            }),
        }
    }
}

impl DetachInstancesDesktopInfo {
    fn target(self) -> Target {
        if self.is_detach_all_users {
            return Target::AllUsers;
        }
        let users = self.detach_user_infos.into_iter();
        Target::Principals(users.map(Principal::from).collect())
    }
}

impl From<DetachInstancesUserInfo> for Principal {
    fn from(user: DetachInstancesUserInfo) -> Self {
        Self {
            kind: user.kind,
            name: user.user_name,
            id: user.user_id,
            domain: user.domain,
        }
    }
}

fn batch_detach(app: &App, call: &mut Call<'_>) -> Result<Option<String>, ApiError> {
    let request: BatchDetachInstancesReq = call.body()?;
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
    let failed = outcome.failed.into_iter().map(VmOperateResult::from);
    let failed = failed.collect();
    let jobs = (0..outcome.ordinary).map(|_| app.random_id()).collect();
    let pool_job = if outcome.pooled > 0 {
        app.random_id()
    } else {
        String::new()
    };
    Ok(Some(json(&BatchDetachInstancesResponse {
        failed_operation_list: failed,
        job_id: pool_job,
        success_job_ids: jobs,
    })))
}

impl From<FailedOperation> for VmOperateResult {
    fn from(failed: FailedOperation) -> Self {
        Self {
            desktop_id: failed.desktop_id,
            desktop_name: failed.desktop_name,
            error_code: failed.reason.code,
            error_msg: failed.reason.message,
        }
    }
}

fn list_detach_info(app: &App, call: &mut Call<'_>) -> Result<Option<String>, ApiError> {
    let mut state = app.state();
    let desktop = state.desktop(call.path("project_id")?, call.path("desktop_id")?)?;
    let records = desktop.unbound.iter().map(|record| DesktopDetachInfo {
        desktop_id: &desktop.id,
        desktop_name: &desktop.name,
        user_id: &record.user_id,
        user_name: &record.user_name,
        user_group: &record.user_group,
        detach_time: &record.detach_time,
        kind: record.kind,
    });
    Ok(Some(json(&ListDesktopDetachInfoResponse {
        desktop_detach_infos: records.collect(),
    })))
}

fn batch_log_off(app: &App, call: &mut Call<'_>) -> Result<Option<String>, ApiError> {
    let request: LogoffDesktopsReq = call.body()?;
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
