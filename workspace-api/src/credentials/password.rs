//! User tokens by name and password: a provider for a program that has them, and Terraform's
//! variables.

use super::login::{IdOrName, Login, PasswordLogin, User};
use super::services::Services;
use super::{Credentials, CredentialsFuture, Error, IamClient, ProvideCredentials};
use crate::Secret;
use crate::config::variables::{DOMAIN_ID, DOMAIN_NAME, PASSWORD, USER_ID, USER_NAME, first_set};
use crate::config::{Environment, LookupError, Source};

/// A provider of user tokens by the name and password of an IAM user.
///
/// [`CachedCredentials`](super::CachedCredentials) refreshes them before they expire.
#[derive(Clone, Debug)]
pub struct PasswordProvider {
    iam: IamClient,
    login: PasswordLogin,
}

impl PasswordProvider {
    /// A provider that logs in at `iam`.
    pub fn new(iam: IamClient, login: PasswordLogin) -> Self {
        Self { iam, login }
    }
}

impl ProvideCredentials for PasswordProvider {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(self.iam.token(&self.login))
    }
}

/// The name or id of a user and the password, from variables. The project of the token is that of
/// the settings.
#[derive(Clone, Debug)]
pub(super) struct PasswordVariables {
    pub(super) user: User,
    password: Secret,
}

/// The variables that are set, or those that are usual.
pub(super) fn source(environment: &Environment) -> Source {
    let user = first_set(environment, &USER_ID).or_else(|| first_set(environment, &USER_NAME));
    let password = first_set(environment, &PASSWORD);
    let names = match (user, password) {
        (None, None) => vec![USER_NAME[0], PASSWORD[0]],
        (user, password) => {
            let set = user.into_iter().chain(password);
            set.map(|(name, _)| name).collect()
        }
    };
    Source::Variables(names.into_iter().map(str::to_owned).collect())
}

/// Reads the variables. Half of a login is an error: a later source may belong to another user.
pub(super) fn lookup(environment: &Environment) -> Result<PasswordVariables, LookupError> {
    let id = first_set(environment, &USER_ID);
    let name = first_set(environment, &USER_NAME);
    let password = first_set(environment, &PASSWORD);
    let user = id.as_ref().or(name.as_ref());
    let password = match (user, password) {
        (None, None) => return Err(LookupError::not_set()),
        (Some((present, _)), None) => return Err(LookupError::incomplete(present, PASSWORD[0])),
        (None, Some((present, _))) => return Err(LookupError::incomplete(present, USER_NAME[0])),
        (Some(_), Some((_, password))) => Secret::new(password),
    };
    let user = match (id, name) {
        (Some((_, id)), _) => User::Id(id),
        (None, Some((present, name))) => User::Name {
            name,
            domain: domain(environment)
                .ok_or_else(|| LookupError::incomplete(present, DOMAIN_NAME[0]))?,
        },
        (None, None) => return Err(LookupError::not_set()),
    };
    Ok(PasswordVariables { user, password })
}

fn domain(environment: &Environment) -> Option<IdOrName> {
    match first_set(environment, &DOMAIN_ID) {
        Some((_, id)) => Some(IdOrName::Id(id)),
        None => first_set(environment, &DOMAIN_NAME).map(|(_, name)| IdOrName::Name(name)),
    }
}

impl PasswordVariables {
    pub(super) async fn fetch(&self, services: &Services) -> Result<Credentials, Error> {
        let login = Login {
            user: self.user.clone(),
            password: self.password.clone(),
            project: services.project()?,
        };
        services.iam()?.log_in(&login).await
    }
}
