//! The desktops as they are now, and the rules by which they change. One lock guards them, so each
//! request sees a consistent state.

use std::collections::{BTreeSet, HashMap};

use crate::http::api_error::ApiError;
use crate::seed::{
    Binding, Desktop, Group, Os, PowerState, PrincipalKind, Project, Session, UnbindingRecord, User,
};

/// A user or group as a request names it.
#[derive(Debug)]
pub(crate) struct Principal {
    pub(crate) kind: PrincipalKind,
    pub(crate) name: String,
    pub(crate) id: Option<String>,
    pub(crate) domain: Option<String>,
}

/// The users and groups to unbind from a desktop.
#[derive(Debug)]
pub(crate) enum Target {
    AllUsers,
    Principals(Vec<Principal>),
}

/// A desktop of a batch that was not unbound, and the reason.
#[derive(Debug)]
pub(crate) struct FailedOperation {
    pub(crate) desktop_id: String,
    /// `None` for an unknown desktop.
    pub(crate) desktop_name: Option<String>,
    pub(crate) reason: Reason,
}

/// Code and message in an entry of `failed_operation_list`.
#[derive(Debug)]
pub(crate) struct Reason {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Reason {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    fn not_found(message: impl Into<String>) -> Self {
        Self::new("WKS.0202", message)
    }
}

/// The outcome of a batch.
#[derive(Debug, Default)]
pub(crate) struct DetachOutcome {
    pub(crate) failed: Vec<FailedOperation>,
    /// Number of ordinary desktops that were unbound.
    pub(crate) ordinary: usize,
    /// Number of desktops of a pool that were unbound.
    pub(crate) pooled: usize,
}

#[derive(Debug)]
pub(crate) struct State {
    projects: Vec<Project>,
    /// By project id.
    indices: HashMap<String, ProjectIndex>,
}

/// The position of a project in the list of projects, and of its desktops in it by their id.
#[derive(Debug)]
struct ProjectIndex {
    project: usize,
    desktops: HashMap<String, usize>,
}

impl State {
    pub(crate) fn new(projects: Vec<Project>) -> Self {
        let mut indices = HashMap::new();
        for (index, project) in projects.iter().enumerate() {
            let desktops = project.desktops.iter().enumerate();
            let project_index = ProjectIndex {
                project: index,
                desktops: desktops.map(|(at, d)| (d.id.clone(), at)).collect(),
            };
            indices.insert(project.id.clone(), project_index);
        }
        Self { projects, indices }
    }

    pub(crate) fn projects(&self) -> &[Project] {
        &self.projects
    }

    /// Finds a project, and returns it with the indices of its desktops.
    fn project(&mut self, id: &str) -> Result<(&mut Project, &HashMap<String, usize>), ApiError> {
        match self.indices.get(id) {
            Some(found) => Ok((&mut self.projects[found.project], &found.desktops)),
            None => Err(ApiError::not_found("The project does not exist.").with_detail(id)),
        }
    }

    /// Unbinds a batch. Each desktop succeeds or fails as a whole. A batch in which every desktop
    /// is busy is rejected as a whole.
    pub(crate) fn detach(
        &mut self,
        project: &str,
        batch: Vec<(String, Target)>,
        now: &str,
    ) -> Result<DetachOutcome, ApiError> {
        let (project, indices) = self.project(project)?;
        let is_busy = |id: &String| match indices.get(id) {
            Some(&index) => project.desktops[index].state == PowerState::Rebooting,
            None => false,
        };
        if batch.iter().all(|(id, _)| is_busy(id)) {
            return Err(ApiError::conflict(PowerState::Rebooting.as_str()));
        }
        let mut outcome = DetachOutcome::default();
        for (desktop_id, target) in batch {
            let Some(&index) = indices.get(&desktop_id) else {
                outcome.failed.push(FailedOperation {
                    desktop_id,
                    desktop_name: None,
                    reason: Reason::not_found("The desktop does not exist."),
                });
                continue;
            };
            match unbind(project, index, &target, now) {
                Ok(()) if project.desktops[index].pool => outcome.pooled += 1,
                Ok(()) => outcome.ordinary += 1,
                Err(reason) => outcome.failed.push(FailedOperation {
                    desktop_id,
                    desktop_name: Some(project.desktops[index].name.clone()),
                    reason,
                }),
            }
        }
        Ok(outcome)
    }

    pub(crate) fn desktop(&mut self, project: &str, desktop: &str) -> Result<&Desktop, ApiError> {
        let (project, indices) = self.project(project)?;
        match indices.get(desktop) {
            Some(&index) => Ok(&project.desktops[index]),
            None => Err(unknown_desktop(desktop)),
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
            let index = indices.get(id).ok_or_else(|| unknown_desktop(id))?;
            chosen.insert(*index);
        }
        for &index in &chosen {
            let desktop = &project.desktops[index];
            if desktop.state != PowerState::Active {
                let detail = format!("{} is {}", desktop.id, desktop.state.as_str());
                return Err(ApiError::conflict(detail));
            }
        }
        for index in chosen {
            project.desktops[index].log_offs += 1;
            project.desktops[index].log_off_message = message.map(str::to_owned);
        }
        Ok(())
    }
}

fn unknown_desktop(id: &str) -> ApiError {
    ApiError::not_found("The desktop does not exist.").with_detail(id)
}

/// Unbinds users and groups from a desktop, and records it: all of them, or none if one of them
/// cannot be unbound.
fn unbind(project: &mut Project, index: usize, target: &Target, now: &str) -> Result<(), Reason> {
    let desktop = &project.desktops[index];
    if desktop.state == PowerState::Rebooting {
        return Err(Reason::new("WKS.00010032", "The desktop is restarting."));
    }
    let leaving = find_bindings(project, desktop, target)?;
    let mut records = Vec::with_capacity(leaving.len());
    for &binding in &leaving {
        records.push(record(project, desktop, &desktop.bound[binding], now));
    }
    let desktop = &mut project.desktops[index];
    desktop.unbound.extend(records);
    // From the last to the first: the indices of those before stay the same.
    for &binding in leaving.iter().rev() {
        desktop.bound.remove(binding);
    }
    if desktop.session == Session::Single {
        desktop.state = PowerState::Shutoff;
    }
    Ok(())
}

/// Finds the bindings to remove, at least one.
fn find_bindings(
    project: &Project,
    desktop: &Desktop,
    target: &Target,
) -> Result<BTreeSet<usize>, Reason> {
    let mut found = BTreeSet::new();
    match target {
        Target::AllUsers => found.extend(0..desktop.bound.len()),
        Target::Principals(principals) => {
            for principal in principals {
                let binding =
                    find_binding(project, desktop, principal).map_err(Reason::not_found)?;
                found.insert(binding);
            }
        }
    }
    if found.is_empty() {
        let message = match target {
            Target::AllUsers => "No user is bound to the desktop.",
            Target::Principals(_) => "No user is named and is_detach_all_users is not true.",
        };
        return Err(Reason::new("WKS.0001", message));
    }
    Ok(found)
}

/// Finds the binding. An id or domain that does not match the name refers to someone else.
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
    if let Some(other) = &principal.id
        && other != id
    {
        return Err(format!("The id of {name} is not {other}."));
    }
    if let (Some(other), Some(domain)) = (&principal.domain, domain)
        && other != domain
    {
        return Err(format!("The domain of {name} is not {other}."));
    }
    let is_meant = |bound: &Binding| bound.kind == principal.kind && bound.name == *name;
    let found = desktop.bound.iter().position(is_meant);
    found.ok_or_else(|| format!("{name} is not bound to the desktop."))
}

fn record(project: &Project, desktop: &Desktop, bound: &Binding, now: &str) -> UnbindingRecord {
    UnbindingRecord {
        user_id: principal_id(project, bound).unwrap_or_default(),
        user_name: bound.name.clone(),
        user_group: user_group(desktop, bound).to_owned(),
        detach_time: now.to_owned(),
        kind: bound.kind,
    }
}

/// Returns the group of the operating system that grants permissions on the desktop.
pub(crate) fn user_group<'b>(desktop: &Desktop, bound: &'b Binding) -> &'b str {
    match (&bound.user_group, desktop.os) {
        (Some(user_group), _) => user_group,
        (None, Os::Windows) => "users",
        (None, Os::Linux) => "default",
    }
}

/// Returns the id of a user or group that a desktop is bound to.
pub(crate) fn principal_id(project: &Project, bound: &Binding) -> Option<String> {
    let is_user = |user: &&User| user.name == bound.name;
    let is_group = |group: &&Group| group.name == bound.name;
    match bound.kind {
        PrincipalKind::User => Some(project.users.iter().find(is_user)?.id.clone()),
        PrincipalKind::Group => Some(project.groups.iter().find(is_group)?.id.clone()),
    }
}
