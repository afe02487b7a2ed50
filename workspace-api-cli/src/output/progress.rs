//! The progress bar on stderr, for whatever takes more than a second.

use std::fmt;
use std::io::{self, IsTerminal};
use std::pin::pin;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use tokio::time::{Instant, sleep_until};

/// What is quicker than this needs no bar.
const SHOW_AFTER: Duration = Duration::from_secs(1);
const TEMPLATE: &str = "[{bar:30}] {pos}/{len} desktops, {rate}, {eta} left";

/// How far a run is.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    is_wanted: bool,
}

impl Progress {
    /// A bar for so many desktops, if somebody is there to see it.
    pub fn new(desktops: usize, quiet: bool) -> Self {
        let bar =
            ProgressBar::with_draw_target(Some(desktops as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
                // What cannot be written to a terminal is seen by nobody.
                let _ = write!(out, "{:.0}/s", state.per_sec());
            };
            bar.set_style(style.with_key("rate", rate).progress_chars("=> "));
        }
        Self {
            bar,
            started: Instant::now(),
            is_wanted: !quiet && io::stderr().is_terminal(),
        }
    }

    /// Waits for something, and shows the bar while it takes long.
    pub async fn during<F: Future>(&mut self, work: F) -> F::Output {
        let mut work = pin!(work);
        if self.is_wanted {
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = sleep_until(self.started + SHOW_AFTER) => self.show(),
            }
        }
        work.await
    }

    fn show(&mut self) {
        self.is_wanted = false;
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
        self.bar.enable_steady_tick(Duration::from_millis(100));
    }

    /// So many desktops more are done.
    pub fn advance(&self, desktops: usize) {
        self.bar.inc(desktops as u64);
    }

    /// Takes the bar away.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}
