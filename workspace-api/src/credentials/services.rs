//! The services that remote sources of credentials need, found by the settings.

use super::login::IdOrName;
use super::requests::Requests;
use super::{Error, IamClient};
use crate::config::{Config, Endpoint};

/// IAM, STS and the project of tokens.
#[derive(Debug)]
pub(super) struct Services {
    pub(super) requests: Requests,
    config: Config,
}

impl Services {
    pub(super) fn new(requests: Requests, config: Config) -> Self {
        Self { requests, config }
    }

    pub(super) fn iam(&self) -> Result<IamClient, Error> {
        let endpoint = self.config.iam_endpoint.clone().require()?;
        Ok(IamClient::with_requests(self.requests.clone(), endpoint))
    }

    pub(super) fn sts(&self) -> Result<Endpoint, Error> {
        Ok(self.config.sts_endpoint.clone().require()?)
    }

    /// The project of a user token: by its id or name, or by the name of the region.
    pub(super) fn project(&self) -> Result<IdOrName, Error> {
        let config = &self.config;
        if let Some(id) = config.project_id.value() {
            return Ok(IdOrName::Id(id.clone()));
        }
        if let Some(name) = config.project_name.value() {
            return Ok(IdOrName::Name(name.clone()));
        }
        let region = config.region.clone().require()?;
        Ok(IdOrName::Name(region.to_string()))
    }
}
