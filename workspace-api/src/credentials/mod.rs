//! Credentials: kinds, sources, caching and renewal.
//!
//! Three things are kept apart: [`Credentials`] are values, a [provider](ProvideCredentials)
//! supplies them, and [`signing`](crate::signing) uses them. [`CachedCredentials`] stands between a
//! provider and the calls: it fetches once, and again only before the credentials expire.
//!
//! # Kinds
//!
//! | kind | created with | sent as | valid for |
//! | --- | --- | --- | --- |
//! | access key (AK/SK) | [`Credentials::access_key`] | a signature | until it is deleted |
//! | temporary access key | [`Credentials::temporary`] | a signature and `X-Security-Token` | 15 minutes to 24 hours |
//! | user token | [`Credentials::user_token`] | `X-Auth-Token` | 24 hours |
//!
//! Prefer keys: an eavesdropper sees a signature of one request, never the key. Anyone who reads a
//! token can use it for any request until it expires.
//!
//! # The default chain
//!
//! [`DefaultChain`] tries the sources of the vendor's tools and uses the first that has
//! credentials. The order is that of the vendor's SDKs, with Terraform's variables after those of
//! the SDKs:
//!
//! | | source | credentials |
//! | --- | --- | --- |
//! | 1 | `HUAWEICLOUD_OIDC_PROVIDER_URN`, `HUAWEICLOUD_OIDC_AGENCY_URN`, and `HUAWEICLOUD_OIDC_ID_TOKEN` or `HUAWEICLOUD_OIDC_TOKEN_FILE` | a temporary access key of the agency, from STS |
//! | 2 | `HUAWEICLOUD_SDK_IDP_ID`, `HUAWEICLOUD_SDK_ID_TOKEN_FILE` | a temporary access key for an identity provider, from IAM |
//! | 3 | `HUAWEICLOUD_SDK_AK`, `HUAWEICLOUD_SDK_SK` and, for temporary keys, `HUAWEICLOUD_SDK_SECURITY_TOKEN` | this access key |
//! | 4 | `HW_AUTH_TOKEN` | this user token |
//! | 5 | `HW_ASSUME_ROLE_IDP_ID`, and `HW_ASSUME_ROLE_ID_TOKEN` or `HW_ASSUME_ROLE_ID_TOKEN_FILE` | as 2 |
//! | 6 | `HW_ACCESS_KEY`, `HW_SECRET_KEY` and, for temporary keys, `HW_SECURITY_TOKEN` | this access key |
//! | 7 | `HW_USER_NAME` with `HW_DOMAIN_NAME` or `HW_DOMAIN_ID`, or `HW_USER_ID`; and `HW_USER_PASSWORD` | a user token, from IAM |
//! | 8 | KooCLI's profile, if `HW_SHARED_CONFIG_FILE` (its file) or `HW_PROFILE` (its name) is set | the access key in it |
//! | 9 | the profile file, `~/.huaweicloud/credentials` or the path in `HUAWEICLOUD_SDK_CREDENTIALS_FILE` | as 2 or this access key |
//! | 10 | KooCLI's current profile in `~/.hcloud/config.json` | the access key in it |
//! | 11 | the [metadata service](InstanceMetadata) of the ECS instance, if the instance has an agency | a temporary access key of the agency |
//! | 12 | `HC_CONTAINER_CREDENTIALS_FULL_URI`, `HC_CONTAINER_AUTHORIZATION_TOKEN_FILE` | a temporary access key of the pod |
//!
//! Terraform's older names count after its own: `OS_AUTH_TOKEN`, `OS_ACCESS_KEY`, `OS_SECRET_KEY`,
//! `OS_USERNAME`, `OS_USER_ID`, `OS_PASSWORD`, `OS_DOMAIN_NAME`, `OS_DOMAIN_ID`.
//!
//! With `HW_ASSUME_ROLE_AGENCY_NAME` and `HW_ASSUME_ROLE_DOMAIN_NAME` (through IAM) or
//! `HW_ASSUME_ROLE_DOMAIN_ID` (through STS), the credentials of 4 to 8, 10 and 11 assume that
//! agency, for `HW_ASSUME_ROLE_DURATION` seconds. With the keys of the profile file this is an
//! error, and 1 to 3 are used without the agency, as the vendor's SDKs do.
//!
//! The profile file:
//!
//! ```ini
//! [basic]
//! ak = QTWAOYTTINDUT2QVKYUC
//! sk = MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc
//! ```
//!
//! It can also have `security_token`, `project_id`, `iam_endpoint`, and `idp_id` with
//! `id_token_file`. KooCLI encrypts its keys unless `hcloud configure set --cli-auth-encrypt=false`
//! was run. Encrypted ones are an error if the variables of 8 are set; otherwise the file is named
//! as not used, because no other tool of the vendor reads it.
//!
//! A token in a file is read again for each renewal, because the platform replaces it. Keys and
//! tokens that expire are renewed ahead of time, once for all callers.
//!
//! An empty variable counts as not set. An invalid source (one key of a pair, a line end in a key,
//! an unreadable file) is an error and is not skipped: the next source may belong to another
//! account. Without any credentials, the error lists every source and what is missing there.
//! [`DefaultChain::resolve`] returns the same information when credentials are found.
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
//!     _ => found.skipped().iter().for_each(|skipped| println!("{skipped}")),
//! }
//! let credentials = CachedCredentials::new(chain).get().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # User tokens by name and password
//!
//! [`PasswordProvider`] logs in at IAM. [`CachedCredentials`] refreshes the token 40 minutes before
//! it expires, and [renews](CachedCredentials::renew) it if the service rejects it as expired
//! before (`APIGW.0307`).
//!
//! ```
//! use workspace_api::Secret;
//! use workspace_api::config::Endpoint;
//! use workspace_api::credentials::{CachedCredentials, IamClient, PasswordLogin, PasswordProvider};
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
//! let endpoint = Endpoint::parse("https://iam.ap-southeast-1.myhuaweicloud.com", false)?;
//! let password = Secret::new(std::env::var("OPERATOR_PASSWORD")?);
//! let login = PasswordLogin::new("account", "operator", password, "ap-southeast-1");
//! let provider = PasswordProvider::new(IamClient::new(http, endpoint), login);
//! let credentials = CachedCredentials::new(provider);
//! # Ok(())
//! # }
//! ```
//!
//! # Custom providers
//!
//! Implement [`ProvideCredentials`] to fetch keys from a vault or a broker. Set when they
//! [expire](Credentials::with_expiry), so that they are refreshed before.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//! use workspace_api::credentials::{Credentials, CredentialsFuture, Error, ProvideCredentials};
//!
//! struct Vault;
//!
//! impl ProvideCredentials for Vault {
//!     fn provide(&self) -> CredentialsFuture<'_> {
//!         Box::pin(async {
//!             let (ak, sk, token) = ("AK", "SK", "TOKEN"); // from the vault
//!             let keys = Credentials::temporary(ak, sk, token).map_err(Error::provider)?;
//!             Ok(keys.with_expiry(SystemTime::now() + Duration::from_secs(3600)))
//!         })
//!     }
//! }
//! ```
//!
//! # Project and endpoint
//!
//! The sources of endpoint and project id are in [`config`](crate::config). Without a project id,
//! [`Desktops::project_id`](crate::Desktops::project_id) looks up the project of the region in IAM.
//!
//! # Secrets in output
//!
//! Secret keys, tokens and passwords are never printed: not by `Debug`, `Display`, an error or
//! `tracing`. Of an access key id, the first four characters are shown. In every response, the
//! secrets that were sent with its request are replaced by `[redacted]`, whatever their spelling
//! (escapes of JSON, URLs or HTML, upper or lower case), and so is every part of 12 or more
//! characters. A secret of fewer than 8 characters is not looked for. The memory of a
//! [`Secret`](crate::Secret) is wiped when it is dropped; copies made by a request or a parser are
//! not.

mod agency;
mod cache;
mod chain;
mod clock;
mod error;
mod expiry;
mod iam;
mod identity_provider;
mod instance_metadata;
mod json;
mod keys;
mod koocli;
mod login;
mod oidc;
mod password;
mod pod_identity;
mod redaction;
mod requests;
mod services;
mod sources;
mod temporary_key;
mod token_file;
mod value;

use std::pin::Pin;

pub use cache::CachedCredentials;
pub use chain::DefaultChain;
pub use clock::Clock;
pub use error::Error;
pub use iam::{Account, IamClient};
pub use instance_metadata::InstanceMetadata;
pub use login::PasswordLogin;
pub use password::PasswordProvider;
pub(crate) use requests::Requests;
pub use value::Credentials;

/// Maximum size of a response of IAM or the metadata service, in bytes. A token response without
/// the catalog has a few thousand.
const RESPONSE_LIMIT: usize = 1 << 20;

/// The future returned by [`ProvideCredentials::provide`].
pub type CredentialsFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Credentials, Error>> + Send + 'a>>;

/// A provider of credentials. The [guide](self#custom-providers) has an example.
pub trait ProvideCredentials: Send + Sync {
    /// Fetches credentials. [`CachedCredentials`] calls it again shortly before they expire, never
    /// concurrently.
    fn provide(&self) -> CredentialsFuture<'_>;
}

/// Always provides the same credentials.
impl ProvideCredentials for Credentials {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async { Ok(self.clone()) })
    }
}
