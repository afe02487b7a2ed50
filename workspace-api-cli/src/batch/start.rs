//! Starts a run: asks for confirmation, creates the report and sends the plan.

use std::path::{Path, PathBuf};

use workspace_api::types::ProjectId;

use crate::batch::confirm::{self, Question};
use crate::batch::dry_run;
use crate::batch::send::{STOPPING, send};
use crate::batch::settings::Settings;
use crate::batch::whole_plan::WholePlan;
use crate::connection::Connection;
use crate::desktops::names::DesktopNames;
use crate::error::{CommandError, Exit};
use crate::output;
use crate::plan::Plan;
use crate::report::author::Author;
use crate::report::default_path::{create_folder, default_path};
use crate::report::line::{FORMAT, Head};
use crate::report::sent_times::SentTimes;
use crate::report::{Report, VERSION, now};
use crate::signals::StopRequest;

/// Shows the requests of a plan without sending them.
pub async fn preview(settings: &Settings<'_>, plan: &Plan) -> Result<Exit, CommandError> {
    let connection = settings.connection_options.build_client().await?;
    let size = settings.batch_size(plan);
    dry_run::show(settings.format, settings.quiet, &connection, plan, size).await
}

/// Runs a plan. `names` are the names of its desktops, and `notes` what the user has to know.
pub async fn start(
    settings: &Settings<'_>,
    plan: &Plan,
    names: &DesktopNames,
    notes: &[String],
) -> Result<Exit, CommandError> {
    let options = settings.batch_options;
    let path = report_path(settings);
    if let Some(path) = &path {
        Report::ensure_new(path)?;
    }
    let connection = settings.connection_options.connect().await?;
    let project_id = connection.project_id().await?;
    plan.validate(&connection.client, settings.batch_size(plan))
        .await?;
    let note = match &path {
        Some(path) => format!("\nReport: {}", path.display()),
        None => String::new(),
    };
    let mut stop = StopRequest::listen(STOPPING)?;
    if !options.yes {
        let question = Question {
            plan,
            names,
            note: note.clone(),
            notes,
            project: project_id.as_str(),
            endpoint: &connection.endpoint,
        };
        if let Some(exit) = confirm::ask(&question, &mut stop).await? {
            return Ok(exit);
        }
    } else if options.report.is_none() && path.is_some() {
        output::note(settings.quiet, note.trim_start());
    }
    // Created after the answer, so that a "no" leaves no empty file.
    let report = match &path {
        Some(path) => {
            Some(create_report(settings, path, plan, names, &connection, project_id).await?)
        }
        None => None,
    };
    let recorder = settings.recorder(report, names);
    let whole = WholePlan {
        plan,
        times: SentTimes::new(plan.len()),
    };
    send(settings, &connection.client, plan, whole, recorder, stop).await
}

/// Returns the path of the report to write. A run on a temporary sandbox has none by default.
fn report_path(settings: &Settings<'_>) -> Option<PathBuf> {
    let options = settings.batch_options;
    if options.report.is_some() {
        return options.report.clone();
    }
    if options.no_report || settings.connection_options.sandbox {
        return None;
    }
    default_path(settings.command)
}

async fn create_report(
    settings: &Settings<'_>,
    path: &Path,
    plan: &Plan,
    names: &DesktopNames,
    connection: &Connection,
    project_id: ProjectId,
) -> Result<Report, CommandError> {
    if settings.batch_options.report.is_none() {
        create_folder(path)?;
    }
    let mut report = Report::create(path)?;
    report.write_head(&Head {
        format: FORMAT,
        version: VERSION.to_owned(),
        started: now(),
        by: Author::find(connection).await,
        endpoint: connection.endpoint_label().to_owned(),
        project_id,
        plan,
        names,
    })?;
    Ok(report)
}
