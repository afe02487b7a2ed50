//! The environment as a value, so that nothing but [`Environment::process`] depends on the process.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::setting::Absent;

/// Where environment variables are read. Files that are not named by a variable are looked for in the `.huaweicloud`
/// folder below `HOME`, on Windows `USERPROFILE`.
#[derive(Clone)]
pub struct Environment(Arc<Read>);

type Read = dyn Fn(&str) -> Option<OsString> + Send + Sync;

impl Environment {
    /// The environment of this process, read anew each time.
    pub fn process() -> Self {
        Self::new(|name| std::env::var_os(name))
    }

    /// An environment whose variables `read` knows.
    pub fn new(read: impl Fn(&str) -> Option<OsString> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The variable's value; an empty one counts as not set. What is not Unicode is replaced, so that the check of the
    /// value refuses it in its own words.
    pub(crate) fn text(&self, name: &str) -> Result<String, Absent> {
        self.os_text(name)
            .map(|value| value.to_string_lossy().into_owned())
            .ok_or_else(Absent::not_set)
    }

    /// The file that `variable` names, else `name` in the folder `.huaweicloud`; `None` without a home.
    pub(crate) fn file(&self, variable: &str, name: &str) -> Option<PathBuf> {
        let home = || self.os_text("HOME").or_else(|| self.os_text("USERPROFILE"));
        match self.os_text(variable) {
            Some(path) => Some(path.into()),
            None => Some(PathBuf::from(home()?).join(".huaweicloud").join(name)),
        }
    }

    fn os_text(&self, name: &str) -> Option<OsString> {
        (self.0)(name).filter(|value| !value.is_empty())
    }
}

/// The variables may hold secrets, so none is shown.
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
