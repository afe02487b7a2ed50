//! Going on from a report: the command that does it, and that it goes where the run went.

use std::path::Path;

use crate::cli::ConnectionOptions;
use crate::connection::{Connection, EPHEMERAL_SANDBOX};
use crate::error::CommandError;
use crate::plan::Plan;
use crate::report::replay::Replay;

/// The command that goes on from a report, for a shell. What was given on the command line to say where requests go is
/// repeated, since without it they would go elsewhere. There is no secret among it: these are no arguments.
pub fn resume_command(plan: &Plan, options: &ConnectionOptions, report: &Path) -> String {
    let mut words = vec!["workspace".to_owned(), plan.command().to_owned()];
    words.extend(flags(options));
    words.extend(["--resume".to_owned(), report.display().to_string()]);
    let words = words.iter().map(|word| {
        // Only a zero byte cannot be quoted, and neither arguments nor names of files can have one.
        shlex::try_quote(word).unwrap_or_default()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Refuses to go on elsewhere than where the run went. There the same ids are other desktops, or none.
pub fn ensure_same_target(
    path: &Path,
    replay: &Replay,
    connection: &Connection,
    options: &ConnectionOptions,
    project_id: Option<&str>,
) -> Result<(), CommandError> {
    let (of_report, named) = (replay.project_id.as_str(), project_id);
    let (what, of_report, named) = if replay.endpoint != connection.endpoint_label() {
        (
            "endpoint",
            replay.endpoint.as_str(),
            connection.endpoint_label(),
        )
    } else if let Some(named) = named.filter(|named| *named != of_report) {
        ("project", of_report, named)
    } else {
        return Ok(());
    };
    let message = format!(
        "the report {} is of the {what} {of_report}, but the settings name the {what} {named}, so nothing was sent",
        path.display()
    );
    let there = match replay.endpoint.as_str() {
        EPHEMERAL_SANDBOX => ConnectionOptions {
            sandbox: true,
            ..ConnectionOptions::default()
        },
        endpoint => ConnectionOptions {
            sandbox: false,
            endpoint: Some(endpoint.to_owned()),
            project_id: Some(replay.project_id.to_string()),
            ..options.clone()
        },
    };
    Err(CommandError::usage(message).hint(format!(
        "Go on where the run went with: {}\nOr begin anew here, with another report.",
        resume_command(&replay.plan, &there, path)
    )))
}

/// The options as they are given on the command line.
fn flags(options: &ConnectionOptions) -> Vec<String> {
    let ConnectionOptions {
        sandbox,
        region,
        project_id,
        endpoint,
        iam_endpoint,
        allow_plain_http,
    } = options;
    let mut flags = Vec::new();
    for (flag, is_given) in [
        ("--sandbox", sandbox),
        ("--allow-plain-http", allow_plain_http),
    ] {
        if *is_given {
            flags.push(flag.to_owned());
        }
    }
    for (flag, value) in [
        ("--region", region),
        ("--project-id", project_id),
        ("--endpoint", endpoint),
        ("--iam-endpoint", iam_endpoint),
    ] {
        if let Some(value) = value {
            flags.extend([flag.to_owned(), value.clone()]);
        }
    }
    flags
}
