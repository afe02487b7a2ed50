//! The contents of a sandbox at its start: projects, desktops, users, groups and credentials. They
//! come from Rust code or from a YAML file.

pub(crate) mod credential_list;
mod credentials;
pub mod defaults;
mod desktop;
mod file;

use serde::{Deserialize, Serialize};

pub use credentials::{AccessKey, Agency, Credentials, IdentityProvider, Login, Token};
pub use desktop::{Binding, Desktop, Os, PowerState, PrincipalKind, Session, UnbindingRecord};

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
