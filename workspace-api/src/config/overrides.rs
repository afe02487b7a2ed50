//! The settings that a program passes explicitly.

use std::fmt;

use super::endpoint::Endpoint;
use super::setting::LookupError;
use super::source::{SettingName, Source};

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

    pub(super) fn endpoint(&self, text: &str) -> Result<Endpoint, LookupError> {
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
