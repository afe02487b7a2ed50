//! Carries out a plan: shows it, asks, sends batch after batch, writes down what becomes of each desktop.

use std::path::Path;

use futures::StreamExt;
use futures::stream::BoxStream;
use workspace_api::BatchOutcome;
use workspace_api::types::{DesktopId, ProjectId};

use crate::batch::results::ResultPrinter;
use crate::batch::summary::Summary;
use crate::batch::{confirm, dry_run};
use crate::cli::{BatchOptions, ConnectionOptions, Desktops, Output};
use crate::connection::Connection;
use crate::error::{CommandError, Exit};
use crate::output::progress::Progress;
use crate::output::text::pluralize;
use crate::output::{self, Format};
use crate::plan::Plan;
use crate::plan::outcome::{Entry, Status};
use crate::report::Report;
use crate::report::reconcile::reconcile;
use crate::report::replay::{self, Replay};
use crate::report::resume_command;
use crate::report::resume_command::ensure_same_target;
use crate::signals;
use crate::signals::Interrupt;

const STOPPING: &str = "Stopping when the batch in flight is answered. Ctrl-C again stops at once, and leaves it unknown.";

/// How a plan is to be carried out.
pub struct BatchRun<'a> {
    /// The operation that the command is for.
    operation: &'static str,
    connection: &'a ConnectionOptions,
    options: &'a BatchOptions,
    /// The file that the desktops come from.
    from: Option<&'a Path>,
    format: Format,
    quiet: bool,
}

impl<'a> BatchRun<'a> {
    pub fn new(
        operation: &'static str,
        connection: &'a ConnectionOptions,
        options: &'a BatchOptions,
        desktops: &'a Desktops,
        output: &Output,
        quiet: bool,
    ) -> Self {
        Self {
            operation,
            connection,
            options,
            from: desktops.from.as_deref(),
            format: Format::choose(output.json),
            quiet,
        }
    }

    /// Carries out a plan; with `--resume` the one of the report, which must be the same if one is given.
    pub async fn execute(&self, plan: Option<Plan>) -> Result<Exit, CommandError> {
        if !self.options.dry_run {
            confirm::ensure_possible(self.options.yes, self.from)?;
        }
        signals::ignore_sigxfsz()?;
        match (&self.options.resume, plan) {
            (Some(path), plan) => self.resume(path, plan).await,
            (None, Some(plan)) if self.options.dry_run => {
                let connection = self.connection.build_client().await?;
                dry_run::show(self.format, self.quiet, &connection, &plan).await
            }
            (None, Some(plan)) => self.start(plan).await,
            (None, None) => Err(CommandError::usage("no desktop is named")),
        }
    }

    async fn start(&self, plan: Plan) -> Result<Exit, CommandError> {
        let connection = self.connection.connect().await?;
        let project_id = connection.project_id().await?;
        // Looks at every desktop and user, and sends nothing yet.
        let outcomes = plan.send_in_batches(&connection.client).await?;
        let mut report = match &self.options.report {
            Some(path) => Some(Report::create(path)?),
            None => None,
        };
        self.ask(&plan, &connection, &project_id, "")?;
        if let Some(report) = &mut report {
            report.write_plan(&plan, connection.endpoint_label(), &project_id)?;
        }
        let printer = ResultPrinter::new(self.format);
        self.send(&plan, outcomes, report, printer, Vec::new())
            .await
    }

    async fn resume(&self, path: &Path, plan: Option<Plan>) -> Result<Exit, CommandError> {
        let (mut report, mut replay) = replay::open(path)?;
        if replay.plan.operation_id() != self.operation {
            let message = format!(
                "the report {} is of {}, so nothing was sent",
                path.display(),
                replay.plan.operation_id()
            );
            return Err(CommandError::usage(message).hint(format!(
                "Go on with: {}",
                resume_command::resume_command(&replay.plan, self.connection, path)
            )));
        }
        ensure_same_work(path, &replay, plan.as_ref())?;
        if self.options.dry_run {
            let connection = self.connection.build_client().await?;
            let project_id = connection.client.config().project_id.value();
            ensure_same_target(
                path,
                &replay,
                &connection,
                self.connection,
                project_id.map(String::as_str),
            )?;
            output::note(self.quiet, &state(&replay));
            return dry_run::show(self.format, self.quiet, &connection, &replay.remaining()).await;
        }
        let connection = self.connection.connect().await?;
        // Before IAM is asked for the project: another endpoint's IAM may be another too.
        ensure_same_target(path, &replay, &connection, self.connection, None)?;
        let project_id = connection.project_id().await?;
        ensure_same_target(
            path,
            &replay,
            &connection,
            self.connection,
            Some(&project_id),
        )?;
        output::note(self.quiet, &state(&replay));
        let settled = self
            .reconcile(&connection, &mut report, &mut replay)
            .await?;
        let rest = replay.remaining();
        let outcomes = rest.send_in_batches(&connection.client).await?;
        if !rest.desktop_ids().is_empty() {
            let again = settled
                .iter()
                .filter(|entry| entry.outcome == Status::Failed)
                .count();
            let note = match again {
                0 => String::new(),
                count => format!(
                    "\n{} of them had no answer before, and no unbinding record.",
                    pluralize(count, "desktop")
                ),
            };
            self.ask(&rest, &connection, &project_id, &note)?;
        }
        let mut printer = ResultPrinter::new(self.format);
        let known: Vec<_> = settled
            .into_iter()
            .filter(|entry| entry.outcome != Status::Failed)
            .collect();
        printer.add(&known)?;
        self.send(&rest, outcomes, Some(report), printer, known)
            .await
    }

    /// Finds out what can be found out about desktops that were sent without an answer.
    async fn reconcile(
        &self,
        connection: &Connection,
        report: &mut Report,
        replay: &mut Replay,
    ) -> Result<Vec<Entry>, CommandError> {
        let unknown = replay.unknown();
        if unknown.is_empty() {
            return Ok(Vec::new());
        }
        let entries = match &replay.plan {
            Plan::Detach { desktops } => reconcile(&connection.client, desktops, &unknown).await?,
            Plan::LogOff { .. } => unknown
                .into_iter()
                .map(|(id, _)| {
                    Entry::new(id, Status::Unknown)
                        .with_message("a log-off leaves no record to look at")
                })
                .collect(),
        };
        for entry in &entries {
            replay.set_status(&entry.desktop_id, entry.outcome);
        }
        report.write_outcomes(&entries, &[])?;
        Ok(entries)
    }

    async fn send(
        &self,
        plan: &Plan,
        mut outcomes: BoxStream<'_, BatchOutcome>,
        mut report: Option<Report>,
        mut printer: ResultPrinter,
        mut entries: Vec<Entry>,
    ) -> Result<Exit, CommandError> {
        let ids = plan.desktop_ids();
        let interrupt = Interrupt::listen(STOPPING)?;
        let mut progress = Progress::new(ids.len(), self.quiet);
        let mut unsent: &[DesktopId] = &ids;
        let mut stopped = None;
        while !unsent.is_empty() && stopped.is_none() && !interrupt.is_requested() {
            let (batch, later) = unsent.split_at(plan.batch_size().min(unsent.len()));
            if let Some(report) = &mut report
                && let Err(failure) = report.write_batch(batch)
            {
                stopped = Some(failure);
                break;
            }
            unsent = later;
            let Some(outcome) = progress.during(outcomes.next()).await else {
                break;
            };
            let new: Vec<Entry> = outcome.desktops.iter().map(Entry::from).collect();
            progress.advance(new.len());
            if let Some(report) = &mut report {
                stopped = report.write_outcomes(&new, &outcome.job_ids).err();
            }
            if let Err(failure) = printer.add(&new) {
                stopped = stopped.or(Some(failure));
            }
            printer.add_jobs(outcome.job_ids);
            entries.extend(new);
        }
        progress.finish();
        let unsent: Vec<Entry> = unsent
            .iter()
            .map(|id| Entry::new(id.clone(), Status::NotSent))
            .collect();
        let printed = printer.add(&unsent).and_then(|()| printer.finish());
        stopped = stopped.or(printed.err());
        entries.extend(unsent);
        let summary = Summary {
            plan,
            connection: self.connection,
            entries: &entries,
            report: report.as_ref().map(Report::path),
            is_interrupted: interrupt.is_requested(),
            is_stopped: stopped.is_some(),
            quiet: self.quiet,
        };
        let exit = summary.print();
        match stopped {
            Some(failure) if summary.is_all_done() => Err(failure.exit(exit)),
            Some(failure) => Err(failure.exit(exit).hint(summary.resume_hint())),
            None => Ok(exit),
        }
    }

    fn ask(
        &self,
        plan: &Plan,
        connection: &Connection,
        project_id: &ProjectId,
        note: &str,
    ) -> Result<(), CommandError> {
        if self.options.yes {
            return Ok(());
        }
        let (plan, project, endpoint) =
            (plan.describe(), project_id.as_str(), &connection.endpoint);
        confirm::ask(&format!("{plan}{note}\nProject {project} at {endpoint}."))
    }
}

/// Refuses a report of something else than what the arguments say.
fn ensure_same_work(path: &Path, replay: &Replay, plan: Option<&Plan>) -> Result<(), CommandError> {
    let Some(plan) = plan else {
        return Ok(());
    };
    if plan.same_work_as(&replay.plan)? {
        return Ok(());
    }
    let message = format!(
        "the report {} is not of these desktops and users, so nothing was sent",
        path.display()
    );
    Err(CommandError::usage(message)
        .hint("The report knows what is to be done: give --resume without desktops and users."))
}

fn state(replay: &Replay) -> String {
    let all = pluralize(replay.plan.desktop_ids().len(), "desktop");
    let mut text = format!(
        "{} of {all} {} before.",
        replay.succeeded(),
        replay.plan.past_participle()
    );
    match replay.unknown().len() {
        0 => {}
        count => text += &format!(" Of {count} it is unknown."),
    }
    text
}
