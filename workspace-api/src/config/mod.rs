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

mod endpoint;
mod environment;
mod error;
mod profile;
mod proxy;
mod regions;
mod setting;
mod source;
pub(crate) mod variables;
mod vendor_file;

use std::fmt;

use variables::{HW_PROJECT_ID, HW_REGION_NAME, IAM_ENDPOINT, PROJECT_ID, has_env_credentials};

pub(crate) use endpoint::is_loopback;
pub use endpoint::{Endpoint, InvalidValue, Region};
pub use environment::Environment;
pub use error::Error;
pub(crate) use profile::Profile;
pub(crate) use proxy::Proxies;
pub(crate) use setting::LookupError;
pub use setting::Setting;
pub use source::{SettingName, SkipReason, Skipped, Source};

/// Explicit settings. They override every other source.
///
/// ```
/// use workspace_api::config::{Config, Environment, Overrides, SettingName};
///
/// fn flag(setting: SettingName) -> &'static str {
///     match setting {
///         SettingName::Endpoint => "--endpoint",
///         _ => "argument",
///     }
/// }
///
/// let endpoint = Some("mailto:operator".to_owned());
/// let overrides = Overrides { endpoint, label: flag, ..Overrides::default() };
/// let error = Config::resolve(&overrides, &Environment::process()).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "invalid endpoint (--endpoint): the URL has no host. Use a URL such as `https://host`."
/// );
/// ```
#[derive(Clone)]
pub struct Overrides {
    /// The region, such as `ap-southeast-1`.
    pub region: Option<String>,
    /// The URL of Workspace.
    pub endpoint: Option<String>,
    /// The URL of IAM.
    pub iam_endpoint: Option<String>,
    /// The id of the project that owns the desktops.
    pub project_id: Option<String>,
    /// True if credentials are passed explicitly. The project id and the IAM endpoint of the
    /// profile file, which belong to its keys, are then ignored.
    pub has_credentials: bool,
    /// Allows plain HTTP to other hosts. Anyone on the network path can then read the credentials.
    pub allow_plain_http: bool,
    /// Returns what the program calls an explicit setting, such as `--endpoint`. Messages use it.
    /// Default: `explicit value`.
    pub label: fn(SettingName) -> &'static str,
}

impl Overrides {
    pub(crate) fn source(&self, setting: SettingName) -> Source {
        let label = (self.label)(setting);
        Source::Explicit { label }
    }

    fn endpoint(&self, text: &str) -> Result<Endpoint, LookupError> {
        Ok(Endpoint::parse(text, self.allow_plain_http)?)
    }
}

impl Default for Overrides {
    fn default() -> Self {
        Self {
            region: None,
            endpoint: None,
            iam_endpoint: None,
            project_id: None,
            has_credentials: false,
            allow_plain_http: false,
            label: |_| "explicit value",
        }
    }
}

/// An invalid endpoint may be a password in the wrong field, so it is not shown.
impl fmt::Debug for Overrides {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint =
            |text: &Option<String>| text.as_deref().map(|text| Endpoint::parse(text, true));
        f.debug_struct("Overrides")
            .field("region", &self.region)
            .field("endpoint", &endpoint(&self.endpoint))
            .field("iam_endpoint", &endpoint(&self.iam_endpoint))
            .field("project_id", &self.project_id)
            .field("has_credentials", &self.has_credentials)
            .field("allow_plain_http", &self.allow_plain_http)
            .finish_non_exhaustive()
    }
}

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
    /// The id of the project. Without one, [`Desktops::project_id`](crate::Desktops::project_id)
    /// looks it up in IAM.
    pub project_id: Setting<String>,
}

impl Config {
    /// Takes each setting from the first source that has it.
    ///
    /// | setting | sources, in this order |
    /// | --- | --- |
    /// | region | explicit; `HW_REGION_NAME` |
    /// | endpoint | explicit; `HUAWEICLOUD_SDK_REGION_WORKSPACE_<REGION>`; regions file; derived from the region |
    /// | IAM endpoint | explicit; `HUAWEICLOUD_SDK_IAM_ENDPOINT`; profile file, if its keys are used; derived from the region |
    /// | project id | explicit; `HUAWEICLOUD_SDK_PROJECT_ID`; `HW_PROJECT_ID`; profile file, if its keys are used |
    ///
    /// The profile file is `~/.huaweicloud/credentials`, or the path in
    /// `HUAWEICLOUD_SDK_CREDENTIALS_FILE`. The regions file is `~/.huaweicloud/regions.yaml`, or
    /// the path in `HUAWEICLOUD_SDK_REGIONS_FILE`. An empty variable counts as not set.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`]: the first source that has a setting has an invalid value or is a file
    /// that cannot be read. A setting without a value is not an error until it is
    /// [required](Setting::require).
    pub fn resolve(overrides: &Overrides, environment: &Environment) -> Result<Self, Error> {
        let region = resolve_region(overrides, environment)?;
        let endpoint = resolve_endpoint(overrides, environment, region.value())?;
        let profile = if overrides.has_credentials || has_env_credentials(environment) {
            Profile::ignored()
        } else {
            Profile::read(environment)
        };
        Ok(Self {
            iam_endpoint: resolve_iam_endpoint(overrides, environment, &profile, region.value())?,
            project_id: resolve_project_id(overrides, environment, &profile)?,
            region,
            endpoint,
        })
    }
}

fn resolve_region(
    overrides: &Overrides,
    environment: &Environment,
) -> Result<Setting<Region>, Error> {
    let mut region = Setting::new(SettingName::Region);
    region.try_source(
        overrides.source(SettingName::Region),
        explicit(overrides.region.as_deref()).and_then(parse_region),
    )?;
    region.try_source(
        Source::variable(HW_REGION_NAME),
        environment
            .text(HW_REGION_NAME)
            .and_then(|name| parse_region(&name)),
    )?;
    Ok(region)
}

fn resolve_endpoint(
    overrides: &Overrides,
    environment: &Environment,
    region: Option<&Region>,
) -> Result<Setting<Endpoint>, Error> {
    let mut endpoint = Setting::new(SettingName::Endpoint);
    endpoint.try_source(
        overrides.source(SettingName::Endpoint),
        explicit(overrides.endpoint.as_deref()).and_then(|text| overrides.endpoint(text)),
    )?;
    if let Some(region) = region {
        let allow_plain_http = overrides.allow_plain_http;
        regions::try_sources(&mut endpoint, region, environment, allow_plain_http)?;
    }
    endpoint.try_source(Source::Region, derived("workspace", region))?;
    Ok(endpoint)
}

fn resolve_iam_endpoint(
    overrides: &Overrides,
    environment: &Environment,
    profile: &Profile,
    region: Option<&Region>,
) -> Result<Setting<Endpoint>, Error> {
    const ENTRY: &str = "iam_endpoint";
    let mut endpoint = Setting::new(SettingName::IamEndpoint);
    endpoint.try_source(
        overrides.source(SettingName::IamEndpoint),
        explicit(overrides.iam_endpoint.as_deref()).and_then(|text| overrides.endpoint(text)),
    )?;
    endpoint.try_source(
        Source::variable(IAM_ENDPOINT),
        environment
            .text(IAM_ENDPOINT)
            .and_then(|text| overrides.endpoint(&text)),
    )?;
    endpoint.try_source(
        Profile::source(environment, ENTRY),
        profile
            .get(ENTRY)
            .and_then(|text| overrides.endpoint(text.expose())),
    )?;
    endpoint.try_source(Source::Region, derived("iam", region))?;
    Ok(endpoint)
}

fn resolve_project_id(
    overrides: &Overrides,
    environment: &Environment,
    profile: &Profile,
) -> Result<Setting<String>, Error> {
    const ENTRY: &str = "project_id";
    let mut project_id = Setting::new(SettingName::ProjectId);
    project_id.try_source(
        overrides.source(SettingName::ProjectId),
        explicit(overrides.project_id.as_deref()).map(str::to_owned),
    )?;
    for name in [PROJECT_ID, HW_PROJECT_ID] {
        project_id.try_source(Source::variable(name), environment.text(name))?;
    }
    project_id.try_source(
        Profile::source(environment, ENTRY),
        profile.get(ENTRY).map(|value| value.expose().to_owned()),
    )?;
    Ok(project_id)
}

fn explicit(value: Option<&str>) -> Result<&str, LookupError> {
    value.ok_or_else(LookupError::not_set)
}

fn parse_region(name: &str) -> Result<Region, LookupError> {
    Ok(Region::new(name)?)
}

fn derived(service: &str, region: Option<&Region>) -> Result<Endpoint, LookupError> {
    match region {
        Some(region) => Ok(Endpoint::of_region(service, region)?),
        None => Err(LookupError::NotFound(
            "no region is set. Set the region or HW_REGION_NAME.".to_owned(),
        )),
    }
}
