//! `--dry-run`: shows the requests as they would be sent.

use std::io::{self, Write};

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use workspace_api::config::Environment;
use workspace_api::credentials::DefaultChain;

use crate::connection::{Connection, EPHEMERAL_SANDBOX};
use crate::error::{CommandError, Exit, hints, with_causes};
use crate::output;
use crate::output::format::{Format, LineFormat};
use crate::output::sanitize::escape_json;
use crate::output::text::pluralize;
use crate::plan::{Body, Plan};

/// A request as it is shown.
#[derive(Serialize)]
struct Request {
    method: &'static str,
    url: String,
    body: Body,
}

/// Shows the requests of a plan, and what the real run will lack.
pub async fn show(
    format: Format,
    quiet: bool,
    connection: &Connection,
    plan: &Plan,
    batch_size: usize,
) -> Result<Exit, CommandError> {
    let requests = Requests::new(connection, plan, batch_size)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    match format {
        Format::Json => output::json(&mut out, &requests)?,
        Format::Lines(LineFormat::Json) => {
            for request in requests.iter() {
                writeln!(out, "{}", escape_json(serde_json::to_string(&request)?))?;
            }
        }
        _ => {
            for request in requests.iter() {
                writeln!(out, "{} {}", request.method, request.url)?;
                output::json(&mut out, &request.body)?;
            }
        }
    }
    out.flush()?;
    drop(out);
    let requests = pluralize(plan.len().div_ceil(batch_size), "request");
    let desktops = pluralize(plan.len(), "desktop");
    output::note(
        quiet,
        &format!("{requests} for {desktops}. Nothing was sent."),
    );
    if connection.endpoint_label() == EPHEMERAL_SANDBOX {
        return Ok(Exit::Success);
    }
    let notes = [check_credentials().await, check_project_id(connection)];
    for note in notes.iter().flatten() {
        output::note(quiet, &format!("Note: {note}"));
    }
    Ok(Exit::Success)
}

/// The requests of a plan, one after the other: all together need much memory.
struct Requests<'p> {
    method: &'static str,
    url: String,
    plan: &'p Plan,
    batch_size: usize,
}

impl<'p> Requests<'p> {
    fn new(
        connection: &Connection,
        plan: &'p Plan,
        batch_size: usize,
    ) -> Result<Self, CommandError> {
        let Some(operation) = plan.operation() else {
            return Err(CommandError::usage(
                "the contract does not have this operation",
            ));
        };
        let mut url = format!("{}{}", connection.endpoint, operation.path);
        // A dry run sends nothing, not even to IAM.
        if let Some(project_id) = connection.client.config().project_id.value() {
            url = url.replace("{project_id}", project_id);
        }
        Ok(Self {
            method: operation.method,
            url,
            plan,
            batch_size,
        })
    }

    fn iter(&self) -> impl Iterator<Item = Request> {
        let bodies = self.plan.bodies(self.batch_size);
        bodies.map(|body| Request {
            method: self.method,
            url: self.url.clone(),
            body,
        })
    }
}

impl Serialize for Requests<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for request in self.iter() {
            list.serialize_element(&request)?;
        }
        list.end()
    }
}

/// Returns what is missing or invalid in the local sources of credentials.
async fn check_credentials() -> Option<String> {
    let chain = DefaultChain::without_metadata(Environment::process());
    match chain.resolve().await {
        Ok(credentials) if credentials.value().is_some() => None,
        Ok(_) => Some(format!(
            "no credentials in the environment or the profile file. The real run will fail unless \
             the instance metadata service provides some (not checked in a dry run). {}",
            hints::SETTINGS
        )),
        Err(error) => Some(format!("the real run will fail: {}", with_causes(&error))),
    }
}

/// Returns whether a missing project id will be looked up.
fn check_project_id(connection: &Connection) -> Option<String> {
    let config = connection.client.config();
    if config.project_id.value().is_some() {
        return None;
    }
    let note = if config.region.value().is_some() {
        "no project id is set; the path shows {project_id}. The real run will look it up in IAM."
    } else {
        "no project id is set, and IAM cannot look it up without a region; the real run will fail. \
         Use --project-id or set HUAWEICLOUD_SDK_PROJECT_ID."
    };
    Some(note.to_owned())
}
