//! `workspace logoff`: logs desktops off.

use workspace_api::types::LogoffDesktopsReqMessage;

use crate::batch::BatchRun;
use crate::cli::{ConnectionOptions, Logoff};
use crate::error::{CommandError, Exit};
use crate::input;
use crate::plan::{LOG_OFF, Plan};

pub async fn run(
    arguments: &Logoff,
    options: &ConnectionOptions,
    quiet: bool,
) -> Result<Exit, CommandError> {
    let Logoff {
        desktops,
        batch,
        output,
        ..
    } = arguments;
    BatchRun::new(LOG_OFF, options, batch, desktops, output, quiet)
        .execute(plan(arguments, quiet)?)
        .await
}

fn plan(arguments: &Logoff, quiet: bool) -> Result<Option<Plan>, CommandError> {
    let desktop_ids = input::desktop_ids(&arguments.desktops, quiet)?;
    if desktop_ids.is_empty() {
        if arguments.batch.resume.is_some() {
            return Ok(None);
        }
        return Err(input::no_desktop());
    }
    let message = arguments
        .message
        .as_deref()
        .map(LogoffDesktopsReqMessage::try_from)
        .transpose()
        .map_err(|error| CommandError::usage(error.to_string()))?;
    Ok(Some(Plan::LogOff {
        desktop_ids,
        message,
    }))
}
