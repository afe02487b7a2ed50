//! Runs that send desktops in batches: confirmation, dry run, results and summary.

mod confirm;
mod dry_run;
mod recorder;
mod results;
mod run;
mod summary;

pub use run::BatchRun;
