//! The keys of KooCLI's profiles.

use super::Credentials;
use super::agency::{Account, Agency};
use crate::config::{KooCliKeys, KooCliProfile, LookupError};

/// Returns the credentials of a profile, and the agency that it assumes with them, if any.
pub(super) fn credentials(
    profile: &KooCliProfile,
) -> Result<(Credentials, Option<Agency>), LookupError> {
    let KooCliKeys {
        access_key,
        secret_key,
        security_token,
    } = profile.keys()?;
    let credentials = match security_token {
        Some(token) => Credentials::temporary(access_key, secret_key, token)?,
        None => Credentials::access_key(access_key, secret_key)?,
    };
    Ok((credentials, agency(profile)?))
}

fn agency(profile: &KooCliProfile) -> Result<Option<Agency>, LookupError> {
    if profile.agency_name.is_empty() {
        return Ok(None);
    }
    let account = match (&profile.agency_domain_name, &profile.agency_domain_id) {
        (name, _) if !name.is_empty() => Account::Name(name.clone()),
        (_, id) if !id.is_empty() => Account::Id(id.clone()),
        _ => return Err(LookupError::incomplete("agencyName", "agencyDomainName")),
    };
    Ok(Some(Agency {
        name: profile.agency_name.clone(),
        account,
        seconds: None,
    }))
}
