//! The seed as a YAML file, and what is checked of a seed whether it comes from a file or not.

use std::collections::HashSet;

use super::{Binding, PrincipalKind, Project, SAMPLE_SEED, Seed, Token};
use crate::error::Error;
use crate::position::{self, Step, steps};

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
        match seed.validate() {
            None => Ok(seed),
            Some((path, what)) => Err(Error::Seed(position::error_at_value(yaml, &path, &what))),
        }
    }
}

/// Where something is wrong, and what.
type Violation = (Vec<Step>, String);

impl Seed {
    /// The first thing that is wrong across fields.
    pub(crate) fn validate(&self) -> Option<Violation> {
        if self.projects.is_empty() {
            return Some((
                steps!["projects"],
                "a sandbox needs at least one project".into(),
            ));
        }
        let projects = &self.projects;
        ensure_distinct(
            "projects",
            "id",
            projects.iter().map(|project| &*project.id),
        )
        .or_else(|| {
            ensure_distinct(
                "projects",
                "name",
                projects.iter().map(|project| &*project.name),
            )
        })
        .or_else(|| first_in(steps!["projects"], projects, Project::validate))
        .or_else(|| {
            let path = steps!["credentials", "tokens"];
            first_in(path, &self.credentials.tokens, |token| {
                self.validate_token(token)
            })
        })
    }

    fn validate_token(&self, token: &Token) -> Option<Violation> {
        let project = token.project.as_ref()?;
        if self.projects.iter().any(|known| known.id == *project) {
            return None;
        }
        Some((
            steps!["project"],
            format!("the token's project `{project}` is not the id of a project"),
        ))
    }
}

impl Project {
    fn validate(&self) -> Option<Violation> {
        let users: HashSet<_> = self.users.iter().map(|user| &*user.name).collect();
        let groups: HashSet<_> = self.groups.iter().map(|group| &*group.name).collect();
        ensure_distinct("users", "name", self.users.iter().map(|user| &*user.name))
            .or_else(|| ensure_distinct("groups", "name", self.groups.iter().map(|group| &*group.name)))
            .or_else(|| ensure_distinct("desktops", "id", self.desktops.iter().map(|desktop| &*desktop.id)))
            .or_else(|| {
                first_in(steps!["desktops"], &self.desktops, |desktop| {
                    let mut seen = HashSet::new();
                    first_in(steps!["bound"], &desktop.bound, |binding| {
                        let (known, what) = match binding.kind {
                            PrincipalKind::User => (&users, "user"),
                            PrincipalKind::Group => (&groups, "group"),
                        };
                        let Binding { name, kind, .. } = binding;
                        let mistake = if !known.contains(&**name) {
                            format!("bound to the {what} `{name}`, which project `{}` does not have: add it to `{what}s`", self.id)
                        } else if !seen.insert((name, kind)) {
                            format!("bound to the {what} `{name}` twice")
                        } else {
                            return None;
                        };
                        Some((steps!["name"], format!("desktop `{}` is {mistake}", desktop.id)))
                    })
                })
            })
    }
}

/// The first mistake in a list, with the path to it.
fn first_in<'s, T>(
    list: Vec<Step>,
    items: &'s [T],
    mut check: impl FnMut(&'s T) -> Option<Violation>,
) -> Option<Violation> {
    items.iter().enumerate().find_map(|(at, item)| {
        let (within, what) = check(item)?;
        Some(([list.clone(), vec![at.into()], within].concat(), what))
    })
}

/// The first of a list's ids or names that is empty or used before.
fn ensure_distinct<'s>(
    list: &str,
    field: &str,
    values: impl Iterator<Item = &'s str>,
) -> Option<Violation> {
    let mut seen = HashSet::new();
    values.enumerate().find_map(|(at, value)| {
        let what = match value {
            "" => "is empty",
            _ if !seen.insert(value) => "is used twice",
            _ => return None,
        };
        Some((
            steps![list, at, field],
            format!("the {field} `{value}` of {list} {what}"),
        ))
    })
}
