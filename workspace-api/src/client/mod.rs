//! What the generated [`Client`] carries, and the hooks through which every request of it goes.

mod authenticate;
mod builder;
mod call;
mod operation;
pub(crate) mod response;
mod retry;

use std::fmt;
use std::sync::Arc;

use progenitor_client::{ClientHooks, ClientInfo, Error as GeneratedError, OperationInfo};
use reqwest::{Request, Response};

use crate::Client;
use crate::types::ProjectId;
use authenticate::Authentication;
use call::call;
use response::carry;

pub use builder::ClientBuilder;
pub use operation::{Answer, Operation};
pub use retry::Retry;

/// The part of a [`Client`] that only [`ClientBuilder`] can make, so that no client exists that was not checked.
#[derive(Clone)]
pub struct Inner(Arc<Settings>);

pub(crate) struct Settings {
    pub(crate) authentication: Authentication,
    pub(crate) project_id: Option<ProjectId>,
    pub(crate) retry: Retry,
    pub(crate) response_limit: usize,
}

impl Inner {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(Arc::new(settings))
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings {
            project_id, retry, ..
        } = &*self.0;
        f.debug_struct("Inner")
            .field("project_id", project_id)
            .field("retry", retry)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// The settings of a client, to be completed with [`ClientBuilder::build`].
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.inner.0
    }
}

impl ClientHooks<Inner> for Client {
    /// Refuses a request that is not its operation's, while it can still be refused in words.
    async fn pre<E>(
        &self,
        request: &mut Request,
        info: &OperationInfo,
    ) -> Result<(), GeneratedError<E>> {
        // The generator's own header, which the service does not know.
        request.headers_mut().remove("api-version");
        let operation = Operation::find(info.operation_id).ok_or_else(|| {
            GeneratedError::InvalidRequest(format!("`{}` is not an operation", info.operation_id))
        })?;
        operation
            .check_path(self.baseurl(), request.url())
            .map_err(|wrong| GeneratedError::InvalidRequest(wrong.to_string()))
    }

    async fn exec(&self, request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        let Some(operation) = Operation::find(info.operation_id) else {
            return self.client().execute(request).await;
        };
        Ok(call(self, request, operation)
            .await
            .unwrap_or_else(|failure| {
                failure
                    .response
                    .map_or_else(|| carry(failure.error), |refusal| *refusal)
            }))
    }
}
