//! Settings from explicit values, environment variables and the vendor's files; the rest is derived
//! from them.
//!
//! Each [`Setting`] records its [`Source`] and why other sources were skipped, so that a program
//! can explain its configuration. Nothing in this module uses the network.
//!
//! ```
//! use workspace_api::config::{Config, Environment, Overrides};
//!
//! let environment = Environment::from_iter([("HW_REGION_NAME", "ap-southeast-1")]);
//! let config = Config::resolve(&Overrides::default(), &environment)?;
//! for skipped in config.endpoint.skipped() {
//!     println!("{skipped}"); // explicit value: not set
//! }
//! let source = config.endpoint.source().map(ToString::to_string);
//! assert_eq!(source.as_deref(), Some("derived from the region"));
//! let endpoint = config.endpoint.require()?;
//! assert_eq!(endpoint.as_str(), "https://workspace.ap-southeast-1.myhuaweicloud.com");
//! # Ok::<(), workspace_api::config::Error>(())
//! ```

mod ca_file;
mod endpoint;
mod environment;
mod error;
mod files;
mod koocli;
mod overrides;
mod profile;
mod project_name;
mod proxy;
mod regions;
mod resolve;
mod setting;
mod source;
pub(crate) mod variables;
mod vendor_file;

use files::Files;

pub(crate) use endpoint::is_loopback;
pub use endpoint::{Endpoint, InvalidValue, Region};
pub use environment::Environment;
pub use error::Error;
pub(crate) use koocli::{KooCliKeys, KooCliProfile};
pub use overrides::Overrides;
pub(crate) use profile::Profile;
pub use project_name::ProjectName;
pub(crate) use proxy::Proxies;
pub(crate) use setting::LookupError;
pub use setting::Setting;
pub use source::{SettingName, SkipReason, Skipped, Source};

/// The effective settings, without the credentials:
/// [`DefaultChain`](crate::credentials::DefaultChain) finds those.
#[derive(Clone, Debug)]
pub struct Config {
    /// The region. Without one, endpoint and project id must be set.
    pub region: Setting<Region>,
    /// The URL of Workspace.
    pub endpoint: Setting<Endpoint>,
    /// The URL of IAM, which provides user tokens and the project id of a region.
    pub iam_endpoint: Setting<Endpoint>,
    /// The URL of STS, which provides temporary access keys of agencies.
    pub sts_endpoint: Setting<Endpoint>,
    /// The id of the project. Without one, [`Desktops::project_id`](crate::Desktops::project_id)
    /// looks it up in IAM.
    pub project_id: Setting<String>,
    /// The name by which the project is looked up. Without one, that is the name of the region.
    pub project_name: Setting<String>,
    /// The proxy for Workspace, without its user name and password: that of the environment. One
    /// that is passed to the builder is not here.
    pub proxy: Setting<String>,
    /// The file of certificate authorities in `SSL_CERT_FILE`, which replace those of the system.
    pub ca_file: Setting<String>,
    /// The variables of the vendor's tools that are set and have no effect, and why.
    pub unused: Vec<Skipped>,
    /// Settings that work and are unsafe: files with keys that other users of this machine can read.
    pub warnings: Vec<String>,
}

impl Config {
    /// Takes each setting from the first source that has it.
    ///
    /// | setting | sources, in this order |
    /// | --- | --- |
    /// | region | explicit; `HW_REGION_NAME`; `HUAWEICLOUD_SDK_REGION`; `HUAWEICLOUD_REGION`; `OS_REGION_NAME`; KooCLI's profile, if its keys are used |
    /// | endpoint | explicit; `HUAWEICLOUD_SDK_REGION_WORKSPACE_<REGION>`; regions file; `HW_CLOUD` or `OS_CLOUD` with the region; derived from the region |
    /// | IAM endpoint | explicit; `HUAWEICLOUD_SDK_IAM_ENDPOINT`; `HW_AUTH_URL` or `OS_AUTH_URL`, without `/v3`; profile file, if its keys are used; `HW_CLOUD` or `OS_CLOUD` with the region; derived from the region |
    /// | STS endpoint | `HUAWEICLOUD_SDK_STS_ENDPOINT`; `HW_CLOUD` or `OS_CLOUD` with the region; derived from the region |
    /// | project id | explicit; `HUAWEICLOUD_SDK_PROJECT_ID`; `HW_PROJECT_ID`, `OS_PROJECT_ID` or `OS_TENANT_ID`; profile file or KooCLI's profile, if its keys are used and no project name is set |
    /// | project name, if there is no project id | `HW_PROJECT_NAME`; `OS_PROJECT_NAME`; `OS_TENANT_NAME` |
    /// | proxy | `HTTPS_PROXY` (`HTTP_PROXY` for a plain endpoint) or `ALL_PROXY`, also in lower case; the exceptions are in `NO_PROXY` |
    /// | CA file | `SSL_CERT_FILE`; on Linux |
    ///
    /// The profile file is `~/.huaweicloud/credentials`, or the path in
    /// `HUAWEICLOUD_SDK_CREDENTIALS_FILE`. The regions file is `~/.huaweicloud/regions.yaml`, or
    /// the path in `HUAWEICLOUD_SDK_REGIONS_FILE`. KooCLI's profile is the one in `HW_PROFILE`, or
    /// else the current one, in `~/.hcloud/config.json` or the file in `HW_SHARED_CONFIG_FILE`. An
    /// empty variable counts as not set.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`]: the first source that has a setting has an invalid value or is a file
    /// that cannot be read. A setting without a value is not an error until it is
    /// [required](Setting::require), and neither is an invalid IAM endpoint that was not passed
    /// explicitly: most calls do not need IAM.
    pub fn resolve(overrides: &Overrides, environment: &Environment) -> Result<Self, Error> {
        let config = Self::inspect(overrides, environment);
        let of_iam = config.iam_endpoint.error().filter(|error| {
            matches!(
                error,
                Error::Invalid {
                    source: Source::Explicit { .. },
                    ..
                }
            )
        });
        let error = config
            .region
            .error()
            .or_else(|| config.endpoint.error())
            .or(of_iam)
            .or_else(|| config.project_id.error())
            .or_else(|| config.ca_file.error());
        match error {
            Some(error) => Err(error),
            None => Ok(config),
        }
    }

    /// Same as [`resolve`](Self::resolve), but keeps an invalid value in its
    /// [setting](Setting::error), so that a program can show the others.
    pub fn inspect(overrides: &Overrides, environment: &Environment) -> Self {
        let files = Files::of_credentials(overrides, environment);
        let region = resolve::region(overrides, environment, &files);
        let endpoint = resolve::endpoint(overrides, environment, region.value());
        let url = endpoint.value().and_then(Endpoint::url);
        let iam_endpoint = resolve::iam_endpoint(overrides, environment, &files, region.value());
        let sts_endpoint = resolve::sts_endpoint(overrides, environment, region.value());
        let (project_id, project_name) =
            resolve::project(overrides, environment, &files, region.value());
        Self {
            region,
            endpoint,
            iam_endpoint,
            sts_endpoint,
            project_id,
            project_name,
            proxy: Proxies::setting(environment, url.as_ref()),
            ca_file: ca_file::setting(environment),
            unused: variables::unused(environment),
            warnings: [
                Profile::warning(environment),
                KooCliProfile::warning(environment),
            ]
            .into_iter()
            .flatten()
            .collect(),
        }
    }
}
