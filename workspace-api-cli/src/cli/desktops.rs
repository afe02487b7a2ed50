//! The commands that read or change desktops, and the report of a run.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::help;
use super::output::Output;
use super::values::{MAX_BATCH_SIZE, parse_batch_size, parse_positive, parse_report};

/// Unbind users from desktops.
///
/// A single-user desktop shuts down immediately, even if someone is working on it. Desktops are
/// sent in batches. The command shows what it will do and asks for confirmation before it sends
/// anything.
#[derive(Args, Debug)]
#[command(after_long_help = help::DETACH, aliases = ["unbind", "unassign"])]
pub struct Detach {
    #[command(flatten)]
    pub desktops: Desktops,

    /// Unbind this user. Can be repeated, or given as a comma-separated list.
    #[arg(long = "user", value_name = "NAME", value_delimiter = ',')]
    pub users: Vec<String>,

    /// Unbind this user group. Can be repeated, or given as a comma-separated list.
    #[arg(long = "group", value_name = "NAME", value_delimiter = ',')]
    pub groups: Vec<String>,

    /// Unbind all users.
    #[arg(long, conflicts_with_all = ["users", "groups"])]
    pub all_users: bool,

    /// Read the unbinding records afterwards, and report each desktop as verified or what is
    /// missing. With --resume, the desktops of the report that were not verified are included.
    #[arg(long, help_heading = help::SAFETY, conflicts_with = "dry_run")]
    pub verify: bool,

    /// How long --verify waits for missing records, such as those of jobs of pool desktops.
    #[arg(long, value_name = "TIME", help_heading = help::SAFETY, requires = "verify")]
    #[arg(value_parser = humantime::parse_duration, default_value = "30s")]
    pub verify_timeout: Duration,

    #[command(flatten)]
    pub batch: BatchOptions,

    #[command(flatten)]
    pub output: Output,
}

/// Read who was unbound from desktops.
#[derive(Args, Debug)]
#[command(after_long_help = help::DETACH_INFO)]
pub struct DetachInfo {
    #[command(flatten)]
    pub desktops: Desktops,

    /// Show records from this time on: 2h, 1d, 2026-03-10 or 2026-03-10T20:00+08:00. A time without
    /// an offset is in UTC.
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,

    /// Show the records of this user or user group. Can be repeated, or given as a comma-separated
    /// list.
    #[arg(long = "user", value_name = "NAME", value_delimiter = ',')]
    pub users: Vec<String>,

    /// Show only the latest record of each desktop.
    #[arg(long)]
    pub latest: bool,

    /// Read the records of at most this many desktops at the same time. The default is 8.
    #[arg(long, value_name = "NUMBER", value_parser = parse_positive)]
    pub jobs: Option<usize>,

    #[command(flatten)]
    pub output: Output,
}

/// Log desktops off.
///
/// Unsaved work is lost. Desktops are sent in batches; where the service rejects a batch because of
/// some desktops, the others are sent again without them. The command shows what it will do and
/// asks for confirmation before it sends anything.
#[derive(Args, Debug)]
#[command(after_long_help = help::LOGOFF)]
pub struct Logoff {
    #[command(flatten)]
    pub desktops: Desktops,

    /// Message shown to the users of the desktops.
    #[arg(long, value_name = "TEXT", conflicts_with = "resume")]
    pub message: Option<String>,

    #[command(flatten)]
    pub batch: BatchOptions,

    #[command(flatten)]
    pub output: Output,
}

/// Show a report: counts, what failed and why, what is unknown, who ran it, where and when.
#[derive(Args, Debug)]
#[command(after_long_help = help::REPORT)]
pub struct Report {
    /// The report of a run.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(required_unless_present = "list", conflicts_with = "list")]
    pub file: Option<PathBuf>,

    /// List the latest reports in the default folder.
    #[arg(long)]
    pub list: bool,

    /// Show every desktop on a terminal, and list every report.
    #[arg(long, help_heading = help::OUTPUT)]
    pub all: bool,

    #[command(flatten)]
    pub output: Output,
}

/// The desktops of a command.
#[derive(Args, Debug)]
pub struct Desktops {
    /// Ids of the desktops.
    #[arg(value_name = "DESKTOP", conflicts_with = "from")]
    pub ids: Vec<String>,

    /// Read the desktops from a file: CSV with a header, one id per line, or JSON; `-` is standard
    /// input.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub from: Option<PathBuf>,
}

/// Options of the commands that change desktops.
#[derive(Args, Debug)]
// Each flag is one.
#[allow(clippy::struct_excessive_bools)]
pub struct BatchOptions {
    /// Skip the confirmation.
    #[arg(long, short, help_heading = help::SAFETY)]
    pub yes: bool,

    /// Show the requests without sending them.
    #[arg(long, help_heading = help::SAFETY)]
    pub dry_run: bool,

    /// Write each desktop's outcome to this new file as JSON lines, as soon as it is known. The
    /// default is a file in $XDG_STATE_HOME/workspace or ~/.local/state/workspace.
    #[arg(long, value_name = "FILE", help_heading = help::SAFETY)]
    #[arg(value_hint = ValueHint::FilePath, conflicts_with_all = ["resume", "dry_run"])]
    #[arg(value_parser = parse_report)]
    pub report: Option<PathBuf>,

    /// Write no report. An interrupted run cannot be resumed then.
    #[arg(long, help_heading = help::SAFETY, conflicts_with_all = ["report", "resume"])]
    pub no_report: bool,

    /// Continue a run from its report. Desktops that succeeded are skipped, those that failed or
    /// were not sent are sent again, and unknown ones are first looked up in the unbinding records.
    #[arg(long, value_name = "FILE", help_heading = help::SAFETY, value_hint = ValueHint::FilePath)]
    #[arg(value_parser = parse_report)]
    pub resume: Option<PathBuf>,

    #[arg(long, value_name = "NUMBER", help_heading = help::SAFETY)]
    #[arg(help = format!("Send at most this many desktops in one request, 1 to {MAX_BATCH_SIZE} (default)"))]
    #[arg(value_parser = parse_batch_size)]
    pub batch_size: Option<usize>,

    /// Stop after the batch in which the desktops that failed or are unknown reach this number. The
    /// others are not sent; --resume sends them.
    #[arg(long, value_name = "NUMBER", help_heading = help::SAFETY)]
    #[arg(value_parser = parse_positive)]
    pub max_failures: Option<usize>,

    /// Resume a report of this age without a question when --yes is used. Older ones are asked
    /// about, or rejected where nobody can be asked. The default is 1d.
    #[arg(long, value_name = "TIME", help_heading = help::SAFETY, requires = "resume")]
    #[arg(value_parser = humantime::parse_duration)]
    pub max_age: Option<Duration>,

    /// Read the records of at most this many desktops at the same time, for --resume and --verify.
    /// The default is 8.
    #[arg(long, value_name = "NUMBER", help_heading = help::SETTINGS)]
    #[arg(value_parser = parse_positive)]
    pub jobs: Option<usize>,

    /// Show every desktop on a terminal, not only the first that failed or are unknown.
    #[arg(long, help_heading = help::OUTPUT)]
    pub all: bool,
}
