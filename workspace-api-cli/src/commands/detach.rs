//! `workspace detach`: unbinds users from desktops.

use workspace_api::types::{DetachInstancesDesktopInfo, DetachInstancesUserInfo};

use crate::batch::BatchRun;
use crate::cli::{ConnectionOptions, Detach};
use crate::error::{CommandError, Exit};
use crate::input::{self, Target};
use crate::plan::{DETACH, Plan};

pub async fn run(
    arguments: &Detach,
    options: &ConnectionOptions,
    quiet: bool,
) -> Result<Exit, CommandError> {
    let Detach {
        desktops,
        batch,
        output,
        ..
    } = arguments;
    BatchRun::new(DETACH, options, batch, desktops, output, quiet)
        .execute(plan(arguments, quiet)?)
        .await
}

fn plan(arguments: &Detach, quiet: bool) -> Result<Option<Plan>, CommandError> {
    let target = target(arguments)?;
    if let Some(path) = &arguments.desktops.from {
        let desktops = input::read_detachments(path, target.as_ref())?.print_notes(quiet);
        return Ok(Some(Plan::Detach { desktops }));
    }
    let ids = input::desktop_ids(&arguments.desktops, quiet)?;
    let target = match (ids.is_empty(), target) {
        (false, Some(target)) => target,
        (false, None) => {
            return Err(CommandError::usage("it is not said whom to unbind")
                .hint("Give --user NAME, --group NAME or --all-users."));
        }
        (true, None) if arguments.batch.resume.is_some() => return Ok(None),
        (true, _) => return Err(input::no_desktop()),
    };
    let desktops = ids.iter().map(|id| match &target {
        Target::AllUsers => DetachInstancesDesktopInfo::all_users(id.as_str()),
        Target::Users(users) => {
            DetachInstancesDesktopInfo::users(id.as_str(), users.iter().cloned())
        }
    });
    Ok(Some(Plan::Detach {
        desktops: desktops.collect::<Result<_, _>>()?,
    }))
}

/// Whom the arguments name, if they do.
fn target(arguments: &Detach) -> Result<Option<Target>, CommandError> {
    if arguments.all_users {
        return Ok(Some(Target::AllUsers));
    }
    let users = arguments.users.iter().map(DetachInstancesUserInfo::user);
    let groups = arguments.groups.iter().map(DetachInstancesUserInfo::group);
    let named = users
        .chain(groups)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| CommandError::usage(error.message().unwrap_or_default()))?;
    Ok(Some(Target::Users(named))
        .filter(|_| !arguments.users.is_empty() || !arguments.groups.is_empty()))
}
