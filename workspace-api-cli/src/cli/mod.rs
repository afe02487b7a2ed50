//! What can be said on the command line. The doc comments are the help, so they are written for whoever needs it.

// The doc comments are printed as help, where backticks around every name would be noise.
#![allow(clippy::doc_markdown)]

pub mod global_options;
mod help;

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueHint};
use clap_complete::Shell;
use workspace_api::types::DesktopId;
use workspace_api_sandbox::{DEFAULT_ADDRESS, Fault, Latency, RateLimit};

/// Unbind users from Huawei Cloud Workspace desktops, read who was unbound, log desktops off.
#[derive(Debug, Parser)]
#[command(name = "workspace", version, max_term_width = 100, after_long_help = help::WORKSPACE)]
#[command(after_help = help::WORKSPACE_SHORT, arg_required_else_help = true)]
pub struct Arguments {
    #[command(flatten)]
    pub connection: ConnectionOptions,

    /// Results only: no progress, no remarks. Errors are still told.
    #[arg(long, short, global = true, help_heading = help::OUTPUT)]
    pub quiet: bool,

    #[command(subcommand)]
    pub command: Command,
}

/// Where requests go. What is not given is taken from the environment and the vendor's files.
#[derive(Args, Clone, Debug, Default)]
pub struct ConnectionOptions {
    /// Use a sandbox with made-up desktops, started for this command, instead of the cloud.
    #[arg(long, global = true, help_heading = help::SETTINGS)]
    #[arg(conflicts_with_all = ["region", "project_id", "endpoint", "iam_endpoint"])]
    pub sandbox: bool,

    /// The region, such as ap-southeast-1. Else: HW_REGION_NAME.
    #[arg(long, global = true, value_name = "REGION", help_heading = help::SETTINGS)]
    pub region: Option<String>,

    /// The id of the project that owns the desktops. Else: HUAWEICLOUD_SDK_PROJECT_ID, HW_PROJECT_ID, the profile
    /// file, IAM.
    #[arg(long, global = true, value_name = "ID", help_heading = help::SETTINGS)]
    pub project_id: Option<String>,

    /// The URL of the service, instead of the region's.
    #[arg(long, global = true, value_name = "URL", help_heading = help::SETTINGS, value_hint = ValueHint::Url)]
    pub endpoint: Option<String>,

    /// The URL of IAM, instead of the region's. Else: HUAWEICLOUD_SDK_IAM_ENDPOINT, the profile file.
    #[arg(long, global = true, hide_short_help = true, value_name = "URL", help_heading = help::SETTINGS, value_hint = ValueHint::Url)]
    pub iam_endpoint: Option<String>,

    /// Let plain http go to other machines. Whoever listens on the way can then read the credentials.
    #[arg(long, global = true, hide_short_help = true, help_heading = help::SETTINGS)]
    pub allow_plain_http: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Detach(Detach),
    DetachInfo(DetachInfo),
    Logoff(Logoff),
    Api(Api),
    Spec(Spec),
    Sandbox(Sandbox),
    /// Show the three operations at work against a sandbox on this machine, request by request.
    Tour,
    Config(Config),
    Completions(Completions),
    Man(Man),
}

/// Unbind users from desktops.
///
/// A single-user desktop shuts down at once, under the hands of whoever uses it. The desktops are sent in batches of
/// 100. It is said what will happen, and asked, before anything is sent.
#[derive(Args, Debug)]
#[command(after_long_help = help::DETACH)]
pub struct Detach {
    #[command(flatten)]
    pub desktops: Desktops,

    /// Unbind this user. May be repeated, or hold several names separated by commas.
    #[arg(long = "user", value_name = "NAME", value_delimiter = ',')]
    pub users: Vec<String>,

    /// Unbind this user group. May be repeated, or hold several names separated by commas.
    #[arg(long = "group", value_name = "NAME", value_delimiter = ',')]
    pub groups: Vec<String>,

    /// Unbind everybody.
    #[arg(long, conflicts_with_all = ["users", "groups"])]
    pub all_users: bool,

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

    #[command(flatten)]
    pub output: Output,
}

/// Log desktops off.
///
/// What people have not saved is lost. The desktops are sent in batches of 100; the service accepts or refuses a batch
/// as a whole. It is said what will happen, and asked, before anything is sent.
#[derive(Args, Debug)]
#[command(after_long_help = help::LOGOFF)]
pub struct Logoff {
    #[command(flatten)]
    pub desktops: Desktops,

    /// What the people who use the desktops are told, at most 255 characters.
    #[arg(long, value_name = "TEXT", conflicts_with = "resume")]
    pub message: Option<String>,

    #[command(flatten)]
    pub batch: BatchOptions,

    #[command(flatten)]
    pub output: Output,
}

/// The desktops that a command is about.
#[derive(Args, Debug)]
pub struct Desktops {
    /// The ids of the desktops.
    #[arg(value_name = "DESKTOP", conflicts_with = "from")]
    pub ids: Vec<DesktopId>,

    /// Read the desktops from a file: CSV with a header, or one id per line; `-` is standard input.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub from: Option<PathBuf>,
}

/// How desktops are sent that people may be working on.
#[derive(Args, Debug)]
pub struct BatchOptions {
    /// Do not ask.
    #[arg(long, short, help_heading = help::SAFETY)]
    pub yes: bool,

    /// Show the requests and send nothing.
    #[arg(long, help_heading = help::SAFETY)]
    pub dry_run: bool,

    /// Write down each desktop's outcome as it becomes known, as JSON lines. The file must not exist.
    #[arg(long, value_name = "FILE", help_heading = help::SAFETY, conflicts_with_all = ["resume", "dry_run"])]
    #[arg(value_hint = ValueHint::FilePath)]
    pub report: Option<PathBuf>,

    /// Go on from such a file. Nothing that succeeded is sent again. What is unknown is listed, unless the service's
    /// records settle it (see below).
    #[arg(long, value_name = "FILE", help_heading = help::SAFETY, value_hint = ValueHint::FilePath)]
    pub resume: Option<PathBuf>,
}

/// How results are written.
#[derive(Args, Debug)]
pub struct Output {
    /// JSON with the API's field names, instead of a table (on a terminal) or tab-separated values (in a pipe).
    #[arg(long, help_heading = help::OUTPUT)]
    pub json: bool,
}

/// Send any signed request to the service and print the answer.
#[derive(Args, Debug)]
#[command(after_long_help = help::API)]
pub struct Api {
    /// GET, POST and so on.
    pub method: String,

    /// The path and query. `{project_id}` is replaced.
    pub path: String,

    /// The JSON body: the text itself, `@FILE`, or `-` for standard input.
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub body: Option<String>,

    /// Print the status and the headers too.
    #[arg(long, short)]
    pub include: bool,
}

/// Print the contract: the OpenAPI document that the client is generated from.
#[derive(Args, Debug)]
pub struct Spec {
    /// As JSON, instead of YAML.
    #[arg(long)]
    pub json: bool,
}

/// Run a Workspace with made-up desktops on this machine, until Ctrl-C.
#[derive(Args, Debug)]
#[command(after_long_help = help::SANDBOX)]
pub struct Sandbox {
    /// Where to listen: an address or a name, and a port. Port 0 picks a free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value_t = DEFAULT_ADDRESS, value_parser = address)]
    pub listen: SocketAddr,

    /// Desktops, users and credentials from a YAML file.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub seed: Option<PathBuf>,

    /// Print a commented seed to start from, and stop.
    #[arg(long)]
    pub sample_seed: bool,

    /// Routes and checks from another OpenAPI 3.0 document.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub spec: Option<PathBuf>,

    /// Go wrong: status=CODE, reset, truncate or stall, with options such as operation=ID, probability=P, times=N.
    /// May be repeated.
    #[arg(long = "fault", value_name = "FAULT")]
    pub faults: Vec<Fault>,

    /// Hold answers back: 200ms, or at random 100ms..2s.
    #[arg(long, value_name = "TIME")]
    pub latency: Option<Latency>,

    /// Refuse requests above this rate: 10/s, 600/m or 5000/h.
    #[arg(long, value_name = "RATE")]
    pub rate_limit: Option<RateLimit>,

    /// Where the random numbers begin: the same number and requests give the same ids and faults.
    #[arg(long, value_name = "NUMBER")]
    pub random_seed: Option<u64>,
}

/// Show every setting, where it comes from and which places were passed over. Secrets are masked.
#[derive(Args, Debug)]
#[command(after_long_help = help::CONFIG)]
pub struct Config {
    #[command(flatten)]
    pub output: Output,
}

/// Print completions for a shell.
#[derive(Args, Debug)]
#[command(after_long_help = help::COMPLETIONS)]
pub struct Completions {
    /// The shell.
    pub shell: Shell,
}

/// Print the manual page of a command.
#[derive(Args, Debug)]
#[command(after_long_help = help::MAN)]
pub struct Man {
    /// The command; without one, `workspace` itself.
    pub command: Option<String>,
}

/// An address to listen on. A name such as `localhost` may have several; the older kind is the one that all know.
fn address(text: &str) -> Result<SocketAddr, String> {
    let found: Vec<_> = match text.to_socket_addrs() {
        Ok(found) => found.collect(),
        Err(error) => {
            return Err(format!(
                "{error}. Give an address or a name, and a port, like localhost:8437."
            ));
        }
    };
    let first = found.iter().find(|it| it.is_ipv4()).or(found.first());
    first
        .copied()
        .ok_or_else(|| "the name has no address".to_owned())
}
