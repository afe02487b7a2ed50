//! `--dry-run`: the requests as they would be sent.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use crate::connection::{Connection, EPHEMERAL_SANDBOX, local_chain};
use crate::error::hints;
use crate::error::{CommandError, Exit, with_causes};
use crate::output::sanitize::sanitize_for_terminal;
use crate::output::text::pluralize;
use crate::output::{self, Format};
use crate::plan::Plan;

/// A request as it is shown.
#[derive(Serialize)]
struct Request {
    method: &'static str,
    url: String,
    body: Value,
}

/// Shows the requests of a plan.
pub async fn show(
    format: Format,
    quiet: bool,
    connection: &Connection,
    plan: &Plan,
) -> Result<Exit, CommandError> {
    let Some(operation) = plan.operation() else {
        return Err(CommandError::usage(
            "the contract does not have this operation",
        ));
    };
    let mut path = operation.path.to_owned();
    // To ask IAM would be to send something after all.
    if let Some(project_id) = connection.client.config().project_id.value() {
        path = path.replace("{project_id}", project_id);
    }
    let requests: Vec<Request> = plan
        .bodies()?
        .into_iter()
        .map(|body| Request {
            method: operation.method,
            url: format!("{}{path}", connection.endpoint),
            body,
        })
        .collect();
    let mut out = io::stdout().lock();
    if format == Format::Json {
        output::json(&mut out, &requests)?;
    } else {
        for request in &requests {
            writeln!(out, "{} {}", request.method, request.url)?;
            output::json(&mut out, &request.body)?;
        }
    }
    let requests = pluralize(requests.len(), "request");
    let desktops = pluralize(plan.desktop_ids().len(), "desktop");
    output::note(
        quiet,
        &format!("{requests} for {desktops}. Nothing was sent."),
    );
    for what in missing(connection).await {
        output::note(quiet, &format!("Note: {what}"));
    }
    Ok(Exit::Success)
}

/// What is not there without which the run itself would fail.
async fn missing(connection: &Connection) -> Vec<String> {
    let mut missing = Vec::new();
    if connection.endpoint_label() == EPHEMERAL_SANDBOX {
        return missing;
    }
    match local_chain().resolve().await {
        Ok(found) if found.value().is_some() => {}
        Ok(_) => missing.push(format!(
            "there are no credentials in the environment or the profile file. Without some from this machine's \
             metadata service, which was not asked now, the run itself will fail. {}",
            hints::SETTINGS
        )),
        Err(error) => missing.push(format!(
            "the run itself will fail: {}",
            sanitize_for_terminal(&with_causes(&error))
        )),
    }
    let config = connection.client.config();
    let is_asked = config.region.value().is_some();
    match config.project_id.value() {
        Some(_) => {}
        None if is_asked => missing.push(
            "no project id is set, so {project_id} stands in the path. The run itself will ask IAM for it."
                .to_owned(),
        ),
        None => missing.push(
            "no project id is set, and without a region IAM cannot be asked for it, so the run itself will fail. Give \
             --project-id, or set HUAWEICLOUD_SDK_PROJECT_ID."
                .to_owned(),
        ),
    }
    missing
}
