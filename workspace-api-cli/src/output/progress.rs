//! The progress bar on stderr, for runs that take longer than a second.

use std::fmt;
use std::io::{self, IsTerminal};
use std::pin::pin;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use tokio::time::{Instant, sleep_until};

/// Time after which the bar appears.
const SHOW_AFTER: Duration = Duration::from_secs(1);
const TEMPLATE: &str = "[{bar:30}] {human_pos}/{human_len} desktops, {rate}, {eta} left";

/// The progress of a run over many desktops.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    /// False once the bar is shown, and where it never will be.
    is_pending: bool,
}

impl Progress {
    /// Creates a bar that is hidden at first. It stays hidden if stderr is not a terminal or the
    /// command is quiet.
    pub fn new(desktops: usize, quiet: bool) -> Self {
        let bar =
            ProgressBar::with_draw_target(Some(desktops as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style.with_key("rate", write_rate).progress_chars("=> "));
        }
        Self {
            bar,
            started: Instant::now(),
            is_pending: !quiet && io::stderr().is_terminal(),
        }
    }

    /// Waits for the work, and shows the bar if the run takes longer than [`SHOW_AFTER`].
    pub async fn during<F: Future>(&mut self, work: F) -> F::Output {
        let mut work = pin!(work);
        if self.is_pending {
            tokio::select! {
                biased;
                output = &mut work => return output,
                () = sleep_until(self.started + SHOW_AFTER) => self.show(),
            }
        }
        work.await
    }

    fn show(&mut self) {
        self.is_pending = false;
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
        self.bar.enable_steady_tick(Duration::from_millis(100));
    }

    /// Counts desktops as done.
    pub fn advance(&self, desktops: usize) {
        self.bar.inc(desktops as u64);
    }

    /// Removes the bar.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}

fn write_rate(state: &ProgressState, out: &mut dyn fmt::Write) {
    // The bar has no way to report an error, and a missing rate does no harm.
    let _ = write!(out, "{:.0}/s", state.per_sec());
}
