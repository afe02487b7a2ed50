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
    /// KooCLI's profile, if its keys are in use.
    pub(super) koocli: Option<KooCliProfile>,
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
                koocli: usable_koocli_profile(environment),
            };
        }
        let profile = Profile::read(environment);
        let koocli = match profile.credentials() {
            Err(LookupError::NotFound(_)) => usable_koocli_profile(environment),
            _ => None,
        };
        Self { profile, koocli }
    }
}

/// Of a profile without usable keys, the credentials report why.
fn usable_koocli_profile(environment: &Environment) -> Option<KooCliProfile> {
    let profile = KooCliProfile::read(environment).ok()?;
    profile.keys().is_ok().then_some(profile)
}
