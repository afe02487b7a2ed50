//! `--dry-run`: the requests as they would be sent.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use crate::batches::Task;
use crate::failure::{Exit, Failure};
use crate::output::{self, Format};
use crate::plan::{Plan, counted};
use crate::settings::Connection;

/// A request as it is shown.
#[derive(Serialize)]
struct Request {
    method: &'static str,
    url: String,
    body: Value,
}

/// Shows the requests of a plan.
pub fn show(task: &Task<'_>, connection: &Connection, plan: &Plan) -> Result<Exit, Failure> {
    let Some(operation) = plan.operation() else {
        return Err(Failure::usage("the contract does not have this operation"));
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
    if task.format == Format::Json {
        output::json(&mut out, &requests)?;
    } else {
        for request in &requests {
            writeln!(out, "{} {}", request.method, request.url)?;
            output::json(&mut out, &request.body)?;
        }
    }
    let requests = counted(requests.len(), "request");
    let desktops = counted(plan.desktop_ids().len(), "desktop");
    task.remark(&format!("{requests} for {desktops}. Nothing was sent."));
    Ok(Exit::Done)
}
