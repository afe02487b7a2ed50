//! The settings of a run, from its arguments.

use std::path::Path;
use std::time::Duration;

use crate::batch::recorder::Recorder;
use crate::batch::results::ResultPrinter;
use crate::cli::{BatchOptions, ConnectionOptions};
use crate::desktops::names::DesktopNames;
use crate::output::format::Format;
use crate::plan::Plan;
use crate::report::Report;

/// The settings of a run of one of the commands that change desktops.
pub struct Settings<'a> {
    /// The name of the command.
    pub command: &'static str,
    pub connection_options: &'a ConnectionOptions,
    pub batch_options: &'a BatchOptions,
    /// The file that the desktops were read from.
    pub from: Option<&'a Path>,
    /// How long to wait for the proof of each unbinding; `None` if nothing is verified.
    pub verify: Option<Duration>,
    pub format: Format,
    pub quiet: bool,
}

impl Settings<'_> {
    /// Returns the number of desktops in each batch but the last.
    pub fn batch_size(&self, plan: &Plan) -> usize {
        let max = plan.max_batch_size();
        self.batch_options
            .batch_size
            .map_or(max, |size| max.min(size))
    }

    /// Returns what records the run, in this report if there is one.
    pub fn recorder<'n>(&self, report: Option<Report>, names: &'n DesktopNames) -> Recorder<'n> {
        let printer = ResultPrinter::new(self.format, self.batch_options.all, names);
        let recorder = Recorder::new(report, printer, names);
        match self.verify {
            Some(_) => recorder.hold(),
            None => recorder,
        }
    }
}
