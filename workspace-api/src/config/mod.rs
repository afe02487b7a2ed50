//! Where settings come from: what is given by hand, the environment, the vendor's files, and what follows from the rest.
//!
//! Every setting keeps where its value was found and which places were passed over and why, so that a program can
//! explain its own configuration. Nothing here uses the network.
//!
//! ```
//! use workspace_api::config::{Config, Environment, Overrides};
//!
//! let environment = Environment::from_iter([("HW_REGION_NAME", "ap-southeast-1")]);
//! let config = Config::resolve(&Overrides::default(), &environment)?;
//! let endpoint = &config.endpoint;
//! assert_eq!(endpoint.value().map(|e| e.as_str()), Some("https://workspace.ap-southeast-1.myhuaweicloud.com"));
//! assert_eq!(endpoint.source().map(|s| s.to_string()).as_deref(), Some("built from the region"));
//! for place in endpoint.skipped() {
//!     println!("{place}"); // environment variable HUAWEICLOUD_SDK_REGION_WORKSPACE_AP_SOUTHEAST_1: not set
//! }
//! # Ok::<(), workspace_api::config::Error>(())
//! ```

mod endpoint;
mod environment;
mod error;
mod profile;
mod regions;
mod setting;
pub(crate) mod variables;

use std::fmt;

use variables::{HW_PROJECT_ID, HW_REGION_NAME, IAM_ENDPOINT, PROJECT_ID, has_env_credentials};

pub use endpoint::{Endpoint, InvalidValue, Region};
pub use environment::Environment;
pub use error::Error;
pub(crate) use profile::Profile;
pub(crate) use setting::Absent;
pub use setting::{Setting, Skipped, Source};

/// What is given by hand. It comes before every other place.
#[derive(Clone, Default)]
pub struct Overrides {
    /// The region, such as `ap-southeast-1`.
    pub region: Option<String>,
    /// The URL of Workspace.
    pub endpoint: Option<String>,
    /// The URL of IAM.
    pub iam_endpoint: Option<String>,
    /// The id of the project that owns the desktops.
    pub project_id: Option<String>,
    /// Whether credentials are given by hand too: then the profile file's project, which belongs to its keys, and IAM
    /// endpoint are not for them.
    pub credentials: bool,
    /// Whether plain http may go to another machine, where everyone on the way reads the credentials.
    pub allow_plain_http: bool,
}

/// An endpoint that is not one may have a password in it, so it is not shown.
impl fmt::Debug for Overrides {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint =
            |text: &Option<String>| text.as_deref().map(|text| Endpoint::parse(text, true));
        f.debug_struct("Overrides")
            .field("region", &self.region)
            .field("endpoint", &endpoint(&self.endpoint))
            .field("iam_endpoint", &endpoint(&self.iam_endpoint))
            .field("project_id", &self.project_id)
            .field("credentials", &self.credentials)
            .field("allow_plain_http", &self.allow_plain_http)
            .finish()
    }
}

/// The effective settings but for the credentials, which [`DefaultChain`](crate::credentials::DefaultChain) finds.
#[derive(Clone, Debug)]
pub struct Config {
    /// The region. Without one, endpoint and project id must be set.
    pub region: Setting<Region>,
    /// Where Workspace is.
    pub endpoint: Setting<Endpoint>,
    /// Where IAM is, which is asked for the project's id and for user tokens.
    pub iam_endpoint: Setting<Endpoint>,
    /// The id of the project. Where there is none, [`Desktops::project_id`](crate::Desktops::project_id) asks IAM.
    pub project_id: Setting<String>,
}

impl Config {
    /// Finds each setting in the first place that has it.
    ///
    /// | setting | places, in this order |
    /// | --- | --- |
    /// | region | given; `HW_REGION_NAME` |
    /// | endpoint | given; `HUAWEICLOUD_SDK_REGION_WORKSPACE_<REGION>`; regions file; built from the region |
    /// | IAM endpoint | given; `HUAWEICLOUD_SDK_IAM_ENDPOINT`; profile file, if the keys are from there; built from the region |
    /// | project id | given; `HUAWEICLOUD_SDK_PROJECT_ID`; `HW_PROJECT_ID`; profile file, if the keys are from there |
    ///
    /// The profile file is `~/.huaweicloud/credentials` or what `HUAWEICLOUD_SDK_CREDENTIALS_FILE` names, the regions
    /// file `~/.huaweicloud/regions.yaml` or what `HUAWEICLOUD_SDK_REGIONS_FILE` names. An empty variable counts as not
    /// set.
    ///
    /// # Errors
    ///
    /// The first place that has a setting has one that cannot be used, or a file cannot be read. That no place has one
    /// is not an error before it is [required](Setting::require).
    pub fn resolve(given: &Overrides, environment: &Environment) -> Result<Self, Error> {
        let by_hand = |value: &Option<String>| value.clone().ok_or_else(Absent::not_set);
        let endpoint = |text: String| Endpoint::parse(&text, given.allow_plain_http);

        let mut region = Setting::new("region");
        region.look(Source::Explicit, || {
            Ok(Region::new(by_hand(&given.region)?)?)
        })?;
        region.look(Source::variable(HW_REGION_NAME), || {
            Ok(Region::new(environment.text(HW_REGION_NAME)?)?)
        })?;
        let built = |service| {
            let region = region.value().ok_or_else(|| {
                Absent::Missing("there is no region; give one, or set HW_REGION_NAME".to_owned())
            })?;
            Ok(Endpoint::of_region(service, region)?)
        };

        let mut workspace = Setting::new("endpoint");
        workspace.look(Source::Explicit, || {
            Ok(endpoint(by_hand(&given.endpoint)?)?)
        })?;
        if let Some(region) = region.value() {
            regions::look(&mut workspace, "Workspace", region, environment, endpoint)?;
        }
        workspace.look(Source::Region, || built("workspace"))?;

        let profile = Profile::read(environment);
        let is_for_others = given.credentials || has_env_credentials(environment);
        let in_profile = |key| match is_for_others {
            true => Err(Absent::Missing(
                "is for the keys in this file, and others are used".to_owned(),
            )),
            false => profile.get(key).map(|value| value.expose().to_owned()),
        };
        let mut iam = Setting::new("IAM endpoint");
        iam.look(Source::Explicit, || {
            Ok(endpoint(by_hand(&given.iam_endpoint)?)?)
        })?;
        iam.look(Source::variable(IAM_ENDPOINT), || {
            Ok(endpoint(environment.text(IAM_ENDPOINT)?)?)
        })?;
        iam.look(Profile::source(environment, "iam_endpoint"), || {
            Ok(endpoint(in_profile("iam_endpoint")?)?)
        })?;
        iam.look(Source::Region, || built("iam"))?;

        let mut project_id = Setting::new("project id");
        project_id.look(Source::Explicit, || by_hand(&given.project_id))?;
        for name in [PROJECT_ID, HW_PROJECT_ID] {
            project_id.look(Source::variable(name), || environment.text(name))?;
        }
        project_id.look(Profile::source(environment, "project_id"), || {
            in_profile("project_id")
        })?;
        Ok(Self {
            region,
            endpoint: workspace,
            iam_endpoint: iam,
            project_id,
        })
    }
}
