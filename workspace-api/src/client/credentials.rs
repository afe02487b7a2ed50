//! How a client gets its credentials: from a provider, by a login, or from the default chain.

use std::sync::Arc;

use crate::config::{Config, Environment, Overrides};
use crate::credentials::{
    Credentials, DefaultChain, IamClient, InstanceMetadata, PasswordLogin, PasswordProvider,
    ProvideCredentials, Requests,
};
use crate::signing::InvalidKey;
use crate::{Error, ErrorKind, Result};

pub(super) enum CredentialsChoice {
    DefaultChain,
    Provider(Arc<dyn ProvideCredentials>),
    PasswordLogin(PasswordLogin),
}

/// What a choice leads to.
pub(super) struct Provider {
    pub(super) credentials: Arc<dyn ProvideCredentials>,
    /// The same provider, if it is the default chain.
    pub(super) chain: Option<Arc<DefaultChain>>,
}

impl CredentialsChoice {
    /// Chooses credentials that the caller passed, if they are valid.
    pub(super) fn fixed(credentials: std::result::Result<Credentials, InvalidKey>) -> Result<Self> {
        match credentials {
            Ok(credentials) => Ok(Self::Provider(Arc::new(credentials))),
            Err(invalid) => Err(Error::new(ErrorKind::Configuration, invalid.to_string())),
        }
    }

    /// Makes the provider. Nothing is read or sent before the first call.
    pub(super) fn provider(
        self,
        environment: Environment,
        metadata: InstanceMetadata,
        overrides: &Overrides,
        config: &Config,
        requests: &Requests,
    ) -> Result<Provider> {
        let credentials: Arc<dyn ProvideCredentials> = match self {
            Self::DefaultChain => {
                let chain = DefaultChain::new(environment, metadata)
                    .with_overrides(overrides.clone())
                    .with_requests(requests.clone());
                let chain = Arc::new(chain);
                return Ok(Provider {
                    credentials: Arc::clone(&chain) as _,
                    chain: Some(chain),
                });
            }
            Self::Provider(provider) => provider,
            Self::PasswordLogin(login) => {
                let endpoint = config.iam_endpoint.clone().require()?;
                let iam = IamClient::with_requests(requests.clone(), endpoint);
                Arc::new(PasswordProvider::new(iam, login))
            }
        };
        Ok(Provider {
            credentials,
            chain: None,
        })
    }
}
