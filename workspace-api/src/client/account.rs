//! The account of the credentials in use, from IAM.

use tokio::time::Instant;

use crate::credentials::{Account, IamClient};
use crate::{Client, Result};

impl Client {
    /// Returns the account that the credentials belong to. IAM names no more of an identity for
    /// every kind of credentials.
    ///
    /// ```no_run
    /// # async fn example(client: &workspace_api::Client) -> workspace_api::Result<()> {
    /// println!("calls are made for the account {}", client.account().await?.name);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) if there are no valid credentials
    /// or IAM rejects the request, and
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if it is not known where IAM
    /// is.
    pub async fn account(&self) -> Result<Account> {
        let shared = self.shared();
        let total_time = self.retry().total_time;
        let endpoint = shared.config.iam_endpoint.clone().require()?;
        let credentials = self.credentials(Instant::now() + total_time).await?;
        let requests = shared.requests.clone().with_total_time(total_time);
        let iam = IamClient::with_requests(requests, endpoint);
        Ok(iam.account(&credentials).await?)
    }
}
