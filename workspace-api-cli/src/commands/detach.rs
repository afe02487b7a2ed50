//! `workspace detach`: unbinds users from desktops.

use workspace_api::Result as ApiResult;
use workspace_api::types::DetachInstancesUserInfo;

use crate::batch::BatchRun;
use crate::cli::{ConnectionOptions, Detach};
use crate::desktops::unbindings::Unbindings;
use crate::error::{CommandError, Exit};
use crate::input::{self, List, Target};
use crate::plan::Plan;

pub async fn run(
    arguments: &Detach,
    connection_options: &ConnectionOptions,
    quiet: bool,
) -> Result<Exit, CommandError> {
    let list = plan(arguments)?;
    let Detach {
        desktops,
        batch,
        output,
        ..
    } = arguments;
    BatchRun::new("detach", desktops, batch, output, connection_options, quiet)
        .verify(arguments.verify.then_some(arguments.verify_timeout))
        .execute(list)
        .await
}

/// Returns the plan, or `None` if only a report has one.
fn plan(arguments: &Detach) -> Result<List<Option<Plan>>, CommandError> {
    let target = target(arguments)?;
    if let Some(path) = &arguments.desktops.from {
        let list = input::read_detachments(path, target.as_ref())?;
        return Ok(list.map(|desktops| Some(Plan::Detach { desktops })));
    }
    let list = input::of_arguments(&arguments.desktops.ids)?;
    let is_resumed = arguments.batch.resume.is_some();
    match target {
        None if list.desktops.is_empty() && is_resumed => Ok(list.map(|_| None)),
        Some(_) if list.desktops.is_empty() && is_resumed => {
            let message = "--user, --group and --all-users cannot be used with --resume: the \
                           report contains the users";
            Err(CommandError::usage(message))
        }
        _ if list.desktops.is_empty() => Err(input::no_desktop()),
        None => Err(CommandError::usage(
            "say who to unbind: --user NAME, --group NAME or --all-users",
        )),
        Some(target) => {
            let mut desktops = Unbindings::default();
            for id in list.desktops.texts() {
                add(&mut desktops, &id, &target);
            }
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

fn add(desktops: &mut Unbindings, id: &str, target: &Target) {
    let (place, _) = desktops.insert(id, matches!(target, Target::AllUsers));
    if let Target::Users(users) = target {
        for user in users {
            desktops.add_user(place, user);
        }
    }
}
