//! How to go on from a report: the command that does it, to where the run went.

use std::path::Path;

use crate::arguments::Settings;
use crate::plan::Plan;

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
