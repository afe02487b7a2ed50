//! The names of the contents of the default seed, so that a test needs no copy of its ids.

/// The id of the default project.
pub const PROJECT_ID: &str = "0bec5db98280d2d02fd6c00c2de791ce";
/// The name of the default project, which is the name of its region.
pub const PROJECT_NAME: &str = "ap-southeast-1";
/// A user token, for `X-Auth-Token`.
pub const TOKEN: &str = "sandbox-token";
/// An access key (AK).
pub const ACCESS_KEY: &str = "SANDBOXACCESSKEY";
/// The secret key (SK) of [`ACCESS_KEY`].
pub const SECRET_KEY: &str = "sandbox-secret-key";
/// The access key (AK) of a temporary access key.
pub const TEMPORARY_ACCESS_KEY: &str = "SANDBOXTEMPORARYKEY";
/// The secret key (SK) of [`TEMPORARY_ACCESS_KEY`].
pub const TEMPORARY_SECRET_KEY: &str = "sandbox-temporary-secret-key";
/// The security token of [`TEMPORARY_ACCESS_KEY`].
pub const SECURITY_TOKEN: &str = "sandbox-security-token";
/// The name of an IAM user.
pub const LOGIN_USER: &str = "sandbox";
/// The password of [`LOGIN_USER`].
pub const LOGIN_PASSWORD: &str = "sandbox-password";
/// The name of the account (domain) of [`LOGIN_USER`].
pub const LOGIN_DOMAIN: &str = "sandbox-account";
/// The id of [`LOGIN_USER`].
pub const LOGIN_USER_ID: &str = "1b8d3f0a5c7e4926a1f2c3d4e5f60718";
/// The id of [`LOGIN_DOMAIN`].
pub const LOGIN_DOMAIN_ID: &str = "9c2e7a4b6d8f4013b5a6c7d8e9f00112";
/// The id of an identity provider.
pub const IDENTITY_PROVIDER: &str = "sandbox-idp";
/// The URN of [`IDENTITY_PROVIDER`].
pub const PROVIDER_URN: &str = "iam::9c2e7a4b6d8f4013b5a6c7d8e9f00112:oidcProvider:sandbox-idp";
/// An id token of [`IDENTITY_PROVIDER`].
pub const ID_TOKEN: &str = "sandbox-id-token";
/// The name of an agency of [`LOGIN_DOMAIN`].
pub const AGENCY: &str = "sandbox-agency";
/// The URN of [`AGENCY`].
pub const AGENCY_URN: &str = "iam::9c2e7a4b6d8f4013b5a6c7d8e9f00112:agency:sandbox-agency";
/// The path of pod identity. The token is valid at any other free path as well.
pub const POD_IDENTITY_PATH: &str = "/pod-identity";
/// The token of a pod.
pub const POD_TOKEN: &str = "sandbox-pod-token";
/// A single-user Windows desktop, bound to [`USER`], with one unbinding record.
pub const SINGLE_USER_DESKTOP: &str = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";
/// A multi-user Linux desktop, bound to [`USER`], two other users and [`GROUP`].
pub const MULTI_USER_DESKTOP: &str = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002";
/// A multi-user Windows desktop of a desktop pool, bound to a user and a group.
pub const POOL_DESKTOP: &str = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0003";
/// A desktop that is rebooting: it cannot be unbound or logged off.
pub const BUSY_DESKTOP: &str = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004";
/// The name of a user who is bound to [`SINGLE_USER_DESKTOP`] and [`MULTI_USER_DESKTOP`].
pub const USER: &str = "li-na";
/// The id of [`USER`].
pub const USER_ID: &str = "5a0f4f1c9d1e4f8b8a6f2d3c4b5a6978";
/// The name of a user group that is bound to [`MULTI_USER_DESKTOP`].
pub const GROUP: &str = "designers";
/// The id of [`GROUP`].
pub const GROUP_ID: &str = "7c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f";
