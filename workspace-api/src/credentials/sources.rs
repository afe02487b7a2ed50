//! The sources of credentials on this machine, in their order, and what each has: credentials, or
//! what they are requested with.

use std::fmt;

use super::agency::{self, Agency};
use super::identity_provider::{self, IdentityProvider};
use super::keys::{self, PROFILE_KEYS};
use super::oidc::{self, Oidc};
use super::password::{self, PasswordVariables};
use super::pod_identity::PodIdentity;
use super::services::Services;
use super::{Credentials, CredentialsFuture, koocli};
use crate::Secret;
use crate::config::variables::{
    IdentityProviderNames, KeyNames, OLD_AGENCY, OPENSTACK_KEYS, OPENSTACK_TOKEN,
    SDK_IDENTITY_PROVIDER, SDK_KEYS, TERRAFORM_IDENTITY_PROVIDER, TERRAFORM_KEYS, TERRAFORM_TOKEN,
    is_any_set, selects_koocli,
};
use crate::config::{Environment, KooCliProfile, LookupError, Profile, Source};

/// The identity provider, in the profile file.
const PROFILE_IDENTITY_PROVIDER: IdentityProviderNames = IdentityProviderNames {
    id: "idp_id",
    token: None,
    token_file: "id_token_file",
};

/// A source of credentials on this machine.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum LocalSource {
    Oidc,
    SdkIdentityProvider,
    SdkKeys,
    OldAgency,
    TerraformToken,
    OpenStackToken,
    TerraformIdentityProvider,
    TerraformKeys,
    OpenStackKeys,
    Password,
    /// The profile of KooCLI that variables select.
    KooCliVariables,
    Profile,
    /// The profile of KooCLI in its usual file.
    KooCliFile,
}

/// The content of a source.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Credentials(Credentials),
    Password(PasswordVariables),
    IdentityProvider(IdentityProvider),
    Oidc(Oidc),
    PodIdentity(PodIdentity),
    /// An agency, and what it is assumed with.
    Agency(Box<Found>, Agency),
}

impl LocalSource {
    /// All sources, in the order in which they are tried.
    pub(super) const ALL: [Self; 13] = [
        Self::Oidc,
        Self::SdkIdentityProvider,
        Self::SdkKeys,
        Self::OldAgency,
        Self::TerraformToken,
        Self::OpenStackToken,
        Self::TerraformIdentityProvider,
        Self::TerraformKeys,
        Self::OpenStackKeys,
        Self::Password,
        Self::KooCliVariables,
        Self::Profile,
        Self::KooCliFile,
    ];

    /// Returns whether the source is worth a line although it has no credentials.
    pub(super) fn is_usual(self, environment: &Environment) -> bool {
        match self {
            Self::OldAgency
            | Self::OpenStackToken
            | Self::TerraformIdentityProvider
            | Self::OpenStackKeys
            | Self::KooCliVariables => false,
            Self::KooCliFile => !selects_koocli(environment),
            _ => true,
        }
    }

    /// Returns whether Terraform uses the source, and so assumes an agency with it.
    fn is_of_terraform(self) -> bool {
        match self {
            Self::Oidc | Self::SdkIdentityProvider | Self::SdkKeys | Self::Profile => false,
            Self::OldAgency
            | Self::TerraformToken
            | Self::OpenStackToken
            | Self::TerraformIdentityProvider
            | Self::TerraformKeys
            | Self::OpenStackKeys
            | Self::Password
            | Self::KooCliVariables
            | Self::KooCliFile => true,
        }
    }

    pub(super) fn source(self, environment: &Environment) -> Source {
        match self {
            Self::Oidc => oidc::source(environment),
            Self::SdkIdentityProvider => identity_provider::source(&SDK_IDENTITY_PROVIDER),
            Self::SdkKeys => keys::source(&SDK_KEYS),
            Self::OldAgency => {
                let is_set = |name: &&str| environment.text(name).is_ok();
                let set = OLD_AGENCY.into_iter().filter(is_set);
                Source::Variables(set.map(str::to_owned).collect())
            }
            Self::TerraformToken => Source::variable(TERRAFORM_TOKEN),
            Self::OpenStackToken => Source::variable(OPENSTACK_TOKEN),
            Self::TerraformIdentityProvider => {
                identity_provider::source(&TERRAFORM_IDENTITY_PROVIDER)
            }
            Self::TerraformKeys => keys::source(&TERRAFORM_KEYS),
            Self::OpenStackKeys => keys::source(&OPENSTACK_KEYS),
            Self::Password => password::source(environment),
            Self::Profile => {
                let profile = Profile::read(environment);
                let is_federated = [
                    PROFILE_IDENTITY_PROVIDER.id,
                    PROFILE_IDENTITY_PROVIDER.token_file,
                ]
                .into_iter()
                .any(|key| profile.get(key).is_ok());
                let entry = if is_federated {
                    "idp_id, id_token_file"
                } else {
                    "ak, sk"
                };
                Profile::source(environment, entry)
            }
            Self::KooCliVariables | Self::KooCliFile => {
                KooCliProfile::source(environment, "accessKeyId, secretAccessKey")
            }
        }
    }

    /// Looks what the source has, with the agency that is assumed with it, if any.
    pub(super) fn lookup(self, environment: &Environment) -> Result<Found, LookupError> {
        let found = self.lookup_alone(environment)?;
        if matches!(found, Found::Agency(..)) {
            return Ok(found);
        }
        match (agency::lookup(environment), self) {
            (Ok(None), _) => Ok(found),
            (Ok(Some(agency)), _) if self.is_of_terraform() => Ok(found.assuming(agency)),
            (Err(error), _) if self.is_of_terraform() => Err(error),
            (_, Self::Profile) => Err(LookupError::Invalid(format!(
                "{} set, but Terraform does not assume an agency with these keys. Set \
                 HW_ACCESS_KEY and HW_SECRET_KEY to assume it, or unset the variables of the \
                 agency.",
                agency::source(environment)
            ))),
            // The agency is only Terraform's, and these variables come before Terraform's.
            _ => Ok(found),
        }
    }

    fn lookup_alone(self, environment: &Environment) -> Result<Found, LookupError> {
        let variable = |name: &str| environment.text(name).map(Secret::new);
        let keys = |names: &KeyNames| keys::lookup(names, variable);
        let credentials = match self {
            Self::Oidc => return oidc::lookup(environment).map(Found::Oidc),
            Self::SdkIdentityProvider => {
                return identity_provider::lookup(&SDK_IDENTITY_PROVIDER, variable)
                    .map(Found::IdentityProvider);
            }
            Self::TerraformIdentityProvider => {
                return identity_provider::lookup(&TERRAFORM_IDENTITY_PROVIDER, variable)
                    .map(Found::IdentityProvider);
            }
            Self::OldAgency => return Err(reject_old_agency(environment)),
            Self::Password => return password::lookup(environment).map(Found::Password),
            Self::KooCliVariables if !selects_koocli(environment) => {
                return Err(LookupError::not_set());
            }
            Self::KooCliFile if selects_koocli(environment) => {
                return Err(LookupError::not_set());
            }
            Self::KooCliVariables | Self::KooCliFile => {
                return koocli_profile(self, environment);
            }
            Self::Profile => {
                let profile = Profile::read(environment);
                match identity_provider::lookup(&PROFILE_IDENTITY_PROVIDER, |name| {
                    profile.get(name).cloned()
                }) {
                    Err(LookupError::NotFound(_)) => {}
                    found => return found.map(Found::IdentityProvider),
                }
                keys::lookup(&PROFILE_KEYS, |name| profile.get(name).cloned())
            }
            Self::SdkKeys => {
                keys(&SDK_KEYS).map_err(|error| keys::reject_lone_token(&SDK_KEYS, variable, error))
            }
            Self::TerraformKeys => keys(&TERRAFORM_KEYS),
            // Both kinds of keys have the same security token.
            Self::OpenStackKeys if variable(TERRAFORM_KEYS.access_key).is_ok() => {
                keys(&OPENSTACK_KEYS)
            }
            Self::OpenStackKeys => keys(&OPENSTACK_KEYS)
                .map_err(|error| keys::reject_lone_token(&TERRAFORM_KEYS, variable, error)),
            Self::TerraformToken => Ok(Credentials::user_token(variable(TERRAFORM_TOKEN)?)?),
            Self::OpenStackToken => Ok(Credentials::user_token(variable(OPENSTACK_TOKEN)?)?),
        };
        credentials.map(Found::Credentials)
    }
}

/// Reads a profile that variables name, which must be usable, or the usual one, which no other tool
/// of the vendor reads: it is named and not used if KooCLI encrypted it.
fn koocli_profile(source: LocalSource, environment: &Environment) -> Result<Found, LookupError> {
    match (usable_koocli_profile(environment), source) {
        (Err(LookupError::NotFound(reason)), LocalSource::KooCliVariables) => {
            Err(LookupError::Invalid(reason))
        }
        (Err(LookupError::Invalid(reason)), LocalSource::KooCliFile) => Err(LookupError::NotFound(
            format!("the file exists but is not used: {reason}"),
        )),
        (result, _) => result,
    }
}

fn usable_koocli_profile(environment: &Environment) -> Result<Found, LookupError> {
    let profile = KooCliProfile::read(environment)?;
    let (credentials, agency) = koocli::credentials(&profile)?;
    let found = Found::Credentials(credentials);
    Ok(match agency {
        Some(agency) => found.assuming(agency),
        None => found,
    })
}

fn reject_old_agency(environment: &Environment) -> LookupError {
    if !is_any_set(environment, &OLD_AGENCY) {
        return LookupError::not_set();
    }
    LookupError::Invalid(
        "a token of an agency is not supported. Use HW_ASSUME_ROLE_AGENCY_NAME and \
         HW_ASSUME_ROLE_DOMAIN_NAME, or unset this."
            .to_owned(),
    )
}

impl Found {
    pub(super) fn assuming(self, agency: Agency) -> Self {
        Self::Agency(Box::new(self), agency)
    }

    /// Returns where the credentials come from, if they are found at this source.
    pub(super) fn source(&self, source: Source) -> Source {
        match self {
            Self::Agency(_, agency) => Source::Agency {
                name: agency.name.clone(),
                assumed_with: Box::new(source),
            },
            _ => source,
        }
    }

    /// Requests the credentials, unless the source has them.
    pub(super) fn fetch<'a>(&'a self, services: &'a Services) -> CredentialsFuture<'a> {
        Box::pin(async move {
            match self {
                Self::Credentials(credentials) => Ok(credentials.clone()),
                Self::Password(login) => login.fetch(services).await,
                Self::IdentityProvider(provider) => provider.fetch(services).await,
                Self::Oidc(oidc) => oidc.fetch(services).await,
                Self::PodIdentity(pod) => pod.fetch().await,
                Self::Agency(found, agency) => {
                    let credentials = found.fetch(services).await?;
                    agency.fetch(&credentials, services).await
                }
            }
        })
    }
}

/// The kind of the credentials, before they are requested.
impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credentials(credentials) => credentials.fmt(f),
            Self::Password(login) => write!(f, "user token of the {}, from IAM", login.user),
            Self::IdentityProvider(provider) => write!(
                f,
                "temporary access key for the identity provider `{}`, from IAM",
                provider.id
            ),
            Self::Oidc(oidc) => write!(
                f,
                "temporary access key of the agency {}, from STS",
                oidc.agency_urn
            ),
            Self::PodIdentity(pod) => write!(f, "temporary access key of this pod, from {pod}"),
            Self::Agency(_, agency) => {
                write!(f, "temporary access key of the agency {}", agency.name)
            }
        }
    }
}
