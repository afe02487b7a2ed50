//! Records what happens to each desktop of a run: in the report first, then in the results on
//! stdout.

use workspace_api::types::DesktopId;
use workspace_api::{BatchOutcome, ErrorKind};

use crate::batch::results::ResultPrinter;
use crate::batch::tally::Tally;
use crate::desktops::names::DesktopNames;
use crate::error::CommandError;
use crate::plan::entries::KeptEntries;
use crate::plan::outcome::{Entry, Status};
use crate::report::line::{Checked, RunResult};
use crate::report::outcomes::Outcomes;
use crate::report::replay::Replay;
use crate::report::{Report, now};

/// Number of desktops that are printed together at the end of a run.
const PRINTED_AT_A_TIME: usize = 1000;

/// Number of desktops whose verification is reported together.
const CHECKED_AT_A_TIME: usize = 10_000;

/// The report, the results and the counts of a run.
pub struct Recorder<'n> {
    pub report: Option<Report>,
    pub tally: Tally,
    printer: ResultPrinter<'n>,
    names: &'n DesktopNames,
    /// The entries that are printed after their verification; `None` if nothing is verified.
    held: Option<KeptEntries<'n>>,
    /// The reason why desktops are not sent.
    not_sent: Option<String>,
    /// The desktops that failed in earlier runs; `None` in the first one.
    earlier: Option<EarlierFailures<'n>>,
}

/// The desktops that failed in earlier runs of the same report. Those that are not sent again are
/// still failed, as the report shows them.
pub struct EarlierFailures<'r> {
    pub replay: &'r Replay,
    pub outcomes: &'r Outcomes,
}

impl EarlierFailures<'_> {
    fn get(&self, id: &DesktopId, names: &DesktopNames) -> Option<Entry> {
        let place = self.replay.place(id.as_str())?;
        let is_failed = self.replay.status(place) == Status::Failed;
        let entry = is_failed.then(|| self.outcomes.entry(self.replay, place, names));
        entry.flatten()
    }
}

impl<'n> Recorder<'n> {
    pub fn new(
        report: Option<Report>,
        printer: ResultPrinter<'n>,
        names: &'n DesktopNames,
    ) -> Self {
        Self {
            report,
            tally: Tally::default(),
            printer,
            names,
            held: None,
            not_sent: None,
            earlier: None,
        }
    }

    /// Prints no entry before it was verified.
    pub fn hold(mut self) -> Self {
        self.held = Some(KeptEntries::new(self.names));
        self
    }

    /// Continues the run of a report: counts the desktops that earlier runs did, as far as the report
    /// has their outcome.
    pub fn continue_run(&mut self, earlier: EarlierFailures<'n>) {
        let replay = earlier.replay;
        for status in [Status::Succeeded, Status::Accepted] {
            self.tally.add_earlier(status, replay.count(status));
        }
        if self.held.is_some() {
            self.tally.verified += replay.verified();
        }
        self.earlier = Some(earlier);
    }

    /// Adds a desktop that an earlier run sent, only for its verification.
    pub fn add_unverified(&mut self, id: DesktopId, status: Status) {
        if let Some(held) = &mut self.held {
            held.push(&with_name(self.names, Entry::new(id, status)));
        }
    }

    /// Adds an entry that is in the report already. What is done was counted with the earlier runs.
    pub fn add_reconciled(&mut self, entry: Entry) -> Result<(), CommandError> {
        let entry = with_name(self.names, entry);
        if !entry.outcome.is_done() {
            self.tally.add(&entry);
        }
        if self.held.is_some() {
            self.tally.add_verification(&entry);
        }
        self.print(vec![entry])
    }

    /// Returns true once desktops are not sent because of an error that every batch would share.
    pub fn is_ended(&self) -> bool {
        self.not_sent.is_some()
    }

    /// Counts and prints entries.
    fn show(&mut self, mut entries: Vec<Entry>) -> Result<(), CommandError> {
        for entry in &mut entries {
            if entry.outcome == Status::NotSent {
                *entry = self.unsent(entry.clone());
            }
            self.tally.add(entry);
        }
        self.print(entries)
    }

    /// Returns a desktop that was not sent with the outcome of an earlier run, if it has one.
    fn unsent(&self, entry: Entry) -> Entry {
        let earlier = self.earlier.as_ref();
        let failure = earlier.and_then(|earlier| earlier.get(&entry.desktop_id, self.names));
        failure.unwrap_or(entry)
    }

    /// Prints entries, or holds them back until they are verified.
    fn print(&mut self, entries: Vec<Entry>) -> Result<(), CommandError> {
        if let Some(held) = &mut self.held {
            for entry in &entries {
                held.push(entry);
            }
            return Ok(());
        }
        self.printer.add(entries)
    }

    /// Reports that a batch is about to be sent. It must not be sent unless this succeeds.
    pub fn announce(&mut self, batch: &[DesktopId]) -> Result<(), CommandError> {
        match &mut self.report {
            Some(report) => report.write_batch(batch),
            None => Ok(()),
        }
    }

    /// Records the outcome of a batch. If the report cannot be written, the results are printed
    /// nevertheless: they are then the only record.
    pub fn add(&mut self, outcome: &BatchOutcome) -> Result<(), CommandError> {
        let entries: Vec<_> = outcome.desktops.iter().map(Entry::from).collect();
        let mut unsent = entries
            .iter()
            .filter(|entry| entry.outcome == Status::NotSent);
        if let Some(unsent) = unsent.next() {
            self.not_sent.clone_from(&unsent.error_msg);
        }
        self.printer.add_jobs(&outcome.job_ids);
        self.add_entries(entries, &outcome.job_ids)
    }

    /// Ends the run if the service rejected the credentials of a batch: a few rejected signatures in
    /// a row lock the access key. After the last batch of a part, no unsent desktop shows that.
    pub fn end_if_unauthorized(&mut self, outcome: &BatchOutcome) {
        let unauthorized = outcome.desktops.iter().find(|desktop| {
            let error = desktop.outcome.error();
            error.is_some_and(|error| error.kind() == ErrorKind::Unauthorized)
        });
        if let Some(desktop) = unauthorized {
            self.not_sent = Entry::from(desktop).error_msg;
        }
    }

    /// Records a batch that was abandoned in flight.
    pub fn add_abandoned(&mut self, batch: &[DesktopId]) -> Result<(), CommandError> {
        let reason = "stopped before the response";
        let entry = |id: &DesktopId| Entry::new(id.clone(), Status::Unknown).with_message(reason);
        self.add_entries(batch.iter().map(entry).collect(), &[])
    }

    fn add_entries(&mut self, entries: Vec<Entry>, jobs: &[String]) -> Result<(), CommandError> {
        let time = now();
        let entries: Vec<_> = entries
            .into_iter()
            .map(|entry| Entry {
                time: (entry.outcome != Status::NotSent).then(|| time.clone()),
                ..with_name(self.names, entry)
            })
            .collect();
        let reported = match &mut self.report {
            Some(report) => report.write_outcomes(&entries, jobs),
            None => Ok(()),
        };
        let printed = self.show(entries);
        reported.and(printed)
    }

    /// Returns the desktops to verify.
    pub fn to_verify(&self) -> impl Iterator<Item = DesktopId> {
        let held = self.held.iter().flat_map(KeptEntries::iter);
        held.filter(is_to_verify).map(|entry| entry.desktop_id)
    }

    /// Records what a verification found: `missing` returns what is missing for a desktop, or `None`
    /// if it is verified.
    pub fn add_verification(
        &mut self,
        missing: impl Fn(&DesktopId) -> Option<String>,
    ) -> Result<(), CommandError> {
        let time = now();
        let mut checked = Vec::new();
        let mut reported = Ok(());
        let Some(held) = &mut self.held else {
            return Ok(());
        };
        for index in 0..held.len() {
            let Some(mut entry) = held.get(index).filter(is_to_verify) else {
                continue;
            };
            entry.missing = missing(&entry.desktop_id).map(|missing| match entry.outcome {
                Status::Accepted => format!("{missing}; its job may still be running"),
                _ => missing,
            });
            entry.verified = Some(entry.missing.is_none());
            self.tally.add_verification(&entry);
            held.replace(index, &entry);
            checked.push(Checked {
                desktop_id: entry.desktop_id,
                verified: entry.missing.is_none(),
                missing: entry.missing,
                time: time.clone(),
            });
            if checked.len() == CHECKED_AT_A_TIME {
                let checked = std::mem::take(&mut checked);
                reported = reported.and_then(|()| write_checked(&mut self.report, checked));
            }
        }
        reported.and_then(|()| write_checked(&mut self.report, checked))
    }

    /// Records the desktops that were not sent, prints what was held back, and ends the report.
    pub fn finish(
        &mut self,
        unsent: impl Iterator<Item = DesktopId>,
        result: RunResult,
    ) -> Result<(), CommandError> {
        let mut printed = Ok(());
        if let Some(held) = self.held.take() {
            let mut entries = held.iter().peekable();
            while entries.peek().is_some() && printed.is_ok() {
                let entries = entries.by_ref().take(PRINTED_AT_A_TIME).collect();
                printed = self.printer.add(entries);
            }
        }
        let mut unsent = unsent.peekable();
        while unsent.peek().is_some() && printed.is_ok() {
            let entries = unsent.by_ref().take(PRINTED_AT_A_TIME).map(|id| Entry {
                error_msg: self.not_sent.clone(),
                ..Entry::new(id, Status::NotSent)
            });
            let entries = entries.map(|entry| with_name(self.names, entry)).collect();
            printed = self.show(entries);
        }
        for id in unsent {
            let entry = self.unsent(Entry::new(id, Status::NotSent));
            self.tally.add(&entry);
        }
        let finished = self.printer.finish();
        let reported = match &mut self.report {
            Some(report) => report.write_end(result),
            None => Ok(()),
        };
        printed.and(finished).and(reported)
    }
}

fn write_checked(report: &mut Option<Report>, checked: Vec<Checked>) -> Result<(), CommandError> {
    match report {
        Some(report) if !checked.is_empty() => report.write_checked(checked),
        _ => Ok(()),
    }
}

/// Returns true for a desktop that is done, unless its outcome came from the unbinding records.
fn is_to_verify(entry: &Entry) -> bool {
    entry.outcome.is_done() && entry.verified.is_none()
}

/// The name in the list is that which the user knows.
fn with_name(names: &DesktopNames, entry: Entry) -> Entry {
    let name = names.get(entry.desktop_id.as_str()).map(str::to_owned);
    Entry {
        desktop_name: name.or(entry.desktop_name),
        ..entry
    }
}
