//! `workspace detach`: unbinds users from desktops.

use workspace_api::types::{DetachInstancesDesktopInfo, DetachInstancesUserInfo};

use crate::arguments::{Detach, Settings};
use crate::batches::Task;
use crate::failure::{Exit, Failure};
use crate::input::{self, Whom};
use crate::output::Format;
use crate::plan::Plan;

pub async fn run(arguments: &Detach, settings: &Settings, quiet: bool) -> Result<Exit, Failure> {
    let task = Task {
        settings,
        sending: &arguments.sending,
        from: arguments.desktops.from.as_deref(),
        format: Format::choose(arguments.output.json),
        quiet,
    };
    task.carry_out(plan(arguments, quiet)?).await
}

fn plan(arguments: &Detach, quiet: bool) -> Result<Option<Plan>, Failure> {
    let whom = whom(arguments)?;
    let desktops = match (&arguments.desktops.from, &whom) {
        (Some(path), whom) => input::detachments(path, whom.as_ref())?.tell(quiet),
        (None, Some(whom)) if !arguments.desktops.ids.is_empty() => {
            let desktops = arguments.desktops.ids.iter();
            let desktops = desktops.map(|id| match whom {
                Whom::Everyone => DetachInstancesDesktopInfo::all_users(id.as_str()),
                Whom::Named(users) => {
                    DetachInstancesDesktopInfo::users(id.as_str(), users.iter().cloned())
                }
            });
            desktops.collect::<Result<_, _>>()?
        }
        (None, None) if arguments.desktops.ids.is_empty() && arguments.sending.resume.is_some() => {
            return Ok(None);
        }
        (None, Some(_)) => {
            return Err(Failure::usage("no desktop is named")
                .next_step("Give the ids of desktops, or a file with --from."));
        }
        (None, None) if arguments.desktops.ids.is_empty() => {
            return Err(Failure::usage("neither desktops nor users are named")
                .next_step("`workspace detach --help` has examples."));
        }
        (None, None) => {
            return Err(Failure::usage("it is not said whom to unbind")
                .next_step("Give --user NAME, --group NAME or --all-users."));
        }
    };
    Ok(Some(Plan::Detach { desktops }))
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
