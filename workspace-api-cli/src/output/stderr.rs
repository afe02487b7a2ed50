//! Writes lines to stderr, above the progress bar if one is shown.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::ProgressBar;

use crate::output::sanitize::sanitize_lines;

/// The bar that is shown. There is one, as there is one stderr.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

fn bar() -> MutexGuard<'static, Option<ProgressBar>> {
    BAR.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps lines apart from this bar, or from none.
pub fn set_bar(shown: Option<ProgressBar>) {
    *bar() = shown;
}

/// Writes to the terminal while the bar is not on it.
pub fn without_bar<T>(write: impl FnOnce() -> T) -> T {
    match &*bar() {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// Prints a line as it is.
pub fn line(text: &str) {
    // A closed stderr is no reason to stop.
    without_bar(|| drop(writeln!(io::stderr(), "{text}")));
}

/// Prints a line, unless the command is quiet.
pub fn note(quiet: bool, text: &str) {
    if !quiet {
        line(&sanitize_lines(text));
    }
}
