//! The command that resumes a run, and the check that a resumed run has the same endpoint and
//! project.

use std::path::Path;

use crate::cli::ConnectionOptions;
use crate::connection::{Connection, EPHEMERAL_SANDBOX};
use crate::error::CommandError;
use crate::plan::Plan;
use crate::report::replay::Replay;

/// Returns the command that resumes a run, quoted for a shell. It repeats the connection options,
/// because without them the requests could go elsewhere. It contains no secrets: credentials are
/// never arguments.
pub fn resume_command(plan: &Plan, options: &ConnectionOptions, report: &Path) -> String {
    let mut words = vec!["workspace".to_owned(), plan.command().to_owned()];
    words.extend(arguments(options));
    words.extend(["--resume".to_owned(), report.display().to_string()]);
    let quoted: Vec<_> = words.iter().map(|word| quote(word)).collect();
    quoted.join(" ")
}

/// Returns the command that resumes the run of a report where it was started.
pub fn original_resume_command(
    replay: &Replay,
    options: &ConnectionOptions,
    report: &Path,
) -> String {
    resume_command(replay.plan(), &original_options(replay, options), report)
}

/// Quotes a word for a shell. Only a null character cannot be quoted, and neither arguments nor
/// paths can have one.
#[cfg(not(windows))]
fn quote(word: &str) -> String {
    shlex::try_quote(word).unwrap_or_default().into_owned()
}

/// Quotes a word for cmd and for `PowerShell`, where single quotes and backslashes do not do what they do elsewhere. A
/// path cannot have a double quote, and the other arguments have been checked by then.
#[cfg(windows)]
fn quote(word: &str) -> String {
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || r"-_./:\".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("\"{word}\"")
    }
}

/// Returns the options as arguments.
fn arguments(options: &ConnectionOptions) -> Vec<String> {
    let ConnectionOptions {
        sandbox,
        region,
        project_id,
        endpoint,
        iam_endpoint,
        allow_plain_http,
        timeout,
        retry_time,
    } = options;
    let mut arguments = Vec::new();
    for (flag, is_set) in [
        ("--sandbox", sandbox),
        ("--allow-plain-http", allow_plain_http),
    ] {
        if *is_set {
            arguments.push(flag.to_owned());
        }
    }
    for (flag, value) in [
        ("--region", region),
        ("--project-id", project_id),
        ("--endpoint", endpoint),
        ("--iam-endpoint", iam_endpoint),
    ] {
        if let Some(value) = value {
            arguments.extend([flag.to_owned(), value.clone()]);
        }
    }
    for (flag, value) in [("--timeout", timeout), ("--retry-time", retry_time)] {
        if let Some(time) = value {
            let time = humantime::format_duration(*time).to_string();
            arguments.extend([flag.to_owned(), time.replace(' ', "")]);
        }
    }
    arguments
}

/// A setting that the report and the connection have different values of.
struct Mismatch<'a> {
    setting: &'static str,
    of_report: &'a str,
    of_connection: &'a str,
}

/// Rejects a report of another endpoint, or of another project if the project is known. There, the
/// same ids are other desktops, or none.
pub fn ensure_same_target(
    path: &Path,
    replay: &Replay,
    connection: &Connection,
    options: &ConnectionOptions,
    project_id: Option<&str>,
) -> Result<(), CommandError> {
    let Some(mismatch) = find_mismatch(replay, connection, project_id) else {
        return Ok(());
    };
    let Mismatch {
        setting,
        of_report,
        of_connection,
    } = mismatch;
    let message = format!(
        "the report {} belongs to {setting} {of_report}, but the settings use {setting} \
         {of_connection}; nothing was sent",
        path.display()
    );
    let command = original_resume_command(replay, options, path);
    let hint = format!(
        "To resume with the original {setting}, run: {command}\n\
         To start a new run here, use another report."
    );
    Err(CommandError::usage(message).hint(hint))
}

fn find_mismatch<'a>(
    replay: &'a Replay,
    connection: &'a Connection,
    project_id: Option<&'a str>,
) -> Option<Mismatch<'a>> {
    if replay.head.endpoint != connection.endpoint_label() {
        return Some(Mismatch {
            setting: "endpoint",
            of_report: &replay.head.endpoint,
            of_connection: connection.endpoint_label(),
        });
    }
    match project_id {
        Some(project_id) if project_id != replay.head.project_id.as_str() => Some(Mismatch {
            setting: "project",
            of_report: replay.head.project_id.as_str(),
            of_connection: project_id,
        }),
        _ => None,
    }
}

/// Returns the options that lead to the endpoint and project of the report.
fn original_options(replay: &Replay, options: &ConnectionOptions) -> ConnectionOptions {
    if replay.head.endpoint == EPHEMERAL_SANDBOX {
        return ConnectionOptions {
            sandbox: true,
            ..ConnectionOptions::default()
        };
    }
    ConnectionOptions {
        sandbox: false,
        endpoint: Some(replay.head.endpoint.clone()),
        project_id: Some(replay.head.project_id.to_string()),
        ..options.clone()
    }
}
