//! The progress bar on stderr, for runs that take longer than a second.

use std::fmt;
use std::io::{self, IsTerminal};
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use tokio::time::{Instant, sleep_until};
use workspace_api::Throttled;

use crate::output::stderr::{note, set_bar};

/// Time after which the bar appears.
const SHOW_AFTER: Duration = Duration::from_secs(1);
const TEMPLATE: &str = "[{bar:30}] {human_pos}/{human_len} desktops{status}";

/// The pause of the run that is going on. There is one, as there is one stderr.
static PAUSE: Mutex<Pause> = Mutex::new(Pause {
    until: None,
    is_printed: false,
});

/// A pause because the service throttles.
struct Pause {
    until: Option<Instant>,
    /// Whether a pause is printed as a line, because there is no bar.
    is_printed: bool,
}

/// Shows that the service throttles: in the bar or, without one, in a line.
pub fn on_throttled(throttled: Throttled) {
    let mut pause = PAUSE.lock().unwrap_or_else(PoisonError::into_inner);
    pause.until = Instant::now().checked_add(throttled.wait);
    if pause.is_printed {
        let seconds = whole_seconds(throttled.wait);
        note(false, &format!("Throttled, continuing in {seconds} s …"));
    }
}

/// Returns the seconds of a pause, rounded up: "0 s" would look like an error.
fn whole_seconds(wait: Duration) -> f64 {
    wait.as_secs_f64().ceil()
}

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
            bar.set_style(style.with_key("status", write_status).progress_chars("=> "));
        }
        let is_terminal = io::stderr().is_terminal();
        *PAUSE.lock().unwrap_or_else(PoisonError::into_inner) = Pause {
            until: None,
            is_printed: !quiet && !is_terminal,
        };
        Self {
            bar,
            started: Instant::now(),
            is_pending: !quiet && is_terminal,
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
        set_bar(Some(self.bar.clone()));
        self.bar.enable_steady_tick(Duration::from_millis(100));
    }

    /// Counts desktops as done.
    pub fn advance(&self, desktops: usize) {
        self.bar.inc(desktops as u64);
    }
}

impl Drop for Progress {
    /// Removes the bar.
    fn drop(&mut self) {
        set_bar(None);
        self.bar.finish_and_clear();
    }
}

/// Writes the speed and the time left or, while the service throttles, how long that lasts.
fn write_status(state: &ProgressState, out: &mut dyn fmt::Write) {
    let until = PAUSE.lock().unwrap_or_else(PoisonError::into_inner).until;
    let now = Instant::now();
    // The bar has no way to report an error, and missing figures do no harm.
    let _ = match until.filter(|until| *until > now) {
        Some(until) => {
            let seconds = whole_seconds(until - now);
            write!(out, ", throttled, continuing in {seconds} s")
        }
        // There is no speed before the first response.
        None if state.pos() == 0 => Ok(()),
        None => {
            let (rate, left) = (state.per_sec(), HumanDuration(state.eta()));
            write!(out, ", {rate:.0}/s, {left:#} left")
        }
    };
}
