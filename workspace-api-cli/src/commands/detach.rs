//! `workspace detach`: unbinds users from desktops.

use workspace_api::Result as ApiResult;
use workspace_api::types::{DesktopId, DetachInstancesDesktopInfo, DetachInstancesUserInfo};

use crate::batch::BatchRun;
use crate::cli::{ConnectionOptions, Detach};
use crate::error::{CommandError, Exit};
use crate::input::{self, List, Target};
use crate::plan::Plan;

pub async fn run(
    arguments: &Detach,
    connection_options: &ConnectionOptions,
    quiet: bool,
) -> Result<Exit, CommandError> {
    let List {
        desktops: plan,
        notes,
        names,
    } = plan(arguments)?;
    let run = BatchRun {
        command: "detach",
        connection_options,
        batch_options: &arguments.batch,
        from: arguments.desktops.from.as_deref(),
        notes,
        names,
        verify: arguments.verify.then_some(arguments.verify_timeout),
        format: arguments.output.format(),
        quiet,
    };
    run.execute(plan).await
}

/// Returns the plan, or `None` if only a report has one.
fn plan(arguments: &Detach) -> Result<List<Option<Plan>>, CommandError> {
    let target = target(arguments)?;
    if let Some(path) = &arguments.desktops.from {
        let list = input::read_detachments(path, target.as_ref())?;
        return Ok(list.map(|desktops| Some(Plan::Detach { desktops })));
    }
    let list = input::of_arguments(&arguments.desktops.ids)?;
    let ids = list.desktops.clone();
    match target {
        None if ids.is_empty() && arguments.batch.resume.is_some() => Ok(list.map(|_| None)),
        Some(_) if ids.is_empty() && arguments.batch.resume.is_some() => {
            let message = "--user, --group and --all-users cannot be used with --resume: the \
                           report contains the users";
            Err(CommandError::usage(message))
        }
        _ if ids.is_empty() => Err(input::no_desktop()),
        None => Err(CommandError::usage(
            "say who to unbind: --user NAME, --group NAME or --all-users",
        )),
        Some(target) => {
            let desktops = ids.iter().map(|id| detachment(id, &target));
            let desktops = desktops.collect::<ApiResult<_>>()?;
            Ok(list.map(|_| Some(Plan::Detach { desktops })))
        }
    }
}

/// Returns the users that the arguments name, or `None` if they leave that to a file.
fn target(arguments: &Detach) -> Result<Option<Target>, CommandError> {
    if arguments.all_users {
        return Ok(Some(Target::AllUsers));
    }
    let users = arguments.users.iter().map(|name| name.trim());
    let users = users.map(DetachInstancesUserInfo::user);
    let groups = arguments.groups.iter().map(|name| name.trim());
    let groups = groups.map(DetachInstancesUserInfo::group);
    let named: ApiResult<Vec<_>> = users.chain(groups).collect();
    let named = named.map_err(|error| CommandError::usage(error.message().unwrap_or_default()))?;
    if named.is_empty() {
        return Ok(None);
    }
    Ok(Some(Target::Users(named)))
}

fn detachment(id: &DesktopId, target: &Target) -> ApiResult<DetachInstancesDesktopInfo> {
    match target {
        Target::AllUsers => DetachInstancesDesktopInfo::all_users(id.as_str()),
        Target::Users(users) => DetachInstancesDesktopInfo::users(id.as_str(), users.clone()),
    }
}
