//! The names of all environment variables that this crate reads, those of credentials included: whether credentials are
//! set decides whose project the profile file describes.

use super::Environment;

/// The id of the project. The vendor's SDKs read it too.
pub(super) const PROJECT_ID: &str = "HUAWEICLOUD_SDK_PROJECT_ID";
/// Terraform's variable for the id of the project.
pub(super) const HW_PROJECT_ID: &str = "HW_PROJECT_ID";
/// Terraform's variable for the region. The vendor's SDKs have none.
pub(super) const HW_REGION_NAME: &str = "HW_REGION_NAME";
/// The endpoint of IAM.
pub(super) const IAM_ENDPOINT: &str = "HUAWEICLOUD_SDK_IAM_ENDPOINT";
/// The beginning of the variables with the endpoint of a service in a region.
pub(super) const REGION_ENDPOINT_PREFIX: &str = "HUAWEICLOUD_SDK_REGION_";
/// The path of the regions file.
pub(super) const REGIONS_FILE: &str = "HUAWEICLOUD_SDK_REGIONS_FILE";
/// The path of the profile file.
pub(super) const PROFILE_FILE: &str = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";

/// The names of an access key's parts in one source.
pub(crate) struct KeyNames {
    pub(crate) access_key: &'static str,
    pub(crate) secret_key: &'static str,
    pub(crate) security_token: &'static str,
}

/// The access key of the vendor's SDKs.
pub(crate) const SDK_KEYS: KeyNames = KeyNames {
    access_key: "HUAWEICLOUD_SDK_AK",
    secret_key: "HUAWEICLOUD_SDK_SK",
    security_token: "HUAWEICLOUD_SDK_SECURITY_TOKEN",
};
/// Terraform's access key.
pub(crate) const TERRAFORM_KEYS: KeyNames = KeyNames {
    access_key: "HW_ACCESS_KEY",
    secret_key: "HW_SECRET_KEY",
    security_token: "HW_SECURITY_TOKEN",
};
/// Terraform's user token.
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
