//! `workspace logoff`: logs desktops off.

use workspace_api::types::LogoffDesktopsReqMessage;

use crate::batch::Task;
use crate::cli::{Logoff, Settings};
use crate::error::{Exit, Failure};
use crate::input;
use crate::plan::{LOG_OFF, Plan};

pub async fn run(arguments: &Logoff, settings: &Settings, quiet: bool) -> Result<Exit, Failure> {
    let Logoff {
        desktops,
        sending,
        output,
        ..
    } = arguments;
    Task::new(LOG_OFF, settings, sending, desktops, output, quiet)
        .carry_out(plan(arguments, quiet)?)
        .await
}

fn plan(arguments: &Logoff, quiet: bool) -> Result<Option<Plan>, Failure> {
    let desktop_ids = input::named(&arguments.desktops, quiet)?;
    if desktop_ids.is_empty() {
        if arguments.sending.resume.is_some() {
            return Ok(None);
        }
        return Err(input::no_desktop());
    }
    let message = arguments
        .message
        .as_deref()
        .map(LogoffDesktopsReqMessage::try_from)
        .transpose()
        .map_err(|error| Failure::usage(format!("the message is {error}")))?;
    Ok(Some(Plan::LogOff {
        desktop_ids,
        message,
    }))
}
