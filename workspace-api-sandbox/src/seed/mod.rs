//! What a sandbox starts with: projects, desktops, users, groups and credentials, in Rust or from a YAML file.

pub mod defaults;
mod file;

use serde::{Deserialize, Serialize};

/// The sample seed file, with comments: what a sandbox starts with unless told otherwise.
pub const SAMPLE_SEED: &str = include_str!("../../seed.yaml");

/// What a sandbox knows when it starts. [`Seed::default`] is the sample file that ships with the crate,
/// `workspace-api-sandbox/seed.yaml`, whose comments document every field.
///
/// ```
/// # use workspace_api_sandbox::seed::Seed;
/// let error = "projects:\n  - id: p1\n    name: north\n    desktops: 7\n".parse::<Seed>().unwrap_err();
/// assert!(error.to_string().contains("4:15"), "{error}");
/// ```
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// The projects. Ids and names are unique.
    pub projects: Vec<Project>,
    /// Who may call. Absent in a file: the credentials of the default seed.
    #[serde(default = "default_credentials")]
    pub credentials: Credentials,
    /// IAM actions that nobody may use, such as `workspace:desktops:logoff`; a `*` at the end stands for any rest.
    #[serde(default)]
    pub deny: Vec<String>,
}

fn default_credentials() -> Credentials {
    Seed::default().credentials
}

/// A project: what belongs together in one region.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// The id that stands in the path of a request.
    pub id: String,
    /// The name, which for a region's own project is the name of the region.
    pub name: String,
    /// The users who may be bound to desktops.
    #[serde(default)]
    pub users: Vec<User>,
    /// The user groups that may be bound to desktops.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// The desktops.
    #[serde(default)]
    pub desktops: Vec<Desktop>,
}

/// A user of desktops.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The user's id.
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
    /// The group's id.
    pub id: String,
    /// The name, by which requests and bindings refer to the group.
    pub name: String,
}

/// A desktop with whom it is bound to, and what has happened to it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Desktop {
    /// The desktop's id.
    pub id: String,
    /// The desktop's name.
    pub name: String,
    /// The operating system. It decides which `user_group` a binding has by default.
    #[serde(default)]
    pub os: Os,
    /// How many users it serves at a time.
    #[serde(default)]
    pub session: Session,
    /// Whether it belongs to a desktop pool: unbinding then gives a `job_id`.
    #[serde(default)]
    pub pool: bool,
    /// Whether it runs.
    #[serde(default)]
    pub state: PowerState,
    /// The users and groups that it is bound to.
    #[serde(default)]
    pub bound: Vec<Binding>,
    /// The unbinding records, oldest first.
    #[serde(default)]
    pub unbound: Vec<Unbinding>,
    /// How many times it was logged off.
    #[serde(default)]
    pub log_offs: u64,
    /// The message of the latest log-off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_off_message: Option<String>,
}

impl Desktop {
    /// A running single-user Windows desktop, bound to nobody.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            ..Self::default()
        }
    }

    /// Binds a user of the project to it.
    pub fn bound_to(mut self, user_name: impl Into<String>) -> Self {
        self.bound.push(Binding {
            name: user_name.into(),
            ..Binding::default()
        });
        self
    }

    /// Binds a user group of the project to it.
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

/// How many users a desktop serves at a time.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Session {
    /// One user. Unbinding shuts the desktop down.
    #[default]
    Single,
    /// Several users. The desktop stays up when one is unbound.
    Multi,
}

/// Whether a desktop runs, in the service's own terms.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PowerState {
    /// It runs.
    #[default]
    Active,
    /// It is shut down. Users can be unbound; there is no session to log off.
    Shutoff,
    /// It is busy: neither unbinding nor logging off is possible.
    Rebooting,
}

impl PowerState {
    /// The name in the service's answers and in a seed file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Shutoff => "SHUTOFF",
            Self::Rebooting => "REBOOTING",
        }
    }
}

/// Whether a binding is a user's or a group's.
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
    /// User or group.
    #[serde(default, rename = "type")]
    pub kind: PrincipalKind,
    /// The name of a user or group of the same project.
    pub name: String,
    /// The group of the operating system that gives the rights on the desktop. Absent: `users` on Windows, `default`
    /// on Linux.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_group: Option<String>,
}

/// A record of an unbinding, with the service's names.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Unbinding {
    /// The id of the user or group.
    pub user_id: String,
    /// The name of the user or group.
    pub user_name: String,
    /// The rights that it had on the desktop.
    pub user_group: String,
    /// When it was unbound.
    pub detach_time: String,
    /// User or group.
    #[serde(rename = "type")]
    pub kind: PrincipalKind,
}

/// Who may call the sandbox.
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
}

/// A user token that is good from the start and does not expire.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The token itself.
    pub token: String,
    /// The id of the project that it is scoped to. Absent: good for every project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// IAM actions that its owner may not use, as in [`Seed::deny`].
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
    /// The security token that makes it a temporary key; requests must then carry it as `X-Security-Token`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_token: Option<String>,
    /// IAM actions that its owner may not use, as in [`Seed::deny`].
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
    /// The name of the account (domain) that the user belongs to.
    pub domain: String,
}
