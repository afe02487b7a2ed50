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
use crate::plan::entries::Statements;
use crate::plan::outcome::{Entry, Status};
use crate::report::now;
use crate::report::open::Opened;
use crate::report::reconcile::Reconciler;
use crate::signals::StopRequest;

/// How often findings are written to the report.
const WRITE_INTERVAL: Duration = Duration::from_millis(200);

/// The findings about the unknown desktops of a report.
pub struct Reconciled {
    /// Those that are done or stay unknown, by their place in the plan.
    entries: Statements,
    /// These desktops in the order of the plan, those that had failed last.
    found: Vec<Found>,
    /// Number of unknown desktops without a record, which are sent again.
    pub without_record: usize,
}

/// A desktop whose outcome was found.
struct Found {
    had_failed: bool,
    place: u32,
    status: Status,
}

impl Reconciled {
    /// Returns the desktops of a plan that are done or stay unknown, each with its place.
    pub fn entries<'s>(
        &'s self,
        plan: &'s Plan,
        names: &'s DesktopNames,
    ) -> impl Iterator<Item = (Entry, usize)> + 's {
        self.found.iter().filter_map(move |found| {
            let place = found.place as usize;
            let entry = self.entries.get(place, &plan.ids().text(place), names)?;
            Some((entry, place))
        })
    }

    fn add(&mut self, had_failed: bool, place: usize, status: Status) {
        self.found.push(Found {
            had_failed,
            // No plan has four billion desktops: they would take more memory than a machine has.
            place: u32::try_from(place).unwrap_or(u32::MAX),
            status,
        });
    }
}

/// Reads the records of the desktops that are unknown or failed, and reports each outcome as soon as
/// it is known.
///
/// A desktop that failed is repeated, unless a record shows that it was unbound. The failures get
/// the unknown desktops that were not unbound.
pub async fn unknown_desktops(
    client: &Client,
    opened: &mut Opened,
    names: &DesktopNames,
    jobs: Option<usize>,
    stop: &mut StopRequest,
    quiet: bool,
) -> Result<Reconciled, CommandError> {
    let Opened {
        report,
        replay,
        failures,
        ..
    } = opened;
    let mut known = Reconciled {
        entries: Statements::default(),
        found: Vec::new(),
        without_record: 0,
    };
    let unknown = replay.with_status(Status::Unknown).count();
    let Plan::Detach { desktops } = replay.plan() else {
        let reason = "a log-off leaves no record, so its outcome cannot be checked";
        for place in replay.with_status(Status::Unknown) {
            if let Some(id) = replay.plan().ids().get(place) {
                let entry = Entry::new(id, Status::Unknown).with_message(reason);
                known.entries.set(place, &entry, names);
                known.add(false, place, Status::Unknown);
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
            drop(progress);
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
        known.add(had_failed, finding.place, finding.status);
        let entry = Entry {
            desktop_name: finding.desktop_name,
            time: Some(now()),
            ..entry_of(finding.desktop_id, finding.status, finding.reason)
        };
        if finding.status == Status::Failed {
            failures.set(finding.place, &entry, names);
        } else {
            known.entries.set(finding.place, &entry, names);
        }
        unwritten.push(entry);
        if last_written.elapsed() > WRITE_INTERVAL {
            report.write_findings(&unwritten)?;
            unwritten.clear();
            last_written = Instant::now();
        }
    }
    report.write_findings(&unwritten)?;
    drop(progress);
    drop(reconciler);
    let all = known.found.len();
    known.found.retain(|found| {
        replay.set_status(found.place as usize, found.status);
        found.status != Status::Failed
    });
    known.without_record = all - known.found.len();
    known
        .found
        .sort_unstable_by_key(|found| (found.had_failed, found.place));
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
