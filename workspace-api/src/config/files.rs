//! Which of the vendor's files with credentials is in use, so that settings are read from it.

use super::environment::Environment;
use super::koocli::KooCliProfile;
use super::overrides::Overrides;
use super::profile::Profile;
use super::setting::LookupError;
use super::variables::{has_env_credentials, selects_koocli};

/// The files that hold credentials and what belongs to them. Of those whose keys are not used,
/// nothing else is used either: it may be of another account.
pub(super) struct Files {
    pub(super) profile: Profile,
    /// `None` if KooCLI's file is not in use and does not matter.
    pub(super) koocli: Option<Result<KooCliProfile, LookupError>>,
}

impl Files {
    pub(super) fn of_credentials(overrides: &Overrides, environment: &Environment) -> Self {
        if overrides.has_credentials || has_env_credentials(environment) {
            return Self {
                profile: Profile::ignored(),
                koocli: None,
            };
        }
        if selects_koocli(environment) {
            return Self {
                profile: Profile::ignored(),
                koocli: Some(KooCliProfile::read(environment)),
            };
        }
        let profile = Profile::read(environment);
        let koocli = match profile.credentials() {
            Err(LookupError::NotFound(_)) => Some(KooCliProfile::read(environment)),
            _ => None,
        };
        Self { profile, koocli }
    }
}
