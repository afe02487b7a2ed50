//! `workspace logoff`: logs desktops off.

use workspace_api::types::LogoffDesktopsReqMessage;

use crate::batch::BatchRun;
use crate::cli::{ConnectionOptions, Logoff};
use crate::error::{CommandError, Exit};
use crate::input::{self, Purpose};
use crate::output::Format;
use crate::output::names::DesktopNames;
use crate::plan::Plan;

pub async fn run(
    arguments: &Logoff,
    connection_options: &ConnectionOptions,
    quiet: bool,
) -> Result<Exit, CommandError> {
    let (plan, notes) = plan(arguments)?;
    let run = BatchRun {
        command: "logoff",
        connection_options,
        batch_options: &arguments.batch,
        from: arguments.desktops.from.as_deref(),
        notes,
        names: DesktopNames::default(),
        verify: None,
        format: Format::choose(arguments.output.json),
        quiet,
    };
    run.execute(plan).await
}

/// Returns the plan, or `None` if only a report has one, and notes about the input.
fn plan(arguments: &Logoff) -> Result<(Option<Plan>, Vec<String>), CommandError> {
    let list = input::desktop_ids(&arguments.desktops, Purpose::LogOff)?;
    if list.desktops.is_empty() {
        if arguments.batch.resume.is_some() {
            return Ok((None, Vec::new()));
        }
        return Err(input::no_desktop());
    }
    let plan = Plan::LogOff {
        desktop_ids: list.desktops,
        message: message(arguments)?,
    };
    Ok((Some(plan), list.notes))
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
