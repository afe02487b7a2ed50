//! Resumes a run from its report: finds out what became of the unknown desktops, and sends those
//! that are left.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use crate::batch::confirm::{self, Question};
use crate::batch::recorder::EarlierFailures;
use crate::batch::send::send;
use crate::batch::settings::Settings;
use crate::batch::whole_plan::WholePlan;
use crate::batch::{dry_run, reconcile};
use crate::connection::Connection;
use crate::error::{CommandError, Exit};
use crate::input::List;
use crate::output::text::{group_digits, pluralize};
use crate::output::{self, time};
use crate::plan::Plan;
use crate::plan::outcome::Status;
use crate::report::author::Author;
use crate::report::open::{self, Opened};
use crate::report::replay::Replay;
use crate::report::resume_command::{ensure_same_target, resume_command};
use crate::signals::StopRequest;

/// The age from which on a report is resumed only after a question: by then, other users may be
/// bound.
const DEFAULT_MAX_AGE: Duration = Duration::from_secs(24 * 3600);

/// Shows the requests that a resumed run would send.
pub async fn preview(
    settings: &Settings<'_>,
    path: &Path,
    list: List<Option<Plan>>,
) -> Result<Exit, CommandError> {
    let Opened { replay, .. } = open_report(settings, path, list)?;
    let connection = settings.connection_options.build_client().await?;
    let project_id = connection.client.config().project_id.value();
    let project_id = project_id.map(String::as_str);
    ensure_target(settings, path, &replay, &connection, project_id)?;
    output::note(settings.quiet, &describe_state(&replay));
    let plan = replay.remaining();
    let size = settings.batch_size(&plan);
    dry_run::show(settings.format, settings.quiet, &connection, &plan, size).await
}

/// Resumes the run of a report. A plan of the arguments must equal that of the report.
pub async fn resume(
    settings: &Settings<'_>,
    path: &Path,
    mut list: List<Option<Plan>>,
) -> Result<Exit, CommandError> {
    let options = settings.batch_options;
    let notes = std::mem::take(&mut list.notes);
    let mut opened = open_report(settings, path, list)?;
    let replay = &mut opened.replay;
    let max_age = options.max_age.unwrap_or(DEFAULT_MAX_AGE);
    let is_old = replay.can_send() && time::age(replay.latest) > max_age;
    let warning = confirm::age_warning(replay.plan(), replay.latest);
    if is_old && options.yes {
        confirm::ensure_old_report_is_confirmed(path, &warning)?;
    }
    let connection = settings.connection_options.connect().await?;
    // Checks the endpoint before the project is looked up: another endpoint may have another IAM.
    ensure_target(settings, path, replay, &connection, None)?;
    let project_id = connection.project_id().await?;
    let project = project_id.as_str();
    ensure_target(settings, path, replay, &connection, Some(project))?;
    output::note(settings.quiet, &describe_state(replay));
    let mut stop = StopRequest::listen("Stopping.")?;
    let names = std::mem::take(&mut replay.head.names);
    let reconciled = reconcile::unknown_desktops(
        &connection.client,
        &mut opened,
        &names,
        options.jobs,
        &mut stop,
        settings.quiet,
    )
    .await?;
    let Opened {
        mut report,
        replay,
        failures,
        ..
    } = opened;
    let remaining = replay.remaining();
    let batch_size = settings.batch_size(&remaining);
    remaining.validate(&connection.client, batch_size).await?;
    let is_done = remaining.len() == 0 || stop.is_received();
    if !is_done && (is_old || !options.yes) {
        let mut note = note_about_unknown(reconciled.without_record);
        if is_old {
            // Writing to a string cannot fail.
            let _ = write!(note, "\nThe report is {warning}.");
        }
        let question = Question {
            plan: &remaining,
            names: &names,
            note,
            notes: &notes,
            project,
            endpoint: &connection.endpoint,
        };
        if let Some(exit) = confirm::ask(&question, &mut stop).await? {
            return Ok(exit);
        }
    }
    // After the answer: this line makes the report younger.
    report.write_resumed(Author::find(&connection).await)?;
    let earlier = EarlierFailures {
        replay: &replay,
        outcomes: &failures,
    };
    let mut recorder = settings.recorder(Some(report), &names);
    recorder.continue_run(earlier);
    let mut is_known = vec![false; replay.plan().len()];
    for (entry, place) in reconciled.entries(replay.plan(), &names) {
        recorder.add_reconciled(entry)?;
        is_known[place] = true;
    }
    drop(reconciled);
    for place in replay.unverified().filter(|place| !is_known[*place]) {
        if let Some(id) = replay.plan().ids().get(place) {
            recorder.add_unverified(id, replay.status(place));
        }
    }
    let whole = WholePlan {
        plan: replay.plan(),
        times: replay.times().clone(),
    };
    let client = &connection.client;
    send(settings, client, &remaining, whole, recorder, stop).await
}

/// Opens a report of this command and, if the arguments have a plan, of that plan.
fn open_report(
    settings: &Settings<'_>,
    path: &Path,
    list: List<Option<Plan>>,
) -> Result<Opened, CommandError> {
    let opened = open::open(path, list.desktops, list.names)?;
    let replay = &opened.replay;
    if replay.plan().command() != settings.command {
        let message = format!(
            "{} is a report of `workspace {}`, not of `workspace {}`; nothing was sent",
            path.display(),
            replay.plan().command(),
            settings.command
        );
        let command = resume_command(replay.plan(), settings.connection_options, path);
        return Err(CommandError::usage(message).hint(format!("To resume, run: {command}")));
    }
    if !opened.is_same_work {
        let message = format!(
            "the report {} is for other desktops or users; nothing was sent",
            path.display()
        );
        return Err(CommandError::usage(message)
            .hint("The report contains the plan: use --resume without desktops and users."));
    }
    Ok(opened)
}

fn ensure_target(
    settings: &Settings<'_>,
    path: &Path,
    replay: &Replay,
    connection: &Connection,
    project_id: Option<&str>,
) -> Result<(), CommandError> {
    let options = settings.connection_options;
    ensure_same_target(path, replay, connection, options, project_id)
}

fn note_about_unknown(without_record: usize) -> String {
    match without_record {
        0 => String::new(),
        1 => {
            "\n1 of them got no response in the earlier run and has no unbinding record.".to_owned()
        }
        count => format!(
            "\n{} of them got no response in the earlier run and have no unbinding record.",
            group_digits(count)
        ),
    }
}

/// Returns how far the run came and when, for the user.
fn describe_state(replay: &Replay) -> String {
    let succeeded = group_digits(replay.count(Status::Succeeded));
    let all = pluralize(replay.plan().len(), "desktop");
    let done = replay.plan().past_participle();
    let mut text = format!("Report: {succeeded} of {all} {done}");
    for status in [Status::Accepted, Status::Failed, Status::Unknown] {
        let count = replay.count(status);
        if count > 0 {
            let _ = write!(text, ", {} {}", group_digits(count), status.name());
        }
    }
    let written = time::with_age(replay.latest);
    format!("{text}, last written {written}.")
}
