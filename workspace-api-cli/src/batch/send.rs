//! Sends a plan in batches and records each outcome, until it ends or is stopped.

use std::pin::pin;

use workspace_api::{BatchOutcome, BatchOutcomes, Client};

use crate::batch::recorder::Recorder;
use crate::batch::settings::Settings;
use crate::batch::summary::Summary;
use crate::batch::verify;
use crate::batch::whole_plan::WholePlan;
use crate::error::{CommandError, Exit};
use crate::output::progress::Progress;
use crate::output::text::pluralize;
use crate::plan::{PART, Plan};
use crate::report::Report;
use crate::report::line::RunResult;
use crate::signals::StopRequest;

pub const STOPPING: &str = "Stopping after the current batch. Press Ctrl-C again to stop now; \
                            that batch's outcome will then be unknown.";

/// How far a plan was sent.
#[derive(Default)]
struct Sent {
    /// Number of desktops, from the beginning of the plan.
    desktops: usize,
    /// True after an error that every batch would share: the batches after it are not sent.
    is_ended: bool,
    /// Why the run itself cannot continue.
    failure: Option<CommandError>,
}

/// Sends a plan, verifies the desktops if that is asked for, and prints the summary.
pub async fn send(
    settings: &Settings<'_>,
    client: &Client,
    plan: &Plan,
    mut whole: WholePlan<'_>,
    mut recorder: Recorder<'_>,
    mut stop: StopRequest,
) -> Result<Exit, CommandError> {
    stop.set_note(STOPPING);
    let sent = send_batches(settings, client, plan, &mut whole, &mut recorder, &mut stop).await;
    let Sent {
        desktops: sent,
        is_ended,
        mut failure,
    } = sent;
    if let (Some(timeout), Plan::Detach { desktops }) = (settings.verify, whole.plan)
        && failure.is_none()
    {
        let options = verify::Options {
            timeout,
            jobs: settings.batch_options.jobs,
            quiet: settings.quiet,
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
        (false, None) if is_ended => RunResult::Stopped,
        (false, None) => RunResult::Completed,
    };
    let finished = recorder.finish(plan.ids().range(sent..plan.len()), result);
    failure = failure.or(finished.err());

    let summary = Summary {
        plan,
        connection_options: settings.connection_options,
        tally: &recorder.tally,
        report: recorder.report.as_ref().map(Report::path),
        is_interrupted: stop.is_received(),
        is_stopped: failure.is_some(),
        quiet: settings.quiet,
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

/// Sends batches until the plan ends, or something stops the run.
async fn send_batches(
    settings: &Settings<'_>,
    client: &Client,
    plan: &Plan,
    whole: &mut WholePlan<'_>,
    recorder: &mut Recorder<'_>,
    stop: &mut StopRequest,
) -> Sent {
    let size = settings.batch_size(plan);
    let operations = client.desktops().batch_size(size);
    let mut progress = Progress::new(plan.len(), settings.quiet);
    let mut outcomes = None;
    let mut sent = Sent::default();
    while sent.desktops < plan.len() && !sent.is_ended && !stop.is_received() {
        let mut part = match outcomes.take() {
            Some(part) => part,
            None => match plan.send_from(sent.desktops, &operations, size).await {
                Ok(part) => part,
                Err(error) => {
                    sent.failure = Some(error.into());
                    break;
                }
            },
        };
        let end = plan.len().min(sent.desktops + size);
        let batch: Vec<_> = plan.ids().range(sent.desktops..end).collect();
        whole.begin_batch(&batch);
        if let Err(error) = recorder.announce(&batch) {
            sent.failure = Some(error);
            break;
        }
        sent.desktops = end;
        let ends_part = end.is_multiple_of(size * PART);
        let added = match progress.during(next_outcome(&mut part, stop)).await {
            Some(outcome) => {
                if ends_part && end < plan.len() {
                    recorder.end_if_unauthorized(&outcome);
                }
                recorder.add(&outcome)
            }
            None => recorder.add_abandoned(&batch),
        };
        if !ends_part {
            outcomes = Some(part);
        }
        progress.advance(batch.len());
        sent.is_ended = recorder.is_ended();
        if let Err(error) = added.and_then(|()| ensure_few_failures(settings, recorder)) {
            sent.failure = Some(error);
            break;
        }
    }
    drop(progress);
    sent
}

/// Fails once as many desktops failed or are unknown as the user accepts.
fn ensure_few_failures(
    settings: &Settings<'_>,
    recorder: &Recorder<'_>,
) -> Result<(), CommandError> {
    let failures = recorder.tally.failures();
    match settings.batch_options.max_failures {
        Some(max) if failures >= max && !recorder.is_ended() => Err(CommandError::new(
            Exit::Failed,
            format!(
                "stopped, because {} failed or are unknown (--max-failures {max})",
                pluralize(failures, "desktop")
            ),
        )),
        _ => Ok(()),
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
