//! The environment variables and files of the manual pages. `workspace config` shows which of them
//! are used.

/// Variables of the commands that contact the service, with their meaning.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    (
        "HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK, HUAWEICLOUD_SDK_SECURITY_TOKEN",
        "Access key, secret key and, for a temporary key, security token.",
    ),
    (
        "HW_ACCESS_KEY, HW_SECRET_KEY, HW_SECURITY_TOKEN",
        "The same under the names of Terraform.",
    ),
    ("HW_AUTH_TOKEN", "User token."),
    (
        "HW_USER_NAME, HW_USER_PASSWORD, HW_DOMAIN_NAME",
        "User, password and account for a login.",
    ),
    (
        "HUAWEICLOUD_OIDC_PROVIDER_URN, HUAWEICLOUD_OIDC_AGENCY_URN, HUAWEICLOUD_OIDC_ID_TOKEN, \
         HUAWEICLOUD_OIDC_TOKEN_FILE",
        "Identity provider, agency and id token for OIDC.",
    ),
    (
        "HUAWEICLOUD_SDK_IDP_ID, HUAWEICLOUD_SDK_ID_TOKEN_FILE",
        "Identity provider and file of the id token.",
    ),
    (
        "HW_ASSUME_ROLE_IDP_ID, HW_ASSUME_ROLE_ID_TOKEN, HW_ASSUME_ROLE_ID_TOKEN_FILE",
        "The same under the names of Terraform.",
    ),
    (
        "HW_ASSUME_ROLE_AGENCY_NAME",
        "Agency that the credentials of Terraform assume.",
    ),
    (
        "HC_CONTAINER_CREDENTIALS_FULL_URI, HC_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        "Identity of a pod.",
    ),
    (
        "HW_SHARED_CONFIG_FILE, HW_PROFILE",
        "Configuration file and profile of KooCLI.",
    ),
    (
        "HW_REGION_NAME, HUAWEICLOUD_SDK_REGION",
        "Region, unless --region is given.",
    ),
    (
        "HUAWEICLOUD_SDK_PROJECT_ID, HW_PROJECT_ID",
        "Project id, unless --project-id is given.",
    ),
    (
        "HW_PROJECT_NAME",
        "Name of the project whose id is looked up.",
    ),
    (
        "HUAWEICLOUD_SDK_REGION_WORKSPACE_REGION",
        "Endpoint of a region; REGION is its name in capitals with _ for -.",
    ),
    (
        "HUAWEICLOUD_SDK_IAM_ENDPOINT, HW_AUTH_URL",
        "Endpoint of IAM, unless --iam-endpoint is given.",
    ),
    ("HUAWEICLOUD_SDK_STS_ENDPOINT", "Endpoint of STS."),
    (
        "HW_CLOUD",
        "Domain of the cloud, such as myhuaweicloud.com.",
    ),
    (
        "HUAWEICLOUD_SDK_CREDENTIALS_FILE, HUAWEICLOUD_SDK_REGIONS_FILE",
        "Other paths of the profile file and the regions file.",
    ),
    (
        "HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY",
        "Proxies, and hosts without one. Lower-case names work too.",
    ),
    (
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "Certificates to trust instead of the system's.",
    ),
    (
        "XDG_STATE_HOME",
        "Base directory for reports, by default ~/.local/state.",
    ),
];

/// Variables of the terminal.
pub const TERMINAL: &[(&str, &str)] = &[
    ("COLUMNS", "Width of tables and of the help."),
    (
        "NO_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM",
        "Whether colors are used, unless --color is given.",
    ),
];

/// Files of the commands that contact the service.
pub const FILES: &[(&str, &str)] = &[
    (
        "~/.local/state/workspace/",
        "Reports of runs without --report. `workspace report --list` lists them.",
    ),
    (
        "~/.huaweicloud/credentials",
        "Profile file: access key, project and endpoints.",
    ),
    (
        "~/.huaweicloud/regions.yaml",
        "Regions file: endpoints of regions.",
    ),
    (
        "~/.hcloud/config.json",
        "Configuration of KooCLI, if its keys are not encrypted.",
    ),
];
