//! The project that the face works in: given, or asked of IAM once.

use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::config::{Config, Endpoint, Region};
use crate::credentials::{CachedCredentials, Clock, IamClient};
use crate::types::ProjectId;
use crate::{Error, ErrorKind, Result, RetryPolicy};

/// The id of the project, or how to find it.
pub(crate) struct Project {
    id: OnceCell<ProjectId>,
    iam: Option<(IamClient, Region)>,
}

impl Project {
    pub(super) fn new(
        config: &Config,
        http: &reqwest::Client,
        clock: &Clock,
        retry: RetryPolicy,
    ) -> Result<Self> {
        let iam = |endpoint: &Endpoint| {
            IamClient::new(http.clone(), endpoint.clone())
                .with_clock(clock.clone())
                .with_total_time(retry.total_time)
        };
        let region = config.region.value().cloned();
        let iam = config.iam_endpoint.value().map(iam).zip(region);
        let id = match config.project_id.value() {
            Some(id) => Some(checked(id)?),
            None => None,
        };
        Ok(Self {
            id: OnceCell::new_with(id),
            iam,
        })
    }

    /// The id if it is known without asking.
    pub(super) fn known(&self) -> Option<&ProjectId> {
        self.id.get()
    }

    /// The id, if it can be had within this time; however many calls wait for it, IAM is asked once.
    pub(crate) async fn id(
        &self,
        credentials: &CachedCredentials,
        time: Duration,
    ) -> Result<ProjectId> {
        let ask = || async {
            let (iam, region) = self.iam.as_ref().ok_or_else(|| {
                Error::new(
                    ErrorKind::Configuration,
                    "there is no project id, and without a region IAM cannot be asked for it. Give the project id, or set \
                     HUAWEICLOUD_SDK_PROJECT_ID.",
                )
            })?;
            let credentials = credentials.get().await?;
            checked(&iam.project_id(region, &credentials).await?)
        };
        match timeout(time, self.id.get_or_try_init(ask)).await {
            Ok(id) => id.cloned(),
            Err(_) => Err(Error::new(
                ErrorKind::Credentials,
                format!("the project could not be had within {time:?}, so nothing was sent"),
            )),
        }
    }
}

fn checked(id: &str) -> Result<ProjectId> {
    ProjectId::try_from(id).map_err(|error| Error::new(ErrorKind::Configuration, error.to_string()))
}
