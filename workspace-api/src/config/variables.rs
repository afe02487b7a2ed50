//! Every environment variable of the vendor's tools: those that this crate reads, and those that it
//! cannot honour.
//!
//! Variables of one meaning are in one list, in the order in which they count. Those of credentials
//! are here too: whether one of them is set decides whether the project of the profile file, which
//! belongs to its keys, is used.

use super::environment::Environment;
use super::source::{SkipReason, Skipped, Source};

/// The region: in Terraform, in other tools of the vendor, and in Terraform's older names.
pub(super) const REGION: [&str; 4] = [
    "HW_REGION_NAME",
    "HUAWEICLOUD_SDK_REGION",
    "HUAWEICLOUD_REGION",
    "OS_REGION_NAME",
];
/// The id of the project, in the vendor's SDKs.
pub(super) const PROJECT_ID: &str = "HUAWEICLOUD_SDK_PROJECT_ID";
/// The id of the project, in Terraform.
pub(super) const TERRAFORM_PROJECT_ID: [&str; 3] =
    ["HW_PROJECT_ID", "OS_PROJECT_ID", "OS_TENANT_ID"];
/// The name of the project, in Terraform.
pub(super) const PROJECT_NAME: [&str; 3] = ["HW_PROJECT_NAME", "OS_PROJECT_NAME", "OS_TENANT_NAME"];
/// The domain of the cloud, in Terraform, such as `myhuaweicloud.com`.
pub(super) const CLOUD: [&str; 2] = ["HW_CLOUD", "OS_CLOUD"];
/// The endpoint of IAM.
pub(super) const IAM_ENDPOINT: &str = "HUAWEICLOUD_SDK_IAM_ENDPOINT";
/// The endpoint of IAM, in Terraform. It usually ends with `/v3`.
pub(super) const AUTH_URL: [&str; 2] = ["HW_AUTH_URL", "OS_AUTH_URL"];
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
/// The access key, in Terraform's older names.
pub(crate) const OPENSTACK_KEYS: KeyNames = KeyNames {
    access_key: "OS_ACCESS_KEY",
    secret_key: "OS_SECRET_KEY",
    security_token: "HW_SECURITY_TOKEN",
};
/// The user token, in Terraform.
pub(crate) const TERRAFORM_TOKEN: &str = "HW_AUTH_TOKEN";
/// The user token, in Terraform's older name.
pub(crate) const OPENSTACK_TOKEN: &str = "OS_AUTH_TOKEN";

/// Credentials of the vendor's tools that this crate cannot use.
pub(crate) struct Unsupported {
    /// The variables, any of which selects these credentials.
    names: &'static [&'static str],
    /// What they are.
    what: &'static str,
}

/// Sign-in by OIDC through STS; the first source of the vendor's SDKs.
pub(crate) const OIDC: Unsupported = Unsupported {
    names: &[
        "HUAWEICLOUD_OIDC_PROVIDER_URN",
        "HUAWEICLOUD_OIDC_AGENCY_URN",
        "HUAWEICLOUD_OIDC_ID_TOKEN",
        "HUAWEICLOUD_OIDC_TOKEN_FILE",
    ],
    what: "OIDC sign-in through STS",
};
/// An identity provider with a token file; before the keys of the vendor's SDKs.
pub(crate) const IDENTITY_PROVIDER: Unsupported = Unsupported {
    names: &["HUAWEICLOUD_SDK_IDP_ID", "HUAWEICLOUD_SDK_ID_TOKEN_FILE"],
    what: "sign-in by an identity provider",
};
/// An agency that Terraform assumes with its other credentials.
pub(crate) const AGENCY: Unsupported = Unsupported {
    names: &[
        "HW_ASSUME_ROLE_AGENCY_NAME",
        "HW_ASSUME_ROLE_DOMAIN_NAME",
        "HW_ASSUME_ROLE_DOMAIN_ID",
        "HW_ASSUME_ROLE_DURATION",
        "HW_ASSUME_ROLE_IDP_ID",
        "HW_ASSUME_ROLE_ID_TOKEN",
        "HW_ASSUME_ROLE_ID_TOKEN_FILE",
        "OS_AGENCY_NAME",
        "OS_AGENCY_DOMAIN_NAME",
        "OS_DELEGATED_PROJECT",
    ],
    what: "an agency",
};
/// Name and password of a user, in Terraform.
pub(crate) const PASSWORD: Unsupported = Unsupported {
    names: &[
        "HW_USER_NAME",
        "HW_USER_ID",
        "HW_USER_PASSWORD",
        "OS_USERNAME",
        "OS_USER_ID",
        "OS_PASSWORD",
    ],
    what: "a user name and password from the environment",
};
/// The profile of KooCLI.
pub(crate) const KOOCLI: Unsupported = Unsupported {
    names: &["HW_SHARED_CONFIG_FILE", "HW_PROFILE"],
    what: "the profile of KooCLI",
};
/// The identity of a pod; the last source of the vendor's SDKs.
pub(crate) const POD: Unsupported = Unsupported {
    names: &[
        "HC_CONTAINER_CREDENTIALS_FULL_URI",
        "HC_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    ],
    what: "pod identity",
};

/// Variables that change neither identity nor host nor project, and what applies instead.
const UNUSED: [(&str, &str); 11] = [
    (
        "HUAWEICLOUD_SDK_DOMAIN_ID",
        "requests are for a project, not for an account",
    ),
    ("HW_DOMAIN_ID", "the account follows from the credentials"),
    ("HW_DOMAIN_NAME", "the account follows from the credentials"),
    ("HW_ENTERPRISE_PROJECT_ID", "no request has one"),
    ("HW_INSECURE", "certificates are always verified"),
    ("OS_INSECURE", "certificates are always verified"),
    (
        "HW_MAX_RETRIES",
        "the number of attempts is a setting of the program",
    ),
    (
        "HW_SIGNING_ALGORITHM",
        "requests are signed with SDK-HMAC-SHA256",
    ),
    (
        "OS_CACERT",
        "the certificates of the system are used, or those in SSL_CERT_FILE",
    ),
    ("OS_CERT", "client certificates are not supported"),
    ("OS_KEY", "client certificates are not supported"),
];

impl Unsupported {
    /// Returns the variables that are set; `None` if none is.
    pub(crate) fn source(&self, environment: &Environment) -> Option<Source> {
        let names: Vec<_> = self
            .names
            .iter()
            .filter(|name| environment.text(name).is_ok())
            .map(|&name| name.to_owned())
            .collect();
        (!names.is_empty()).then_some(Source::Variables(names))
    }

    /// Why the credentials are not used, and what to do.
    pub(crate) fn reason(&self) -> String {
        format!(
            "{} is not supported. Pass credentials explicitly, or unset this.",
            self.what
        )
    }
}

/// Returns the variables that are set and have no effect.
pub(super) fn unused(environment: &Environment) -> Vec<Skipped> {
    let is_set = |name: &str| environment.text(name).is_ok();
    let set = UNUSED.iter().filter(|(name, _)| is_set(name));
    set.map(|(name, instead)| Skipped {
        source: Source::variable(name),
        reason: SkipReason::NotUsed((*instead).to_owned()),
    })
    .collect()
}

/// Returns whether a variable holds credentials, valid or not.
pub(super) fn has_env_credentials(environment: &Environment) -> bool {
    let names = [
        SDK_KEYS.access_key,
        SDK_KEYS.secret_key,
        TERRAFORM_KEYS.access_key,
        TERRAFORM_KEYS.secret_key,
        TERRAFORM_TOKEN,
        OPENSTACK_KEYS.access_key,
        OPENSTACK_KEYS.secret_key,
        OPENSTACK_TOKEN,
    ];
    let unsupported = [OIDC, IDENTITY_PROVIDER, AGENCY, PASSWORD];
    names.iter().any(|name| environment.text(name).is_ok())
        || unsupported
            .iter()
            .any(|credentials| credentials.source(environment).is_some())
}
