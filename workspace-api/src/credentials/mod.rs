//! Credentials: what they are, where they come from, how they stay good.
//!
//! Three things are kept apart: [`Credentials`] are values, a [provider](ProvideCredentials) knows where to get them,
//! and [`signing`](crate::signing) uses them. [`CachedCredentials`] stands between a provider and the calls, so that
//! the provider is asked once and again only ahead of expiry.
//!
//! # Kinds
//!
//! | kind | made with | sent as | good for |
//! | --- | --- | --- | --- |
//! | access key (AK/SK) | [`Credentials::access_key`] | a signature | until it is deleted |
//! | temporary access key | [`Credentials::temporary`] | a signature and `X-Security-Token` | 15 minutes to 24 hours |
//! | user token | [`Credentials::user_token`] | `X-Auth-Token` | 24 hours |
//!
//! With keys, nothing that a listener could use again leaves the machine, so prefer them. A token is as good as the
//! password to whoever reads it.
//!
//! # The default chain
//!
//! [`DefaultChain`] looks where the vendor's tools keep credentials and takes the first it finds:
//!
//! 1. the variables `HUAWEICLOUD_SDK_AK`, `HUAWEICLOUD_SDK_SK` and, for temporary keys,
//!    `HUAWEICLOUD_SDK_SECURITY_TOKEN`;
//! 2. Terraform's variables: `HW_AUTH_TOKEN`, else `HW_ACCESS_KEY`, `HW_SECRET_KEY` and `HW_SECURITY_TOKEN`;
//! 3. the profile file, `~/.huaweicloud/credentials` or what `HUAWEICLOUD_SDK_CREDENTIALS_FILE` names:
//!
//!    ```ini
//!    [basic]
//!    ak = QTWAOYTTINDUT2QVKYUC
//!    sk = MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc
//!    ```
//!
//!    where `security_token`, `project_id` and `iam_endpoint` may be added;
//! 4. the [metadata service](InstanceMetadata) of the ECS instance that this program runs on, if an agency is set for it.
//!
//! An empty variable counts as not set. A place that has something wrong, such as one key of a pair, a line end in a
//! key or a file that cannot be read, is an error and not passed over: the next place may be another account's, and
//! these calls take desktops away. If there is nothing anywhere, the error lists every place and what was missing
//! there. [`DefaultChain::resolve`] tells the same when something is found.
//!
//! ```no_run
//! use workspace_api::config::Environment;
//! use workspace_api::credentials::{CachedCredentials, DefaultChain, InstanceMetadata};
//!
//! # async fn example() -> Result<(), workspace_api::credentials::Error> {
//! let chain = DefaultChain::new(Environment::process(), InstanceMetadata::default());
//! let found = chain.resolve().await?;
//! match (found.value(), found.source()) {
//!     (Some(credentials), Some(source)) => println!("{credentials} from {source}"),
//!     _ => found.skipped().iter().for_each(|place| println!("{place}")),
//! }
//! let credentials = CachedCredentials::new(chain).get().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # A user token for name and password
//!
//! [`PasswordProvider`] logs in at IAM. The token is renewed 40 minutes before its end, and by
//! [`CachedCredentials::renew`] when the service says that it has expired after all (`APIGW.0307`).
//!
//! ```
//! use workspace_api::Secret;
//! use workspace_api::config::Endpoint;
//! use workspace_api::credentials::{CachedCredentials, IamClient, PasswordLogin, PasswordProvider};
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
//! let endpoint = Endpoint::parse("https://iam.ap-southeast-1.myhuaweicloud.com", false)?;
//! let login = PasswordLogin {
//!     domain: "account".to_owned(),
//!     user: "operator".to_owned(),
//!     password: Secret::new(std::env::var("OPERATOR_PASSWORD")?),
//!     project: "ap-southeast-1".to_owned(),
//! };
//! let credentials = CachedCredentials::new(PasswordProvider::new(IamClient::new(http, endpoint), login));
//! # Ok(())
//! # }
//! ```
//!
//! # A provider of one's own
//!
//! Implement [`ProvideCredentials`] to take keys from a vault or a broker. Say when they
//! [expire](Credentials::with_expiry), so that they are refreshed in time.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//! use workspace_api::credentials::{Credentials, Error, ProvideCredentials, CredentialsFuture};
//!
//! struct Vault;
//!
//! impl ProvideCredentials for Vault {
//!     fn provide(&self) -> CredentialsFuture<'_> {
//!         Box::pin(async {
//!             let (ak, sk, token) = ("AK", "SK", "TOKEN"); // asked for here
//!             let keys = Credentials::temporary(ak, sk, token).map_err(Error::provider)?;
//!             Ok(keys.with_expiry(SystemTime::now() + Duration::from_secs(3600)))
//!         })
//!     }
//! }
//! ```
//!
//! # Project and endpoint
//!
//! Where requests go and for which project is found like the credentials, see [`config`](crate::config). Without a
//! project id, [`Desktops::project_id`](crate::Desktops::project_id) asks IAM for the project of the region.
//!
//! # What is never printed
//!
//! Secret keys, tokens, passwords: not by `Debug`, `Display`, an error or `tracing`. A [`Secret`](crate::Secret)
//! is wiped from memory when it is dropped; the copies that a request or a parser makes are not. Of an access key id the first four characters are shown. What a server sends back with an error
//! is shown without the secrets that were sent to it.

mod answer;
mod cache;
mod chain;
mod clock;
mod env;
mod error;
mod iam;
mod instance_metadata;
mod value;

use std::pin::Pin;

pub use cache::CachedCredentials;
pub use chain::DefaultChain;
pub use clock::Clock;
pub use error::Error;
pub use iam::{IamClient, PasswordLogin, PasswordProvider};
pub use instance_metadata::InstanceMetadata;
pub use value::Credentials;

/// What [`ProvideCredentials::provide`] returns: credentials, later.
pub type CredentialsFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Credentials, Error>> + Send + 'a>>;

/// Where credentials come from. The [guide](self#a-provider-of-ones-own) has an example.
pub trait ProvideCredentials: Send + Sync {
    /// The credentials to use now. [`CachedCredentials`] asks again shortly before they expire, one call at a time.
    fn provide(&self) -> CredentialsFuture<'_>;
}

/// Always the same credentials.
impl ProvideCredentials for Credentials {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async { Ok(self.clone()) })
    }
}
