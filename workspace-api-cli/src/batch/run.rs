//! Runs a plan: shows it, asks for confirmation, sends it in batches and records each outcome.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use workspace_api::types::ProjectId;
use workspace_api::{BatchOutcome, BatchOutcomes};

use crate::batch::recorder::Recorder;
use crate::batch::results::ResultPrinter;
use crate::batch::summary::Summary;
use crate::batch::whole_plan::WholePlan;
use crate::batch::{confirm, dry_run, reconcile, verify};
use crate::cli::{BatchOptions, ConnectionOptions, Desktops, Output};
use crate::connection::Connection;
use crate::desktops::names::DesktopNames;
use crate::error::{CommandError, Exit};
use crate::input::{self, List};
use crate::output::format::Format;
use crate::output::progress::Progress;
use crate::output::sanitize::sanitize_lines;
use crate::output::text::{group_digits, pluralize};
use crate::output::{self, time};
use crate::plan::outcome::Status;
use crate::plan::{PART, Plan};
use crate::report::author::Author;
use crate::report::default_path::{create_folder, default_path};
use crate::report::line::{FORMAT, Head, RunResult};
use crate::report::replay::{self, Replay};
use crate::report::resume_command::{ensure_same_target, resume_command};
use crate::report::sent_times::SentTimes;
use crate::report::{Report, VERSION, now};
use crate::signals::{StopRequest, ignore_sigxfsz};

const STOPPING: &str = "Stopping after the current batch. Press Ctrl-C again to stop now; \
                        that batch's outcome will then be unknown.";

/// The age from which on a report is resumed only after a question: by then, other users may be
/// bound.
const DEFAULT_MAX_AGE: Duration = Duration::from_secs(24 * 3600);

/// A run of one of the commands that change desktops.
pub struct BatchRun<'a> {
    /// The name of the command.
    command: &'static str,
    connection_options: &'a ConnectionOptions,
    batch_options: &'a BatchOptions,
    /// The file that the desktops were read from.
    from: Option<&'a Path>,
    /// Notes about this file. They are part of the question; where nothing is asked, they are
    /// printed even if the command is quiet.
    notes: Vec<String>,
    /// The names of the desktops, as far as the file has them.
    names: DesktopNames,
    /// How long to wait for the proof of each unbinding; `None` if nothing is verified.
    verify: Option<Duration>,
    format: Format,
    quiet: bool,
}

impl<'a> BatchRun<'a> {
    pub fn new(
        command: &'static str,
        desktops: &'a Desktops,
        batch_options: &'a BatchOptions,
        output: &Output,
        connection_options: &'a ConnectionOptions,
        quiet: bool,
    ) -> Self {
        Self {
            command,
            connection_options,
            batch_options,
            from: desktops.from.as_deref(),
            notes: Vec::new(),
            names: DesktopNames::default(),
            verify: None,
            format: output.format(),
            quiet,
        }
    }

    /// Waits for the proof of each unbinding, at most this long; `None` verifies nothing.
    pub fn verify(self, timeout: Option<Duration>) -> Self {
        Self {
            verify: timeout,
            ..self
        }
    }

    /// Runs the plan of a list. With `--resume` it is the plan of the report, and a plan of the
    /// arguments must equal it.
    pub async fn execute(mut self, list: List<Option<Plan>>) -> Result<Exit, CommandError> {
        let List {
            desktops: plan,
            notes,
            names,
        } = list;
        (self.notes, self.names) = (notes, names);
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
            (Some(path), plan) if is_dry_run => self.preview_resume(path, plan).await,
            (Some(path), plan) => self.resume(path, plan).await,
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

    async fn preview_resume(&self, path: &Path, plan: Option<Plan>) -> Result<Exit, CommandError> {
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
        let path = self.report_path();
        if let Some(path) = &path {
            Report::ensure_new(path)?;
        }
        let connection = self.connection_options.connect().await?;
        let project_id = connection.project_id().await?;
        plan.validate(&connection.client, self.batch_size(plan))
            .await?;
        let note = match &path {
            Some(path) => format!("\nReport: {}", path.display()),
            None => String::new(),
        };
        let mut stop = StopRequest::listen(STOPPING)?;
        let question = Question {
            plan,
            names: &self.names,
            note: note.clone(),
            always_ask: false,
        };
        if let Some(exit) = self
            .ask(question, &connection, &project_id, &mut stop)
            .await?
        {
            return Ok(exit);
        }
        if self.batch_options.yes && self.batch_options.report.is_none() && path.is_some() {
            output::note(self.quiet, note.trim_start());
        }
        // Created after the answer, so that a "no" leaves no empty file.
        let report = match &path {
            Some(path) => Some(
                self.create_report(path, plan, &connection, project_id)
                    .await?,
            ),
            None => None,
        };
        let recorder = self.recorder(report, &self.names);
        let whole = WholePlan {
            plan,
            times: SentTimes::new(plan.len()),
        };
        self.send(&connection, plan, whole, recorder, stop).await
    }

    async fn create_report(
        &self,
        path: &Path,
        plan: &Plan,
        connection: &Connection,
        project_id: ProjectId,
    ) -> Result<Report, CommandError> {
        if self.batch_options.report.is_none() {
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
            plan: Cow::Borrowed(plan),
            names: Cow::Borrowed(&self.names),
        })?;
        Ok(report)
    }

    async fn resume(&self, path: &Path, plan: Option<Plan>) -> Result<Exit, CommandError> {
        let (mut report, mut replay) = self.open_report(path, plan)?;
        let is_old = replay.can_send() && time::age(replay.latest) > self.max_age();
        let warning = confirm::age_warning(replay.plan(), replay.latest);
        if is_old && self.batch_options.yes {
            confirm::ensure_old_report_is_confirmed(path, &warning)?;
        }
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
        let mut stop = StopRequest::listen("Stopping.")?;
        let names_of_report = std::mem::take(&mut replay.head.names);
        let names = self.names.or(&names_of_report);
        let reconciled = reconcile::unknown_desktops(
            &connection.client,
            &mut report,
            &mut replay,
            &names,
            self.batch_options.jobs,
            &mut stop,
            self.quiet,
        )
        .await?;
        let remaining = replay.remaining();
        let batch_size = self.batch_size(&remaining);
        remaining.validate(&connection.client, batch_size).await?;
        let note = match reconciled.without_record {
            0 => "",
            1 => "\n1 of them got no response in the earlier run and has no unbinding record.",
            count => &format!(
                "\n{} of them got no response in the earlier run and have no unbinding record.",
                group_digits(count)
            ),
        };
        let is_done = remaining.len() == 0 || stop.is_received();
        if !is_done {
            let question = Question {
                plan: &remaining,
                names: &names,
                note: if is_old {
                    format!("{note}\nThe report is {warning}.")
                } else {
                    note.to_owned()
                },
                always_ask: is_old,
            };
            if let Some(exit) = self
                .ask(question, &connection, &project_id, &mut stop)
                .await?
            {
                return Ok(exit);
            }
        }
        // After the answer: this line makes the report younger.
        report.write_resumed(Author::find(&connection).await)?;
        let mut recorder = self.recorder(Some(report), &names);
        recorder.count_earlier(&replay);
        let mut is_known = vec![false; replay.plan().len()];
        for (entry, place) in reconciled.entries() {
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
        self.send(&connection, &remaining, whole, recorder, stop)
            .await
    }

    /// Opens a report of this command and, if the arguments have a plan, of that plan, which is then
    /// not needed any more.
    fn open_report(
        &self,
        path: &Path,
        plan: Option<Plan>,
    ) -> Result<(Report, Replay), CommandError> {
        let (report, replay) = replay::open(path)?;
        if replay.plan().command() != self.command {
            let message = format!(
                "{} is a report of `workspace {}`, not of `workspace {}`; nothing was sent",
                path.display(),
                replay.plan().command(),
                self.command
            );
            let command = resume_command(replay.plan(), self.connection_options, path);
            return Err(CommandError::usage(message).hint(format!("To resume, run: {command}")));
        }
        if let Some(plan) = plan
            && !plan.is_same_work_as(replay.plan())
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

    fn recorder<'n>(&self, report: Option<Report>, names: &'n DesktopNames) -> Recorder<'n> {
        let printer = ResultPrinter::new(self.format, self.batch_options.all, names);
        let recorder = Recorder::new(report, printer, names);
        match self.verify {
            Some(_) => recorder.hold(),
            None => recorder,
        }
    }

    /// Returns the age from which on a report is resumed only after a question.
    fn max_age(&self) -> Duration {
        self.batch_options.max_age.unwrap_or(DEFAULT_MAX_AGE)
    }

    /// Asks the question, and returns the exit code of an answer that ends the command.
    async fn ask(
        &self,
        question: Question<'_>,
        connection: &Connection,
        project_id: &ProjectId,
        stop: &mut StopRequest,
    ) -> Result<Option<Exit>, CommandError> {
        if self.batch_options.yes && !question.always_ask {
            return Ok(None);
        }
        let project = project_id.as_str();
        let endpoint = &connection.endpoint;
        let mut lines = vec![question.plan.describe(question.names) + &question.note];
        lines.extend(self.notes.iter().map(|note| sanitize_lines(note)));
        lines.push(format!("Project {project} at {endpoint}."));
        let is_confirmed = confirm::ask(&lines.join("\n"), stop).await?;
        Ok(if stop.is_received() {
            Some(Exit::Interrupted)
        } else if is_confirmed {
            None
        } else {
            Some(Exit::Failed)
        })
    }

    async fn send(
        &self,
        connection: &Connection,
        plan: &Plan,
        mut whole: WholePlan<'_>,
        mut recorder: Recorder<'_>,
        mut stop: StopRequest,
    ) -> Result<Exit, CommandError> {
        stop.set_note(STOPPING);
        let (client, size) = (&connection.client, self.batch_size(plan));
        let operations = client.desktops().batch_size(size);
        let mut progress = Progress::new(plan.len(), self.quiet);
        let mut outcomes = None;
        let mut sent = 0;
        let mut failure = None;
        // After an error that every batch would share, the batches after it would not be sent.
        let mut is_ended = false;
        while sent < plan.len() && !is_ended && !stop.is_received() {
            let mut part = match outcomes.take() {
                Some(part) => part,
                None => match plan.send_from(sent, &operations, size).await {
                    Ok(part) => part,
                    Err(error) => {
                        failure = Some(error.into());
                        break;
                    }
                },
            };
            let end = plan.len().min(sent + size);
            let batch: Vec<_> = plan.ids().range(sent..end).collect();
            whole.begin_batch(&batch);
            if let Err(error) = recorder.announce(&batch) {
                failure = Some(error);
                break;
            }
            sent = end;
            let added = match progress.during(next_outcome(&mut part, &mut stop)).await {
                Some(outcome) => recorder.add(&outcome),
                None => recorder.add_abandoned(&batch),
            };
            if !sent.is_multiple_of(size * PART) {
                outcomes = Some(part);
            }
            progress.advance(batch.len());
            is_ended = is_ended || recorder.tally.count(Status::NotSent) > 0;
            if let Err(error) = added.and_then(|()| self.ensure_few_failures(&recorder)) {
                failure = Some(error);
                break;
            }
        }
        progress.finish();
        if let (Some(timeout), Plan::Detach { desktops }) = (self.verify, whole.plan)
            && failure.is_none()
        {
            let options = verify::Options {
                timeout,
                jobs: self.batch_options.jobs,
                quiet: self.quiet,
            };
            stop.set_note("Stopping the verification.");
            let verified = verify::verify(
                client,
                desktops,
                &whole.times,
                &mut recorder,
                &mut stop,
                &options,
            );
            failure = verified.await.err();
        }
        let result = match (stop.is_received(), &failure) {
            (true, _) => RunResult::Interrupted,
            (false, Some(_)) => RunResult::Stopped,
            (false, None) => RunResult::Completed,
        };
        let finished = recorder.finish(plan.ids().range(sent..plan.len()), result);
        failure = failure.or(finished.err());

        let summary = Summary {
            plan,
            connection_options: self.connection_options,
            tally: &recorder.tally,
            report: recorder.report.as_ref().map(Report::path),
            is_interrupted: stop.is_received(),
            is_stopped: failure.is_some(),
            quiet: self.quiet,
        };
        let exit = summary.print();
        match failure {
            None => Ok(exit),
            Some(error) => Err(match summary.resume_hint() {
                Some(hint) => error.exit(exit).hint(hint),
                None => error.exit(exit),
            }),
        }
    }

    /// Fails once as many desktops failed or are unknown as the user accepts.
    fn ensure_few_failures(&self, recorder: &Recorder<'_>) -> Result<(), CommandError> {
        let failures = recorder.tally.failures();
        match self.batch_options.max_failures {
            Some(max) if failures >= max => Err(CommandError::new(
                Exit::Failed,
                format!(
                    "stopped, because {} failed or are unknown (--max-failures {max})",
                    pluralize(failures, "desktop")
                ),
            )),
            _ => Ok(()),
        }
    }
}

/// Sends the next batch and returns its outcome; `None` if it was abandoned in flight.
///
/// The first signal ends waits, such as the one while the service throttles: what was not sent yet
/// is not sent. The second one abandons the batch.
async fn next_outcome(
    outcomes: &mut BatchOutcomes,
    stop: &mut StopRequest,
) -> Option<BatchOutcome> {
    let handle = outcomes.stop_handle();
    let mut next = pin!(outcomes.next());
    tokio::select! {
        outcome = &mut next => return outcome,
        () = stop.received() => handle.stop(),
    }
    tokio::select! {
        outcome = next => outcome,
        () = stop.received_twice() => None,
    }
}

/// The question that the user has to confirm. The plan is only described if the user is asked,
/// because that takes memory for each different user.
struct Question<'a> {
    plan: &'a Plan,
    names: &'a DesktopNames,
    /// Follows the description.
    note: String,
    /// True if `--yes` is not enough.
    always_ask: bool,
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
