//! Runs that send desktops in batches: confirmation, dry run, results, verification and summary.

mod confirm;
mod dry_run;
mod reconcile;
mod recorder;
mod results;
mod resume;
mod run;
mod send;
mod settings;
mod start;
pub mod summary;
pub mod tally;
mod verify;
mod whole_plan;

pub use run::BatchRun;
