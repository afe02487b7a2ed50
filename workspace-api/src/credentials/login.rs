//! A login at IAM by a password, as a value.

use std::fmt;

use super::json::Json;
use crate::Secret;

/// The name and password of an IAM user, for [`PasswordProvider`](super::PasswordProvider).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PasswordLogin {
    /// The name of the account that the user belongs to.
    pub domain: String,
    /// The name of the user.
    pub user: String,
    /// The password of the user.
    pub password: Secret,
    /// The name of the project that the token is for. The default project of a region has the
    /// region's name.
    pub project: String,
}

impl PasswordLogin {
    /// Returns the login of this user of the account `domain`, for this project.
    pub fn new(
        domain: impl Into<String>,
        user: impl Into<String>,
        password: impl Into<Secret>,
        project: impl Into<String>,
    ) -> Self {
        Self {
            domain: domain.into(),
            user: user.into(),
            password: password.into(),
            project: project.into(),
        }
    }
}

/// A login of every kind: user, account and project by name or by id.
#[derive(Clone, Debug)]
pub(super) struct Login {
    pub(super) user: User,
    pub(super) password: Secret,
    pub(super) project: IdOrName,
}

/// The user of a login. A user id needs no account.
#[derive(Clone, Debug)]
pub(super) enum User {
    Id(String),
    Name { name: String, domain: IdOrName },
}

/// An account or a project in a request.
#[derive(Clone, Debug)]
pub(super) enum IdOrName {
    Id(String),
    Name(String),
}

impl Login {
    /// Returns the body of the token request. It has the password.
    pub(super) fn body(&self) -> Json {
        let password = self.password.expose();
        let user = match &self.user {
            User::Id(id) => {
                Json::object([("id", id.as_str().into()), ("password", password.into())])
            }
            User::Name { name, domain } => Json::object([
                ("name", name.as_str().into()),
                ("password", password.into()),
                ("domain", domain.json()),
            ]),
        };
        let identity = Json::method("password", Json::object([("user", user)]));
        let scope = Json::object([("project", self.project.json())]);
        Json::object([(
            "auth",
            Json::object([("identity", identity), ("scope", scope)]),
        )])
    }
}

impl IdOrName {
    fn json(&self) -> Json {
        match self {
            Self::Id(id) => Json::object([("id", id.as_str().into())]),
            Self::Name(name) => Json::object([("name", name.as_str().into())]),
        }
    }
}

impl From<&PasswordLogin> for Login {
    fn from(login: &PasswordLogin) -> Self {
        Self {
            user: User::Name {
                name: login.user.clone(),
                domain: IdOrName::Name(login.domain.clone()),
            },
            password: login.password.clone(),
            project: IdOrName::Name(login.project.clone()),
        }
    }
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "user with the id `{id}`"),
            Self::Name { name, .. } => write!(f, "user `{name}`"),
        }
    }
}
