//! Credentials in environment variables and in the profile file.

use super::Credentials;
use crate::Secret;
use crate::config::variables::{KeyNames, SDK_KEYS, TERRAFORM_KEYS, TERRAFORM_TOKEN};
use crate::config::{Absent, Environment, Profile, Source};
use crate::signing::InvalidKey;

const PROFILE_KEYS: KeyNames = KeyNames {
    access_key: "ak",
    secret_key: "sk",
    security_token: "security_token",
};

/// A place on this machine, in the order in which they are looked at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Sdk,
    TerraformToken,
    Terraform,
    Profile,
}

impl Place {
    pub(super) const ALL: [Self; 4] = [
        Self::Sdk,
        Self::TerraformToken,
        Self::Terraform,
        Self::Profile,
    ];

    pub(super) fn source(self, environment: &Environment) -> Source {
        let variables = |names: &KeyNames| {
            Source::Variables(vec![names.access_key.into(), names.secret_key.into()])
        };
        match self {
            Self::Sdk => variables(&SDK_KEYS),
            Self::Terraform => variables(&TERRAFORM_KEYS),
            Self::TerraformToken => Source::variable(TERRAFORM_TOKEN),
            Self::Profile => Profile::source(environment, "ak, sk"),
        }
    }

    pub(super) fn look(self, environment: &Environment) -> Result<Credentials, Absent> {
        let variable = |name: &str| environment.text(name).map(Secret::new);
        match self {
            Self::Sdk => keys(&SDK_KEYS, variable),
            Self::Terraform => keys(&TERRAFORM_KEYS, variable),
            Self::TerraformToken => Ok(Credentials::user_token(variable(TERRAFORM_TOKEN)?)?),
            Self::Profile => {
                let profile = Profile::read(environment);
                keys(&PROFILE_KEYS, |name| profile.get(name).cloned())
            }
        }
    }
}

impl From<InvalidKey> for Absent {
    fn from(invalid: InvalidKey) -> Self {
        Self::Wrong(invalid.to_string())
    }
}

/// Half a pair is not passed over: what a later place has may be another account's.
fn keys(
    names: &KeyNames,
    get: impl Fn(&str) -> Result<Secret, Absent>,
) -> Result<Credentials, Absent> {
    let half = |there: &str, missing: &str| {
        Absent::Wrong(format!(
            "`{there}` is set, but `{missing}` is not. Set both, or neither to use the next place."
        ))
    };
    let (access_key, secret_key) = match (get(names.access_key), get(names.secret_key)) {
        (Ok(access_key), Ok(secret_key)) => (access_key, secret_key),
        (Ok(_), Err(Absent::Missing(_))) => return Err(half(names.access_key, names.secret_key)),
        (Err(Absent::Missing(_)), Ok(_)) => return Err(half(names.secret_key, names.access_key)),
        (Err(absent), _) | (_, Err(absent)) => return Err(absent),
    };
    Ok(match get(names.security_token) {
        Ok(security_token) => Credentials::temporary(access_key, secret_key, security_token)?,
        Err(_) => Credentials::access_key(access_key, secret_key)?,
    })
}
