//! The configuration file of KooCLI, `~/.hcloud/config.json`: profiles with keys, a region and a
//! project.

use serde::Deserialize;

use super::environment::Environment;
use super::setting::LookupError;
use super::source::Source;
use super::variables::{KOOCLI_FILE, KOOCLI_PROFILE};
use super::vendor_file::VendorFile;
use crate::Secret;

const FILE: VendorFile = VendorFile {
    variable: KOOCLI_FILE,
    folder: ".hcloud",
    name: "config.json",
};

/// Maximum lengths of the parts of an access key that is not encrypted. The usual ones are 20 and
/// 40.
const MAX_ACCESS_KEY: usize = 36;
const MAX_SECRET_KEY: usize = 60;

/// The file of KooCLI.
#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    current: String,
    profiles: Vec<KooCliProfile>,
}

/// A profile of KooCLI. What is empty counts as missing.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct KooCliProfile {
    name: String,
    mode: String,
    access_key_id: Option<Secret>,
    secret_access_key: Option<Secret>,
    security_token: Option<Secret>,
    region: String,
    project_id: String,
    pub(crate) agency_name: String,
    pub(crate) agency_domain_id: String,
    pub(crate) agency_domain_name: String,
    sso_auth: SsoAuth,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SsoAuth {
    sts_token: StsToken,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct StsToken {
    access_key_id: Option<Secret>,
    secret_access_key: Option<Secret>,
    security_token: Option<Secret>,
}

/// The keys of a profile.
pub(crate) struct KooCliKeys {
    pub(crate) access_key: Secret,
    pub(crate) secret_key: Secret,
    /// The token of a temporary access key.
    pub(crate) security_token: Option<Secret>,
}

impl KooCliProfile {
    /// Reads the profile that `HW_PROFILE` names, or the current one.
    pub(crate) fn read(environment: &Environment) -> Result<Self, LookupError> {
        let text = FILE.read(environment)?;
        let file: File = serde_json::from_str(text.expose()).map_err(|error| {
            // The parser's message may quote a key.
            LookupError::Invalid(format!(
                "the file is not the JSON of KooCLI (line {}, column {})",
                error.line(),
                error.column()
            ))
        })?;
        let name = environment
            .text(KOOCLI_PROFILE)
            .unwrap_or_else(|_| file.current.clone());
        let mut profiles = file.profiles.into_iter();
        match profiles.find(|profile| profile.name == name) {
            Some(profile) => Ok(profile),
            None if name.is_empty() => {
                Err(LookupError::NotFound("the file has no profile".to_owned()))
            }
            None => Err(LookupError::Invalid(format!(
                "the file has no profile `{name}`. Set {KOOCLI_PROFILE} to another one."
            ))),
        }
    }

    /// Returns a warning if other users of this machine can read the file.
    pub(super) fn warning(environment: &Environment) -> Option<String> {
        FILE.warning(environment)
    }

    /// The source of an entry, whether or not the file exists.
    pub(crate) fn source(environment: &Environment, entry: &str) -> Source {
        let profile = match environment.text(KOOCLI_PROFILE) {
            Ok(name) => format!("profile {name} ({KOOCLI_PROFILE})"),
            Err(_) => "current profile".to_owned(),
        };
        FILE.source(environment, format!("{profile}, {entry}"))
    }

    /// Returns the keys of the profile, or those of its single sign-on.
    pub(crate) fn keys(&self) -> Result<KooCliKeys, LookupError> {
        let sso = &self.sso_auth.sts_token;
        let keys = [
            (
                &self.access_key_id,
                &self.secret_access_key,
                &self.security_token,
            ),
            (
                &sso.access_key_id,
                &sso.secret_access_key,
                &sso.security_token,
            ),
        ];
        let complete = keys
            .into_iter()
            .find_map(|(access_key, secret_key, token)| {
                let token = filled(token.as_ref());
                Some((
                    filled(access_key.as_ref())?,
                    filled(secret_key.as_ref())?,
                    token,
                ))
            });
        let Some((access_key, secret_key, security_token)) = complete else {
            return Err(LookupError::Invalid(format!(
                "profile `{}` has the mode `{}` and no keys that can be used. Use one with an \
                 access key, or set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK.",
                self.name, self.mode
            )));
        };
        // KooCLI encrypts keys unless it is set not to, and the ciphertext is longer.
        if access_key.expose().len() > MAX_ACCESS_KEY || secret_key.expose().len() > MAX_SECRET_KEY
        {
            return Err(LookupError::Invalid(format!(
                "the keys of profile `{}` are encrypted. Run `hcloud configure set \
                 --cli-auth-encrypt=false`, or set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK.",
                self.name
            )));
        }
        Ok(KooCliKeys {
            access_key: access_key.clone(),
            secret_key: secret_key.clone(),
            security_token: security_token.cloned(),
        })
    }

    /// Returns the region, if there is one.
    pub(super) fn region(&self) -> Result<&str, LookupError> {
        in_profile(&self.region, "region")
    }

    /// Returns the project id, if there is one. It belongs to the region of the profile.
    pub(super) fn project_id(&self, region: Option<&str>) -> Result<&str, LookupError> {
        let id = in_profile(&self.project_id, "projectId")?;
        match region {
            Some(region) if !self.region.is_empty() && self.region != region => {
                Err(LookupError::NotFound(format!(
                    "ignored, because it belongs to the region {} of the profile",
                    self.region
                )))
            }
            _ => Ok(id),
        }
    }
}

fn in_profile<'a>(value: &'a str, name: &str) -> Result<&'a str, LookupError> {
    if value.is_empty() {
        return Err(LookupError::NotFound(format!(
            "the profile has no `{name}`"
        )));
    }
    Ok(value)
}

fn filled(secret: Option<&Secret>) -> Option<&Secret> {
    secret.filter(|secret| !secret.expose().is_empty())
}
