//! Temporary access keys of an agency that other credentials assume: Terraform's variables, and
//! profiles of KooCLI.

use super::json::Json;
use super::oidc::parse_seconds;
use super::services::Services;
use super::temporary_key::request_of_agency;
use super::{Credentials, Error};
use crate::config::variables::{
    AGENCY, AGENCY_DOMAIN_ID, AGENCY_DOMAIN_NAME, AGENCY_DURATION, AGENCY_NAME,
};
use crate::config::{Environment, LookupError, Source};

/// Lifetime of keys of IAM, as Terraform requests them. STS has a default of its own.
const IAM_SECONDS: u32 = 12 * 60 * 60;

/// An agency that is to be assumed.
#[derive(Clone, Debug)]
pub(super) struct Agency {
    pub(super) name: String,
    pub(super) account: Account,
    pub(super) seconds: Option<u32>,
}

/// The account of an agency. As in Terraform, the name is for IAM and the id for STS.
#[derive(Clone, Debug)]
pub(super) enum Account {
    Name(String),
    Id(String),
}

/// The variables of the agency that are set.
pub(super) fn source(environment: &Environment) -> Source {
    let is_set = |name: &&str| environment.text(name).is_ok();
    let set = AGENCY.into_iter().filter(is_set);
    Source::Variables(set.map(str::to_owned).collect())
}

/// Reads the agency of the variables; `None` if none is set.
pub(super) fn lookup(environment: &Environment) -> Result<Option<Agency>, LookupError> {
    let is_set = |name: &&str| environment.text(name).is_ok();
    let Some(present) = AGENCY.into_iter().find(is_set) else {
        return Ok(None);
    };
    let Ok(name) = environment.text(AGENCY_NAME) else {
        return Err(LookupError::incomplete(present, AGENCY_NAME));
    };
    let account = match environment.text(AGENCY_DOMAIN_ID) {
        Ok(id) => Account::Id(id),
        Err(_) => match environment.text(AGENCY_DOMAIN_NAME) {
            Ok(name) => Account::Name(name),
            Err(_) => return Err(LookupError::incomplete(AGENCY_NAME, AGENCY_DOMAIN_NAME)),
        },
    };
    let seconds = match environment.text(AGENCY_DURATION) {
        Ok(seconds) => Some(parse_seconds(AGENCY_DURATION, &seconds)?),
        Err(_) => None,
    };
    Ok(Some(Agency {
        name,
        account,
        seconds,
    }))
}

impl Agency {
    /// Assumes the agency with these credentials.
    pub(super) async fn fetch(
        &self,
        credentials: &Credentials,
        services: &Services,
    ) -> Result<Credentials, Error> {
        let (url, body) = match &self.account {
            Account::Name(domain) => {
                let iam = services.iam()?;
                let role = Json::object([
                    ("agency_name", self.name.as_str().into()),
                    ("domain_name", domain.as_str().into()),
                    (
                        "duration_seconds",
                        self.seconds.unwrap_or(IAM_SECONDS).into(),
                    ),
                ]);
                (
                    format!("{}/v3.0/OS-CREDENTIAL/securitytokens", iam.endpoint()),
                    Json::identity("assume_role", role),
                )
            }
            Account::Id(domain) => {
                let urn = format!("iam::{domain}:agency:{}", self.name);
                let mut body = vec![
                    ("agency_urn", urn.as_str().into()),
                    ("agency_session_name", self.name.as_str().into()),
                ];
                if let Some(seconds) = self.seconds {
                    body.push(("duration_seconds", seconds.into()));
                }
                let url = format!("{}/v5/agencies/assume", services.sts()?);
                (url, Json::Object(body))
            }
        };
        let requests = &services.requests;
        let request = || {
            let mut request = requests.http.post(&url).json(&body).build()?;
            credentials.apply(&mut request, requests.now());
            Ok(request)
        };
        request_of_agency(&self.name, &url, requests, request, credentials).await
    }
}
