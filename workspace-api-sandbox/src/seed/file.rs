//! The seed as a YAML file, and the validation of every seed, whether it comes from a file or not.

use std::collections::HashSet;
use std::str::FromStr;

use super::{Binding, Desktop, PrincipalKind, Project, SAMPLE_SEED, Seed, Token};
use crate::error::Error;
use crate::position::{self, Step, steps};

impl Default for Seed {
    fn default() -> Self {
        match SAMPLE_SEED.parse() {
            Ok(seed) => seed,
            Err(error) => unreachable!("a test parses the sample seed: {error}"),
        }
    }
}

impl FromStr for Seed {
    type Err = Error;

    /// Reads and checks a seed file.
    ///
    /// # Errors
    ///
    /// [`Error::Seed`] with line and column, for text that is not YAML, an unknown field, a value
    /// of another type, an empty or repeated id or name, a binding to a user or group that the
    /// project does not have, and a token for an unknown project.
    fn from_str(yaml: &str) -> Result<Self, Error> {
        let seed: Self = serde_saphyr::from_str_with_options(yaml, position::reader_options())
            .map_err(|error| Error::Seed(position::describe(&error)))?;
        match seed.validate() {
            Ok(()) => Ok(seed),
            Err(Violation { path, message }) => {
                Err(Error::Seed(position::error_at_value(yaml, &path, &message)))
            }
        }
    }
}

/// A violation of a rule, with the path to the value that violates it.
pub(crate) struct Violation {
    path: Vec<Step>,
    pub(crate) message: String,
}

impl Violation {
    fn new(path: Vec<Step>, message: impl Into<String>) -> Self {
        Self {
            path,
            message: message.into(),
        }
    }

    /// Puts the path of the enclosing value in front.
    fn inside(self, mut outer: Vec<Step>) -> Self {
        outer.extend(self.path);
        Self {
            path: outer,
            message: self.message,
        }
    }
}

impl Seed {
    /// Checks the rules that concern several fields. The error is the first violation.
    pub(crate) fn validate(&self) -> Result<(), Violation> {
        if self.projects.is_empty() {
            return Err(Violation::new(
                steps!["projects"],
                "a sandbox needs at least one project",
            ));
        }
        ensure_distinct("projects", "id", self.projects.iter().map(|p| &*p.id))?;
        ensure_distinct("projects", "name", self.projects.iter().map(|p| &*p.name))?;
        for (index, project) in self.projects.iter().enumerate() {
            project
                .validate()
                .map_err(|violation| violation.inside(steps!["projects", index]))?;
        }
        for (index, token) in self.credentials.tokens.iter().enumerate() {
            self.validate_scope(token)
                .map_err(|violation| violation.inside(steps!["credentials", "tokens", index]))?;
        }
        Ok(())
    }

    fn validate_scope(&self, token: &Token) -> Result<(), Violation> {
        let Some(scope) = &token.project else {
            return Ok(());
        };
        if self.projects.iter().any(|project| project.id == *scope) {
            return Ok(());
        }
        Err(Violation::new(
            steps!["project"],
            format!("the token's project `{scope}` is not the id of a project"),
        ))
    }
}

impl Project {
    fn validate(&self) -> Result<(), Violation> {
        ensure_distinct("users", "name", self.users.iter().map(|user| &*user.name))?;
        ensure_distinct(
            "groups",
            "name",
            self.groups.iter().map(|group| &*group.name),
        )?;
        ensure_distinct(
            "desktops",
            "id",
            self.desktops.iter().map(|desktop| &*desktop.id),
        )?;
        let users = self.users.iter().map(|user| &*user.name).collect();
        let groups = self.groups.iter().map(|group| &*group.name).collect();
        for (index, desktop) in self.desktops.iter().enumerate() {
            self.validate_bindings(desktop, &users, &groups)
                .map_err(|violation| violation.inside(steps!["desktops", index]))?;
        }
        Ok(())
    }

    fn validate_bindings(
        &self,
        desktop: &Desktop,
        users: &HashSet<&str>,
        groups: &HashSet<&str>,
    ) -> Result<(), Violation> {
        let mut bound = HashSet::new();
        for (index, Binding { name, kind, .. }) in desktop.bound.iter().enumerate() {
            let (known, what) = match kind {
                PrincipalKind::User => (users, "user"),
                PrincipalKind::Group => (groups, "group"),
            };
            let problem = if !known.contains(name.as_str()) {
                format!(
                    "the {what} `{name}`, which project `{}` does not have: add it to `{what}s`",
                    self.id
                )
            } else if !bound.insert((name, kind)) {
                format!("the {what} `{name}` twice")
            } else {
                continue;
            };
            return Err(Violation::new(
                steps!["bound", index, "name"],
                format!("desktop `{}` is bound to {problem}", desktop.id),
            ));
        }
        Ok(())
    }
}

/// Checks that the ids or names in a list are neither empty nor used twice.
fn ensure_distinct<'s>(
    list: &str,
    field: &str,
    values: impl Iterator<Item = &'s str>,
) -> Result<(), Violation> {
    let mut seen = HashSet::new();
    for (index, value) in values.enumerate() {
        let problem = if value.is_empty() {
            "is empty"
        } else if !seen.insert(value) {
            "is used twice"
        } else {
            continue;
        };
        return Err(Violation::new(
            steps![list, index, field],
            format!("the {field} `{value}` of {list} {problem}"),
        ));
    }
    Ok(())
}
