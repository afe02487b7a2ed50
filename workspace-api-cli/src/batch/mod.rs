//! Runs that change desktops batch after batch: confirmation, dry run, results and summary.

mod confirm;
mod dry_run;
mod results;
mod run;
mod summary;

pub use run::BatchRun;
