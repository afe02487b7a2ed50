//! The contents of a sandbox at its start: projects, desktops, users, groups and credentials. They
//! come from Rust code or from a YAML file.

pub(crate) mod credential_list;
pub mod defaults;
mod file;

use serde::{Deserialize, Serialize};

/// The sample seed file: the text of [`Seed::default`], with comments.
pub const SAMPLE_SEED: &str = include_str!("../../seed.yaml");

/// The contents of a sandbox at its start. [`Seed::default`] is the sample file [`SAMPLE_SEED`],
/// whose comments document every field.
///
/// ```
/// # use workspace_api_sandbox::seed::Seed;
/// let yaml = "projects:\n  - id: p1\n    name: north\n    desktops: 7\n";
/// let error = yaml.parse::<Seed>().unwrap_err();
/// assert!(error.to_string().starts_with("4:15: "), "{error}");
/// ```
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// The projects, at least one. Ids and names are unique.
    pub projects: Vec<Project>,
    /// The credentials that the sandbox accepts. Default in a file: those of the default seed.
    #[serde(default = "default_credentials")]
    pub credentials: Credentials,
    /// IAM actions that are denied to everyone, such as `workspace:desktops:logoff`. A `*` at the
    /// end matches any rest.
    #[serde(default)]
    pub deny: Vec<String>,
}

fn default_credentials() -> Credentials {
    Seed::default().credentials
}

/// A project of one region.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// The id in the path of a request.
    pub id: String,
    /// The name. The default project of a region has the name of the region.
    pub name: String,
    /// The users who can be bound to desktops. Names are unique.
    #[serde(default)]
    pub users: Vec<User>,
    /// The user groups that can be bound to desktops. Names are unique.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// The desktops. Ids are unique.
    #[serde(default)]
    pub desktops: Vec<Desktop>,
}

/// A user of desktops.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The id.
    pub id: String,
    /// The name, by which requests and bindings refer to the user.
    pub name: String,
    /// The domain that the user belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
}

/// A user group.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The id.
    pub id: String,
    /// The name, by which requests and bindings refer to the group.
    pub name: String,
}

/// A desktop with its bindings and its history.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Desktop {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The operating system. It determines the default `user_group` of a binding.
    #[serde(default)]
    pub os: Os,
    /// Whether several users can use it at the same time.
    #[serde(default)]
    pub session: Session,
    /// Whether it belongs to a desktop pool. If so, unbinding returns a `job_id`.
    #[serde(default)]
    pub pool: bool,
    /// The power state.
    #[serde(default)]
    pub state: PowerState,
    /// The users and groups that it is bound to.
    #[serde(default)]
    pub bound: Vec<Binding>,
    /// The unbinding records, oldest first.
    #[serde(default)]
    pub unbound: Vec<UnbindingRecord>,
    /// Number of log-offs.
    #[serde(default)]
    pub log_offs: u64,
    /// The message of the latest log-off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_off_message: Option<String>,
}

impl Desktop {
    /// A running single-user Windows desktop that no one is bound to.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            ..Self::default()
        }
    }

    /// Binds a user of the project to the desktop.
    #[must_use]
    pub fn bound_to(mut self, user_name: impl Into<String>) -> Self {
        self.bound.push(Binding {
            name: user_name.into(),
            ..Binding::default()
        });
        self
    }

    /// Binds a user group of the project to the desktop.
    #[must_use]
    pub fn bound_to_group(mut self, group_name: impl Into<String>) -> Self {
        self.bound.push(Binding {
            kind: PrincipalKind::Group,
            name: group_name.into(),
            user_group: None,
        });
        self
    }
}

/// The operating system of a desktop.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Os {
    /// Windows.
    #[default]
    Windows,
    /// Linux.
    Linux,
}

/// Whether a desktop has one or several users at the same time.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Session {
    /// One user. Unbinding shuts the desktop down.
    #[default]
    Single,
    /// Several users. The desktop stays up when one is unbound.
    Multi,
}

/// The power state of a desktop, with the service's names.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PowerState {
    /// Running.
    #[default]
    Active,
    /// Shut down. Users can be unbound; there is no session to log off.
    Shutoff,
    /// Busy: neither unbinding nor log-off is possible.
    Rebooting,
}

impl PowerState {
    /// Returns the name in responses and in a seed file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Shutoff => "SHUTOFF",
            Self::Rebooting => "REBOOTING",
        }
    }
}

/// The kind of a binding: of a user or of a group.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PrincipalKind {
    /// A user.
    #[default]
    User,
    /// A user group.
    Group,
}

/// A user or group that a desktop is bound to.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// Whether it is a user or a group.
    #[serde(default, rename = "type")]
    pub kind: PrincipalKind,
    /// The name of a user or group of the same project.
    pub name: String,
    /// The group of the operating system that grants permissions on the desktop. Default: `users`
    /// on Windows, `default` on Linux.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_group: Option<String>,
}

/// An unbinding record, with the service's names.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct UnbindingRecord {
    /// The id of the user or group.
    pub user_id: String,
    /// The name of the user or group.
    pub user_name: String,
    /// The group of the operating system that granted permissions on the desktop.
    pub user_group: String,
    /// The time of the unbinding.
    pub detach_time: String,
    /// Whether it was a user or a group.
    #[serde(rename = "type")]
    pub kind: PrincipalKind,
}

/// The credentials that the sandbox accepts.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// User tokens, for `X-Auth-Token`.
    #[serde(default)]
    pub tokens: Vec<Token>,
    /// Access keys, for signed requests.
    #[serde(default)]
    pub keys: Vec<AccessKey>,
    /// IAM users, who get a token for their password.
    #[serde(default)]
    pub logins: Vec<Login>,
    /// Identity providers, whose id tokens get a temporary access key.
    #[serde(default)]
    pub identity_providers: Vec<IdentityProvider>,
    /// Agencies, which a caller with other credentials can assume.
    #[serde(default)]
    pub agencies: Vec<Agency>,
    /// Tokens of pods, which get a temporary access key. Each is valid at every path that the
    /// sandbox does not use otherwise.
    #[serde(default)]
    pub pod_tokens: Vec<String>,
}

/// A user token that does not expire.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The token.
    pub token: String,
    /// The id of the project that the token is scoped to. Default: every project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// IAM actions that are denied to the caller, as in [`Seed::deny`].
    #[serde(default)]
    pub deny: Vec<String>,
}

/// An access key (AK) with its secret key (SK).
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AccessKey {
    /// The access key (AK).
    pub access: String,
    /// The secret key (SK).
    pub secret: String,
    /// The security token of a temporary access key, which requests must send as
    /// `X-Security-Token`. Default: the key is permanent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_token: Option<String>,
    /// IAM actions that are denied to the caller, as in [`Seed::deny`].
    #[serde(default)]
    pub deny: Vec<String>,
}

/// An IAM user who can log in with a password.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The name of the IAM user.
    pub user: String,
    /// The password.
    pub password: String,
    /// The id of the IAM user, which a login can use in place of the name. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The name of the account (domain) that the user belongs to.
    pub domain: String,
    /// The id of the account, which a login can use in place of its name. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain_id: Option<String>,
}

/// An identity provider with an id token that it issued.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityProvider {
    /// The id, for the header `X-Idp-Id` of IAM.
    pub id: String,
    /// The URN, for STS. Default: STS does not know the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_urn: Option<String>,
    /// The id token.
    pub id_token: String,
    /// IAM actions that are denied to the federated user, as in [`Seed::deny`].
    #[serde(default)]
    pub deny: Vec<String>,
}

/// An agency of an account. A caller with any other credentials of the sandbox can assume it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// The name.
    pub name: String,
    /// The name of the account (domain) that the agency belongs to.
    pub domain: String,
    /// The id of the account, which a request can use in place of its name. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain_id: Option<String>,
    /// IAM actions that are denied to the agency, as in [`Seed::deny`].
    #[serde(default)]
    pub deny: Vec<String>,
}

impl Agency {
    /// Whether this is the agency's URN, `iam::ACCOUNT:agency:NAME`. The account is its id, or its
    /// name.
    pub(crate) fn has_urn(&self, urn: &str) -> bool {
        let account = urn
            .strip_prefix("iam::")
            .and_then(|rest| rest.strip_suffix(self.name.as_str()))
            .and_then(|rest| rest.strip_suffix(":agency:"));
        account.is_some_and(|account| self.is_in(account))
    }

    /// Whether this is the name or the id of the agency's account.
    pub(crate) fn is_in(&self, account: &str) -> bool {
        self.domain == account || self.domain_id.as_deref() == Some(account)
    }
}
