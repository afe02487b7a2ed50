//! The sources of credentials on this machine: environment variables and the profile file.

use super::Credentials;
use crate::Secret;
use crate::config::variables::{
    AGENCY, IDENTITY_PROVIDER, KOOCLI, KeyNames, OIDC, OPENSTACK_KEYS, OPENSTACK_TOKEN, PASSWORD,
    SDK_KEYS, TERRAFORM_KEYS, TERRAFORM_TOKEN, Unsupported,
};
use crate::config::{Environment, LookupError, Profile, Source};
use crate::signing::InvalidKey;

const PROFILE_KEYS: KeyNames = KeyNames {
    access_key: "ak",
    secret_key: "sk",
    security_token: "security_token",
};

/// A source of credentials on this machine.
#[derive(Clone, Copy, Debug)]
pub(super) enum LocalSource {
    Sdk,
    TerraformToken,
    OpenStackToken,
    Terraform,
    OpenStack,
    Profile,
}

impl LocalSource {
    /// All sources, in the order in which they are tried.
    pub(super) const ALL: [Self; 6] = [
        Self::Sdk,
        Self::TerraformToken,
        Self::OpenStackToken,
        Self::Terraform,
        Self::OpenStack,
        Self::Profile,
    ];

    pub(super) fn source(self, environment: &Environment) -> Source {
        match self {
            Self::Sdk => key_variables(&SDK_KEYS),
            Self::TerraformToken => Source::variable(TERRAFORM_TOKEN),
            Self::OpenStackToken => Source::variable(OPENSTACK_TOKEN),
            Self::Terraform => key_variables(&TERRAFORM_KEYS),
            Self::OpenStack => key_variables(&OPENSTACK_KEYS),
            Self::Profile => Profile::source(environment, "ak, sk"),
        }
    }

    /// Returns whether the source is worth a line although it has no credentials.
    pub(super) fn is_usual(self) -> bool {
        !matches!(self, Self::OpenStackToken | Self::OpenStack)
    }

    /// The credentials that the vendor's tools would use before those of this source, and that this
    /// crate cannot use.
    pub(super) fn unsupported_before(self) -> &'static [Unsupported] {
        match self {
            Self::Sdk => &[OIDC, IDENTITY_PROVIDER],
            // Terraform assumes an agency with any of its credentials.
            Self::TerraformToken => &[AGENCY],
            Self::Profile => &[PASSWORD],
            Self::OpenStackToken | Self::Terraform | Self::OpenStack => &[],
        }
    }

    pub(super) fn credentials(self, environment: &Environment) -> Result<Credentials, LookupError> {
        let variable = |name: &str| environment.text(name).map(Secret::new);
        match self {
            Self::Sdk => keys(&SDK_KEYS, variable),
            Self::TerraformToken => Ok(Credentials::user_token(variable(TERRAFORM_TOKEN)?)?),
            Self::OpenStackToken => Ok(Credentials::user_token(variable(OPENSTACK_TOKEN)?)?),
            Self::Terraform => keys(&TERRAFORM_KEYS, variable),
            Self::OpenStack => keys(&OPENSTACK_KEYS, variable),
            Self::Profile => {
                let profile = Profile::read(environment);
                check_identity_provider(&profile)?;
                keys(&PROFILE_KEYS, |name| profile.get(name).cloned())
            }
        }
    }
}

/// The credentials that the vendor's tools look for after all others of this machine.
pub(super) const UNSUPPORTED_LAST: [Unsupported; 1] = [KOOCLI];

/// Refuses a profile with an identity provider, which the vendor's tools prefer to its keys.
fn check_identity_provider(profile: &Profile) -> Result<(), LookupError> {
    let present = ["idp_id", "id_token_file"]
        .into_iter()
        .find(|key| profile.get(key).is_ok());
    match present {
        Some(key) => Err(LookupError::Invalid(format!(
            "`{key}`: sign-in by an identity provider is not supported. Pass credentials \
             explicitly, or remove this entry."
        ))),
        None => Ok(()),
    }
}

impl From<InvalidKey> for LookupError {
    fn from(invalid: InvalidKey) -> Self {
        Self::Invalid(invalid.to_string())
    }
}

fn key_variables(names: &KeyNames) -> Source {
    Source::Variables(vec![names.access_key.into(), names.secret_key.into()])
}

/// Reads a key pair. An incomplete one is an error: a later source may belong to another account.
fn keys(
    names: &KeyNames,
    read: impl Fn(&str) -> Result<Secret, LookupError>,
) -> Result<Credentials, LookupError> {
    use LookupError::NotFound;
    let (access_key, secret_key) = match (read(names.access_key), read(names.secret_key)) {
        (Ok(access_key), Ok(secret_key)) => (access_key, secret_key),
        (Ok(_), Err(NotFound(_))) => return Err(incomplete(names.access_key, names.secret_key)),
        (Err(NotFound(_)), Ok(_)) => return Err(incomplete(names.secret_key, names.access_key)),
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    match read(names.security_token) {
        Ok(token) => Ok(Credentials::temporary(access_key, secret_key, token)?),
        Err(_) => Ok(Credentials::access_key(access_key, secret_key)?),
    }
}

fn incomplete(present: &str, missing: &str) -> LookupError {
    LookupError::Invalid(format!(
        "`{present}` is set, but `{missing}` is not. Set both, or neither to use the next source."
    ))
}
