//! Runs a plan: shows it, asks for confirmation, sends it in batches and records each outcome.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use futures::StreamExt;
use futures::stream::BoxStream;
use workspace_api::BatchOutcome;
use workspace_api::types::ProjectId;

use crate::batch::recorder::Recorder;
use crate::batch::results::ResultPrinter;
use crate::batch::summary::Summary;
use crate::batch::{confirm, dry_run};
use crate::cli::{BatchOptions, ConnectionOptions};
use crate::connection::Connection;
use crate::error::{CommandError, Exit};
use crate::input;
use crate::output::names::DesktopNames;
use crate::output::progress::Progress;
use crate::output::text::{group_digits, pluralize};
use crate::output::{self, Format};
use crate::plan::Plan;
use crate::plan::outcome::{Entry, Status};
use crate::report::Report;
use crate::report::default_path::{create_folder, default_path};
use crate::report::reconcile::reconcile;
use crate::report::replay::{self, Replay};
use crate::report::resume_command::{ensure_same_target, resume_command};
use crate::signals::{LastWords, StopRequest, ignore_sigxfsz};

const STOPPING: &str = "Stopping after the current batch. Press Ctrl-C again to stop now; \
                        that batch's outcome will then be unknown.";

/// A run of one of the commands that change desktops.
pub struct BatchRun<'a> {
    /// The name of the command.
    pub command: &'static str,
    pub connection_options: &'a ConnectionOptions,
    pub batch_options: &'a BatchOptions,
    /// The file that the desktops were read from.
    pub from: Option<&'a Path>,
    /// Notes about this file. They are part of the question; where nothing is asked, they are
    /// printed even if the command is quiet.
    pub notes: Vec<String>,
    /// The names of the desktops, as far as they are known.
    pub names: DesktopNames,
    pub format: Format,
    pub quiet: bool,
}

impl BatchRun<'_> {
    /// Runs a plan. With `--resume` it is the plan of the report, and a plan of the arguments must
    /// equal it.
    pub async fn execute(&self, plan: Option<Plan>) -> Result<Exit, CommandError> {
        let is_dry_run = self.batch_options.dry_run;
        if !is_dry_run {
            confirm::ensure_possible(self.batch_options.yes, self.from)?;
        }
        ignore_sigxfsz()?;
        if is_dry_run || self.batch_options.yes {
            for note in &self.notes {
                output::note(false, note);
            }
        }
        match (&self.batch_options.resume, plan) {
            (Some(path), plan) if is_dry_run => self.preview_resume(path, plan.as_ref()).await,
            (Some(path), plan) => self.resume(path, plan.as_ref()).await,
            (None, Some(plan)) if is_dry_run => self.preview(&plan).await,
            (None, Some(plan)) => self.start(&plan).await,
            (None, None) => Err(input::no_desktop()),
        }
    }

    /// Returns the number of desktops in each batch but the last.
    fn batch_size(&self, plan: &Plan) -> usize {
        let max = plan.max_batch_size();
        self.batch_options
            .batch_size
            .map_or(max, |size| max.min(size.into()))
    }

    /// Returns the path of the report to write. A run on a temporary sandbox has none by default.
    fn report_path(&self) -> Option<PathBuf> {
        let options = self.batch_options;
        if options.report.is_some() {
            return options.report.clone();
        }
        if options.no_report || self.connection_options.sandbox {
            return None;
        }
        default_path(self.command)
    }

    async fn preview(&self, plan: &Plan) -> Result<Exit, CommandError> {
        let connection = self.connection_options.build_client().await?;
        dry_run::show(
            self.format,
            self.quiet,
            &connection,
            plan,
            self.batch_size(plan),
        )
        .await
    }

    async fn preview_resume(&self, path: &Path, plan: Option<&Plan>) -> Result<Exit, CommandError> {
        let (_, replay) = self.open_report(path, plan)?;
        let connection = self.connection_options.build_client().await?;
        let project_id = connection.client.config().project_id.value();
        let project_id = project_id.map(String::as_str);
        ensure_same_target(
            path,
            &replay,
            &connection,
            self.connection_options,
            project_id,
        )?;
        output::note(self.quiet, &describe_state(&replay));
        let remaining = replay.remaining();
        let batch_size = self.batch_size(&remaining);
        dry_run::show(self.format, self.quiet, &connection, &remaining, batch_size).await
    }

    async fn start(&self, plan: &Plan) -> Result<Exit, CommandError> {
        let connection = self.connection_options.connect().await?;
        let project_id = connection.project_id().await?;
        // Validates every desktop and user; the first poll sends the first batch.
        let outcomes = plan
            .send_in_batches(&connection.client, self.batch_size(plan))
            .await?;
        let path = self.report_path();
        let note = match &path {
            Some(path) => format!("\nReport: {}", path.display()),
            None => String::new(),
        };
        if !self.is_confirmed(plan, &connection, &project_id, &note)? {
            return Ok(Exit::Failed);
        }
        if self.batch_options.yes && self.batch_options.report.is_none() && path.is_some() {
            output::note(self.quiet, note.trim_start());
        }
        // Created after the answer, so that a "no" leaves no empty file.
        let report = match &path {
            Some(path) => {
                if self.batch_options.report.is_none() {
                    create_folder(path)?;
                }
                let mut report = Report::create(path)?;
                report.write_plan(plan, connection.endpoint_label(), &project_id)?;
                Some(report)
            }
            None => None,
        };
        let recorder = Recorder::new(report, ResultPrinter::new(self.format), &self.names);
        self.send(plan, outcomes, recorder).await
    }

    async fn resume(&self, path: &Path, plan: Option<&Plan>) -> Result<Exit, CommandError> {
        let (mut report, mut replay) = self.open_report(path, plan)?;
        let connection = self.connection_options.connect().await?;
        // Checks the endpoint before the project is looked up: another endpoint may have another
        // IAM.
        ensure_same_target(path, &replay, &connection, self.connection_options, None)?;
        let project_id = connection.project_id().await?;
        ensure_same_target(
            path,
            &replay,
            &connection,
            self.connection_options,
            Some(project_id.as_str()),
        )?;
        output::note(self.quiet, &describe_state(&replay));
        if let Plan::Detach { .. } = replay.plan
            && !replay.unknown().is_empty()
        {
            let count = pluralize(replay.unknown().len(), "desktop");
            output::note(
                self.quiet,
                &format!("Checking the unbinding records of {count} …"),
            );
        }

        let reconciled = reconcile_unknown(&connection, &mut report, &mut replay).await?;
        let (unsent, known): (Vec<_>, Vec<_>) = reconciled
            .into_iter()
            .partition(|entry| entry.outcome == Status::Failed);
        let remaining = replay.remaining();
        let batch_size = self.batch_size(&remaining);
        let outcomes = remaining
            .send_in_batches(&connection.client, batch_size)
            .await?;
        let note = match unsent.len() {
            0 => "",
            1 => "\n1 of them got no response in the earlier run and has no unbinding record.",
            count => &format!(
                "\n{} of them got no response in the earlier run and have no unbinding record.",
                group_digits(count)
            ),
        };
        let is_done = remaining.desktop_ids().is_empty();
        if !is_done && !self.is_confirmed(&remaining, &connection, &project_id, note)? {
            return Ok(Exit::Failed);
        }
        let mut recorder =
            Recorder::new(Some(report), ResultPrinter::new(self.format), &self.names);
        recorder.add_reported(known)?;
        self.send(&remaining, outcomes, recorder).await
    }

    /// Opens a report of this command and, if the arguments have a plan, of that plan.
    fn open_report(
        &self,
        path: &Path,
        plan: Option<&Plan>,
    ) -> Result<(Report, Replay), CommandError> {
        let (report, replay) = replay::open(path)?;
        if replay.plan.command() != self.command {
            let message = format!(
                "{} is a report of `workspace {}`, not of `workspace {}`; nothing was sent",
                path.display(),
                replay.plan.command(),
                self.command
            );
            let command = resume_command(&replay.plan, self.connection_options, path);
            return Err(CommandError::usage(message).hint(format!("To resume, run: {command}")));
        }
        if let Some(plan) = plan
            && !plan.same_work_as(&replay.plan)?
        {
            let message = format!(
                "the report {} is for other desktops or users; nothing was sent",
                path.display()
            );
            return Err(CommandError::usage(message)
                .hint("The report contains the plan: use --resume without desktops and users."));
        }
        Ok((report, replay))
    }

    fn is_confirmed(
        &self,
        plan: &Plan,
        connection: &Connection,
        project_id: &ProjectId,
        note: &str,
    ) -> Result<bool, CommandError> {
        if self.batch_options.yes {
            return Ok(true);
        }
        let (plan, project, endpoint) = (
            plan.describe(&self.names),
            project_id.as_str(),
            &connection.endpoint,
        );
        let mut lines = vec![format!("{plan}{note}")];
        lines.extend_from_slice(&self.notes);
        lines.push(format!("Project {project} at {endpoint}."));
        Ok(confirm::ask(&lines.join("\n"))?)
    }

    async fn send(
        &self,
        plan: &Plan,
        mut outcomes: BoxStream<'_, BatchOutcome>,
        mut recorder: Recorder<'_>,
    ) -> Result<Exit, CommandError> {
        let ids = plan.desktop_ids();
        let last_words = LastWords::default();
        let stop = StopRequest::listen(STOPPING, last_words.clone())?;
        let resume_hint = match &recorder.report {
            Some(report) => {
                let command = resume_command(plan, self.connection_options, report.path());
                format!("\nTo resume, run: {command}")
            }
            None => String::new(),
        };
        let mut done = 0;
        let mut progress = Progress::new(ids.len(), self.quiet);
        let mut unsent = ids.as_slice();
        let mut failure = None;
        while !unsent.is_empty() && !stop.is_received() {
            let (batch, later) = unsent.split_at(self.batch_size(plan).min(unsent.len()));
            if let Err(error) = recorder.announce(batch) {
                failure = Some(error);
                break;
            }
            last_words.set(format!(
                "Stopped: {} of {} {}, {} unknown, {} not sent.{resume_hint}",
                group_digits(done),
                pluralize(ids.len(), "desktop"),
                plan.past_participle(),
                group_digits(batch.len()),
                group_digits(later.len()),
            ));
            let Some(outcome) = progress.during(outcomes.next()).await else {
                break;
            };
            done += outcome.succeeded().count();
            unsent = later;
            progress.advance(outcome.desktops.len());
            let is_ended = outcome.not_sent().next().is_some();
            if let Err(error) = recorder.add(outcome) {
                failure = Some(error);
                break;
            }
            // The batches after it would not be sent either.
            if is_ended {
                break;
            }
        }
        progress.finish();
        let finished = recorder.finish(unsent);
        failure = failure.or(finished.err());

        let summary = Summary {
            plan,
            connection_options: self.connection_options,
            entries: &recorder.entries,
            report: recorder.report.as_ref().map(Report::path),
            is_interrupted: stop.is_received(),
            is_stopped: failure.is_some(),
            quiet: self.quiet,
        };
        let exit = summary.print();
        match failure {
            None => Ok(exit),
            Some(error) if summary.is_all_done() => Err(error.exit(exit)),
            Some(error) => Err(error.exit(exit).hint(summary.resume_hint())),
        }
    }
}

/// Determines the outcome of the desktops that are unknown, as far as possible, and reports it.
async fn reconcile_unknown(
    connection: &Connection,
    report: &mut Report,
    replay: &mut Replay,
) -> Result<Vec<Entry>, CommandError> {
    let unknown = replay.unknown();
    let entries = match &replay.plan {
        Plan::Detach { desktops } => {
            // A desktop that failed is repeated, unless a record shows that it was unbound.
            let failed = replay.failed();
            let sent = [unknown, failed.clone()].concat();
            let failed: HashSet<_> = failed.into_iter().map(|(id, _)| id).collect();
            let mut entries = reconcile(&connection.client, desktops, &sent).await?;
            entries.retain(|entry| {
                entry.outcome == Status::Succeeded || !failed.contains(&entry.desktop_id)
            });
            entries
        }
        Plan::LogOff { .. } => {
            let reason = "a log-off leaves no record, so its outcome cannot be checked";
            let entry = |(id, _)| Entry::new(id, Status::Unknown).with_message(reason);
            unknown.into_iter().map(entry).collect()
        }
    };
    for entry in &entries {
        replay.set_status(&entry.desktop_id, entry.outcome);
    }
    if !entries.is_empty() {
        report.write_outcomes(&entries, &[])?;
    }
    Ok(entries)
}

/// Returns how far the run came, for the user.
fn describe_state(replay: &Replay) -> String {
    let succeeded = group_digits(replay.succeeded());
    let all = pluralize(replay.plan.desktop_ids().len(), "desktop");
    let done = replay.plan.past_participle();
    match replay.unknown().len() {
        0 => format!("Report: {succeeded} of {all} {done}."),
        count => format!(
            "Report: {succeeded} of {all} {done}, {} unknown.",
            group_digits(count)
        ),
    }
}
