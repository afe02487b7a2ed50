//! `workspace logoff`: logs desktops off.

use workspace_api::types::LogoffDesktopsReqMessage;

use crate::batch::BatchRun;
use crate::cli::{ConnectionOptions, Logoff};
use crate::error::{CommandError, Exit};
use crate::input;
use crate::output::Format;
use crate::plan::Plan;

pub async fn run(
    arguments: &Logoff,
    connection_options: &ConnectionOptions,
    quiet: bool,
) -> Result<Exit, CommandError> {
    let run = BatchRun {
        command: "logoff",
        connection_options,
        batch_options: &arguments.batch,
        from: arguments.desktops.from.as_deref(),
        format: Format::choose(arguments.output.json),
        quiet,
    };
    run.execute(plan(arguments, quiet)?).await
}

/// Returns the plan, or `None` if only a report has one.
fn plan(arguments: &Logoff, quiet: bool) -> Result<Option<Plan>, CommandError> {
    let desktop_ids = input::desktop_ids(&arguments.desktops, quiet)?;
    if desktop_ids.is_empty() {
        if arguments.batch.resume.is_some() {
            return Ok(None);
        }
        return Err(input::no_desktop());
    }
    Ok(Some(Plan::LogOff {
        desktop_ids,
        message: message(arguments)?,
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
