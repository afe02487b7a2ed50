//! The command line. The doc comments are the help text.

// Backticks around every name would be noise in a help text.
#![allow(clippy::doc_markdown)]

pub mod global_options;
mod help;

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueHint};
use clap_complete::Shell;
use workspace_api_sandbox::{DEFAULT_ADDRESS, Fault, Latency, RateLimit};

use crate::output::format::{Format, FormatName};

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

/// Unbind users from desktops.
///
/// A single-user desktop shuts down immediately, even if someone is working on it. Desktops are
/// sent in batches of 100. The command shows what it will do and asks for confirmation before it
/// sends anything.
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
/// Unsaved work is lost. Desktops are sent in batches of 100; where the service rejects a batch
/// because of some desktops, the others are sent again without them. The command shows what it will
/// do and asks for confirmation before it sends anything.
#[derive(Args, Debug)]
#[command(after_long_help = help::LOGOFF)]
pub struct Logoff {
    #[command(flatten)]
    pub desktops: Desktops,

    /// Message shown to the users of the desktops, at most 255 characters.
    #[arg(long, value_name = "TEXT", conflicts_with = "resume")]
    pub message: Option<String>,

    #[command(flatten)]
    pub batch: BatchOptions,

    #[command(flatten)]
    pub output: Output,
}

/// Show what a report says: counts, what failed and why, what is unknown, who ran it, where and
/// when.
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

    /// Send at most this many desktops in one request, 1 to 100 (default).
    #[arg(long, value_name = "NUMBER", help_heading = help::SAFETY)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=100))]
    pub batch_size: Option<u16>,

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

fn parse_positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err("use a whole number of at least 1".to_owned()),
    }
}

/// The format of the results.
#[derive(Args, Debug)]
pub struct Output {
    /// Print the results in this format. The default is a table on a terminal and tab-separated
    /// values in a pipe.
    #[arg(long = "output", short = 'o', value_name = "FORMAT", help_heading = help::OUTPUT)]
    pub format: Option<FormatName>,

    /// Print one JSON document with the API's field names; the same as --output json.
    #[arg(long, conflicts_with = "format", help_heading = help::OUTPUT)]
    pub json: bool,

    /// Begin tab-separated values with the names of the columns.
    #[arg(long, help_heading = help::OUTPUT)]
    pub header: bool,

    /// Begin CSV with a byte order mark. Excel needs it for names with accents or in Chinese.
    #[arg(long = "bom", help_heading = help::OUTPUT)]
    pub byte_order_mark: bool,
}

impl Output {
    pub fn format(&self) -> Format {
        let name = if self.json {
            Some(FormatName::Json)
        } else {
            self.format
        };
        Format::choose(name, self.header, self.byte_order_mark)
    }
}

/// Send a signed request to the service and print the response.
#[derive(Args, Debug)]
#[command(after_long_help = help::API)]
pub struct Api {
    /// HTTP method, such as GET or POST.
    pub method: String,

    /// Path and query. `{project_id}` is replaced by the project id.
    pub path: String,

    /// JSON body: the text itself, `@FILE`, or `-` for standard input.
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub body: Option<String>,

    /// Print the status and the headers too.
    #[arg(long, short)]
    pub include: bool,
}

/// Print the contract: the OpenAPI document that the client is generated from.
#[derive(Args, Debug)]
pub struct Spec {
    /// Print JSON instead of YAML.
    #[arg(long)]
    pub json: bool,
}

/// Run a local Workspace sandbox with sample desktops until Ctrl-C.
#[derive(Args, Debug)]
#[command(after_long_help = help::SANDBOX)]
pub struct Sandbox {
    /// Address or host name, and port, to listen on. Port 0 selects a free port.
    #[arg(long, value_name = "ADDRESS:PORT", default_value_t = DEFAULT_ADDRESS)]
    #[arg(value_parser = parse_address)]
    pub listen: SocketAddr,

    /// Answer for this host name too, such as that of a container. Can be repeated. Names of this machine and IP
    /// addresses are always accepted; a request for another host gets a 421.
    #[arg(long = "allow-host", value_name = "NAME", value_hint = ValueHint::Hostname)]
    pub hosts: Vec<String>,

    /// Let pages of this origin, such as `https://editor.example`, send requests and read responses (CORS). Can be
    /// repeated.
    #[arg(long = "allow-origin", value_name = "ORIGIN", value_hint = ValueHint::Url)]
    pub origins: Vec<String>,

    /// Load desktops, users and credentials from a YAML file.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub seed: Option<PathBuf>,

    /// Print a commented sample seed and exit.
    #[arg(long)]
    pub sample_seed: bool,

    /// Take routes and checks from another OpenAPI 3.0 document.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub spec: Option<PathBuf>,

    /// Answer operations that are not emulated with the examples of the contract; without it, they
    /// return 501.
    #[arg(long)]
    pub examples: bool,

    /// Inject a fault: status=CODE, reset, truncate or stall, with options such as operation=ID,
    /// probability=P, times=N. Can be repeated.
    #[arg(long = "fault", value_name = "FAULT")]
    pub faults: Vec<Fault>,

    /// Delay responses: 200ms, or a random time within 100ms..2s.
    #[arg(long, value_name = "TIME")]
    pub latency: Option<Latency>,

    /// Reject requests above this rate: 10/s, 600/m or 5000/h; or each operation's requests above
    /// these in a minute, like the service: 200/min, or read=200/min,write=100/min.
    #[arg(long, value_name = "RATE")]
    pub rate_limit: Option<RateLimit>,

    /// Random seed: the same seed and requests produce the same ids and faults.
    #[arg(long, value_name = "NUMBER")]
    pub random_seed: Option<u64>,
}

/// Show every setting, its source and the skipped sources. Secrets are masked.
#[derive(Args, Debug)]
#[command(after_long_help = help::CONFIG)]
pub struct Config {
    /// Send harmless requests with these settings: credentials, account, project, clock, and
    /// whether unbinding records can be read.
    #[arg(long)]
    pub check: bool,
    #[command(flatten)]
    pub output: Output,
}

/// Print completions for a shell.
#[derive(Args, Debug)]
#[command(after_long_help = help::COMPLETIONS)]
pub struct Completions {
    /// Name of the shell.
    pub shell: Shell,
}

/// Print the manual page of a command.
#[derive(Args, Debug)]
#[command(after_long_help = help::MAN)]
pub struct Man {
    /// Name of the command, by default `workspace` itself.
    pub command: Option<String>,
}

/// Parses a time with a unit; a number alone is in seconds.
fn parse_duration(text: &str) -> Result<Duration, String> {
    let time = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => humantime::parse_duration(text)
            .map_err(|_| "use a number and a unit, such as 10s or 2m".to_owned())?,
    };
    if time.is_zero() {
        return Err("use a time above zero".to_owned());
    }
    Ok(time)
}

/// Rejects `-`, which is a stream for other options.
fn parse_report(text: &str) -> Result<PathBuf, &'static str> {
    match text {
        "-" => Err("a report must be a file; for one that is called `-`, use ./-"),
        path => Ok(path.into()),
    }
}

/// Resolves an address to listen on. A name such as `localhost` may have several; prefer IPv4,
/// which every client supports.
fn parse_address(text: &str) -> Result<SocketAddr, String> {
    let addresses: Vec<_> = match text.to_socket_addrs() {
        Ok(addresses) => addresses.collect(),
        Err(error) => {
            return Err(format!(
                "{error}. Use an address or a host name, and a port, such as localhost:8437."
            ));
        }
    };
    let ipv4 = addresses.iter().find(|address| address.is_ipv4());
    match ipv4.or(addresses.first()) {
        Some(address) => Ok(*address),
        None => Err("the host name has no address".to_owned()),
    }
}
