//! `workspace logoff`: logs desktops off.

use workspace_api::types::LogoffDesktopsReqMessage;

use crate::batch::BatchRun;
use crate::cli::{ConnectionOptions, Logoff};
use crate::error::{CommandError, Exit};
use crate::input::{self, List, Purpose};
use crate::plan::Plan;

pub async fn run(
    arguments: &Logoff,
    connection_options: &ConnectionOptions,
    quiet: bool,
) -> Result<Exit, CommandError> {
    let list = plan(arguments)?;
    let Logoff {
        desktops,
        batch,
        output,
        ..
    } = arguments;
    BatchRun::new("logoff", desktops, batch, output, connection_options, quiet)
        .execute(list)
        .await
}

/// Returns the plan, or `None` if only a report has one.
fn plan(arguments: &Logoff) -> Result<List<Option<Plan>>, CommandError> {
    let list = input::desktop_ids(&arguments.desktops, Purpose::LogOff)?;
    if list.desktops.is_empty() {
        if arguments.batch.resume.is_some() {
            return Ok(list.map(|_| None));
        }
        return Err(input::no_desktop());
    }
    let message = message(arguments)?;
    Ok(list.map(|desktop_ids| {
        Some(Plan::LogOff {
            desktop_ids,
            message,
        })
    }))
}

fn message(arguments: &Logoff) -> Result<Option<LogoffDesktopsReqMessage>, CommandError> {
    let Some(message) = &arguments.message else {
        return Ok(None);
    };
    match LogoffDesktopsReqMessage::try_from(message.as_str()) {
        Ok(message) => Ok(Some(message)),
        Err(error) => Err(CommandError::usage(error.to_string())),
    }
}
