//! Going on from a report: the command that does it, and that it goes where the run went.

use std::path::Path;

use crate::cli::Settings;
use crate::connection::{Connection, OWN_SANDBOX};
use crate::error::Failure;
use crate::plan::Plan;
use crate::report::replay::Resumed;

/// The command that goes on from a report, for a shell. What was given on the command line to say where requests go is
/// repeated, since without it they would go elsewhere. There is no secret among it: these are no arguments.
pub fn command(plan: &Plan, settings: &Settings, report: &Path) -> String {
    let mut words = vec!["workspace".to_owned(), plan.command().to_owned()];
    words.extend(flags(settings));
    words.extend(["--resume".to_owned(), report.display().to_string()]);
    let words = words.iter().map(|word| {
        // Only a zero byte cannot be quoted, and neither arguments nor names of files can have one.
        shlex::try_quote(word).unwrap_or_default()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Refuses to go on elsewhere than where the run went. There the same ids are other desktops, or none.
pub fn check_place(
    path: &Path,
    resumed: &Resumed,
    connection: &Connection,
    settings: &Settings,
    project_id: Option<&str>,
) -> Result<(), Failure> {
    let (of_report, named) = (resumed.project_id.as_str(), project_id);
    let (what, of_report, named) = if resumed.endpoint != connection.place() {
        ("endpoint", resumed.endpoint.as_str(), connection.place())
    } else if let Some(named) = named.filter(|named| *named != of_report) {
        ("project", of_report, named)
    } else {
        return Ok(());
    };
    let message = format!(
        "the report {} is of the {what} {of_report}, but the settings name the {what} {named}, so nothing was sent",
        path.display()
    );
    let there = match resumed.endpoint.as_str() {
        OWN_SANDBOX => Settings {
            sandbox: true,
            ..Settings::default()
        },
        endpoint => Settings {
            sandbox: false,
            endpoint: Some(endpoint.to_owned()),
            project_id: Some(resumed.project_id.to_string()),
            ..settings.clone()
        },
    };
    Err(Failure::usage(message).next_step(format!(
        "Go on where the run went with: {}\nOr begin anew here, with another report.",
        command(&resumed.plan, &there, path)
    )))
}

/// The settings as they are given on the command line.
fn flags(settings: &Settings) -> Vec<String> {
    let Settings {
        sandbox,
        region,
        project_id,
        endpoint,
        iam_endpoint,
        allow_plain_http,
    } = settings;
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
