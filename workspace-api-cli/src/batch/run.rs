//! Runs a plan: starts it or resumes it, or only shows its requests.

use std::time::Duration;

use crate::batch::settings::Settings;
use crate::batch::{confirm, resume, start};
use crate::cli::{BatchOptions, ConnectionOptions, Desktops, Output};
use crate::error::{CommandError, Exit};
use crate::input::{self, List};
use crate::output;
use crate::plan::Plan;
use crate::signals::ignore_sigxfsz;

/// A run of one of the commands that change desktops.
pub struct BatchRun<'a> {
    settings: Settings<'a>,
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
            settings: Settings {
                command,
                connection_options,
                batch_options,
                from: desktops.from.as_deref(),
                verify: None,
                format: output.format(),
                quiet,
            },
        }
    }

    /// Waits for the proof of each unbinding, at most this long; `None` verifies nothing.
    pub fn verify(mut self, timeout: Option<Duration>) -> Self {
        self.settings.verify = timeout;
        self
    }

    /// Runs the plan of a list. With `--resume` it is the plan of the report, and a plan of the
    /// arguments must equal it.
    ///
    /// The notes about the list are part of the question; where nothing is asked, they are printed
    /// even if the command is quiet.
    pub async fn execute(self, list: List<Option<Plan>>) -> Result<Exit, CommandError> {
        let settings = &self.settings;
        let options = settings.batch_options;
        if !options.dry_run {
            confirm::ensure_possible(options.yes, settings.from)?;
        }
        ignore_sigxfsz()?;
        if options.dry_run || options.yes {
            for note in &list.notes {
                output::note(false, note);
            }
        }
        if let Some(path) = &options.resume {
            return if options.dry_run {
                resume::preview(settings, path, list).await
            } else {
                resume::resume(settings, path, list).await
            };
        }
        match list.desktops {
            Some(plan) if options.dry_run => start::preview(settings, &plan).await,
            Some(plan) => start::start(settings, &plan, &list.names, &list.notes).await,
            None => Err(input::no_desktop()),
        }
    }
}
