//! A desktop of the seed, with its bindings and its unbinding records.

use serde::{Deserialize, Serialize};

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
