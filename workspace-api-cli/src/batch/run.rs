//! Carries out a plan: shows it, asks, sends batch after batch, writes down what becomes of each desktop.

use std::path::Path;

use futures::StreamExt;
use futures::stream::BoxStream;
use workspace_api::BatchOutcome;
use workspace_api::types::{DesktopId, ProjectId};

use crate::batch::results::Printer;
use crate::batch::{confirm, dry_run, summary};
use crate::cli::{Desktops, Output, Sending, Settings};
use crate::connection::Connection;
use crate::error::{Exit, Failure};
use crate::output::progress::Progress;
use crate::output::text::counted;
use crate::output::{self, Format};
use crate::plan::Plan;
use crate::plan::outcome::{Entry, Status};
use crate::report::Report;
use crate::report::reconcile::settle;
use crate::report::replay::{Resumed, resume};
use crate::report::resume_command;
use crate::report::resume_command::check_place;
use crate::signals;
use crate::signals::Interrupt;

const STOPPING: &str = "Stopping when the batch in flight is answered. Ctrl-C again stops at once, and leaves it unknown.";

/// How a plan is to be carried out.
pub struct Task<'a> {
    /// The operation that the command is for.
    operation: &'static str,
    settings: &'a Settings,
    sending: &'a Sending,
    /// The file that the desktops come from.
    from: Option<&'a Path>,
    format: Format,
    quiet: bool,
}

impl<'a> Task<'a> {
    pub fn new(
        operation: &'static str,
        settings: &'a Settings,
        sending: &'a Sending,
        desktops: &'a Desktops,
        output: &Output,
        quiet: bool,
    ) -> Self {
        Self {
            operation,
            settings,
            sending,
            from: desktops.from.as_deref(),
            format: Format::choose(output.json),
            quiet,
        }
    }

    /// Carries out a plan; with `--resume` the one of the report, which must be the same if one is given.
    pub async fn carry_out(&self, plan: Option<Plan>) -> Result<Exit, Failure> {
        if !self.sending.dry_run {
            confirm::check_possible(self.sending.yes, self.from)?;
        }
        signals::survive_full_files()?;
        match (&self.sending.resume, plan) {
            (Some(path), plan) => self.go_on(path, plan).await,
            (None, Some(plan)) if self.sending.dry_run => {
                let connection = self.settings.prepare().await?;
                dry_run::show(self.format, self.quiet, &connection, &plan).await
            }
            (None, Some(plan)) => self.begin(plan).await,
            (None, None) => Err(Failure::usage("no desktop is named")),
        }
    }

    async fn begin(&self, plan: Plan) -> Result<Exit, Failure> {
        let connection = self.settings.connect().await?;
        let project_id = connection.project_id().await?;
        // Looks at every desktop and user, and sends nothing yet.
        let answers = plan.start(&connection.client).await?;
        let mut report = match &self.sending.report {
            Some(path) => Some(Report::create(path)?),
            None => None,
        };
        self.ask(&plan, &connection, &project_id, "")?;
        if let Some(report) = &mut report {
            report.begin(&plan, connection.place(), &project_id)?;
        }
        let printer = Printer::new(self.format);
        self.send(&plan, answers, report, printer, Vec::new()).await
    }

    async fn go_on(&self, path: &Path, plan: Option<Plan>) -> Result<Exit, Failure> {
        let (mut report, mut resumed) = resume(path)?;
        if resumed.plan.operation_id() != self.operation {
            let message = format!(
                "the report {} is of {}, so nothing was sent",
                path.display(),
                resumed.plan.operation_id()
            );
            return Err(Failure::usage(message).next_step(format!(
                "Go on with: {}",
                resume_command::command(&resumed.plan, self.settings, path)
            )));
        }
        check_same(path, &resumed, plan.as_ref())?;
        if self.sending.dry_run {
            let connection = self.settings.prepare().await?;
            let project_id = connection.client.config().project_id.value();
            check_place(
                path,
                &resumed,
                &connection,
                self.settings,
                project_id.map(String::as_str),
            )?;
            output::note(self.quiet, &state(&resumed));
            return dry_run::show(self.format, self.quiet, &connection, &resumed.rest()).await;
        }
        let connection = self.settings.connect().await?;
        // Before IAM is asked for the project: another endpoint's IAM may be another too.
        check_place(path, &resumed, &connection, self.settings, None)?;
        let project_id = connection.project_id().await?;
        check_place(
            path,
            &resumed,
            &connection,
            self.settings,
            Some(&project_id),
        )?;
        output::note(self.quiet, &state(&resumed));
        let settled = self.settle(&connection, &mut report, &mut resumed).await?;
        let rest = resumed.rest();
        let answers = rest.start(&connection.client).await?;
        if !rest.desktop_ids().is_empty() {
            let again = settled
                .iter()
                .filter(|entry| entry.outcome == Status::Failed)
                .count();
            let note = match again {
                0 => String::new(),
                count => format!(
                    "\n{} of them had no answer before, and no unbinding record.",
                    counted(count, "desktop")
                ),
            };
            self.ask(&rest, &connection, &project_id, &note)?;
        }
        let mut printer = Printer::new(self.format);
        let known: Vec<_> = settled
            .into_iter()
            .filter(|entry| entry.outcome != Status::Failed)
            .collect();
        printer.add(&known)?;
        self.send(&rest, answers, Some(report), printer, known)
            .await
    }

    /// Finds out what can be found out about desktops that were sent without an answer.
    async fn settle(
        &self,
        connection: &Connection,
        report: &mut Report,
        resumed: &mut Resumed,
    ) -> Result<Vec<Entry>, Failure> {
        let unknown = resumed.unknown();
        if unknown.is_empty() {
            return Ok(Vec::new());
        }
        let entries = match &resumed.plan {
            Plan::Detach { desktops } => settle(&connection.client, desktops, &unknown).await?,
            Plan::LogOff { .. } => unknown
                .into_iter()
                .map(|(id, _)| {
                    Entry::new(id, Status::Unknown).because("a log-off leaves no record to look at")
                })
                .collect(),
        };
        for entry in &entries {
            resumed.settle(&entry.desktop_id, entry.outcome);
        }
        report.outcomes(&entries, &[])?;
        Ok(entries)
    }

    async fn send(
        &self,
        plan: &Plan,
        mut answers: BoxStream<'_, BatchOutcome>,
        mut report: Option<Report>,
        mut printer: Printer,
        mut entries: Vec<Entry>,
    ) -> Result<Exit, Failure> {
        let ids = plan.desktop_ids();
        let interrupt = Interrupt::listen(STOPPING)?;
        let mut progress = Progress::new(ids.len(), self.quiet);
        let mut unsent: &[DesktopId] = &ids;
        let mut stopped = None;
        while !unsent.is_empty() && stopped.is_none() && !interrupt.is_requested() {
            let (batch, later) = unsent.split_at(plan.batch_size().min(unsent.len()));
            if let Some(report) = &mut report
                && let Err(failure) = report.sending(batch)
            {
                stopped = Some(failure);
                break;
            }
            unsent = later;
            let Some(outcome) = progress.during(answers.next()).await else {
                break;
            };
            let new: Vec<Entry> = outcome.desktops.iter().map(Entry::from).collect();
            progress.advance(new.len());
            if let Some(report) = &mut report {
                stopped = report.outcomes(&new, &outcome.job_ids).err();
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
        let summary = summary::Summary {
            plan,
            settings: self.settings,
            entries: &entries,
            report: report.as_ref().map(Report::path),
            is_interrupted: interrupt.is_requested(),
            is_stopped: stopped.is_some(),
            quiet: self.quiet,
        };
        let exit = summary.tell();
        match stopped {
            Some(failure) if summary.is_all_done() => Err(failure.exit(exit)),
            Some(failure) => Err(failure.exit(exit).next_step(summary.how_to_go_on())),
            None => Ok(exit),
        }
    }

    fn ask(
        &self,
        plan: &Plan,
        connection: &Connection,
        project_id: &ProjectId,
        note: &str,
    ) -> Result<(), Failure> {
        if self.sending.yes {
            return Ok(());
        }
        let (plan, project, endpoint) =
            (plan.describe(), project_id.as_str(), &connection.endpoint);
        confirm::ask(&format!("{plan}{note}\nProject {project} at {endpoint}."))
    }
}

/// Refuses a report of something else than what the arguments say.
fn check_same(path: &Path, resumed: &Resumed, plan: Option<&Plan>) -> Result<(), Failure> {
    let Some(plan) = plan else {
        return Ok(());
    };
    if plan.agrees(&resumed.plan)? {
        return Ok(());
    }
    let message = format!(
        "the report {} is not of these desktops and users, so nothing was sent",
        path.display()
    );
    Err(Failure::usage(message).next_step(
        "The report knows what is to be done: give --resume without desktops and users.",
    ))
}

fn state(resumed: &Resumed) -> String {
    let all = counted(resumed.plan.desktop_ids().len(), "desktop");
    let mut text = format!(
        "{} of {all} {} before.",
        resumed.succeeded(),
        resumed.plan.done()
    );
    match resumed.unknown().len() {
        0 => {}
        count => text += &format!(" Of {count} it is unknown."),
    }
    text
}
