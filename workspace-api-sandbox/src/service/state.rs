//! The desktops as they are now, and the rules by which they change. One lock guards them, so each request sees and
//! leaves a whole state.

use std::collections::{BTreeSet, HashMap};

use crate::http::api_error::ApiError;
use crate::seed::{Binding, Desktop, Os, PowerState, PrincipalKind, Project, Session, Unbinding};

/// A user or group that an unbinding names.
#[derive(Debug)]
pub(crate) struct Principal {
    pub(crate) kind: PrincipalKind,
    pub(crate) name: String,
    pub(crate) id: Option<String>,
    pub(crate) domain: Option<String>,
}

/// Whom to unbind from a desktop.
#[derive(Debug)]
pub(crate) enum Target {
    AllUsers,
    Principals(Vec<Principal>),
}

/// Why one desktop of a batch was left as it was.
#[derive(Debug, PartialEq)]
pub(crate) struct FailedOperation {
    pub(crate) desktop_id: String,
    pub(crate) desktop_name: Option<String>,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// What became of a batch.
#[derive(Debug, Default)]
pub(crate) struct DetachOutcome {
    pub(crate) failed: Vec<FailedOperation>,
    /// How many ordinary desktops were unbound.
    pub(crate) ordinary: usize,
    /// How many desktops of a pool were unbound.
    pub(crate) pooled: usize,
}

#[derive(Debug)]
pub(crate) struct State {
    projects: Vec<Project>,
    /// Project id to its index, and desktop id to its index in it.
    indices: HashMap<String, (usize, HashMap<String, usize>)>,
}

impl State {
    pub(crate) fn new(projects: Vec<Project>) -> Self {
        let indices = projects
            .iter()
            .enumerate()
            .map(|(at, project)| {
                let desktops = project.desktops.iter().enumerate();
                let desktops = desktops.map(|(at, d)| (d.id.clone(), at)).collect();
                (project.id.clone(), (at, desktops))
            })
            .collect();
        Self { projects, indices }
    }

    pub(crate) fn projects(&self) -> &[Project] {
        &self.projects
    }

    fn project(&mut self, id: &str) -> Result<(&mut Project, &HashMap<String, usize>), ApiError> {
        match self.indices.get(id) {
            Some((at, desktops)) => Ok((&mut self.projects[*at], desktops)),
            None => Err(ApiError::not_found("The project does not exist.").with_detail(id)),
        }
    }

    /// Unbinds a batch. Each desktop succeeds or fails as a whole. A batch in which every desktop is busy is refused as
    /// a whole.
    pub(crate) fn detach(
        &mut self,
        project: &str,
        batch: Vec<(String, Target)>,
        now: &str,
    ) -> Result<DetachOutcome, ApiError> {
        let (project, indices) = self.project(project)?;
        let busy = |(id, _): &(String, Target)| {
            let index = indices.get(id);
            index.is_some_and(|at| project.desktops[*at].state == PowerState::Rebooting)
        };
        if batch.iter().all(busy) {
            return Err(ApiError::conflict(PowerState::Rebooting.as_str()));
        }
        let mut outcome = DetachOutcome::default();
        for (desktop_id, target) in batch {
            let Some(&at) = indices.get(&desktop_id) else {
                outcome.failed.push(FailedOperation {
                    desktop_id,
                    desktop_name: None,
                    code: "WKS.0202",
                    message: "The desktop does not exist.".into(),
                });
                continue;
            };
            match unbind(project, at, &target, now) {
                Ok(()) if project.desktops[at].pool => outcome.pooled += 1,
                Ok(()) => outcome.ordinary += 1,
                Err((code, message)) => outcome.failed.push(FailedOperation {
                    desktop_id,
                    desktop_name: Some(project.desktops[at].name.clone()),
                    code,
                    message,
                }),
            }
        }
        Ok(outcome)
    }

    pub(crate) fn desktop(&mut self, project: &str, desktop: &str) -> Result<&Desktop, ApiError> {
        let (project, indices) = self.project(project)?;
        match indices.get(desktop) {
            Some(&at) => Ok(&project.desktops[at]),
            None => Err(ApiError::not_found("The desktop does not exist.").with_detail(desktop)),
        }
    }

    /// Logs desktops off: all of them, or none if one is unknown or not running.
    pub(crate) fn log_off(
        &mut self,
        project: &str,
        desktops: &[String],
        message: Option<&str>,
    ) -> Result<(), ApiError> {
        let (project, indices) = self.project(project)?;
        let mut chosen = BTreeSet::new();
        for id in desktops {
            match indices.get(id) {
                Some(&at) => chosen.insert(at),
                None => {
                    return Err(ApiError::not_found("The desktop does not exist.").with_detail(id));
                }
            };
        }
        let stopped = |at: &&usize| project.desktops[**at].state != PowerState::Active;
        if let Some(&at) = chosen.iter().find(stopped) {
            let desktop = &project.desktops[at];
            let detail = format!("{} is {}", desktop.id, desktop.state.as_str());
            return Err(ApiError::conflict(detail));
        }
        for at in chosen {
            project.desktops[at].log_offs += 1;
            project.desktops[at].log_off_message = message.map(str::to_owned);
        }
        Ok(())
    }
}

fn unbind(
    project: &mut Project,
    at: usize,
    target: &Target,
    now: &str,
) -> Result<(), (&'static str, String)> {
    let desktop = &project.desktops[at];
    if desktop.state == PowerState::Rebooting {
        return Err(("WKS.00010032", "The desktop is restarting.".into()));
    }
    let leaving: BTreeSet<usize> = match target {
        Target::AllUsers => (0..desktop.bound.len()).collect(),
        Target::Principals(principals) => principals
            .iter()
            .map(|principal| find_binding(project, desktop, principal))
            .collect::<Result<_, _>>()
            .map_err(|message| ("WKS.0202", message))?,
    };
    if leaving.is_empty() {
        let message = match target {
            Target::AllUsers => "No user is bound to the desktop.",
            Target::Principals(_) => "No user is named and is_detach_all_users is not true.",
        };
        return Err(("WKS.0001", message.into()));
    }
    let records: Vec<Unbinding> = leaving
        .iter()
        .map(|&bound| record(project, desktop, &desktop.bound[bound], now))
        .collect();
    let desktop = &mut project.desktops[at];
    desktop.unbound.extend(records);
    let mut index = 0..;
    desktop
        .bound
        .retain(|_| !index.next().is_some_and(|at| leaving.contains(&at)));
    if desktop.session == Session::Single {
        desktop.state = PowerState::Shutoff;
    }
    Ok(())
}

/// The binding that is meant. An id or a domain that does not fit the name means that somebody else is meant.
fn find_binding(
    project: &Project,
    desktop: &Desktop,
    principal: &Principal,
) -> Result<usize, String> {
    let name = &principal.name;
    let (id, domain) = match principal.kind {
        PrincipalKind::User => match project.users.iter().find(|user| user.name == *name) {
            Some(user) => (&user.id, user.domain.as_ref()),
            None => return Err(format!("The user {name} does not exist.")),
        },
        PrincipalKind::Group => match project.groups.iter().find(|group| group.name == *name) {
            Some(group) => (&group.id, None),
            None => return Err(format!("The user group {name} does not exist.")),
        },
    };
    if let Some(other) = principal.id.as_ref().filter(|other| *other != id) {
        return Err(format!("The id of {name} is not {other}."));
    }
    if let Some(other) = principal
        .domain
        .as_ref()
        .filter(|other| domain.is_some_and(|own| own != *other))
    {
        return Err(format!("The domain of {name} is not {other}."));
    }
    let fits = |bound: &Binding| bound.kind == principal.kind && bound.name == *name;
    let found = desktop.bound.iter().position(fits);
    found.ok_or_else(|| format!("{name} is not bound to the desktop."))
}

fn record(project: &Project, desktop: &Desktop, bound: &Binding, now: &str) -> Unbinding {
    let id = match bound.kind {
        PrincipalKind::User => project
            .users
            .iter()
            .find(|u| u.name == bound.name)
            .map(|u| &u.id),
        PrincipalKind::Group => project
            .groups
            .iter()
            .find(|g| g.name == bound.name)
            .map(|g| &g.id),
    };
    let by_default = match desktop.os {
        Os::Windows => "users",
        Os::Linux => "default",
    };
    Unbinding {
        user_id: id.cloned().unwrap_or_default(),
        user_name: bound.name.clone(),
        user_group: bound
            .user_group
            .clone()
            .unwrap_or_else(|| by_default.into()),
        detach_time: now.to_owned(),
        kind: bound.kind,
    }
}
