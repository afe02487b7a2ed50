//! The commands without a list of desktops: other requests, the contract, the sandbox, the settings,
//! and the files for a shell and a manual.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueHint};
use clap_complete::Shell;
use workspace_api_sandbox::{DEFAULT_ADDRESS, Fault, Latency, RateLimit};

use super::help;
use super::output::Output;
use super::values::parse_address;

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
