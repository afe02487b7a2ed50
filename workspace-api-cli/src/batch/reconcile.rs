//! Finds out what became of the unknown desktops of a report before its run is resumed.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use workspace_api::Client;

use crate::error::{CommandError, Exit};
use crate::output;
use crate::output::progress::Progress;
use crate::output::text::pluralize;
use crate::plan::Plan;
use crate::plan::outcome::{Entry, Status};
use crate::report::reconcile::Reconciler;
use crate::report::replay::Replay;
use crate::report::{Report, now};
use crate::signals::StopRequest;

/// How often findings are written to the report.
const WRITE_INTERVAL: Duration = Duration::from_millis(200);

/// Reads the records of the desktops that are unknown or failed, and reports each outcome as soon as
/// it is known.
///
/// A desktop that failed is repeated, unless a record shows that it was unbound.
///
/// Returns the desktops that are done or stay unknown, in the order of the plan, and the number of
/// unknown desktops without a record, which are sent again.
pub async fn unknown_desktops(
    client: &Client,
    report: &mut Report,
    replay: &mut Replay,
    jobs: Option<usize>,
    stop: &mut StopRequest,
    quiet: bool,
) -> Result<(Vec<Entry>, usize), CommandError> {
    let unknown = replay.unknown();
    let Plan::Detach { desktops } = replay.plan() else {
        let reason = "a log-off leaves no record, so its outcome cannot be checked";
        let entry = |(id, _)| Entry::new(id, Status::Unknown).with_message(reason);
        return Ok((unknown.into_iter().map(entry).collect(), 0));
    };
    if !unknown.is_empty() {
        let count = pluralize(unknown.len(), "desktop");
        output::note(
            quiet,
            &format!("Checking the unbinding records of {count} …"),
        );
    }
    let failed = replay.failed();
    let sent = [unknown, failed.clone()].concat();
    let failed: HashSet<_> = failed.into_iter().map(|(id, _)| id).collect();
    let mut reconciler = Reconciler::new(client, desktops, &sent, jobs);
    let mut progress = Progress::new(sent.len(), quiet);
    let mut found = Vec::new();
    // Number of findings that are in the report.
    let mut written = 0;
    let mut last_written = Instant::now();
    loop {
        let next = async {
            tokio::select! {
                finding = reconciler.next() => Some(finding),
                () = stop.received() => None,
            }
        };
        let Some(finding) = progress.during(next).await else {
            progress.finish();
            report.write_findings(&found[written..])?;
            let message = "interrupted while the records were read; nothing was sent";
            return Err(CommandError::new(Exit::Interrupted, message)
                .hint("To resume, run the same command again."));
        };
        let finding = match finding {
            Ok(Some(finding)) => finding,
            Ok(None) => break,
            Err(error) => {
                report.write_findings(&found[written..])?;
                return Err(error.into());
            }
        };
        progress.advance(1);
        if failed.contains(&finding.desktop_id) && finding.status != Status::Succeeded {
            continue;
        }
        let entry = Entry {
            desktop_name: finding.desktop_name,
            time: Some(now()),
            ..Entry::new(finding.desktop_id, finding.status).with_message(finding.reason)
        };
        found.push(entry);
        if last_written.elapsed() > WRITE_INTERVAL {
            report.write_findings(&found[written..])?;
            written = found.len();
            last_written = Instant::now();
        }
    }
    report.write_findings(&found[written..])?;
    progress.finish();
    drop(reconciler);
    for entry in &found {
        replay.set_status(&entry.desktop_id, entry.outcome);
    }
    let all = found.len();
    found.retain(|entry| entry.outcome != Status::Failed);
    let without_record = all - found.len();
    let positions: HashMap<_, _> = sent.iter().map(|(id, _)| id).zip(0..).collect();
    found.sort_by_key(|entry| positions.get(&entry.desktop_id).copied());
    Ok((found, without_record))
}
