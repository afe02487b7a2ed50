//! The seed as a YAML file, and what is checked of a seed whether it comes from a file or not.

use crate::Error;
use crate::position::{self, Step, steps};
use crate::seed::{Credentials, Kind, Project, Seed};

/// The sample seed file, with comments: what a sandbox starts with unless told otherwise.
pub const SAMPLE_SEED: &str = include_str!("../seed.yaml");

pub(crate) fn default_credentials() -> Credentials {
    Seed::default().credentials
}

impl Default for Seed {
    fn default() -> Self {
        match SAMPLE_SEED.parse() {
            Ok(seed) => seed,
            Err(error) => unreachable!("the sample seed is tested: {error}"),
        }
    }
}

impl std::str::FromStr for Seed {
    type Err = Error;

    /// Reads and checks a seed file.
    ///
    /// # Errors
    ///
    /// [`Error::Seed`] with line and column, for text that is not YAML, an unknown field, a wrong type, an id or name
    /// that is used twice, and a binding to a user or group that the project does not have.
    fn from_str(yaml: &str) -> Result<Self, Error> {
        let seed: Self = serde_saphyr::from_str(yaml)
            .map_err(|error| Error::Seed(position::describe(&error)))?;
        match seed.first_mistake() {
            None => Ok(seed),
            Some((path, what)) => Err(Error::Seed(match position::of_value(yaml, &path) {
                Some((line, column)) => format!("{line}:{column}: {what}"),
                None => what,
            })),
        }
    }
}

impl Seed {
    /// The first thing that is wrong across fields, and where it stands.
    pub(crate) fn first_mistake(&self) -> Option<(Vec<Step>, String)> {
        let projects = || self.projects.iter().enumerate();
        if self.projects.is_empty() {
            return Some((
                steps!["projects"],
                "a sandbox needs at least one project".into(),
            ));
        }
        if let Some((at, id)) = first_repeated(self.projects.iter().map(|p| &p.id)) {
            return Some((steps!["projects", at, "id"], repeated("project id", id)));
        }
        if let Some((at, name)) = first_repeated(self.projects.iter().map(|p| &p.name)) {
            return Some((
                steps!["projects", at, "name"],
                repeated("project name", name),
            ));
        }
        projects().find_map(|(at, project)| {
            let (mut path, what) = project.first_mistake()?;
            path.splice(0..0, steps!["projects", at]);
            Some((path, what))
        })
    }
}

impl Project {
    fn first_mistake(&self) -> Option<(Vec<Step>, String)> {
        if let Some((at, name)) = first_repeated(self.users.iter().map(|u| &u.name)) {
            return Some((steps!["users", at, "name"], repeated("user name", name)));
        }
        if let Some((at, name)) = first_repeated(self.groups.iter().map(|g| &g.name)) {
            return Some((steps!["groups", at, "name"], repeated("group name", name)));
        }
        if let Some((at, id)) = first_repeated(self.desktops.iter().map(|d| &d.id)) {
            return Some((steps!["desktops", at, "id"], repeated("desktop id", id)));
        }
        for (at, desktop) in self.desktops.iter().enumerate() {
            for (bound, binding) in desktop.bound.iter().enumerate() {
                let (known, what) = match binding.kind {
                    Kind::User => (self.users.iter().any(|u| u.name == binding.name), "user"),
                    Kind::Group => (self.groups.iter().any(|g| g.name == binding.name), "group"),
                };
                if !known {
                    return Some((
                        steps!["desktops", at, "bound", bound, "name"],
                        format!(
                            "desktop `{}` is bound to the {what} `{}`, which project `{}` does not have: add it to `{what}s`",
                            desktop.id, binding.name, self.id
                        ),
                    ));
                }
            }
        }
        None
    }
}

fn first_repeated<'a>(values: impl Iterator<Item = &'a String>) -> Option<(usize, &'a String)> {
    let mut seen = std::collections::HashSet::new();
    values.enumerate().find(|(_, value)| !seen.insert(*value))
}

fn repeated(what: &str, value: &str) -> String {
    format!("the {what} `{value}` is used twice")
}
