//! The project id used by the high-level API: configured, or looked up in IAM once.

use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::config::{self, Config, ProjectName};
use crate::credentials::{CachedCredentials, IamClient, Requests};
use crate::types::ProjectId;
use crate::{Error, ErrorKind, Result};

/// The project id, or what is needed to look it up.
pub(crate) struct ProjectLookup {
    id: OnceCell<ProjectId>,
    lookup: Option<Lookup>,
}

/// A project that IAM knows by its name.
struct Lookup {
    /// The error is reported when IAM is needed.
    iam: std::result::Result<IamClient, config::Error>,
    name: ProjectName,
}

impl ProjectLookup {
    pub(super) fn new(config: &Config, requests: &Requests) -> Result<Self> {
        let endpoint = config.iam_endpoint.clone().require();
        let iam = endpoint.map(|endpoint| IamClient::with_requests(requests.clone(), endpoint));
        let name = match (config.project_name.value(), config.region.value()) {
            (Some(name), _) => Some(ProjectName::Named(name.clone())),
            (None, Some(region)) => Some(ProjectName::OfRegion(region.clone())),
            (None, None) => None,
        };
        let id = match config.project_id.value() {
            Some(id) => Some(parse_project_id(id)?),
            None => None,
        };
        Ok(Self {
            id: OnceCell::new_with(id),
            lookup: name.map(|name| Lookup { iam, name }),
        })
    }

    /// The project id, if it is configured or was looked up.
    pub(super) fn known(&self) -> Option<&ProjectId> {
        self.id.get()
    }

    /// Returns the project id, or an error after `time`. Concurrent callers share one request to
    /// IAM.
    pub(crate) async fn id(
        &self,
        credentials: &CachedCredentials,
        time: Duration,
    ) -> Result<ProjectId> {
        if let Some(id) = self.known() {
            return Ok(id.clone());
        }
        // Boxed, because a future is as large as its largest part, and few calls look anything up.
        let look_up = || Box::pin(self.look_up(credentials));
        match timeout(time, self.id.get_or_try_init(look_up)).await {
            Ok(id) => id.cloned(),
            Err(_) => Err(Error::new(
                ErrorKind::Credentials,
                format!("timed out after {time:?} looking up the project id; no request was sent"),
            )),
        }
    }

    async fn look_up(&self, cache: &CachedCredentials) -> Result<ProjectId> {
        let Some(Lookup { iam, name }) = &self.lookup else {
            return Err(Error::new(
                ErrorKind::Configuration,
                "no project id is set, and without a region it cannot be looked up in IAM. Set the \
                 project id or HUAWEICLOUD_SDK_PROJECT_ID.",
            ));
        };
        let iam = iam.as_ref().map_err(Clone::clone)?;
        let credentials = cache.get().await?;
        let error = match iam.project_named(name, &credentials).await {
            Ok(id) => return parse_project_id(&id),
            Err(error) => error,
        };
        // IAM has one response for every token that is no longer valid.
        if !error.is_rejected() || !credentials.is_user_token() {
            return Err(error.into());
        }
        match cache.renew(&credentials).await {
            Ok(Some(renewed)) => parse_project_id(&iam.project_named(name, &renewed).await?),
            _ => Err(error.into()),
        }
    }
}

fn parse_project_id(id: &str) -> Result<ProjectId> {
    ProjectId::try_from(id).map_err(|error| Error::new(ErrorKind::Configuration, error.to_string()))
}
