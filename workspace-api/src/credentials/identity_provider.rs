//! Temporary access keys of IAM for the id token of an identity provider.

use reqwest::header::HeaderValue;

use super::json::Json;
use super::services::Services;
use super::{Credentials, Error, IamClient, temporary_key, token_file};
use crate::Secret;
use crate::config::variables::IdentityProviderNames;
use crate::config::{LookupError, Source};
use crate::http::Response;

/// Lifetime of the keys, as the vendor's SDKs request them.
const SECONDS: u32 = 6 * 60 * 60;

/// A sign-in by an identity provider.
#[derive(Clone, Debug)]
pub(super) struct IdentityProvider {
    pub(super) id: String,
    id_token: Secret,
}

/// The settings of a sign-in by an identity provider in the environment.
pub(super) fn source(names: &IdentityProviderNames) -> Source {
    Source::Variables(vec![names.id.to_owned(), names.token_file.to_owned()])
}

/// Reads the sign-in from settings. Half of it is an error: a later source may belong to another
/// user.
pub(super) fn lookup(
    names: &IdentityProviderNames,
    read: impl Fn(&str) -> Result<Secret, LookupError>,
) -> Result<IdentityProvider, LookupError> {
    let get = |name| match read(name) {
        Ok(value) => Ok(Some(value)),
        Err(LookupError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    };
    let id = get(names.id)?;
    let token = names.token.map(get).transpose()?.flatten();
    let file = get(names.token_file)?;
    match (id, token, file) {
        (Some(id), Some(token), _) => Ok(IdentityProvider::new(&id, token)),
        (Some(id), None, Some(path)) => {
            let token = token_file::read(names.token_file, path.expose())?;
            Ok(IdentityProvider::new(&id, token))
        }
        (Some(_), None, None) => Err(LookupError::incomplete(names.id, names.token_file)),
        (None, Some(_), _) => {
            let token = names.token.unwrap_or(names.token_file);
            Err(LookupError::incomplete(token, names.id))
        }
        (None, None, Some(_)) => Err(LookupError::incomplete(names.token_file, names.id)),
        (None, None, None) => Err(LookupError::not_set()),
    }
}

impl IdentityProvider {
    fn new(id: &Secret, id_token: Secret) -> Self {
        Self {
            id: id.expose().to_owned(),
            id_token,
        }
    }

    pub(super) async fn fetch(&self, services: &Services) -> Result<Credentials, Error> {
        let iam = services.iam()?;
        self.request_key(&iam)
            .await
            .map_err(|source| Error::Request {
                request: format!(
                    "the sign-in at {} by the identity provider `{}`",
                    iam.endpoint(),
                    self.id
                ),
                source,
            })
    }

    async fn request_key(&self, iam: &IamClient) -> crate::Result<Credentials> {
        let token = self.request_token(iam).await?;
        let url = format!("{}/v3.0/OS-CREDENTIAL/securitytokens", iam.endpoint());
        let token_of = Json::object([
            ("id", token.expose().into()),
            ("duration_seconds", SECONDS.into()),
        ]);
        let body = Json::identity("token", token_of);
        let requests = iam.requests();
        let request = || requests.http.post(&url).json(&body).build();
        temporary_key::read(&requests.call(request, &token).await?)
    }

    /// Requests a token that is not for a project.
    async fn request_token(&self, iam: &IamClient) -> crate::Result<Secret> {
        let url = format!("{}/v3.0/OS-AUTH/id-token/tokens", iam.endpoint());
        let id_token = Json::object([("id", self.id_token.expose().into())]);
        let body = Json::object([("auth", Json::object([("id_token", id_token)]))]);
        let requests = iam.requests();
        let request = || {
            let request = requests.http.post(&url).header("X-Idp-Id", &self.id);
            request.json(&body).build()
        };
        let response = requests.call(request, &self.id_token).await?;
        match subject_token(&response) {
            Some(token) => Ok(Secret::new(token)),
            None => Err(response.unexpected("it has no header X-Subject-Token")),
        }
    }
}

fn subject_token(response: &Response) -> Option<&str> {
    let header: &HeaderValue = response.headers.get("x-subject-token")?;
    header.to_str().ok().filter(|token| !token.is_empty())
}
