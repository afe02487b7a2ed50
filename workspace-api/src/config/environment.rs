//! The environment as a value, so that only [`Environment::process`] depends on the process.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;

use super::setting::LookupError;

/// The environment variables that settings and credentials are read from.
///
/// The vendor's files are found through them too. A file whose path is not in a variable is read
/// from the folder `.huaweicloud` in `HOME`, on Windows in `USERPROFILE`.
///
/// ```
/// use workspace_api::config::Environment;
///
/// let environment = Environment::from_iter([("HW_REGION_NAME", "ap-southeast-1")]);
/// ```
#[derive(Clone)]
pub struct Environment(Arc<Read>);

type Read = dyn Fn(&str) -> Option<OsString> + Send + Sync;

impl Environment {
    /// The environment of this process, read anew at each use.
    pub fn process() -> Self {
        Self::new(|name| std::env::var_os(name))
    }

    /// An environment in which `read` returns the value of a variable.
    pub fn new(read: impl Fn(&str) -> Option<OsString> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// Returns the value of a variable. Invalid Unicode is replaced, so that validation reports it.
    pub(crate) fn text(&self, name: &str) -> Result<String, LookupError> {
        match self.os_text(name) {
            Some(value) => Ok(value.to_string_lossy().into_owned()),
            None => Err(LookupError::not_set()),
        }
    }

    /// Returns the value of a variable; an empty one counts as not set.
    pub(super) fn os_text(&self, name: &str) -> Option<OsString> {
        (self.0)(name).filter(|value| !value.is_empty())
    }
}

/// Variables may hold secrets, so none is shown.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environment")
    }
}

impl<K: Into<String>, V: Into<OsString>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
        let variables: BTreeMap<_, _> = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        Self::new(move |name| variables.get(name).cloned())
    }
}
