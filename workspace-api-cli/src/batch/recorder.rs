//! Records what happens to each desktop of a run: in the report first, then in the results on
//! stdout.

use workspace_api::BatchOutcome;
use workspace_api::types::DesktopId;

use crate::batch::results::ResultPrinter;
use crate::error::CommandError;
use crate::output::names::DesktopNames;
use crate::plan::outcome::{Entry, Status};
use crate::report::Report;

/// The report, the results and all entries of a run.
pub struct Recorder<'n> {
    pub report: Option<Report>,
    printer: ResultPrinter,
    names: &'n DesktopNames,
    pub entries: Vec<Entry>,
}

impl<'n> Recorder<'n> {
    pub fn new(report: Option<Report>, printer: ResultPrinter, names: &'n DesktopNames) -> Self {
        Self {
            report,
            printer,
            names,
            entries: Vec::new(),
        }
    }

    /// Prints entries that are in the report already.
    pub fn add_reported(&mut self, entries: Vec<Entry>) -> Result<(), CommandError> {
        let printed = self.printer.add(&entries);
        self.entries.extend(entries);
        printed
    }

    /// Reports that a batch is about to be sent. It must not be sent unless this succeeds.
    pub fn announce(&mut self, batch: &[DesktopId]) -> Result<(), CommandError> {
        match &mut self.report {
            Some(report) => report.write_batch(batch),
            None => Ok(()),
        }
    }

    fn with_name(&self, entry: Entry) -> Entry {
        let name = self.names.get(entry.desktop_id.as_str()).map(str::to_owned);
        Entry {
            desktop_name: name.or(entry.desktop_name),
            ..entry
        }
    }

    /// Records the outcome of a batch. If the report cannot be written, the results are printed
    /// nevertheless: they are then the only record.
    pub fn add(&mut self, outcome: BatchOutcome) -> Result<(), CommandError> {
        let entries: Vec<_> = outcome
            .desktops
            .iter()
            .map(|desktop| self.with_name(desktop.into()))
            .collect();
        let reported = match &mut self.report {
            Some(report) => report.write_outcomes(&entries, &outcome.job_ids),
            None => Ok(()),
        };
        self.printer.add_jobs(outcome.job_ids);
        let printed = self.add_reported(entries);
        reported.and(printed)
    }

    /// Records the desktops that were not sent, and prints what was held back until the end.
    pub fn finish(&mut self, unsent: &[DesktopId]) -> Result<(), CommandError> {
        // The reason why the last batch was not sent, if it was not.
        let last = self.entries.last();
        let reason = last.filter(|last| last.outcome == Status::NotSent);
        let reason = reason.and_then(|last| last.error_msg.clone());
        let unsent = unsent.iter().map(|id| {
            self.with_name(Entry {
                error_msg: reason.clone(),
                ..Entry::new(id.clone(), Status::NotSent)
            })
        });
        let unsent = unsent.collect();
        self.add_reported(unsent)?;
        self.printer.finish()
    }
}
