//! Finds out what became of the unknown desktops of a report before its run is resumed.

use std::time::{Duration, Instant};

use workspace_api::Client;
use workspace_api::types::DesktopId;

use crate::desktops::names::DesktopNames;
use crate::error::{CommandError, Exit};
use crate::output;
use crate::output::progress::Progress;
use crate::output::text::pluralize;
use crate::plan::Plan;
use crate::plan::entries::KeptEntries;
use crate::plan::outcome::{Entry, Status};
use crate::report::reconcile::Reconciler;
use crate::report::replay::Replay;
use crate::report::{Report, now};
use crate::signals::StopRequest;

/// How often findings are written to the report.
const WRITE_INTERVAL: Duration = Duration::from_millis(200);

/// The findings about the unknown desktops of a report.
pub struct Reconciled<'n> {
    /// Those that are done or stay unknown.
    entries: KeptEntries<'n>,
    /// The place in the plan of each of them, and its index in `entries`; in the order of the plan,
    /// those that had failed last.
    order: Vec<(bool, u32, u32)>,
    /// Number of unknown desktops without a record, which are sent again.
    pub without_record: usize,
}

impl Reconciled<'_> {
    /// Returns the desktops that are done or stay unknown, each with its place in the plan.
    pub fn entries(&self) -> impl Iterator<Item = (Entry, usize)> {
        self.order.iter().filter_map(|(_, place, index)| {
            let entry = self.entries.get(*index as usize)?;
            Some((entry, *place as usize))
        })
    }

    fn add(&mut self, had_failed: bool, place: usize, entry: &Entry) {
        // No plan has four billion desktops: they would take more memory than a machine has.
        let number = |number| u32::try_from(number).unwrap_or(u32::MAX);
        let index = number(self.entries.len());
        self.order.push((had_failed, number(place), index));
        self.entries.push(entry);
    }
}

/// Reads the records of the desktops that are unknown or failed, and reports each outcome as soon as
/// it is known.
///
/// A desktop that failed is repeated, unless a record shows that it was unbound.
pub async fn unknown_desktops<'n>(
    client: &Client,
    report: &mut Report,
    replay: &mut Replay,
    names: &'n DesktopNames,
    jobs: Option<usize>,
    stop: &mut StopRequest,
    quiet: bool,
) -> Result<Reconciled<'n>, CommandError> {
    let mut known = Reconciled {
        entries: KeptEntries::new(names),
        order: Vec::new(),
        without_record: 0,
    };
    let unknown = replay.with_status(Status::Unknown).count();
    let Plan::Detach { desktops } = replay.plan() else {
        let reason = "a log-off leaves no record, so its outcome cannot be checked";
        for place in replay.with_status(Status::Unknown) {
            if let Some(id) = replay.plan().ids().get(place) {
                let entry = Entry::new(id, Status::Unknown).with_message(reason);
                known.add(false, place, &entry);
            }
        }
        return Ok(known);
    };
    if unknown > 0 {
        let count = pluralize(unknown, "desktop");
        output::note(
            quiet,
            &format!("Checking the unbinding records of {count} …"),
        );
    }
    let failed = replay.with_status(Status::Failed);
    let mut progress = Progress::new(unknown + failed.count(), quiet);
    let failed = replay.with_status(Status::Failed);
    let sent = replay.with_status(Status::Unknown).chain(failed);
    let mut reconciler = Reconciler::new(client, desktops, replay.times(), sent, jobs);
    // The findings that are not in the report yet.
    let mut unwritten = Vec::new();
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
            report.write_findings(&unwritten)?;
            let message = "interrupted while the records were read; nothing was sent";
            return Err(CommandError::new(Exit::Interrupted, message)
                .hint("To resume, run the same command again."));
        };
        let finding = match finding {
            Ok(Some(finding)) => finding,
            Ok(None) => break,
            Err(error) => {
                report.write_findings(&unwritten)?;
                return Err(error.into());
            }
        };
        progress.advance(1);
        let had_failed = replay.status(finding.place) == Status::Failed;
        if had_failed && finding.status != Status::Succeeded {
            continue;
        }
        let entry = Entry {
            desktop_name: finding.desktop_name,
            time: Some(now()),
            ..entry_of(finding.desktop_id, finding.status, finding.reason)
        };
        known.add(had_failed, finding.place, &entry);
        unwritten.push(entry);
        if last_written.elapsed() > WRITE_INTERVAL {
            report.write_findings(&unwritten)?;
            unwritten.clear();
            last_written = Instant::now();
        }
    }
    report.write_findings(&unwritten)?;
    progress.finish();
    drop(reconciler);
    let Reconciled { entries, order, .. } = &mut known;
    order.sort_unstable();
    order.retain(|(_, place, index)| {
        let entry = entries.get(*index as usize);
        let status = entry.map_or(Status::Unknown, |entry| entry.outcome);
        replay.set_status(*place as usize, status);
        status != Status::Failed
    });
    known.without_record = known.entries.len() - known.order.len();
    Ok(known)
}

/// Returns the entry of a desktop whose records were read. A record of an unbinding is its proof.
fn entry_of(desktop_id: DesktopId, status: Status, reason: String) -> Entry {
    let entry = Entry::new(desktop_id, status);
    match status {
        Status::Succeeded => Entry {
            verified: Some(true),
            ..entry
        },
        _ => entry.with_message(reason),
    }
}
