//! The bodies of requests and responses. Each type has the name of its schema in the contract, and
//! properties of it in their order; a test compares them.

use serde::{Deserialize, Serialize};

use crate::seed::PrincipalKind;

#[derive(Default, Deserialize)]
pub(crate) struct BatchDetachInstancesReq {
    #[serde(default)]
    pub(crate) desktops: Vec<DetachInstancesDesktopInfo>,
}

#[derive(Deserialize)]
pub(crate) struct DetachInstancesDesktopInfo {
    pub(crate) desktop_id: Option<String>,
    #[serde(default)]
    pub(crate) is_detach_all_users: bool,
    #[serde(default)]
    pub(crate) detach_user_infos: Vec<DetachInstancesUserInfo>,
}

#[derive(Deserialize)]
pub(crate) struct DetachInstancesUserInfo {
    pub(crate) user_id: Option<String>,
    pub(crate) user_name: String,
    pub(crate) domain: Option<String>,
    #[serde(default, rename = "type")]
    pub(crate) kind: PrincipalKind,
}

#[derive(Serialize)]
pub(crate) struct BatchDetachInstancesResponse {
    pub(crate) failed_operation_list: Vec<VmOperateResult>,
    pub(crate) job_id: String,
    pub(crate) success_job_ids: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct VmOperateResult {
    pub(crate) desktop_id: String,
    /// `None` for an unknown desktop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) desktop_name: Option<String>,
    pub(crate) error_code: &'static str,
    pub(crate) error_msg: String,
}

#[derive(Serialize)]
pub(crate) struct ListDesktopDetachInfoResponse<'a> {
    pub(crate) desktop_detach_infos: Vec<DesktopDetachInfo<'a>>,
}

#[derive(Serialize)]
pub(crate) struct DesktopDetachInfo<'a> {
    pub(crate) desktop_id: &'a str,
    pub(crate) desktop_name: &'a str,
    pub(crate) user_id: &'a str,
    pub(crate) user_name: &'a str,
    pub(crate) user_group: &'a str,
    pub(crate) detach_time: &'a str,
    #[serde(rename = "type")]
    pub(crate) kind: PrincipalKind,
}

#[derive(Default, Deserialize)]
pub(crate) struct LogoffDesktopsReq {
    #[serde(default)]
    pub(crate) desktop_ids: Vec<String>,
    pub(crate) message: Option<String>,
}

#[cfg(test)]
mod tests;
