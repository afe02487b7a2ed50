//! `workspace detach`: unbinds users from desktops.

use workspace_api::types::{DetachInstancesDesktopInfo, DetachInstancesUserInfo};

use crate::batch::Task;
use crate::cli::{Detach, Settings};
use crate::error::{Exit, Failure};
use crate::input::{self, Whom};
use crate::plan::{DETACH, Plan};

pub async fn run(arguments: &Detach, settings: &Settings, quiet: bool) -> Result<Exit, Failure> {
    let Detach {
        desktops,
        sending,
        output,
        ..
    } = arguments;
    Task::new(DETACH, settings, sending, desktops, output, quiet)
        .carry_out(plan(arguments, quiet)?)
        .await
}

fn plan(arguments: &Detach, quiet: bool) -> Result<Option<Plan>, Failure> {
    let whom = whom(arguments)?;
    if let Some(path) = &arguments.desktops.from {
        let desktops = input::detachments(path, whom.as_ref())?.tell(quiet);
        return Ok(Some(Plan::Detach { desktops }));
    }
    let ids = input::named(&arguments.desktops, quiet)?;
    let whom = match (ids.is_empty(), whom) {
        (false, Some(whom)) => whom,
        (false, None) => {
            return Err(Failure::usage("it is not said whom to unbind")
                .next_step("Give --user NAME, --group NAME or --all-users."));
        }
        (true, None) if arguments.sending.resume.is_some() => return Ok(None),
        (true, _) => return Err(input::no_desktop()),
    };
    let desktops = ids.iter().map(|id| match &whom {
        Whom::Everyone => DetachInstancesDesktopInfo::all_users(id.as_str()),
        Whom::Named(users) => DetachInstancesDesktopInfo::users(id.as_str(), users.iter().cloned()),
    });
    Ok(Some(Plan::Detach {
        desktops: desktops.collect::<Result<_, _>>()?,
    }))
}

/// Whom the arguments name, if they do.
fn whom(arguments: &Detach) -> Result<Option<Whom>, Failure> {
    if arguments.all_users {
        return Ok(Some(Whom::Everyone));
    }
    let users = arguments.users.iter().map(DetachInstancesUserInfo::user);
    let groups = arguments.groups.iter().map(DetachInstancesUserInfo::group);
    let named = users
        .chain(groups)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Failure::usage(error.message().unwrap_or_default()))?;
    Ok(Some(Whom::Named(named))
        .filter(|_| !arguments.users.is_empty() || !arguments.groups.is_empty()))
}
