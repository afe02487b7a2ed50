//! The command line. The doc comments are the help text.

// Backticks around every name would be noise in a help text.
#![allow(clippy::doc_markdown)]

mod desktops;
pub mod global_options;
mod help;
mod output;
mod tools;
mod values;

use std::time::Duration;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueHint};

pub use desktops::{BatchOptions, Desktops, Detach, DetachInfo, Logoff, Report};
pub use output::Output;
pub use tools::{Api, Completions, Config, Man, Sandbox, Spec};
use values::parse_duration;

/// Unbind users from Huawei Cloud Workspace desktops, read who was unbound, log desktops off.
#[derive(Debug, Parser)]
#[command(name = "workspace", bin_name = "workspace", max_term_width = 100, after_long_help = help::WORKSPACE)]
#[command(after_help = help::WORKSPACE_SHORT, arg_required_else_help = true)]
pub struct Arguments {
    #[command(flatten)]
    pub connection: ConnectionOptions,

    /// Print results and errors only: no progress, no notes.
    #[arg(long, short, global = true, help_heading = help::OUTPUT)]
    pub quiet: bool,

    /// Print requests, retries and waits to stderr, without credentials and bodies.
    #[arg(long, short, global = true, conflicts_with = "quiet", help_heading = help::OUTPUT)]
    pub verbose: bool,

    /// Use colors: auto (on a terminal, unless NO_COLOR is set), always or never.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    #[arg(help_heading = help::OUTPUT, hide_possible_values = true, hide_default_value = true)]
    pub color: ColorChoice,

    #[command(subcommand)]
    pub command: Command,
}

/// Where requests go. Options that are not set are read from the environment and the vendor's
/// files.
#[derive(Args, Clone, Debug, Default)]
pub struct ConnectionOptions {
    /// Use a temporary sandbox with sample desktops instead of the cloud.
    #[arg(long, global = true, help_heading = help::SETTINGS)]
    #[arg(conflicts_with_all = ["region", "project_id", "endpoint", "iam_endpoint"])]
    pub sandbox: bool,

    /// Region, such as ap-southeast-1 [env: HW_REGION_NAME].
    #[arg(long, global = true, value_name = "REGION", help_heading = help::SETTINGS)]
    pub region: Option<String>,

    /// Id of the project that owns the desktops [env: HUAWEICLOUD_SDK_PROJECT_ID, HW_PROJECT_ID].
    /// By default that of the profile file, or the one that IAM has for the region.
    #[arg(long, global = true, value_name = "ID", help_heading = help::SETTINGS)]
    pub project_id: Option<String>,

    /// URL of the service, by default that of the region.
    #[arg(long, global = true, value_name = "URL", help_heading = help::SETTINGS)]
    #[arg(value_hint = ValueHint::Url)]
    pub endpoint: Option<String>,

    /// URL of IAM [env: HUAWEICLOUD_SDK_IAM_ENDPOINT]. By default that of the profile file, or of
    /// the region.
    #[arg(long, global = true, value_name = "URL", help_heading = help::SETTINGS)]
    #[arg(value_hint = ValueHint::Url, hide_short_help = true)]
    pub iam_endpoint: Option<String>,

    /// Allow plain HTTP to other hosts. Anyone on the network path can then read the credentials.
    #[arg(long, global = true, hide_short_help = true, help_heading = help::SETTINGS)]
    pub allow_plain_http: bool,

    /// Time limit of a request, such as 10s or 2m. Retries have their own time.
    #[arg(long, global = true, value_name = "TIME", help_heading = help::SETTINGS)]
    #[arg(value_parser = parse_duration)]
    pub timeout: Option<Duration>,

    /// Time for a request with its retries, which includes waiting while the service throttles. The
    /// default is 2m.
    #[arg(long, global = true, value_name = "TIME", help_heading = help::SETTINGS)]
    #[arg(value_parser = parse_duration, hide_short_help = true)]
    pub retry_time: Option<Duration>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Detach(Detach),
    DetachInfo(DetachInfo),
    Logoff(Logoff),
    Report(Report),
    Api(Api),
    Spec(Spec),
    Sandbox(Sandbox),
    /// Show the three operations against a sandbox on this machine, request by request.
    Tour,
    Config(Config),
    Completions(Completions),
    Man(Man),
}
