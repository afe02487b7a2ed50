//! The names of all environment variables that this crate reads.
//!
//! Those of credentials are here too: whether one of them is set decides whether the project of the
//! profile file, which belongs to its keys, is used.

use super::environment::Environment;

/// The id of the project, in the vendor's SDKs.
pub(super) const PROJECT_ID: &str = "HUAWEICLOUD_SDK_PROJECT_ID";
/// The id of the project, in Terraform.
pub(super) const HW_PROJECT_ID: &str = "HW_PROJECT_ID";
/// The region, in Terraform. The vendor's SDKs have no variable for it.
pub(super) const HW_REGION_NAME: &str = "HW_REGION_NAME";
/// The endpoint of IAM.
pub(super) const IAM_ENDPOINT: &str = "HUAWEICLOUD_SDK_IAM_ENDPOINT";
/// The endpoint of Workspace, before the name of the region.
pub(super) const WORKSPACE_ENDPOINT_PREFIX: &str = "HUAWEICLOUD_SDK_REGION_WORKSPACE_";
/// The path of the regions file.
pub(super) const REGIONS_FILE: &str = "HUAWEICLOUD_SDK_REGIONS_FILE";
/// The path of the profile file.
pub(super) const PROFILE_FILE: &str = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";

/// The names of the parts of an access key in one source.
pub(crate) struct KeyNames {
    pub(crate) access_key: &'static str,
    pub(crate) secret_key: &'static str,
    pub(crate) security_token: &'static str,
}

/// The access key, in the vendor's SDKs.
pub(crate) const SDK_KEYS: KeyNames = KeyNames {
    access_key: "HUAWEICLOUD_SDK_AK",
    secret_key: "HUAWEICLOUD_SDK_SK",
    security_token: "HUAWEICLOUD_SDK_SECURITY_TOKEN",
};
/// The access key, in Terraform.
pub(crate) const TERRAFORM_KEYS: KeyNames = KeyNames {
    access_key: "HW_ACCESS_KEY",
    secret_key: "HW_SECRET_KEY",
    security_token: "HW_SECURITY_TOKEN",
};
/// The user token, in Terraform.
pub(crate) const TERRAFORM_TOKEN: &str = "HW_AUTH_TOKEN";

/// Returns whether a variable holds credentials, valid or not.
pub(super) fn has_env_credentials(environment: &Environment) -> bool {
    let names = [
        SDK_KEYS.access_key,
        SDK_KEYS.secret_key,
        TERRAFORM_KEYS.access_key,
        TERRAFORM_KEYS.secret_key,
        TERRAFORM_TOKEN,
    ];
    names.iter().any(|name| environment.text(name).is_ok())
}
