//! Temporary access keys of an agency from STS, for the id token of an OIDC identity provider.

use super::json::Json;
use super::services::Services;
use super::temporary_key::request_of_agency;
use super::{Credentials, Error, token_file};
use crate::Secret;
use crate::config::variables::{
    OIDC_AGENCY_URN, OIDC_DURATION, OIDC_ID_TOKEN, OIDC_POLICY, OIDC_POLICY_IDS, OIDC_PROVIDER_URN,
    OIDC_SELECTING, OIDC_SESSION_NAME, OIDC_TOKEN_FILE,
};
use crate::config::{Environment, LookupError, Source};

/// The defaults of the vendor's SDKs.
const DEFAULT_SESSION_NAME: &str = "oidc-sts-session";
const DEFAULT_SECONDS: u32 = 3600;

/// A sign-in by OIDC.
#[derive(Clone, Debug)]
pub(super) struct Oidc {
    provider_urn: String,
    pub(super) agency_urn: String,
    id_token: Secret,
    session_name: String,
    seconds: u32,
    policy: Option<String>,
    policy_ids: Vec<String>,
}

/// The variables that are set, or those that are usual.
pub(super) fn source(environment: &Environment) -> Source {
    let is_set = |name: &&str| environment.text(name).is_ok();
    let mut names: Vec<_> = OIDC_SELECTING.into_iter().filter(is_set).collect();
    if names.is_empty() {
        names = vec![OIDC_PROVIDER_URN, OIDC_AGENCY_URN, OIDC_TOKEN_FILE];
    }
    Source::Variables(names.into_iter().map(str::to_owned).collect())
}

/// Reads the variables. A part of them is an error: a later source may belong to another user.
pub(super) fn lookup(environment: &Environment) -> Result<Oidc, LookupError> {
    let present = OIDC_SELECTING.into_iter();
    let Some(present) = present
        .into_iter()
        .find(|name| environment.text(name).is_ok())
    else {
        return Err(LookupError::not_set());
    };
    let required = |name| {
        let missing = |_| LookupError::incomplete(present, name);
        environment.text(name).map_err(missing)
    };
    let provider_urn = required(OIDC_PROVIDER_URN)?;
    let agency_urn = required(OIDC_AGENCY_URN)?;
    let id_token = match environment.text(OIDC_ID_TOKEN) {
        Ok(token) => Secret::new(token),
        Err(_) => token_file::read(OIDC_TOKEN_FILE, &required(OIDC_TOKEN_FILE)?)?,
    };
    let seconds = match environment.text(OIDC_DURATION) {
        Ok(seconds) => parse_seconds(OIDC_DURATION, &seconds)?,
        Err(_) => DEFAULT_SECONDS,
    };
    let policy_ids = environment.text(OIDC_POLICY_IDS).unwrap_or_default();
    let policy_ids = policy_ids.split(',').map(str::trim);
    Ok(Oidc {
        provider_urn,
        agency_urn,
        id_token,
        session_name: environment
            .text(OIDC_SESSION_NAME)
            .unwrap_or_else(|_| DEFAULT_SESSION_NAME.to_owned()),
        seconds,
        policy: environment.text(OIDC_POLICY).ok(),
        policy_ids: policy_ids
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

/// Parses the lifetime of keys.
pub(super) fn parse_seconds(name: &str, text: &str) -> Result<u32, LookupError> {
    text.trim().parse().map_err(|_| {
        LookupError::Invalid(format!(
            "`{name}` is not a number of seconds, such as {DEFAULT_SECONDS}"
        ))
    })
}

impl Oidc {
    pub(super) async fn fetch(&self, services: &Services) -> Result<Credentials, Error> {
        let sts = services.sts()?;
        let url = format!("{sts}/v5/agencies/assume-with-oidc");
        let body = self.body();
        let requests = &services.requests;
        let request = || requests.http.post(&url).json(&body).build();
        request_of_agency(&self.agency_urn, &url, requests, request, &self.id_token).await
    }

    /// Returns the body of the request. It has the id token.
    fn body(&self) -> Json {
        let mut body = vec![
            ("provider_urn", self.provider_urn.as_str().into()),
            ("agency_urn", self.agency_urn.as_str().into()),
            ("agency_session_name", self.session_name.as_str().into()),
            ("id_token", self.id_token.expose().into()),
            ("duration_seconds", self.seconds.into()),
        ];
        if let Some(policy) = &self.policy {
            body.push(("policy", policy.as_str().into()));
        }
        if !self.policy_ids.is_empty() {
            let ids = self.policy_ids.iter().map(|id| id.as_str().into());
            body.push(("policy_ids", Json::List(ids.collect())));
        }
        Json::Object(body)
    }
}
