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
/// The endpoint of STS.
pub(super) const STS_ENDPOINT: &str = "HUAWEICLOUD_SDK_STS_ENDPOINT";
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

/// OIDC through STS, in the vendor's SDKs: the identity provider, the agency, and the id token or
/// the file with it.
pub(crate) const OIDC_PROVIDER_URN: &str = "HUAWEICLOUD_OIDC_PROVIDER_URN";
pub(crate) const OIDC_AGENCY_URN: &str = "HUAWEICLOUD_OIDC_AGENCY_URN";
pub(crate) const OIDC_ID_TOKEN: &str = "HUAWEICLOUD_OIDC_ID_TOKEN";
pub(crate) const OIDC_TOKEN_FILE: &str = "HUAWEICLOUD_OIDC_TOKEN_FILE";
/// Details of OIDC through STS, without effect on their own.
pub(crate) const OIDC_SESSION_NAME: &str = "HUAWEICLOUD_OIDC_SESSION_NAME";
pub(crate) const OIDC_DURATION: &str = "HUAWEICLOUD_OIDC_DURATION_SECONDS";
pub(crate) const OIDC_POLICY: &str = "HUAWEICLOUD_OIDC_POLICY";
pub(crate) const OIDC_POLICY_IDS: &str = "HUAWEICLOUD_OIDC_POLICY_IDS";

/// The names of the parts of a sign-in by an identity provider in one source.
pub(crate) struct IdentityProviderNames {
    pub(crate) id: &'static str,
    /// The id token itself, where the source can have it.
    pub(crate) token: Option<&'static str>,
    pub(crate) token_file: &'static str,
}

/// The identity provider, in the vendor's SDKs.
pub(crate) const SDK_IDENTITY_PROVIDER: IdentityProviderNames = IdentityProviderNames {
    id: "HUAWEICLOUD_SDK_IDP_ID",
    token: None,
    token_file: "HUAWEICLOUD_SDK_ID_TOKEN_FILE",
};
/// The identity provider, in Terraform.
pub(crate) const TERRAFORM_IDENTITY_PROVIDER: IdentityProviderNames = IdentityProviderNames {
    id: "HW_ASSUME_ROLE_IDP_ID",
    token: Some("HW_ASSUME_ROLE_ID_TOKEN"),
    token_file: "HW_ASSUME_ROLE_ID_TOKEN_FILE",
};

/// Name and password of a user, in Terraform and in its older names.
pub(crate) const USER_NAME: [&str; 2] = ["HW_USER_NAME", "OS_USERNAME"];
pub(crate) const USER_ID: [&str; 2] = ["HW_USER_ID", "OS_USER_ID"];
pub(crate) const PASSWORD: [&str; 2] = ["HW_USER_PASSWORD", "OS_PASSWORD"];
/// The account of the user.
pub(crate) const DOMAIN_NAME: [&str; 4] = [
    "HW_DOMAIN_NAME",
    "OS_DOMAIN_NAME",
    "OS_USER_DOMAIN_NAME",
    "OS_PROJECT_DOMAIN_NAME",
];
pub(crate) const DOMAIN_ID: [&str; 4] = [
    "HW_DOMAIN_ID",
    "OS_DOMAIN_ID",
    "OS_USER_DOMAIN_ID",
    "OS_PROJECT_DOMAIN_ID",
];

/// The agency that Terraform assumes with its other credentials.
pub(crate) const AGENCY_NAME: &str = "HW_ASSUME_ROLE_AGENCY_NAME";
pub(crate) const AGENCY_DOMAIN_NAME: &str = "HW_ASSUME_ROLE_DOMAIN_NAME";
pub(crate) const AGENCY_DOMAIN_ID: &str = "HW_ASSUME_ROLE_DOMAIN_ID";
pub(crate) const AGENCY_DURATION: &str = "HW_ASSUME_ROLE_DURATION";
pub(crate) const AGENCY: [&str; 4] = [
    AGENCY_NAME,
    AGENCY_DOMAIN_NAME,
    AGENCY_DOMAIN_ID,
    AGENCY_DURATION,
];
/// The agency of Terraform's older names, with which it requests a token. Not supported.
pub(crate) const OLD_AGENCY: [&str; 3] = [
    "OS_AGENCY_NAME",
    "OS_AGENCY_DOMAIN_NAME",
    "OS_DELEGATED_PROJECT",
];

/// The configuration file of KooCLI and the profile in it, in Terraform.
pub(crate) const KOOCLI_FILE: &str = "HW_SHARED_CONFIG_FILE";
pub(crate) const KOOCLI_PROFILE: &str = "HW_PROFILE";

/// The identity of a pod; the last source of the vendor's SDKs.
pub(crate) const POD_URL: &str = "HC_CONTAINER_CREDENTIALS_FULL_URI";
pub(crate) const POD_TOKEN_FILE: &str = "HC_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/// Variables that change neither identity nor host nor project, and what applies instead.
const UNUSED: [(&str, &str); 9] = [
    (
        "HUAWEICLOUD_SDK_DOMAIN_ID",
        "requests are for a project, not for an account",
    ),
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

/// Returns the variables that are set and have no effect.
pub(super) fn unused(environment: &Environment) -> Vec<Skipped> {
    let mut unused = UNUSED.to_vec();
    if !is_any_set(environment, &PASSWORD) {
        let why = "the account follows from the credentials";
        unused.extend(
            DOMAIN_ID
                .iter()
                .chain(&DOMAIN_NAME)
                .map(|name| (*name, why)),
        );
    }
    if !is_any_set(environment, &OIDC_SELECTING) {
        let why = "HUAWEICLOUD_OIDC_PROVIDER_URN is not set";
        let details = [
            OIDC_SESSION_NAME,
            OIDC_DURATION,
            OIDC_POLICY,
            OIDC_POLICY_IDS,
        ];
        unused.extend(details.map(|name| (name, why)));
    }
    unused
        .into_iter()
        .filter(|(name, _)| environment.text(name).is_ok())
        .map(|(name, why)| Skipped {
            source: Source::variable(name),
            reason: SkipReason::NotUsed(why.to_owned()),
        })
        .collect()
}

/// The variables of OIDC of which one selects it.
pub(crate) const OIDC_SELECTING: [&str; 4] = [
    OIDC_PROVIDER_URN,
    OIDC_AGENCY_URN,
    OIDC_ID_TOKEN,
    OIDC_TOKEN_FILE,
];

/// Returns whether a variable selects credentials that are not in a file, valid or not.
pub(super) fn has_env_credentials(environment: &Environment) -> bool {
    let names = [
        SDK_KEYS.access_key,
        SDK_KEYS.secret_key,
        SDK_IDENTITY_PROVIDER.id,
        SDK_IDENTITY_PROVIDER.token_file,
        TERRAFORM_TOKEN,
        OPENSTACK_TOKEN,
        TERRAFORM_IDENTITY_PROVIDER.id,
        TERRAFORM_KEYS.access_key,
        TERRAFORM_KEYS.secret_key,
        OPENSTACK_KEYS.access_key,
        OPENSTACK_KEYS.secret_key,
    ];
    let lists: [&[&str]; 6] = [
        &names,
        &OIDC_SELECTING,
        &USER_NAME,
        &USER_ID,
        &PASSWORD,
        &OLD_AGENCY,
    ];
    lists.iter().any(|names| is_any_set(environment, names))
}

/// Returns whether variables select a profile of KooCLI.
pub(crate) fn selects_koocli(environment: &Environment) -> bool {
    is_any_set(environment, &[KOOCLI_FILE, KOOCLI_PROFILE])
}

/// Returns the first variable that is set, and its value.
pub(crate) fn first_set(
    environment: &Environment,
    names: &[&'static str],
) -> Option<(&'static str, String)> {
    let mut names = names.iter();
    names.find_map(|name| Some((*name, environment.text(name).ok()?)))
}

pub(crate) fn is_any_set(environment: &Environment, names: &[&str]) -> bool {
    names.iter().any(|name| environment.text(name).is_ok())
}
